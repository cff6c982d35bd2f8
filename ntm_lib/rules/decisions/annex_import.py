"""Reads a decision's annex against a rule set: what is understood of it, beside what our files hold. Writes nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ntm_lib.errors import NtmError
from ntm_lib.language import Translate, translator
from ntm_lib.office.opening import Sheet, read_pieces
from ntm_lib.office.pieces import Cell, Piece, Table, tables_of
from ntm_lib.rules.decisions.amendments import Amended, amended, target_of
from ntm_lib.rules.decisions.annex_file import (
    Source,
    checked_day,
    is_amending,
    named_day,
    notes_of,
    refuse_other_province,
    refuse_other_title,
    source_of,
)
from ntm_lib.rules.decisions.annex_fit import Proposed, Row, questioned
from ntm_lib.rules.decisions.annex_match import Ours, place_words, proposed, unplaced
from ntm_lib.rules.decisions.annex_rows import NUMBER, Annex, Item, Line, likeness, read_annexes
from ntm_lib.rules.decisions.annex_values import is_scanned
from ntm_lib.rules.sets import RuleSet, load_set, names_on, province_thresholds
from ntm_lib.tables import natural_key
from ntm_lib.text.names import clean_text

SAME_SET = 0.6  # likeness of wording from which a second table is of the same set
NOT_THIS_SET = 0.35
MANY_ROWS = 3  # rows with values from which a column can be told to be empty
SCANNED_CELLS = 3  # from so many cells with letters among figures, the file is taken for a scan


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
    annexes: list[Annex], rule_set: RuleSet, known: dict[tuple[str, str], dict[str, str]], amends: bool, t: Translate
) -> Annex | None:
    """The table of the file that is of this rule set, by the wording. Raises NtmError where two are, or none is, unless
    the file amends: then its sentences may say it all (None)."""
    if not annexes and amends:
        return None
    if not annexes:
        raise NtmError(no_table(t))
    scored = sorted(((_score(annex, known), n) for n, annex in enumerate(annexes)), reverse=True)
    best, number = scored[0]
    named = sum(bool(row["name_vi"]) for (_, part), row in known.items() if not part)
    if named * 2 > rule_set.meta["indicators_total"]:
        if best < NOT_THIS_SET and amends:
            return None
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


def no_table(t: Translate) -> str:
    return t(
        "IMPORT: không thấy bảng tiêu chí nào. Bảng phải có dòng đầu với các cột: TT, Tên tiêu chí, Nội dung tiêu chí, Chỉ tiêu (chung, theo vùng hoặc nhóm xã). Các tên cột đọc được nằm trong data/raw/rules/heads.yml. Văn bản sửa đổi viết thành câu thì tên tệp hoặc tên văn bản phải có chữ «sửa đổi»"
    )


def _score(annex: Annex, known: dict[tuple[str, str], dict[str, str]]) -> float:
    """Mean likeness of the numbered rows with the indicators of the same number; half for a number that is unknown."""
    numbered = [line for line in annex.lines if line.number]
    names = [known.get((line.number, ""), {}).get("name_vi", "") for line in numbered]
    return sum(likeness(line.text, name) for line, name in zip(numbered, names, strict=True)) / max(1, len(numbered))


def refuse_odd_columns(annex: Annex, wanted: Iterable[str], t: Translate) -> None:
    """Raises NtmError naming heads that are not understood, and columns of communes that are missing or nearly empty."""
    unknown = sorted({text for head in annex.heads for text in head.unknown})
    if unknown:
        words = t(
            'IMPORT: không nhận ra cột "{columns}". Hãy ghi thêm cách viết này vào đúng dòng của data/raw/rules/heads.yml rồi chạy lại'
        )
        raise NtmError(words.format(columns='", "'.join(text.replace("\n", " ") for text in unknown)))
    wanted = list(wanted)
    if missing := [code for code in wanted if code not in annex.columns]:
        words = t("IMPORT: bảng thiếu cột {columns}. Hãy kiểm tra dòng đầu của bảng trong tệp, hoặc lấy bản đầy đủ")
        raise NtmError(words.format(columns=", ".join(missing)))
    regional = [code for code in wanted if code != "chung"]
    filled = [
        v for line in annex.lines if sum(bool((v := line.values).get(code)) for code in regional) * 2 > len(regional)
    ]
    empty = [code for code in regional if sum(not values.get(code) for values in filled) * 2 > len(filled) > MANY_ROWS]
    if empty:
        words = t(
            "IMPORT: cột {columns} gần như trống, trong khi các cột khác có mức: bảng có thể bị lệch cột. Hãy kiểm tra bảng trong tệp"
        )
        raise NtmError(words.format(columns=", ".join(empty)))


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
    pieces = read_pieces(file, sheets(file) if file.suffix.lower() == ".xlsx" and file.is_file() else (), language)
    amends = is_amending(file, pieces)
    annexes, passed = read_annexes(tables_of(pieces), rules.folder.parent)
    day = checked_day(day, rules, amends or bool(province), t)
    known = names_on(rules, day)
    annex = chosen(annexes, rules, known, amends, t)
    refuse_other_title(annex, rules, t)
    refuse_other_province(pieces, province, t)
    columns = _columns(annex, rules, province, region, t)
    items = []
    if annex is not None:
        refuse_odd_columns(annex, columns.values(), t)
        items = items_of(annex, known)
    ours, whole = _ours(rules, known, province, columns, day, language, amends), not amends and not province
    told = amended(pieces, target_of(rules, ours), frozenset(i.number for i in items), t) if amends else Amended()
    if annex is None and not told.items and not told.unplaced:
        raise NtmError(no_table(t))
    refuse_odd_numbers(items, rules, whole, t)
    lines = questioned(proposed(items, ours, whole, t), t) + _told_lines(told, ours, t)
    lines = list(_dated(lines, named_day(pieces) if amends else "", day, t))
    left = [*_left(annex, annexes, passed, told, t), *_notes(file, pieces, t)]
    source = source_of(file, annex, pieces, str(rules.meta["document"]) if amends else "")
    return Proposal(rule_set, province, source, tuple(lines), tuple(left), _rows(pieces, told, t))


def _notes(file: Path, pieces: Iterable[Piece], t: Translate) -> Iterator[str]:
    yield from (t("ghi chú, không đọc: {text}").format(text=note) for note in notes_of(file, pieces))


def _told_lines(told: Amended, ours: Ours, t: Translate) -> list[Proposed]:
    lines, why = questioned(proposed(told.items, ours, False, t), t), t("câu sửa đổi chưa rõ của chỉ tiêu nào")
    return lines + [unplaced(sentence.text, sentence.place, why, ours, t) for sentence in told.unplaced]


def _left(
    annex: Annex | None, annexes: Iterable[Annex], passed: Iterable[Table], told: Amended, t: Translate
) -> Iterator[str]:
    """What of the file was not read."""
    for other in annexes:
        if other is not annex:
            title = other.title.splitlines()[-1] if other.title else "–"
            yield t('bảng khác trong tệp, không đọc: "{title}"').format(title=title)
    for table in passed:
        words = t("bảng {number} không có đầu cột, không đọc: {text}")
        texts = (cell.text.replace("\n", " ") for row in table.rows[:2] for cell in row if cell and cell.text)
        yield words.format(number=table.number, text=" | ".join(dict.fromkeys(texts)))
    yield from (f"{place_words(cell, t)}: {cell.text}" for cell in (annex.left if annex else ()) if cell.text)
    for sentence in told.elsewhere:
        yield t("câu của bộ tiêu chí khác: {text}").format(text=sentence.text)


def _places(told: Amended) -> Iterator[Cell]:
    """Where the sentences stand, with their text."""
    yield from (item.line.place for item in told.items)
    yield from (replace(sentence.place, text=sentence.text) for sentence in told.unplaced)


def _dated(lines: Iterable[Proposed], named: str, day: str, t: Translate) -> Iterator[Proposed]:
    """The lines; where the text names another day from which it is in force, all that would change is doubtful."""
    words = t("văn bản ghi có hiệu lực từ {named}, lệnh ghi FROM={day}").format(named=named, day=day)
    for line in lines:
        odd = named not in ("", day) and line.state in ("new", "different", "doubtful")
        yield replace(line, state="doubtful", why=(*line.why, words)) if odd else line


def _rows(pieces: Iterable[Piece], told: Amended, t: Translate) -> dict[str, str]:
    """Place of each cell, as the lines give it → the texts of its row side by side; of a sentence → the sentence."""
    rows = {
        place_words(cell, t): " | ".join(dict.fromkeys(c.text.replace("\n", " ") for c in row if c and c.text))
        for table in tables_of(pieces)
        for row in reversed(table.rows)
        for cell in row
        if cell
    }
    return rows | {place_words(at, t): at.text for at in _places(told)}


def _columns(annex: Annex | None, rules: RuleSet, province: str, region: str, t: Translate) -> dict[str, str]:
    """Code of the set → code in the annex. A province's table may have one column for all its communes."""
    codes = [column["code"] for column in rules.meta["columns"]]
    if not province:
        return {code: code for code in codes}
    held = annex.columns if annex else {"single"}  # sentences speak of all communes of the province
    there = {code: code for code in codes if code in held and code != "chung"}
    single = next((code for code in ("single", "chung") if code in held), "")
    if there or not single:
        return there or {code: code for code in codes}
    if region not in codes:
        words = t("REGION: bảng của tỉnh chỉ có một cột mức. Hãy nêu cột vùng của tỉnh: {codes}")
        raise NtmError(words.format(codes=", ".join(f"REGION={code}" for code in codes)))
    return {region: single}


def _ours(
    rules: RuleSet,
    known: dict[tuple[str, str], Row],
    province: str,
    columns: dict[str, str],
    day: str,
    language: str,
    amends: bool,
) -> Ours:
    national = _by_key(rules.thresholds.to_dict("records"))
    local = province_thresholds(rules.folder.parent, province, rules.id, language) if province else None
    thresholds = national if local is None else _by_key(local.to_dict("records"))
    layer = "province" if province else "nation"
    return Ours(known, thresholds, national, layer, columns, day, str(rules.meta["valid_to"]), amends)


def _by_key(rows: list[Row]) -> dict[tuple[str, str, str], list[Row]]:
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["indicator"], row["part"], row["column"]), []).append(row)
    return found
