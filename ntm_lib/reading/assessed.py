"""Rows from the tables of a document: appraisal tables (Biểu tổng hợp), results, aims, works, money, who answers for what.

A table is known by the words of its head (``reading.yml``, heads). Numbers of indicators may stand in a column of their
own or before their wording, criteria may be merged over rows or stand in rows of their own.
"""

import re
from dataclasses import dataclass, replace

from ntm_lib.office.pieces import Cell, Table
from ntm_lib.reading.found import Reader, doubt
from ntm_lib.reading.meaning import Context, Target, years_in
from ntm_lib.reading.measures import village_in
from ntm_lib.reading.outline import Statement
from ntm_lib.text import lexicon
from ntm_lib.text.numbers import parse
from ntm_lib.text.tokens import tidy
from ntm_lib.text.units import read_unit

_VERDICTS = lexicon.MET | lexicon.UNMET | lexicon.NOT_APPLICABLE
_HEAD_ROWS = 8  # a head begins no lower
_CODE = re.compile(r"^\s*(\d{1,2}\.\d{1,2})(?![\d.,]*\d)[.:)]?\s*")
_BARE = re.compile(r"[\d.,\s]+")
_MONTHS = re.compile(r"\d+ tháng|\btháng \d|\bquý\b", re.IGNORECASE)
_COMPARED = re.compile(  # such a column compares two others: «% so với KH», «Tăng, giảm»
    r"\bso (?:với|sánh|kh|cùng)|%\W*(?:kh\b|kế hoạch|hoàn thành|thực hiện)|tăng\W+giảm|(?:tỷ lệ|tỉ lệ|mức)\W*%?\W*(?:hoàn thành|thực hiện)",
    re.IGNORECASE,
)
_UNIT_IN_HEAD = re.compile(r"\(([^()]*)\)|(%)")


