"""Which workbook is one of ``make template``, which of its sheets is which, and where their columns lie.

Told by what stands in the sheets, never by their names, order or number: each sheet carries a mark in
its first cell and its keys in a hidden row; where a program dropped both, the visible headings and the
listed indicators say it. A sheet that belongs to no form is left to the caller.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ntm_lib import rules
from ntm_lib.errors import NtmError
from ntm_lib.intake.files.readers import Grid, Row
from ntm_lib.intake.filled.template_layout import FREE, LISTED, Layout, Sheet
from ntm_lib.language import translator
from ntm_lib.text.names import clean_text

GUIDE, LISTS = "Hướng dẫn", "Danh mục"
MARK = "ntm-template"  # first cell of the guide; in the other sheets followed by the facts of the workbook and the name of the form
HEAD_ROWS = 15  # keys and headings are among these
_YEAR = r"(20\d\d)"


@dataclass(frozen=True)
class Facts:
    """Of which commune (its folder), year and rule set a sheet is; empty where it does not say so."""

    version: str = ""
    slug: str = ""
    year: str = ""
    rule_set: str = ""


@dataclass(frozen=True)
class Page:
    """A sheet of the workbook that is a form: its rows below the heading, and key → index of the column."""

    sheet: Sheet
    grid: Grid
    places: Mapping[str, int]
    head: tuple[Row, ...]
    rows: tuple[Row, ...]
    facts: Facts


@dataclass(frozen=True)
class Pages:
    """``forms``: sheets that are forms and shown, in the order of the layout. ``others``: those that are no forms. ``hidden``: names of
    forms that are not shown; ``twice``: of sheets that are a form already read, such as copies. ``facts``: of the whole workbook."""

    forms: tuple[Page, ...]
    others: tuple[Grid, ...]
    hidden: tuple[str, ...]
    twice: tuple[str, ...]
    facts: Facts
    file: str


def mark(facts: Facts, sheet: str) -> str:
    """What the first cell of a sheet says: ``ntm-template|1|hung-my|2023|ntm-2021-2025|Biểu 01``."""
    return "|".join((MARK, facts.version, facts.slug, facts.year, facts.rule_set, sheet))


def is_template(grids: Sequence[Grid], form: Layout) -> bool:
    """Whether one of the sheets has the columns of a form of the template."""
    return any(_keyed(g, s) or _headed_as(g, s) for g in grids if g.rows for s in form.sheets)


def is_marked(grids: Sequence[Grid]) -> bool:
    """Whether one of the sheets says that it is of a template."""
    return any(_is_guide(g) or _marked(g) for g in grids)


def find_pages(grids: Sequence[Grid], form: Layout, slug: str = "", language: str = "vi") -> Pages:
    """The sheets of a workbook for which ``is_marked`` or ``is_template`` holds.

    ``slug``: folder in which the file lies. Raises NtmError where the workbook belongs to another
    commune or year, or was made by another version of the template, or a sheet lacks a column.
    """
    guide = next((g for g in grids if _is_guide(g)), None)
    pages, others, twice = {}, [], []
    for page, grid in _in_order(grids, guide, form, language):
        if page and page.sheet.name not in pages:
            pages[page.sheet.name] = page
        elif page:
            twice.append(grid.sheet)
        elif grid is not guide and not _is_lists(grid, form) and grid.rows:
            others.append(grid)
    found = tuple(pages[s.name] for s in form.sheets if s.name in pages)
    facts = _facts(guide, found, slug)
    _refuse(found, facts, form, slug, language, grids[0].file)
    shown = tuple(page for page in found if not page.grid.hidden)
    return Pages(
        shown, tuple(others), tuple(p.grid.sheet for p in found if p.grid.hidden), tuple(twice), facts, grids[0].file
    )


def _in_order(grids: Sequence[Grid], guide: Grid | None, form: Layout, language: str) -> list[tuple[Page | None, Grid]]:
    """Each sheet with what form it is; of two that are one form, the one that has its name comes first."""
    pages = [(None if grid is guide or not grid.rows else _page(grid, form, language), grid) for grid in grids]
    return sorted(pages, key=lambda pair: not (pair[0] and _same(pair[0].sheet.name, pair[1].sheet)))


# --- a sheet -------------------------------------------------------------------------------------


def _is_guide(grid: Grid) -> bool:
    return _first(grid) == MARK


def _first(grid: Grid) -> str:
    """The text of the first cell of the first row that has any."""
    return clean_text(next(iter(grid.rows[0].cells), "")) if grid.rows else ""


def _is_lists(grid: Grid, form: Layout) -> bool:
    """The hidden sheet of the choices, whose first row names them."""
    return bool(grid.rows) and {c for c in grid.rows[0].cells if c} >= set(list(form.words)[:2])


def _marked(grid: Grid) -> list[str]:
    """The parts of the mark in the first cell; none where there is no mark."""
    parts = _first(grid).split("|")
    return parts if parts[:1] == [MARK] and len(parts) == 6 else []


def _page(grid: Grid, form: Layout, language: str) -> Page | None:
    """The sheet as a form; None where it is none. Raises NtmError where it is one that lacks columns."""
    marked = _marked(grid)
    named = next((s for s in form.sheets if _same(s.name, marked[5] if marked else grid.sheet)), None)
    sheet, found = _best(grid, form, named, _keyed) or _best(grid, form, named, _headed_as) or (None, None)
    if sheet is None:
        if named and (marked or _lacking(grid, named)):
            raise NtmError(translator(language)("{file}, trang «{sheet}»: không tìm thấy đủ các cột của mẫu, thiếu: {columns}. Hãy hoàn tác việc xóa cột; hoặc đổi tên tệp này, gõ make template để có tệp mới đủ cột, rồi chép số sang tệp mới.").format(
                file=grid.file, sheet=grid.sheet, columns=", ".join(_lacking(grid, named)) or "?"))  # fmt: skip
        return None
    start, places = found
    if (
        start + 1 < len(grid.rows) and len(_by_heading(grid.rows[start + 1], _patterns(sheet))) > 2
    ):  # the visible headings under the keys
        start += 1
    facts = Facts(*marked[1:5]) if marked else Facts(year=_title_year(grid, sheet))
    return Page(sheet, grid, places, grid.rows[: start + 1], grid.rows[start + 1 :], facts)


def _best(
    grid: Grid, form: Layout, named: Sheet | None, find: Callable
) -> tuple[Sheet, tuple[int, dict[str, int]]] | None:
    """The form that the sheet names where its columns are found, else the one with the most columns; None where none fits."""
    if named and (found := find(grid, named)):
        return named, found
    fitting = [(s, found) for s in form.sheets if (found := find(grid, s))]
    return max(fitting, key=lambda pair: len(pair[1][1]), default=None)


def _same(a: str, b: str) -> bool:
    return clean_text(a).casefold() == clean_text(b).casefold()


def _keyed(grid: Grid, sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """(index of the hidden row of keys, key → column), where every key of the form is there."""
    keys, needed = {c.key for c in sheet.columns}, {c.key for c in sheet.columns if not c.later}
    for index, row in enumerate(grid.rows[:HEAD_ROWS]):
        found = {clean_text(text): i for i, text in reversed([*enumerate(row.cells)]) if clean_text(text) in keys}
        if needed <= found.keys():
            return index, found
    return None


def _headed_as(grid: Grid, sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """(index of the row of visible headings, key → column), where every visible column of the form is there."""
    if sum(c.main for c in sheet.columns) < 4:
        return None
    needed = {c.key for c in sheet.columns if not c.later and not c.hidden}
    patterns = _patterns(sheet)
    for index, row in enumerate(grid.rows[:HEAD_ROWS]):
        found = _by_heading(row, patterns) if sum(map(bool, row.cells)) >= len(needed) else {}
        if needed <= found.keys():
            return index, found | _kinds(grid)
    return None


def _kinds(grid: Grid) -> dict[str, int]:
    """The hidden columns, known by their content, where they are still there: what sort each row is, and its seal."""
    wanted = {"row": re.compile(f"{LISTED}|{FREE}"), "seal": re.compile(r"\w+:[0-9a-f]{4}(?: \w+:[0-9a-f]{4})*")}
    cells = [(i, text) for row in grid.rows for i, text in enumerate(row.cells) if i == 0 or ":" in text]
    return {key: i for key, pattern in wanted.items() for i, text in reversed(cells) if pattern.fullmatch(text)}


def _by_heading(row: Row, patterns: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Key → column of the row; of two columns with one heading the first is the first."""
    free = {i: clean_text(text).casefold() for i, text in enumerate(row.cells) if text.strip()}
    found = {}
    for column, pattern in patterns:
        if (index := next((i for i, text in free.items() if re.fullmatch(pattern, text)), None)) is not None:
            found[column] = index
            del free[index]
    return found


