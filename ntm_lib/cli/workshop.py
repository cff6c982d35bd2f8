"""Commands of the workshop: ``help``, ``clean``, ``notebook``, ``test``, ``fuzz``, ``soak``, ``bench``."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from ntm_lib import paths
from ntm_lib.cli.catalogue import help_text
from ntm_lib.cli.shared import count_of, is_count, number_of_jobs, run_script
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate


def show_help(values: Mapping[str, str], t: Translate) -> int:
    print(help_text(t))
    return 0


def clean(values: Mapping[str, str], t: Translate) -> int:
    """Removes what was generated; the folders themselves stay, as in a fresh checkout."""
    import shutil

    for folder in (paths.outputs(), paths.root() / "data" / "processed"):
        for path in folder.iterdir() if folder.is_dir() else []:
            if path.name == ".gitkeep":
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        print(t("Đã dọn {folder}.").format(folder=paths.shown(folder)))
    return 0


def run_tests(values: Mapping[str, str], t: Translate) -> int:
    """pytest over the library and, through nbval, the notebooks, spread over the cores."""
    import subprocess

    jobs = str(number_of_jobs(values, t))
    chosen = values.get("TESTS", "").split() or ["tests", "notebooks"]
    command = [sys.executable, "-m", "pytest", "--numprocesses", jobs, "--nbval", *chosen]
    return subprocess.run(command, cwd=paths.root(), check=False).returncode


def fuzz(values: Mapping[str, str], t: Translate) -> int:
    """Damaged files, as many as COUNT says: none may end in a traceback or lose a row."""
    import subprocess

    count = count_of(values, t, "10000")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--numprocesses",
        str(number_of_jobs(values, t)),
        "tests/intake/test_fuzz.py",
    ]
    return subprocess.run(command, cwd=paths.root(), env=os.environ | {"FUZZ": count}, check=False).returncode


def soak(values: Mapping[str, str], t: Translate) -> int:
    """Kills runs, at every border between two steps and at random moments, and looks at what is left."""
    return run_script("tests.pipeline.soak", "--moments", count_of(values, t, "100"))


def bench(values: Mapping[str, str], t: Translate) -> int:
    """What a report costs, beside the stock commands and plain Python."""
    sizes = (values.get("SIZES") or "20 200 2000").split()
    if not all(is_count(size) for size in sizes):
        raise NtmError(t('SIZES: phải là các số nguyên từ 1 trở lên.\n    Cần làm: viết lại, ví dụ SIZES="20 200"'))
    return run_script("tests.bench", "--sizes", *sizes)


def refresh_notebooks(values: Mapping[str, str], t: Translate) -> int:
    """Makes the reports that the committed notebooks name in their parameters, and puts their outputs into them."""
    from ntm_lib import parameters
    from ntm_lib.cli.shared import make_and_tell
    from ntm_lib.pipeline.inputs import COMPARISON, MONTHLY, NOTEBOOKS
    from ntm_lib.pipeline.refresh import refresh

    given = {name: values[name] for name in ("FORCE", "DEBUG") if name in values}
    changed = []
    for names in (NOTEBOOKS, (COMPARISON,), (MONTHLY,)):
        written = written_parameters(paths.root() / "notebooks" / f"{names[-1]}.ipynb")
        run = parameters.check(written, comparing=names == (COMPARISON,))
        make_and_tell(run, given, t)
        changed += refresh(run, names)
    print(
        t("Các sổ tay trong notebooks đã đúng với báo cáo này.")
        if not changed
        else t("Đã cập nhật: {names}.").format(names=", ".join(changed))
    )
    return 0


def written_parameters(notebook: Path) -> dict[str, str]:
    """The variables that mean what the notebook's cell of parameters says."""
    import ast
    import json

    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", []))
    written = {
        ast.unparse(line.targets[0]): ast.literal_eval(line.value)
        for line in ast.parse(source).body
        if isinstance(line, ast.Assign)
    }
    names = {
        "commune": "COMMUNE",
        "year": "YEAR",
        "month": "MONTH",
        "rule_set": "RULES",
        "region": "REGION",
        "compared": "SCENARIO",
        "language": "LANGUAGE",
    }
    return {variable: str(written[name]) for name, variable in names.items() if name in written}