@dataclass(frozen=True, slots=True)
class Column:
    """``role``: as in reading.yml; ``year`` and ``unit``: where the head names one; ``doubts``: what is odd of all its figures."""

    role: str
    year: int
    unit: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: texts by role (columns of one role in their order), and its place."""

    statement: Statement
    cells: dict[str, list[tuple[Column, str]]]

    def text(self, *roles: str) -> str:
        return next((text for role in roles for _, text in self.cells.get(role, ()) if text), "")


def read_table(statement: Statement, table: Table, reader: Reader) -> list[tuple[Statement, tuple[str, ...]]]:
    """Makes the rows of a table; returns those of its rows whose numbers went into none."""
    found = _head(table, reader)
    if found is None:
        return [(_at(statement, row, table), numbers) for row in table.rows if (numbers := _numbers(row))]
    columns, first = found
    above = " ".join(dict.fromkeys(c.text for row in table.rows[: first - 1] for c in row if c and c.text))
    base = replace(statement, heads=(*statement.heads, *([above] if above else [])))
    context, unread, criterion = reader.context(base), [], ""
    rows = [_row(base, table, row, columns) for row in table.rows[first:]]
    counted = _only_counts(rows, reader)
    for row, one in zip(table.rows[first:], rows, strict=True):
        criterion = "" if counted and not _is_group(one) else _criterion(one, reader) or criterion
        untold = [n for c, cell in zip(columns, row, strict=False) if cell and not c.role for n in _numbers((cell,))]
        before = len(reader.gathered.rows)
        _read_row(one, replace(context, criterion=criterion or context.criterion), reader)
        if len(reader.gathered.rows) == before and (numbers := _numbers(row)) and not _is_group(one):
            unread.append((one.statement, numbers))
        elif untold:
            unread.append((one.statement, tuple(untold)))
    return unread


def _row(base: Statement, table: Table, row: tuple[Cell | None, ...], columns: list[Column]) -> Row:
    cells: dict[str, list[tuple[Column, str]]] = {}
    for n, (column, cell) in enumerate(zip(columns, row, strict=False)):
        if cell and column.role and not (n and cell is row[n - 1]):
            cells.setdefault(column.role, []).append((column, " ".join(cell.text.split())))
    return Row(_at(base, row, table), cells)


def _only_counts(rows: list[Row], reader: Reader) -> bool:
    """Whether the first column but counts the rows: 1, 2, 3 …, most of them not the number of the criterion beside it."""
    filled = [row for row in rows if not _is_group(row)]
    numbers = [row.text("number").strip(" .") for row in filled]
    if (
        len(filled) < 3
        or any(row.text("name") for row in filled)
        or numbers != [str(n + 1) for n in range(len(filled))]
    ):
        return False
    named = (reader.words.names.is_criterion(n, row.text("content")) for n, row in zip(numbers, filled, strict=True))
    return 2 * sum(named) < len(filled)


def _head(table: Table, reader: Reader) -> tuple[list[Column], int] | None:
    """The columns, and the first row below the head; None where no row names a content and something of it."""
    for at, row in enumerate(table.rows[:_HEAD_ROWS]):
        roles = {reader.words.head_of(cell.text) for cell in row if cell and cell.text} - {""}
        if (
            not roles & {"content", "work", "name", "source", "who"}
            or len(roles) < 2
            or (_numbers(row) and not years_in(_text(row)))
        ):
            continue
        last = at + 1
        while last < len(table.rows) and _goes_on(table.rows[last], table.rows[at]):
            last += 1
        columns = [_column(table, at, last, c, reader) for c in range(len(row))]
        if sum(column.role == "content" for column in columns) > 1:  # «Nội dung | … | Chỉ tiêu 2025»
            columns = [replace(c, role="plan") if c.role == "content" and c.year else c for c in columns]
        return columns, last
    return None


def _goes_on(row: tuple[Cell | None, ...], head: tuple[Cell | None, ...]) -> bool:
    """Whether a row is a second row of the head: cells of the first reach into it, or it only counts the columns."""
    counted = [cell.text for cell in row if cell and cell.text]
    return any(cell and cell in head for cell in row) or (
        len(counted) > 2 and all(re.fullmatch(r"\(?\d{1,2}\)?", t) for t in counted)
    )


def _column(table: Table, first: int, last: int, column: int, reader: Reader) -> Column:
    texts = list(
        dict.fromkeys(
            cell.text
            for r in range(first, last)
            if (cell := table.rows[r][column]) and not re.fullmatch(r"\(?\d{1,2}\)?", cell.text)
        )
    )
    role = next((role for text in reversed(texts) if (role := reader.words.head_of(text))), "")
    years = years_in(" ".join(texts))
    unit = next((m[1] or m[2] for text in reversed(texts) if (m := _UNIT_IN_HEAD.search(text))), "")
    head, doubts = " ".join(texts), []
    if _COMPARED.search(head):
        return Column("", 0, unit)
    if not role and years:  # «Năm 2023»
        role = "result" if years[-1] <= reader.document.year else "plan"
        doubts += [doubt("kind")] if years[-1] >= reader.document.year and not _MONTHS.search(head) else []
    if role == "result":
        doubts += [doubt("estimate")] if re.search(r"\bước\b", head, re.IGNORECASE) else []
        doubts += [doubt("months")] if _MONTHS.search(head) else []
    return Column(role, years[-1] if years else 0, unit, tuple(doubts))


def _criterion(row: Row, reader: Reader) -> str:
    """The criterion that a row begins or belongs to: its number under TT, its name, or a row of its own."""
    number, name = row.text("number").strip(" ."), row.text("name")
    content = row.text("content", "work")
    if name and (named := reader.words.criterion_of(name)):
        return named
    if number in reader.words.names.criteria and (reader.words.names.is_criterion(number, name or content)):
        return number
    if code := _CODE.match(content) or _CODE.match(row.text("number")):
        return code[1].partition(".")[0]
    return (
        reader.words.criterion_of(content)
        if not row.text("result", "done", "share", "verdict", "plan", "quantity")
        else ""
    )


def _is_group(row: Row) -> bool:
    """A row that only heads others: nothing stands beside its wording."""
    return not any(
        text
        for role, cells in row.cells.items()
        for _, text in cells
        if role not in ("number", "name", "content", "work", "note")
    )


def _read_row(row: Row, context: Context, reader: Reader) -> None:
    is_total = re.match(r"(?:tổng|cộng)\b", row.text("work", "content", "name"), re.IGNORECASE)
    if row.text("quantity") or (row.text("work") and row.text("cost", "deadline", "place") and not is_total):
        _work(row, context, reader)
    elif (row.text("cost") and not row.text("result", "done", "share")) or (
        row.text("source") and not row.text("content", "work") and row.text("plan", "result", "done")
    ):
        _fund(row, context, reader)
    elif row.text("content", "name"):
        _levels(row, context, reader)
    if row.text("who") and not row.text("quantity") and (content := row.text("content", "work", "name")):
        reader.gathered.add(
            "assignments",
            row.statement,
            who=row.text("who"),
            duty=content,
            criterion=context.criterion,
            section=row.statement.section,
        )


def _target(
    row: Row, content: str, context: Context, reader: Reader, task: bool = False
) -> tuple[Target, tuple[str, ...]]:
    """The indicator of a row: by its number where wording does not speak against it; and why it may not be that."""
    code = _CODE.match(content) or _CODE.match(row.text("number"))
    target = reader.words.target([_CODE.sub("", content)], context.criterion, code[1] if code else "", task)
    if code and reader.words.names.has(code[1]) and target.indicator != code[1]:
        stated = Target(code[1].partition(".")[0], code[1], "", "code")
        return stated, (doubt("printed", f"{code[1]} / {target.indicator}"),) if target.how == "phrase" else ()
    target = target if task else reader.words.of_several(target, content)
    unsure = not target.indicator or target.how in ("only", "name")
    return target, (doubt("indicator"),) if unsure else ()


def _levels(row: Row, context: Context, reader: Reader) -> None:
    """Results, aims and the commune's own verdict of an indicator."""
    content = row.text("content", "name")
    target, doubts = _target(row, content, context, reader)
    item = tidy(_CODE.sub("", content))
    of_criterion = context.criterion and reader.words.names.is_criterion(context.criterion, item)
    if of_criterion and not target.indicator and not re.search(r"tỷ lệ|số", item):
        doubts = ()  # a row of the criterion itself
    share = reader.words.kinds.get((target.indicator, target.part)) == "share"
    for value, column in [*_values(row), *_verdicts(row)]:
        read, bare = parse(value), value.casefold().strip(" .")
        odd = [] if (read.value or read.unit) and not read.doubt else [doubt("unread", value)]
        if _BARE.fullmatch(value):
            odd.append(doubt("no-unit"))
        elif share and any(map(str.isdigit, value)) and "%" not in value and "/" not in value and not read.denominator:
            odd.append(doubt("base"))
        if read.unit == "triệu đồng" and target.indicator:
            odd.append(doubt("per-head"))
        kind = "target" if column.role == "plan" else "declared" if bare in _VERDICTS else "measured"
        reader.gathered.add(
            "plan" if column.role == "plan" else "results", row.statement,
            (*doubts, *column.doubts, *odd),
            year=str(column.year or context.year + _years_off(column, context, reader)), criterion=target.criterion or context.criterion,
            indicator=target.indicator, part=target.part, item=item, value=value, kind=kind, section=row.statement.section,
            rule_set=reader.words.rule_set if kind == "declared" else "",
        )  # fmt: skip


