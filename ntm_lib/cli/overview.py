"""``make overview``: one page for many communes, from the reports that have been made."""

from collections.abc import Mapping

from ntm_lib import paths
from ntm_lib.cli.batch import chosen_communes, chosen_years
from ntm_lib.errors import NtmError
from ntm_lib.language import LANGUAGES, Translate


def overview(values: Mapping[str, str], t: Translate) -> int:
    """Publishes ``outputs/overview-<province or all>`` and says what it holds and what is missing in it."""
    language = language_of(values, t)
    communes, years = chosen_communes(values, t), chosen_years(values.get("YEARS", ""), t)
    from ntm_lib.pipeline.locks import alone
    from ntm_lib.pipeline.publish import publish, staged
    from ntm_lib.report.overview_file import overview_csv, overview_html
    from ntm_lib.report.overview_read import read_overview
    from ntm_lib.report.pages.overview import most_missed_text, overview_title

    province = values.get("PROVINCE", "")
    found = read_overview(communes, years, overview_title(communes if province else [], language), language)
    if not found.entries:
        raise NtmError(t("Chưa có xã nào có báo cáo cho các năm này.\n    Cần làm: chạy make report-all, rồi chạy lại"))
    name = f"overview-{province or 'all'}" + ("" if language == "vi" else f"-{language}")
    place = paths.outputs() / name
    with alone(name), staged(place) as (folder,):
        for file, text in {**overview_html(found, language), "overview.csv": overview_csv(found)}.items():
            (folder / file).write_text(text, encoding="utf-8", newline="")
        publish(place)
    print(t("Đã lập {file}: {count} xã có báo cáo, {missing} xã chưa có.").format(
        file=paths.shown(place / "overview.html"), count=len(found.latest), missing=len(found.missing)))
    if worst := most_missed_text(found, language):
        print(worst)
    return 0


def language_of(values: Mapping[str, str], t: Translate) -> str:
    """LANGUAGE, or Vietnamese. Raises NtmError for another."""
    language = values.get("LANGUAGE") or "vi"
    if language not in LANGUAGES:
        text = t("LANGUAGE: không có ngôn ngữ này.\n    Cho phép: {names}\n    Cần làm: chọn một giá trị trong danh sách")
        raise NtmError(text.format(names=", ".join(LANGUAGES)))
    return language
