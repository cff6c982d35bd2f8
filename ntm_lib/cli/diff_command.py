"""``make diff``: what is new in a commune's report since a git revision or a report that was kept."""

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ntm_lib import parameters, paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.parameters import Parameters

FINGERPRINT = re.compile("[0-9a-f]{10,128}")


@dataclass(frozen=True)
class Since:
    """An earlier state: its name for the folder and for readers, and a function that makes the two states."""

    slug: str
    shown: dict[str, str]
    states: tuple


def diff(values: Mapping[str, str], t: Translate) -> int:
    """Publishes ``outputs/<commune>/diff-<since>`` (page and PDF) and says how much differs."""
    run = parameters.check({name: value for name, value in values.items() if name != "SINCE"})
    asked = values.get("SINCE", "").strip()
    if not asked:
        raise NtmError(
            t(
                "SINCE: chưa nêu bản trước để so.\n    Cần làm: thêm một phiên bản git hoặc tệp manifest.json, ví dụ SINCE=HEAD~5"
            )
        )
    with earlier(asked, run, t) as since:
        return _publish(run, since, t)


@contextlib.contextmanager
def earlier(asked: str, run: Parameters, t: Translate) -> Iterator[Since]:
    """The earlier state that SINCE names: a manifest where there is such a file, else a git revision."""
    path = Path(asked) if Path(asked).is_absolute() else paths.root() / asked
    if path.name.endswith(".json") or os.path.isdir(path):
        yield _kept(path / "manifest.json" if path.is_dir() else path, run, t)
        return
    from ntm_lib.pipeline.past import data_at, revision
    from ntm_lib.report.states import PROGRAM, state_of_files

    found = revision(asked, t)
    with data_at(found, t, PROGRAM) as root:
        try:
            before = state_of_files(run, root)
        except NtmError as error:
            text = t("Không đánh giá được số liệu của phiên bản {revision}: {message}")
            raise NtmError(text.format(revision=found.short, message=error.message)) from error
        states = before, state_of_files(run, paths.root())
    yield Since(found.short, {"name": found.short, "date": found.date, "subject": found.subject}, states)


def _kept(path: Path, run: Parameters, t: Translate) -> Since:
    """A manifest with the tables of its run beside it. Raises NtmError for another commune, or tables that were altered."""
    from ntm_lib.pipeline.inputs import Digests
    from ntm_lib.report.states import as_observed, state_of_files, state_of_tables

    try:
        manifest = json.loads(path.read_text("utf-8"))
        of, digests, tables = (dict(manifest[part]) for part in ("parameters", "inputs", "tables"))
        name = FINGERPRINT.fullmatch(manifest["fingerprint"])[0]  # which becomes the name of a folder
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        text = t(
            "SINCE: không đọc được manifest.json.\n    Đọc được: {value}\n    Cần làm: nêu đường dẫn đến manifest.json của một lần lập báo cáo"
        )
        raise NtmError(text.format(value=parameters.readable(paths.shown(path)))) from error
    if (of.get("commune"), of.get("year")) != (run.commune, run.year):
        text = t(
            "SINCE: manifest.json này của {run}, không phải của xã và năm đang xét.\n    Cần làm: nêu đúng COMMUNE và YEAR"
        )
        raise NtmError(text.format(run=parameters.readable(str(manifest.get("run", "")))))
    beside = {
        file: path.parent / file for file in tables if os.path.basename(file) == file and (path.parent / file).is_file()
    }
    if any(Digests("kept").of(place) != tables[file] for file, place in beside.items()):
        raise NtmError(
            t("SINCE: các bảng cạnh manifest.json đã bị sửa sau khi lập.\n    Cần làm: chép lại từ bản đã lưu")
        )
    before = state_of_tables(run, path.parent, digests)
    after = as_observed(state_of_files(run, paths.root()), run, paths.root())
    return Since(name[:10], {"name": name[:10], "date": "", "subject": "manifest.json"}, (before, after))


def _publish(run: Parameters, since: Since, t: Translate) -> int:
    from ntm_lib import rules
    from ntm_lib.pipeline.publish import alone, publish, staged
    from ntm_lib.report.difference import difference_files
    from ntm_lib.report.states import difference

    found = difference(*since.states)
    ending = "" if run.language == "vi" else f"-{run.language}"
    name = f"{run.commune}/diff-{since.slug}{ending}"
    place = paths.outputs() / name
    files = difference_files(found, run, since.shown, rules.load_set(run.rule_set))
    with alone(name), staged(place, t=t) as (folder,):
        for file, content in files.items():
            (folder / file).write_bytes(content)
        publish(place)
    counts = {
        "raw": len(found.raw),
        "rules": len(found.rules),
        "verdicts": len(found.criteria) + len(found.indicators),
        "sentences": len(found.sentences),
        "program": len(found.program),
    }
    print(
        t(
            "So với {since}: {raw} ô số liệu thô, {rules} ô quy định, {verdicts} kết luận, {sentences} câu, {program} dòng chương trình khác."
        ).format(since=since.slug, **counts)
    )
    for file in files:
        print(f"    {paths.shown(place / file)}")
    return 0
