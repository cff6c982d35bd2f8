"""Our own rule sets laid out as the annex of a decision, in DOCX, HTML, XLSX and PDF, so that reading can be tried."""

import re
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from ntm_lib.rules.decisions.annex_values import read_value
from ntm_lib.rules.sets import RuleSet, names_on

SHORT = {
    "chung": "Chỉ tiêu chung", "tdmnpb": "TDMNPB", "dbsh": "ĐBSH", "btb": "BTB", "dhntb": "DH NTB", "tn": "TN", "dnb": "ĐNB",
    "dbscl": "ĐBSCL", "nhom1": "Nhóm 1", "nhom2": "Nhóm 2", "nhom3": "Nhóm 3",
}  # fmt: skip
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


@dataclass(frozen=True)
class Box:
    """A cell: text and what it covers."""

    text: str
    rows: int = 1
    columns: int = 1


Grid = list[list[Box | None]]  # None: covered by a cell above or to the left


def cell_text(row: dict, kind: str) -> str:
    """A threshold as a decision writes it."""
    if not row["threshold"]:
        return {"province": "UBND cấp tỉnh quy định cụ thể", "ministry": "Bộ, ngành Trung ương công bố"}.get(
            row["set_by"], ""
        )
    if row["threshold"] == "met":
        return "Đạt"
    if kind == "none":
        return "Không"
    if kind == "level":
        return f"Từ mức độ {row['threshold']} trở lên"
    if kind == "rating":
        return f"{row['threshold']} trở lên".capitalize()
    number = row["threshold"].replace(".", ",")
    unit = "%" if row["unit"].startswith("%") else f" {row['unit']}"
    return (
        f"{number}%"
        if (number, row["operator"], unit) == ("100", ">=", "%")
        else f"{SIGNS[row['operator']]} {number}{unit}"
    )


def annex_of(rules: RuleSet, day: str = "") -> Grid:
    """The annex as a table: two rows of head, then one row an indicator, part or year."""
    day = day or min(rules.thresholds["valid_from"])
    known, codes = names_on(rules, day), [c["code"] for c in rules.meta["columns"]]
    held: dict[tuple, list[dict]] = {}
    for row in rules.thresholds.to_dict("records"):
        held.setdefault((row["indicator"], row["part"], row["column"]), []).append(row)

    def values(indicator: str, part: str, on: str) -> list[Box | None]:
        kind = known[indicator, part]["kind"]
        rows = [
            next(
                (r for r in held[indicator, part, c] if r["valid_from"] <= on <= r["valid_to"]),
                held[indicator, part, c][0],
            )
            for c in codes
        ]
        return [Box(cell_text(row, kind)) for row in rows]

    regions = [code for code in codes if code != "chung"]
    grid: Grid = [
        [Box("TT", 2), Box("Tên tiêu chí", 2), Box("Nội dung tiêu chí", 2)]
        + ([Box("Chỉ tiêu chung", 2)] if "chung" in codes else [])
        + [Box("Chỉ tiêu theo vùng", 1, len(regions)), *[None] * (len(regions) - 1)],
        [None] * (3 + ("chung" in codes)) + [Box(SHORT[code]) for code in regions],
    ]
    for criterion in rules.meta["criteria"]:
        rows: Grid = []
        for indicator in dict.fromkeys(i for (i, p), r in known.items() if r["criterion"] == criterion["id"]):
            about = known[indicator, ""]
            text = f"{indicator}. {about['name_vi']}"
            if about["join"] in ("all", "any"):
                rows.append([Box(text), *[Box("Đạt" if about["kind"] == "status" else "") for _ in codes]])
                parts = [(p, r) for (i, p), r in known.items() if i == indicator and p and not r["join"]]
                rows += [[Box(f"- {r['name_vi']}"), *values(indicator, p, day)] for p, r in parts]
            elif (
                len(
                    {r["valid_from"] for r in held[indicator, "", codes[0]]} & {f"{y}-01-01" for y in range(2022, 2026)}
                )
                > 1
            ):
                rows.append([Box(text), *[Box("") for _ in codes]])
                years = range(rules.meta["years"][0], rules.meta["years"][1] + 1)
                rows += [[Box(f"Năm {y}"), *values(indicator, "", f"{y}-06-01")] for y in years]
            else:
                rows.append([Box(text), *values(indicator, "", day)])
        first: list[Box | None] = [Box(criterion["id"], len(rows)), Box(criterion["name"]["vi"], len(rows))]
        grid += [[*(first if n == 0 else [None, None]), *row] for n, row in enumerate(rows)]
    return grid


