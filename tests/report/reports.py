"""The report of Hùng Mỹ as a page sees it, made from the raw files without any notebook."""

import os
import tempfile
from functools import cache
from pathlib import Path

from ntm_lib import intake
from ntm_lib.parameters import Parameters
from ntm_lib.report.context import Report, load_report
from ntm_lib.stages.clean_stage import check_run, save
from ntm_lib.stages.judge_stage import judge_run

RULE_SET = "ntm-2021-2025"


@cache
def plain(block) -> str:
    """The text of a block with common spaces."""
    return block.text.replace("\N{NO-BREAK SPACE}", " ")


def report_of(year: int, scenario: str = "", language: str = "vi", **more) -> Report:
    """Tables of the run, cleaned and judged; read-only, since tests share it."""
    run = Parameters("hung-my", year, RULE_SET, scenario=scenario, language=language, **more)
    with tempfile.TemporaryDirectory() as folder:
        cleaned = intake.clean(intake.read_commune(run.commune, language), language)
        save(cleaned, check_run(cleaned, run), Path(folder), run)
        judge_run(run, Path(folder))
        os.environ["NTM_PROCESSED"] = folder
        try:
            return load_report(run)
        finally:
            del os.environ["NTM_PROCESSED"]