def _verdicts(row: Row) -> list[tuple[str, Column]]:
    """The commune's own verdict, where no column of results says the same."""
    said = {value.casefold().strip(" .") for value, _ in _values(row)}
    verdicts = [(text, column) for column, text in row.cells.get("verdict", ())]
    return [(t, c) for t, c in verdicts if (bare := t.casefold().strip(" .")) in _VERDICTS and bare not in said]


def _years_off(column: Column, context: Context, reader: Reader) -> int:
    """A column without year: results in a plan's part are of the year before, aims in a report's part of the year after."""
    if column.role == "plan":
        return int(context.period == "result" and bool(reader.document.sort))
    return -int(context.period == "plan" and bool(reader.document.sort))


def _values(row: Row) -> list[tuple[str, Column]]:
    """What the columns of figures say, each with its column: «402» of «1.086» «hộ» is one fraction."""
    in_words = _UNIT_IN_HEAD.search(row.text("content", "name"))  # «Tỷ lệ nghèo đa chiều (%)»
    unit = row.text("unit") or (
        tidy(in_words[1] or in_words[2]) if in_words and read_unit(in_words[1] or "%").kind != "none" else ""
    )
    done, total = row.text("done"), row.text("total")
    found: list[tuple[str, Column]] = []
    if done and total and _BARE.fullmatch(done) and _BARE.fullmatch(total):
        found.append((f"{done}/{total} {unit}".strip(), row.cells["done"][0][0]))
    for role in ("result", "plan", "done", "share"):
        for column, text in row.cells.get(role, ()):
            if not text or text in ("-", "–") or (found and role in ("done", "share") and column.role != "plan"):
                continue
            bare = _BARE.fullmatch(text) is not None
            own = (
                column.unit
                if column.unit in ("%", "triệu đồng", "km", "ha", "hộ")
                else "%"
                if role == "share"
                else unit
            )
            found.append((f"{text}{'' if own == '%' else ' '}{own}".strip() if bare else tidy(text), column))
    return found


