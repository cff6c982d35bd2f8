"""``make overview``: one page for many communes, from the reports that have been made."""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_lib import parameters, paths
from ntm_lib.cli.batch import choose, chosen_years
from ntm_lib.errors import NtmError
from ntm_lib.language import LANGUAGES, Translate

if TYPE_CHECKING:
    from ntm_lib.report.overview.overview_read import Entry, Overview


def overview(values: Mapping[str, str], t: Translate) -> int:
    """Publishes ``outputs/overview-<province or all>`` and says what it holds and what is missing in it."""
    language = language_of(values, t)
    chosen, years = choose(values.get("PROVINCE", ""), t, language), chosen_years(values.get("YEARS", ""), t)
    communes = sorted([*chosen.communes, *chosen.unread])  # what cannot be read stands on the page with the reason
    from ntm_lib.pipeline.publish import alone, publish, staged
    from ntm_lib.report.overview.overview_page import most_missed_text, overview_html, overview_title
    from ntm_lib.report.overview.overview_read import read_overview
    from ntm_lib.report.overview.overview_table import overview_csv

    province = values.get("PROVINCE", "")
    title = overview_title(chosen.communes if province else [], language)
    found, altered = vouched_for(communes, lambda some: read_overview(some, years, title, language), t)
    if not found.entries:
        raise NtmError(t("Chưa có xã nào có báo cáo cho các năm này.\n    Cần làm: chạy make report-all, rồi chạy lại"))
    changed = stale(entry.run for entry in found.latest)
    found = replace(found, stale=tuple(changed))
    name = f"overview-{province or 'all'}" + ("" if language == "vi" else f"-{language}")
    place = paths.outputs() / name
    with alone(name), staged(place, t=t) as (folder,):
        for file, text in {**overview_html(found, language), "overview.csv": overview_csv(found)}.items():
            (folder / file).write_text(text, encoding="utf-8", newline="")
        write_verdicts(found.latest, folder)
        publish(place)
    print(
        t("Đã lập {file}: {count} xã có báo cáo, {missing} xã chưa có.").format(
            file=paths.shown(place / "overview.html"), count=len(found.latest), missing=len(found.missing)
        )
    )
    if worst := most_missed_text(found, language):
        print(worst)
    for commune, fault in chosen.unread.items():
        print(f"{commune}: {fault}", file=sys.stderr)
    if changed:
        print(
            t("Số liệu đã đổi sau khi lập báo cáo (make report-all lập lại): {names}").format(names=" ".join(changed))
        )
    return 1 if altered else 0


def write_verdicts(entries: "list[Entry]", folder: Path) -> None:
    """Every verdict of the communes' newest years, for a spreadsheet: verdicts.csv and verdicts.xlsx."""
    from ntm_lib.doc.write.text import csv_text
    from ntm_lib.report.machine import COLUMNS, verdict_rows, write_verdicts_workbook

    (folder / "verdicts.csv").write_text(csv_text(COLUMNS, verdict_rows(entries)), encoding="utf-8", newline="")
    date = f"{max(entry.year for entry in entries)}-12-31"
    write_verdicts_workbook(folder / "verdicts.xlsx", verdict_rows(entries), date)


def vouched_for(
    communes: list[str], read: Callable[[list[str]], "Overview"], t: Translate
) -> "tuple[Overview, list[str]]":
    """The overview without the communes whose tables are no longer those of a report; the runs that have such tables."""
    from ntm_lib.pipeline.inputs import Digests
    from ntm_lib.pipeline.manifest import tables_are_whole

    found = read(communes)
    runs = sorted({entry.run for entry in found.entries})
    altered = [run for run in runs if not tables_are_whole(run, Digests(run.partition("/")[0]))]
    if altered:
        out = {run.partition("/")[0] for run in altered}
        found = read([commune for commune in communes if commune not in out])
        text = t(
            "Bảng đã xử lý không còn như khi lập báo cáo, nên không đưa vào trang (make report-all lập lại): {names}"
        )
        print(text.format(names=" ".join(altered)), file=sys.stderr)
    return found, altered


def stale(runs: Iterable[str]) -> list[str]:
    """Those of the plain runs, such as ``hung-my/2024-en``, of which the figures or the rules are others now."""
    from ntm_lib.pipeline.manifest import Checker

    checker = Checker()
    return [run for run in runs if _has_changed(run, checker)]


def _has_changed(run: str, checker) -> bool:
    from ntm_lib.pipeline import manifest
    from ntm_lib.pipeline.inputs import Digests

    commune, _, rest = run.partition("/")
    year, _, language = rest.partition("-")
    try:
        made = parameters.check({"COMMUNE": commune, "YEAR": year, "LANGUAGE": language})
        then, now = (
            manifest.read(manifest.outputs_folder(made)).get("inputs"),
            checker.input_digests(made, Digests(commune)),
        )
    except (NtmError, OSError):
        return True
    return not isinstance(then, dict) or _data(then) != _data(now)


def _data(inputs: Mapping[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in inputs.items() if name.startswith("data/")}


def language_of(values: Mapping[str, str], t: Translate) -> str:
    """LANGUAGE, or Vietnamese. Raises NtmError for another."""
    language = values.get("LANGUAGE") or "vi"
    if language not in LANGUAGES:
        text = t(
            "LANGUAGE: không có ngôn ngữ này.\n    Cho phép: {names}\n    Cần làm: chọn một giá trị trong danh sách"
        )
        raise NtmError(text.format(names=", ".join(LANGUAGES)))
    return language