def replaced(grid: Grid, row: int, column: int, text: str) -> Grid:
    box = grid[row][column]
    assert box is not None
    return [
        [replace(box, text=text) if (r, c) == (row, column) else b for c, b in enumerate(line)]
        for r, line in enumerate(grid)
    ]


def raised(grid: Grid) -> Grid:
    """The annex of another decision: every figure a little higher, so that none is ours."""

    def higher(box: Box | None) -> Box | None:
        value = read_value(box.text) if box else None
        if box and value is None:  # an amount that the wording names, too
            return replace(box, text=re.sub(r"từ (\d+)% trở lên", lambda m: f"từ {int(m[1]) + 1}% trở lên", box.text))
        if box is None or value is None or value.form != "number" or value.parts or value.number == "100":
            return box
        return replace(box, text=box.text.replace(value.number.replace(".", ","), str(int(float(value.number)) + 1), 1))

    def filled(line: list[Box | None]) -> list[Box | None]:
        known = next((box for box in line[3:] if box and box.text and box.text[0] in "≥≤"), None)
        return [known if c > 2 and box and not box.text and known else box for c, box in enumerate(line)]

    return [[higher(box) if c > 1 else box for c, box in enumerate(filled(line))] for line in grid]


TITLE = "Phụ lục I\n{name}\n(Ban hành kèm theo Quyết định số 318/QĐ-TTg ngày 08 tháng 3 năm 2022)"


def title_of(rules: RuleSet) -> str:
    return TITLE.format(name=rules.meta["name"]["vi"].upper()).replace("318/QĐ-TTg", rules.meta["document"])


def write_html(path: Path, title: str, *grids: Grid) -> Path:
    body = "".join(f"<p>{escape(line)}</p>" for line in title.splitlines())
    for grid in grids:
        lines = "".join(
            "<tr>"
            + "".join(f'<td rowspan="{b.rows}" colspan="{b.columns}">{escape(b.text)}</td>' for b in line if b)
            + "</tr>"
            for line in grid
        )
        body += f"<table><tbody>{lines}</tbody></table>"
    path.write_text(f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>', "utf-8")
    return path


def write_docx(path: Path, title: str, *grids: Grid) -> Path:
    from docx import Document

    document = Document()
    for line in title.splitlines():
        document.add_paragraph(line)
    for grid in grids:
        table = document.add_table(len(grid), len(grid[0]))
        cells = [list(row.cells) for row in table.rows]
        for r, line in enumerate(grid):
            for c, box in enumerate(line):
                if box is None:
                    continue
                cell = cells[r][c]
                if box.rows > 1 or box.columns > 1:
                    cell = cell.merge(cells[r + box.rows - 1][c + box.columns - 1])
                cell.text = box.text
    document.save(str(path))
    return path


def write_xlsx(path: Path, title: str, *grids: Grid) -> Path:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Phụ lục I")
    top = 0
    for line in title.splitlines():
        sheet.write_string(top, 0, line)
        top += 1
    for grid in grids:
        for r, boxes in enumerate(grid):
            for c, box in enumerate(boxes):
                if box and (box.rows > 1 or box.columns > 1):
                    sheet.merge_range(top + r, c, top + r + box.rows - 1, c + box.columns - 1, box.text)
                elif box:
                    sheet.write_string(top + r, c, box.text)
        top += len(grid)
    book.close()
    return path


def write_pdf(path: Path, title: str, *grids: Grid) -> Path:
    """Set by Typst: the head is repeated on each page, under a running head, and rows break over pages."""
    import typst

    from ntm_lib.doc.style import FONTS

    def text(words: str) -> str:
        return '#"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    body = '#set page(paper: "a4", flipped: true, margin: 1.5cm, header: [CÔNG BÁO/Số 12 + 13/Ngày 21-3-2022])\n'
    body += '#set text(font: "Be Vietnam Pro", size: 8pt)\n' + "\n\n".join(map(text, title.splitlines())) + "\n\n"
    for grid in grids:
        widths = ", ".join(["1cm", "2.5cm", "6fr"] + ["1.4fr"] * (len(grid[0]) - 3))

        def cells(lines: Grid) -> str:
            return "".join(
                f"table.cell(rowspan: {b.rows}, colspan: {b.columns})[{text(b.text)}], "
                for line in lines
                for b in line
                if b
            )

        body += f"#table(columns: ({widths}), table.header({cells(grid[:2])}), {cells(grid[2:])})\n"
    source = path.with_suffix(".typ")
    source.write_text(body, "utf-8")
    path.write_bytes(typst.compile(str(source), font_paths=[str(FONTS)], ignore_system_fonts=True))
    return path


WRITERS = {"docx": write_docx, "html": write_html, "xlsx": write_xlsx, "pdf": write_pdf}