def _work(row: Row, context: Context, reader: Reader) -> None:
    content = tidy(_CODE.sub("", row.text("work", "content", "name")))
    place, unit = tidy(row.text("place")), row.text("unit")
    target, _ = _target(row, content, context, reader, task=True)
    quantity = tidy(row.text("quantity"))
    quantity = f"{quantity} {unit}".strip() if _BARE.fullmatch(quantity) else quantity
    village = village_in(f"{place} .") or village_in(f"{content} .")
    funds = row.text("source")
    codes = [code for code in dict.fromkeys(reader.words.source_of(part) for part in re.split(r"[,;+]", funds)) if code]
    doubts = [doubt("unread", quantity)] if quantity and not parse(quantity).value else []
    doubts += [doubt("fund", funds)] if funds and len(codes) != 1 else []
    doubts += [] if target.indicator and target.how in ("phrase", "code") else [doubt("indicator")]
    reader.gathered.add(
        "works", row.statement, tuple(doubts), year=str(context.year), criterion=target.criterion or context.criterion or "other",
        indicator=target.indicator, part=target.part, item=content, village=village, place="" if village else place, quantity=quantity,
        cost=_money(row), source=codes[0] if codes else "", builder=row.text("builder"), deadline=tidy(row.text("deadline")), state="planned",
        section=row.statement.section,
    )  # fmt: skip


def _money(row: Row, role: str = "cost") -> str:
    """The first amount of money of a row, with the unit that the head gives it; a cost without one is in million đồng."""
    column, text = next(((c, t) for c, t in row.cells.get(role, ()) if t), (None, ""))
    unit = column.unit if column and re.search("đồng|đ$", column.unit) else "triệu đồng" if role == "cost" else ""
    return f"{tidy(text)} {unit}".strip() if text and _BARE.fullmatch(text) else tidy(text)


def _fund(row: Row, context: Context, reader: Reader) -> None:
    name = tidy(row.text("source", "content", "work", "name"))
    total = re.match(r"(?:tổng|cộng)\b", name, re.IGNORECASE)
    code = "total" if total else reader.words.source_of(name)
    amount = _money(row, "cost" if row.text("cost") else "plan")
    spent = "" if row.text("cost") else _money(row, "result" if row.text("result") else "done")
    doubts = [] if code else [doubt("fund")]
    doubts += [] if parse(amount or spent, "triệu đồng").value else [doubt("unread", amount or spent)]
    if not row.text("cost") and "đồng" not in f"{amount or spent} {' '.join(row.statement.heads)}":
        doubts.append(doubt("unit"))
    reader.gathered.add(
        "funding", row.statement, tuple(doubts), year=str(context.year), source=code or "other", name=name, amount=amount or spent,
        spent=spent, section=row.statement.section,
    )  # fmt: skip


def _at(statement: Statement, row: tuple[Cell | None, ...], table: Table) -> Statement:
    """The statement that a row of the table is: its texts side by side."""
    first = next((cell for cell in row if cell and cell.rows == 1), next((cell for cell in row if cell), None))
    page = f"trang {table.page}, " if table.page else ""
    place = f"{page}bảng {table.number}, hàng {first.row if first else 0}"
    return replace(statement, text=_text(row), label="", place=place, table=None)


def _text(row: tuple[Cell | None, ...]) -> str:
    cells = dict.fromkeys(cell for cell in row if cell and cell.text)
    return " | ".join(cell.text.replace("\n", " ") for cell in cells)


def _numbers(row: tuple[Cell | None, ...]) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+(?:[.,]\d+)*", _text(row)))
