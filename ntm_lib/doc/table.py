"""Tables, laid out twice from the same cells: an HTML table and a native Typst table."""

from dataclasses import dataclass
from math import ceil

from ntm_lib.doc.markup import Block, Inline, anchor_name, html_attribute, inline

ALIGNS = {"left": "", "right": "r", "center": "c"}
ROW_CLASSES = ("", "total", "muted", "alert", "good", "scenario")
PHONE = ("cards", "table", "scroll", "marks")
CARDS_FROM = 5  # columns from which a table becomes one card a row on a phone

_LINE = 100  # letters of table text that fit on a line of the PDF
KEPT_WHOLE = 10  # lines of text up to which a table is not broken over pages
ROW_KEPT_WHOLE = 30  # and up to which a row is not: a longer one may not find room on any page

_PADDING = 2.3  # what the gaps of a column take, in letters
_FIGURE, _LABEL = 12, 9  # letters that stay on one line: of a figure with its unit or a verdict, of other text
_SMALLEST = 0.72  # of the usual size of table text: below, nobody can read it on paper


@dataclass(frozen=True)
class Column:
    """Heading of a column. ``width``: a share such as ``34%``, or empty to let the content decide.

    Cells of the ``row_header`` column name their row to those who hear the table.
    """

    header: Inline | str
    align: str = "left"
    width: str = ""
    row_header: bool = False

    def __post_init__(self):
        if self.align not in ALIGNS:
            raise ValueError(f"align is one of {list(ALIGNS)}, not {self.align!r}")


@dataclass(frozen=True)
class Group:
    """A row that heads the rows below it and spans the table."""

    text: Inline
    anchor: str = ""


def group(text: Inline | str, anchor: str = "") -> Group:
    """A row that heads the rows below it and spans the table."""
    return Group(inline(text), anchor_name(anchor) if anchor else "")


def table(
    columns,
    rows,
    caption: Inline | str,
    align=None,
    anchor: str = "",
    row_classes=None,
    row_anchors=None,
    note: Inline | str = "",
    phone: str = "",
) -> Block:
    """A table with its caption; the heading is repeated on every page.

    ``columns``: Column or heading. ``rows``: lists of cells (str, Inline or Block), or ``group(…)``.
    ``align``: one of left, right, center for each column, instead of the columns' own.
    ``row_classes``: for each row one of ROW_CLASSES; ``row_anchors``: for each row an anchor or "".
    ``phone``: cards (one card a row), table, scroll, or marks (a table whose verdicts show their sign
    alone, the words remain for those who hear them); by itself cards from five columns on.
    Raises ValueError without caption, or where a row has another number of cells than there are columns.
    """
    columns = _columns(columns, align)
    head, foot = inline(caption), inline(note)
    if not head.text.strip():
        raise ValueError("a table needs a caption")
    lines = _lines(columns, list(rows), row_classes, row_anchors)
    name = anchor_name(anchor or head.text)
    phone = phone or ("cards" if len(columns) >= CARDS_FROM else "table")
    if phone not in PHONE:
        raise ValueError(f"phone is one of {PHONE}, not {phone!r}")
    text = "\n".join([head.text, " | ".join(inline(c.header).text for c in columns), *map(_plain, lines)])
    return Block(_html(columns, lines, head, foot, name, phone), _typst(columns, lines, head, foot, name), text + "\n")


@dataclass(frozen=True)
class _Line:
    cells: tuple
    kind: str
    anchor: str


def _columns(columns, align) -> list[Column]:
    done = [column if isinstance(column, Column) else Column(column) for column in columns]
    if align is None:
        return done
    return [Column(c.header, a, c.width, c.row_header) for c, a in zip(done, align, strict=True)]


def _lines(columns: list[Column], rows: list, kinds, anchors) -> list[_Line]:
    kinds, anchors = list(kinds or [""] * len(rows)), list(anchors or [""] * len(rows))
    lines = []
    for number, (row, kind, anchor) in enumerate(zip(rows, kinds, anchors, strict=True), 1):
        if kind not in ROW_CLASSES:
            raise ValueError(f"row {number}: class is one of {ROW_CLASSES}, not {kind!r}")
        if isinstance(row, Group):
            lines.append(_Line((row.text,), "group", row.anchor))
            continue
        if len(row) != len(columns):
            raise ValueError(f"row {number} has {len(row)} cells, the table {len(columns)} columns")
        cells = tuple(cell if isinstance(cell, Block) else inline(cell) for cell in row)
        lines.append(_Line(cells, kind, anchor_name(anchor) if anchor else ""))
    return lines


def _plain(line: _Line) -> str:
    return " | ".join(cell.text.strip() for cell in line.cells)


def _html(columns: list[Column], lines: list[_Line], caption: Inline, note: Inline, name: str, phone: str) -> str:
    box = (
        f' role="region" tabindex="0" aria-labelledby="{name}-caption"' if phone in ("scroll", "table") else ""
    )  # those may be wider than a phone
    heads = "".join(f'<th scope="col"{_class(c)}>{inline(c.header).html}</th>' for c in columns)
    cols = "".join(f'<col style="width:{html_attribute(c.width)}">' if c.width else "<col>" for c in columns)
    body = "".join(_html_line(columns, line) for line in lines)
    foot = f'<p class="note">{note.html}</p>' if note.text else ""
    return (
        f'<div class="table-box on-phone-{phone}"{box}>\n<table id="{name}"><caption id="{name}-caption">{caption.html}</caption>\n'
        f"<colgroup>{cols}</colgroup>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table>{foot}</div>\n"
    )


