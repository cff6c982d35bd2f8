"""Workbooks as other programs write them, part by part: what openpyxl would not write."""

import io
import zipfile
from xml.sax.saxutils import escape

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT, STRICT_DOCUMENT = (
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
HEADING = ("id", "year", "criterion", "indicator", "value", "kind")


def archive(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def text(words: str, place: str = "") -> str:
    return f'<c{_at(place)} t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>'


def number(value, style: int = 0, formula: str = "", place: str = "", kind: str = "n") -> str:
    return f'<c{_at(place)} s="{style}" t="{kind}">{f"<f>{escape(formula)}</f>" if formula else ""}<v>{value}</v></c>'


def _at(place: str) -> str:
    return f' r="{place}"' if place else ""


def row(*cells: str, more: str = "") -> str:
    return f"<row{more}>{''.join(cells)}</row>"


def heading() -> str:
    return row(*map(text, HEADING))


def result(value: str, id: str = "X1", indicator: str = "", more: str = "") -> str:
    """A row of the raw table ``results`` whose value is the cell ``value``."""
    return row(text(id), number(2023), number(17), indicator or text("17.8"), value, text("measured"), more=more)


def xlsx(
    *rows: str,
    formats=(),
    sheet="results",
    columns="",
    after="",
    workbook="",
    program="",
    strict=False,
    names=lambda name: name,
    more=None,
) -> bytes:
    """An XLSX workbook of one sheet; style n+1 has the n-th of ``formats``."""
    main, document = (STRICT, STRICT_DOCUMENT) if strict else (SPREADSHEET, DOCUMENT)
    codes = "".join(
        f'<numFmt numFmtId="{170 + i}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for i, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{170 + i}"/>' for i in range(len(formats)))

    def relations(**targets: str) -> str:
        links = "".join(
            f'<Relationship Id="r{i}" Type="{document}/{kind}" Target="{target}"/>'
            for i, (kind, target) in enumerate(targets.items())
        )
        return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'

    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{document}"><sheets><sheet name="{sheet}" sheetId="1" r:id="r0"/></sheets>{workbook}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(worksheet="worksheets/sheet1.xml", styles="styles.xml"),
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>{after}</worksheet>',
        **({"docProps/app.xml": f"<Properties><Application>{program}</Application></Properties>"} if program else {}),
        **(more or {}),
    }
    return archive({names(name): content for name, content in members.items()})


def ods(*rows: str, name="results", columns="", styles="", more="") -> bytes:
    """An ODS workbook of one sheet; ``more``: further sheets as XML."""
    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for n, name in (
            *((n, n) for n in ("office", "table", "text", "style")),
            ("fo", "xsl-fo-compatible"),
            ("draw", "drawing"),
        )
    )
    return archive({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        "content.xml": f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="{name}">{columns}{"".join(rows)}</table:table>{more}</office:spreadsheet></office:body></office:document-content>',
    })  # fmt: skip


def ods_cell(shown: str, kind="string", more="") -> str:
    paragraph = f"<text:p>{shown}</text:p>" if shown else ""  # libraries store no shown text
    return f'<table:table-cell office:value-type="{kind}" {more}>{paragraph}</table:table-cell>'


def ods_row(*cells: str, more="") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def ods_result(value: str, id: str = "X1", more="") -> str:
    year = ods_cell("2023", "float", 'office:value="2023"')
    return ods_row(
        ods_cell(id),
        year,
        ods_cell("17", "float", 'office:value="17"'),
        ods_cell("17.8"),
        value,
        ods_cell("measured"),
        more=more,
    )


def ods_heading() -> str:
    return ods_row(*map(ods_cell, HEADING))
