"""The texts of ``cases`` as office files, so that reading can be tried on each kind."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

CASES = Path(__file__).parent / "cases"


def blocks(text: str) -> Iterator[str | list[list[str]]]:
    """Paragraphs, and tables as rows of cells; lines that begin with a bar are a table, <br> is a line in its cell."""
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            yield [
                [cell.strip().replace("<br>", "\n") for cell in line.removeprefix("|").removesuffix("|").split("|")]
                for line in lines
            ]
        else:
            yield from lines


def write_docx(path: Path, text: str) -> Path:
    from docx import Document

    document = Document()
    for block in blocks(text):
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]), style="Table Grid")
        for r, row in enumerate(block):
            for c, cell in enumerate(row):
                table.cell(r, c).text = cell
    document.save(str(path))
    return path


def write_html(path: Path, text: str) -> Path:
    parts = []
    for block in blocks(text):
        if isinstance(block, str):
            parts.append(f"<p>{html.escape(block)}</p>")
            continue
        rows = ("".join("<td>" + html.escape(c).replace("\n", "<br>") + "</td>" for c in row) for row in block)
        parts.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    path.write_text(f"<html><meta charset=utf-8><body>{''.join(parts)}</body></html>", "utf-8")
    return path


def write_txt(path: Path, text: str) -> Path:
    path.write_text("\n\n".join(b for b in blocks(text) if isinstance(b, str)), "utf-8")
    return path


def write_pdf(path: Path, text: str) -> Path:
    """Set by Typst in a column narrow enough that paragraphs run over lines."""
    import typst

    parts = [
        "#set page(width: 21cm, height: 29.7cm, margin: 2.5cm)",
        '#set text(font: "Liberation Serif", size: 12pt, hyphenate: false)',
    ]
    for block in blocks(text):
        if isinstance(block, str):
            parts.append(f"#par({quoted(block)})")
            continue
        cells = ", ".join(quoted(cell) for row in block for cell in row)
        parts.append(f"#table(columns: {len(block[0])}, {cells})")
    source = path.with_suffix(".typ")
    source.write_text("\n\n".join(parts), "utf-8")
    typst.compile(str(source), output=str(path))
    return path


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


WRITERS = {"docx": write_docx, "html": write_html, "txt": write_txt, "pdf": write_pdf}
