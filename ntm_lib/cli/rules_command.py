"""``make rules``: the thresholds of a set, their check, the rule book, and what is still to be looked up in the decisions."""

import sys
from collections.abc import Mapping

from ntm_lib import parameters, paths
from ntm_lib.errors import NtmError, readable
from ntm_lib.language import Translate


def show_rules(values: Mapping[str, str], t: Translate) -> int:
    """The thresholds of a rule set; with CHECK, BOOK, MISSING, IMPORT or ACCEPT what these ask for."""
    from ntm_lib.cli import decisions_command

    if values.get("IMPORT"):
        return decisions_command.import_decision(values, t)
    if values.get("ACCEPT"):
        return decisions_command.accept_proposal(values, t)
    if values.get("MISSING") == "1":
        return missing(values, t)
    rule_set, year, region, language = parameters.check_rules(values)
    if values.get("CHECK") == "1":
        return check_rule_files(language, t)
    if values.get("BOOK") == "1":
        return write_book(language, t)
    from ntm_lib.report.rule_list import list_rules

    province = values.get("PROVINCE", "")
    refuse_unknown_province(province, t)
    print(list_rules(rule_set, region, year, province, language), end="")
    return 0


def check_rule_files(language: str, t: Translate) -> int:
    """Every fault of the rule files; where there is none, the cases that are judged otherwise than expected."""
    from ntm_lib.rules.check import check_rules
    from ntm_lib.rules.communes import trait_faults
    from ntm_lib.stages.rule_cases import case_faults

    problems = [*check_rules(paths.rules_folder(), language), *trait_faults(language)]
    if not problems:  # unsound files judge nothing
        problems = [fault for name in parameters.rule_sets() for fault in case_faults(name)]
    for problem in problems:
        print(problem.in_words(language))
    if problems and all(problem.code == "rules-case" for problem in problems):
        print(
            t(
                "Nếu vừa nhận mức mới của một văn bản thì các trường hợp trên có thể còn theo mức cũ: mức đúng thì sửa trường hợp."
            )
        )
    print(
        t("Tìm thấy {n} lỗi trong các tệp quy định.").format(n=len(problems))
        if problems
        else t("Các tệp quy định không có lỗi.")
    )
    return 1 if problems else 0


def refuse_unknown_province(province: str, t: Translate) -> None:
    """A name with a typing error would otherwise show the national thresholds as the province's."""
    known = sorted(path.name for path in (paths.rules_folder() / "provinces").glob("*") if path.is_dir())
    if not province or province in known:
        return
    text = t(
        "PROVINCE: tỉnh này không có mức riêng trong data/raw/rules/provinces.\n    Đọc được: {value}\n    Cho phép: {names}\n    Cần làm: chọn một tỉnh trong danh sách, hoặc bỏ PROVINCE để xem mức chung"
    )
    raise NtmError(text.format(value=readable(province), names=", ".join(known) or "–"))


def write_book(language: str, t: Translate) -> int:
    """The rule book as one page and as PDF, beside the folders of the reports, which link to it."""
    from ntm_lib.pipeline.publish import alone, publish, staged
    from ntm_lib.report.rule_book import book, book_folder, book_html, book_pdf

    place, body = paths.outputs() / book_folder(language), book(language)
    with alone(place.name), staged(place, t=t) as (folder,):
        (folder / "rule-book.html").write_bytes(book_html(body, language))
        (folder / "rule-book.pdf").write_bytes(book_pdf(body, language))
        publish(place)
    for name in sorted(path.name for path in place.iterdir()):
        print(f"    {paths.shown(place)}/{name}")
    return 0


def missing(values: Mapping[str, str], t: Translate) -> int:
    """Thresholds that nobody has checked or that are not known, of all communes of a province, those first on which verdicts hang."""
    from ntm_lib.cli.batch import choose
    from ntm_lib.cli.overview_command import language_of, stale
    from ntm_lib.report.rule_list import list_missing, open_thresholds

    language = language_of(values, t)
    chosen = choose(values.get("PROVINCE", ""), t, language)
    found = open_thresholds(chosen.communes, values.get("RULES", ""))
    print(list_missing(found, language), end="")
    for commune, fault in chosen.unread.items():
        print(f"{commune}: {fault}", file=sys.stderr)
    if changed := stale(found.runs):
        text = t("Số liệu đã đổi sau khi lập báo cáo (make report-all lập lại): {names}")
        print(text.format(names=" ".join(changed)))
    return 1 if chosen.unread else 0
