"""Joins the lines of an annex to items, one an indicator with its parts and years, and refuses what is no whole set.

Refused whole: a column of communes that is not recognised or missing, a number that stands twice or is missing, two
tables of one set, marks of a scan. What concerns one row only is a doubt of that row (``annex_match``).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.office.pieces import Cell
from ntm_lib.rules.decisions.annex_rows import NUMBER, Annex, Line
from ntm_lib.rules.decisions.annex_values import is_scanned
from ntm_lib.rules.sets import RuleSet
from ntm_lib.tables import natural_key
from ntm_lib.text.names import clean_text, spelling_key

SAME_SET = 0.6  # likeness of wording from which a second table is of the same set
NOT_THIS_SET = 0.35
SCANNED_CELLS = 3  # from so many cells with letters among figures, the file is taken for a scan


@dataclass(slots=True)
class Item:
    """An indicator as the annex has it; ``subs`` lines with values of their own, ``years`` those of single years."""

    number: str
    line: Line
    subs: list[Line] = field(default_factory=list)
    years: list[Line] = field(default_factory=list)


def likeness(one: str, other: str) -> float:
    """From 0 to 1, how far two wordings have the same words in the same order."""
    a, b = _words(one), _words(other)
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0


@lru_cache(maxsize=4096)
def _words(text: str) -> list[str]:
    return spelling_key("".join(c if c.isalnum() or c.isspace() else " " for c in text)).split()


def names_on(rule_set: RuleSet, day: str) -> dict[tuple[str, str], dict[str, str]]:
    """What each indicator and part is on an ISO date, by (indicator, part)."""
    rows = {(r["indicator"], r["part"]): r for r in rule_set.all_indicators.to_dict("records")}
    earlier = rule_set.earlier.to_dict("records")
    then = {(r["indicator"], r["part"]): r for r in earlier if r["valid_from"] <= day <= r["valid_to"]}
    return rows | then


def items_of(annex: Annex, known: dict[tuple[str, str], dict[str, str]]) -> list[Item]:
    """The indicators of the annex in order; rows that belong to none are put to ``annex.left``."""
    sole = _sole_indicators(known)
    items: list[Item] = []
    for line in annex.lines:
        if line.kind == "indicator" and not line.number and line.criterion in sole:
            line.number = sole[line.criterion]
            if items and items[-1].number == line.number:
                line.number = ""
        if line.number and not (line.kind == "year" and items and items[-1].number == line.number):
            items.append(Item(line.number, line))
            if line.kind == "year":
                items[-1].years.append(line)
        elif not items:
            annex.left.append(line.place)
        elif line.kind == "year":
            items[-1].years.append(line)
        elif any(line.values.values()) and not _same_cells(line, items[-1].line):
            if line.kind == "sub":
                items[-1].subs.append(line)
            else:
                annex.left.append(line.place)
        else:
            items[-1].line.text = clean_text(f"{items[-1].line.text} {line.text}")
    return items


def _sole_indicators(known: dict[tuple[str, str], dict[str, str]]) -> dict[str, str]:
    """Criterion → its indicator, where it has one only: the annex often gives it no number."""
    by_criterion: dict[str, set[str]] = {}
    for (indicator, _), row in known.items():
        by_criterion.setdefault(row["criterion"], set()).add(indicator)
    return {criterion: next(iter(found)) for criterion, found in by_criterion.items() if len(found) == 1}


def _same_cells(line: Line, other: Line) -> bool:
    cells = [cell for code, cell in line.cells.items() if line.values.get(code)]
    return bool(cells) and all(cell is other.cells.get(code) for code, cell in line.cells.items() if cell.text)


def chosen(
    annexes: list[Annex], rule_set: RuleSet, known: dict[tuple[str, str], dict[str, str]], t: Translate
) -> Annex:
    """The table of the file that is of this rule set, by the wording. Raises NtmError where none is, or two are."""
    if not annexes:
        words = t(
            "IMPORT: không thấy bảng tiêu chí nào. Bảng phải có dòng đầu với các cột: TT, Tên tiêu chí, Nội dung tiêu chí, Chỉ tiêu (chung, theo vùng hoặc nhóm xã). Các tên cột đọc được nằm trong data/raw/rules/heads.yml. Văn bản sửa đổi viết thành câu thì chép các chỉ tiêu được sửa vào một bảng như vậy rồi nhập"
        )
        raise NtmError(words)
    scored = sorted(((_score(annex, known), n) for n, annex in enumerate(annexes)), reverse=True)
    best, number = scored[0]
    named = sum(bool(row["name_vi"]) for (_, part), row in known.items() if not part)
    if named * 2 > rule_set.meta["indicators_total"]:
        if best < NOT_THIS_SET:
            words = t('IMPORT: bảng trong tệp không phải của bộ "{rule_set}". Hãy kiểm tra RULES và tệp.')
            raise NtmError(words.format(rule_set=rule_set.id))
        if len(scored) > 1 and scored[1][0] >= max(SAME_SET, best - 0.15):
            words = t(
                'IMPORT: tệp có hai bảng của cùng một bộ: "{one}" và "{other}". Hãy để lại một bảng trong tệp rồi nhập từng bảng'
            )
            titles = [annexes[n].title.splitlines()[-1:] or ["–"] for _, n in sorted(scored[:2], key=lambda s: s[1])]
            raise NtmError(words.format(one=titles[0][0], other=titles[1][0]))
    return annexes[number]


def _score(annex: Annex, known: dict[tuple[str, str], dict[str, str]]) -> float:
    """Mean likeness of the numbered rows with the indicators of the same number; half for a number that is unknown."""
    numbered = [line for line in annex.lines if line.number]
    names = [known.get((line.number, ""), {}).get("name_vi", "") for line in numbered]
    return sum(likeness(line.text, name) for line, name in zip(numbered, names, strict=True)) / max(1, len(numbered))


def refuse_odd_columns(annex: Annex, wanted: Iterable[str], t: Translate) -> None:
    """Raises NtmError naming heads that are not understood, and columns of communes that are missing."""
    unknown = sorted({text for head in annex.heads for text in head.unknown})
    if unknown:
        words = t(
            'IMPORT: không nhận ra cột "{columns}". Hãy ghi thêm cách viết này vào đúng dòng của data/raw/rules/heads.yml rồi chạy lại'
        )
        raise NtmError(words.format(columns='", "'.join(text.replace("\n", " ") for text in unknown)))
    if missing := [code for code in wanted if code not in annex.columns]:
        words = t("IMPORT: bảng thiếu cột {columns}. Hãy kiểm tra dòng đầu của bảng trong tệp, hoặc lấy bản đầy đủ")
        raise NtmError(words.format(columns=", ".join(missing)))


def refuse_odd_numbers(items: list[Item], rule_set: RuleSet, whole: bool, t: Translate) -> None:
    """Raises NtmError for doubled numbers, for marks of a scan, and (of a ``whole`` set) for another count."""
    counts = Counter(item.number for item in items)
    if doubled := sorted((n for n, count in counts.items() if count > 1), key=natural_key):
        words = t(
            "IMPORT: các chỉ tiêu {numbers} có hai dòng trong bảng (hai bảng của cùng một bộ, hoặc số bị ghi nhầm). Hãy để lại một dòng cho mỗi chỉ tiêu"
        )
        raise NtmError(words.format(numbers=", ".join(doubled)))
    scanned = [c.text for item in items for c in _cells(item) if is_scanned(c.text)]
    if len(scanned) >= SCANNED_CELLS:
        words = t(
            'IMPORT: chữ trong bảng do máy nhận dạng từ ảnh ("{cells}"): số có thể sai. Hãy lấy bản có chữ, hoặc gõ lại và soát từng ô'
        )
        raise NtmError(words.format(cells='", "'.join(scanned[:3])))
    total = rule_set.meta["indicators_total"]
    if whole and len(counts) != total:
        known = {i for i in rule_set.all_indicators["indicator"] if NUMBER.fullmatch(i)}
        words = t(
            "IMPORT: bộ tiêu chí có {total} chỉ tiêu, đọc được {read}. Thiếu: {missing}. Thừa: {surplus}. Hãy kiểm tra bảng trong tệp: dòng bị mất, số bị ghi nhầm; văn bản sửa đổi thì tên tệp hoặc tiêu đề phải có chữ «sửa đổi, bổ sung»"
        )
        missing, surplus = (sorted(s, key=natural_key) for s in (known - set(counts), set(counts) - known))
        raise NtmError(
            words.format(
                total=total, read=len(counts), missing=", ".join(missing) or "–", surplus=", ".join(surplus) or "–"
            )
        )


def _cells(item: Item) -> list[Cell]:
    return [cell for line in (item.line, *item.subs, *item.years) for cell in line.cells.values()]