def _patterns(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """(key, pattern of the heading) of the visible columns."""
    prefixes = {g.key: f"{g.indicator}{g.part} " for g in sheet.groups if g.indicator}
    return tuple((c.key, _pattern(prefixes.get(c.key, "") + c.heading)) for c in sheet.columns if not c.hidden)


def _pattern(text: str) -> str:
    """A text with the names of years in braces, as a pattern of what stands in a sheet."""
    return re.sub(r"\\\{(?:year|last|next)\\\}", r"20\\d\\d", re.escape(clean_text(text).casefold()))


def _lacking(grid: Grid, sheet: Sheet) -> list[str]:
    """Headings of the columns that a damaged form lacks; none where the sheet has none of the form at all."""
    keys = max(
        ({clean_text(c) for c in row.cells} for row in grid.rows[:HEAD_ROWS]),
        key=lambda cells: len(cells & {c.key for c in sheet.columns}),
        default=set(),
    )
    headings = max(({*_by_heading(row, _patterns(sheet))} for row in grid.rows[:HEAD_ROWS]), key=len, default=set())
    there = max(keys, headings, key=lambda found: len(found & {c.key for c in sheet.columns}))
    lacking = [c for c in sheet.columns if c.key not in there and not c.later]
    return [c.heading or "cột ẩn đầu tiên" for c in lacking] if len(lacking) < len(sheet.columns) - 2 else []


def _title_year(grid: Grid, sheet: Sheet) -> str:
    """Year of the results that the title of a form without a mark says: its year, or the year before that of the plan."""
    pattern = re.escape(clean_text(sheet.title).casefold())
    for name, before in (("year", 0), ("next", 1)):
        if f"{{{name}}}" in sheet.title:
            wanted = pattern.replace(re.escape(f"{{{name}}}"), _YEAR)
            found = next(
                (
                    m
                    for row in grid.rows[:HEAD_ROWS]
                    for c in row.cells
                    if (m := re.fullmatch(wanted, clean_text(c).casefold()))
                ),
                None,
            )
            return str(int(found[1]) - before) if found else ""
    return ""


# --- the workbook --------------------------------------------------------------------------------


def _facts(guide: Grid | None, pages: Sequence[Page], slug: str) -> Facts:
    """What the guide says, else the marks, else the titles and the listed indicators; the folder where nothing names the commune."""
    said = _of_guide(guide) if guide else {}

    def first(name: str) -> str:
        return said.get(name, "") or next((v for p in pages if (v := getattr(p.facts, name))), "")

    return Facts(first("version"), first("slug") or slug, first("year"), first("rule_set") or _listed_set(pages))


def _of_guide(guide: Grid) -> dict[str, str]:
    return {row.cells[0]: row.cells[2].strip() for row in guide.rows if len(row.cells) > 2 and row.cells[0]}


def _listed_set(pages: Iterable[Page]) -> str:
    """The rule set whose indicators are those of the listed rows, the largest where several are; empty where none is."""
    listed = {key for page in pages if page.sheet.rows == "indicators" for key in _codes(page)}
    sizes = {name: len(wanted) for name in rules.rule_sets() if listed and (wanted := _indicators(name)) <= listed}
    return max(sizes, key=sizes.get, default="")


def _codes(page: Page) -> Iterator[tuple[str, str]]:
    """(indicator, part) of the rows that the template listed."""
    for row in page.rows:
        kind, indicator, part = (
            clean_text(row.cells[i]) if (i := page.places.get(k, -1)) >= 0 and i < len(row.cells) else ""
            for k in ("row", "indicator", "part")
        )
        if kind != FREE and indicator:
            yield indicator, part


def _indicators(name: str) -> set[tuple[str, str]]:
    table = rules.load_set(name).indicators
    return set(zip(table["indicator"], table["part"], strict=True))


def _refuse(pages: Sequence[Page], facts: Facts, form: Layout, slug: str, language: str, file: str) -> None:
    t = translator(language)
    if facts.version not in ("", str(form.version)):
        raise NtmError(t("{file} được làm bằng phiên bản mẫu {found}, cần phiên bản {wanted}. Hãy đổi tên tệp này, gõ make template để có tệp mới, rồi chép số liệu sang.").format(
            file=file, found=facts.version, wanted=form.version))  # fmt: skip
    strange = next(
        (name for name in (facts.slug, *(p.facts.slug for p in pages)) if name and slug and name != slug), ""
    )
    if strange:
        raise NtmError(
            t(
                "{file} là mẫu của xã «{found}» nhưng nằm trong thư mục của xã «{slug}». Hãy chuyển tệp về đúng thư mục."
            ).format(file=file, found=strange, slug=slug)
        )
    if not re.fullmatch(_YEAR, facts.year):
        raise NtmError(t("{file}: năm «{year}» không hợp lệ (trang Hướng dẫn, dòng Năm kết quả; hoặc tiêu đề các biểu). Hãy ghi lại năm của biểu, bốn chữ số.").format(
            file=file, year=facts.year))  # fmt: skip
    for page in pages:
        if page.facts.year not in ("", facts.year):
            raise NtmError(t("{file}: trang «{sheet}» là biểu của năm {found}, không phải năm {year}. Mỗi năm một tệp: gõ make template với YEAR={found} để có tệp của năm đó, rồi chép số của trang này sang.").format(
                file=file, sheet=page.grid.sheet, found=page.facts.year, year=facts.year))  # fmt: skip
