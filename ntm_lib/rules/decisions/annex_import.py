"""Reads a decision's annex against a rule set: what is understood of it, beside what our files hold. Writes nothing."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate, translator
from ntm_lib.office.opening import Sheet, read_tables
from ntm_lib.office.pieces import Table
from ntm_lib.rules.check_rows import is_date
from ntm_lib.rules.decisions.annex_fit import Row
from ntm_lib.rules.decisions.annex_items import chosen, items_of, names_on, refuse_odd_columns, refuse_odd_numbers
from ntm_lib.rules.decisions.annex_match import Ours, Proposed, place_words, proposed
from ntm_lib.rules.decisions.annex_moved import questioned
from ntm_lib.rules.decisions.annex_rows import Annex, read_annexes
from ntm_lib.rules.sets import RuleSet, load_set, province_thresholds

_DOCUMENT = re.compile(r"(\d+(?:/20\d\d)?/(?:QĐ|NQ|TT)-[A-ZĐ]+)", re.IGNORECASE)
_ARTICLE = re.compile(r"^\s*(phụ lục(?: số)?\s*(?:[IVX]+|\d+)?)", re.IGNORECASE | re.MULTILINE)
_AMENDS = re.compile(r"sửa đổi|bổ sung một số", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """The file that was read: its name, SHA-256, and the document and annex that its own words name ("" if none)."""

    file: str
    sha256: str
    document: str
    article: str
    title: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file says of a rule set (and province, "" for the nation), and cells of it that were ``left`` unread."""

    rule_set: str
    province: str
    source: Source
    lines: tuple[Proposed, ...]
    left: tuple[str, ...]
    rows: Mapping[str, str] = field(default_factory=dict)  # place of a cell → its whole row as the file has it


SheetsOf = Callable[[Path], Iterable[Sheet]]


def read_annex(
    file: Path, sheets: SheetsOf, rule_set: str, province: str = "", region: str = "", day: str = "",
    language: str = "vi",
) -> Proposal:  # fmt: skip
    """The proposal that a file makes for a rule set.

    ``sheets`` reads a workbook. ``region``: column of communes of a province's table that has one column of values.
    ``day``: from which the values hold; an amendment and a province need one. Raises NtmError where nothing may be
    taken over: no table, another set, columns or numbers that are missing or doubled, a scan.
    """
    t = translator(language)
    rules = load_set(rule_set, language)
    tables = read_tables(file, sheets(file) if file.suffix.lower() == ".xlsx" and file.is_file() else (), language)
    annexes = read_annexes(tables, rules.folder.parent)
    words = " ".join([file.stem.replace("-", " "), *(table.before for table in tables)])
    amends = bool(_AMENDS.search(words))
    day = _checked_day(day, rules, amends or bool(province), t)
    known = names_on(rules, day)
    annex = chosen(annexes, rules, known, t)
    columns = _columns(annex, rules, province, region, t)
    refuse_odd_columns(annex, columns.values(), t)
    items = items_of(annex, known)
    whole = not amends and not province
    refuse_odd_numbers(items, rules, whole, t)
    lines = questioned(proposed(items, _ours(rules, known, province, columns, day, language), whole, t), t)
    source = _source(file, annex, tables[0].before if tables else "")
    others = [a.title.splitlines()[-1] if a.title else "–" for a in annexes if a is not annex]
    left = [t('bảng khác trong tệp, không đọc: "{title}"').format(title=title) for title in others]
    left += [f"{place_words(cell, t)}: {cell.text}" for cell in annex.left if cell.text]
    return Proposal(rule_set, province, source, tuple(lines), tuple(left), _rows(tables, t))


def _rows(tables: Iterable[Table], t: Translate) -> dict[str, str]:
    """Place of each cell, as the lines give it → the texts of its row side by side."""
    return {
        place_words(cell, t): " | ".join(dict.fromkeys(c.text.replace("\n", " ") for c in row if c and c.text))
        for table in tables
        for row in reversed(table.rows)
        for cell in row
        if cell
    }


def _checked_day(day: str, rules: RuleSet, asked: bool, t: Translate) -> str:
    if day and not is_date(day):
        raise NtmError(t("FROM: không phải một ngày. Hãy ghi dạng năm-tháng-ngày, ví dụ FROM=2024-03-01."))
    if not day and asked:
        words = t("FROM: văn bản sửa đổi hoặc của tỉnh phải có ngày hiệu lực. Hãy thêm, ví dụ FROM=2024-03-01.")
        raise NtmError(words)
    return day or min(rules.thresholds["valid_from"])


def _columns(annex: Annex, rules: RuleSet, province: str, region: str, t: Translate) -> dict[str, str]:
    """Code of the set → code in the annex. A province's table may have one column for all its communes."""
    codes = [column["code"] for column in rules.meta["columns"]]
    if not province:
        return {code: code for code in codes}
    there = {code: code for code in codes if code in annex.columns and code != "chung"}
    single = next((code for code in ("single", "chung") if code in annex.columns), "")
    if there or not single:
        return there or {code: code for code in codes}
    if region not in codes:
        words = t("REGION: bảng của tỉnh chỉ có một cột mức. Hãy nêu cột vùng của tỉnh: {codes}")
        raise NtmError(words.format(codes=", ".join(f"REGION={code}" for code in codes)))
    return {region: single}


def _ours(
    rules: RuleSet, known: dict[tuple[str, str], Row], province: str, columns: dict[str, str], day: str, language: str
) -> Ours:
    national = _by_key(rules.thresholds.to_dict("records"))
    local = province_thresholds(rules.folder.parent, province, rules.id, language) if province else None
    thresholds = national if local is None else _by_key(local.to_dict("records"))
    layer = "province" if province else "nation"
    return Ours(known, thresholds, national, layer, columns, day, str(rules.meta["valid_to"]))


def _by_key(rows: list[Row]) -> dict[tuple[str, str, str], list[Row]]:
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["indicator"], row["part"], row["column"]), []).append(row)
    return found


def _source(file: Path, annex: Annex, start: str) -> Source:
    words = f"{annex.title}\n{start}"
    document, articles = _DOCUMENT.search(words), _ARTICLE.findall(annex.title)
    title = annex.title.splitlines()
    return Source(
        file.name,
        hashlib.sha256(file.read_bytes()).hexdigest(),
        document[1] if document else "",
        articles[-1].strip() if articles else "",
        title[-1] if title else "",
    )


def without_refused(proposal: Proposal, refused: Iterable[Row], t: Translate) -> Proposal:
    """The proposal with what a person refused before marked as such, so that it does not come back unasked."""
    keys = {tuple(row[c] for c in REFUSED_KEY): row for row in refused if row["province"] == proposal.province}
    lines = []
    for line in proposal.lines:
        row = keys.get((line.indicator, line.part, line.column, line.operator, line.threshold, line.name if not line.column else ""))  # fmt: skip
        words = t("đã từ chối ngày {date}: {person}. {reason}")
        why = words.format(date=row["date"], person=row["person"], reason=row["reason"]).strip() if row else ""
        lines.append(replace(line, state="refused-before", why=(why, *line.why)) if row else line)
    return replace(proposal, lines=tuple(lines))


REFUSED_KEY = ("indicator", "part", "column", "operator", "threshold", "name")
REFUSED_COLUMNS = ("province", *REFUSED_KEY, "document", "sha256", "person", "date", "reason")


def refused_file(rule_set: str) -> Path:
    return paths.rules_folder() / "history" / f"{rule_set}-refused.csv"