def _html_line(columns: list[Column], line: _Line) -> str:
    html_id = f' id="{line.anchor}"' if line.anchor else ""
    if line.kind == "group":
        return (
            f'<tr class="group"{html_id}><th scope="rowgroup" colspan="{len(columns)}">{line.cells[0].html}</th></tr>\n'
        )
    cells = "".join(_html_cell(column, cell) for column, cell in zip(columns, line.cells, strict=True))
    kind = f' class="{line.kind}"' if line.kind else ""
    return f"<tr{kind}{html_id}>{cells}</tr>\n"


def _html_cell(column: Column, cell: Inline | Block) -> str:
    if column.row_header:
        return f'<th scope="row"{_class(column)}>{cell.html}</th>'
    void = cell.text.strip() in ("", "–")
    return f'<td{_class(column, void)} data-label="{html_attribute(inline(column.header).text)}">{cell.html}</td>'


def _class(column: Column, void: bool = False) -> str:
    """Side of the text, and whether the cell says nothing: a card on a phone leaves it out."""
    names = " ".join(filter(None, (ALIGNS[column.align], "void" if void else "")))
    return f' class="{names}"' if names else ""


def _typst(columns: list[Column], lines: list[_Line], caption: Inline, note: Inline, name: str) -> str:
    widths, size = _widths(columns, lines)
    heights = _heights(widths, lines)
    breakable = "false" if sum(heights) <= KEPT_WHOLE else "true"
    rows = "".join(
        _typst_line(columns, line, height <= ROW_KEPT_WHOLE) for line, height in zip(lines, heights, strict=True)
    )
    return (
        f'#ntm-table("{name}", columns: ({"".join(f"{w:.4g}fr," for w in widths)}), size: {size:.3g}, breakable: {breakable}, '
        f"align: ({''.join(c.align + ',' for c in columns)}), caption: [{caption.typst}], note: [{note.typst}], "
        f"header: ({''.join(f'[{inline(c.header).typst}],' for c in columns)}),\n{rows})\n\n"
    )


def _typst_line(columns: list[Column], line: _Line, whole: bool) -> str:
    first = f'#ntm-anchor("{line.anchor}");' if line.anchor else ""
    if line.kind == "group":
        return f"..ntm-group({len(columns)}, [{first}{line.cells[0].typst}]),\n"
    cells = [_typst_cell(column, cell) for column, cell in zip(columns, line.cells, strict=True)]
    cells[0] = f"[{first}{cells[0]}]"
    cells[1:] = [f"[{cell}]" for cell in cells[1:]]
    broken = "" if whole else "whole: false, "
    return f'..ntm-row("{line.kind}", {broken}{", ".join(cells)}),\n'


def _typst_cell(column: Column, cell: Inline | Block) -> str:
    return f"#ntm-row-header[{cell.typst}];" if column.row_header else cell.typst


def _widths(columns: list[Column], lines: list[_Line]) -> tuple[list[float], float]:
    """Share of each column in the width of the page, and the size of the text relative to the usual.

    As a browser does it: every column gets its longest word; of what is left, those with a ``%``
    width get what they ask for, then the others what they would like.
    """
    least, wished = zip(*(_needs(i, column, lines) for i, column in enumerate(columns)), strict=True)
    size = max(_SMALLEST, min(1.0, _LINE / sum(least)))
    room = _LINE / size
    asking = [column.width.endswith("%") for column in columns]
    shares = [
        float(c.width[:-1]) / 100 * room if asks else wish
        for c, asks, wish in zip(columns, asking, wished, strict=True)
    ]
    extra = [max(0.0, share - low) for share, low in zip(shares, least, strict=True)]
    spare = max(0.0, room - sum(least))
    asked = sum(more for more, asks in zip(extra, asking, strict=True) if asks)
    liked = sum(extra) - asked
    first = min(1.0, spare / asked) if asked else 0.0
    then = (spare - first * asked) / liked if liked else 0.0
    return [low + more * (first if asks else then) for low, more, asks in zip(least, extra, asking, strict=True)], size


def _heights(widths: list[float], lines: list[_Line]) -> list[int]:
    """Lines of text that each row takes, about."""
    return [
        max(
            (
                ceil(len(cell.text) / max(1.0, width - _PADDING))
                for cell, width in zip(line.cells, widths, strict=False)
            ),
            default=1,
        )
        or 1
        for line in lines
    ]


def _needs(index: int, column: Column, lines: list[_Line]) -> tuple[float, float]:
    """Letters that the column must have (its longest word, a whole short figure) and would like to have (its longest line)."""
    texts = [inline(column.header).text, *(line.cells[index].text for line in lines if line.kind != "group")]
    word = max((min(len(word), 17) for text in texts for word in text.replace("\n", " ").split(" ")), default=1)
    longest = max(len(part) for text in texts for part in text.split("\n"))
    least = max(word, min(longest, _LABEL if column.align == "left" else _FIGURE))
    return least + _PADDING, max(least, min(longest, 70)) + _PADDING
