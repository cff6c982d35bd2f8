"""The comparison of two states as files: a page without scripts and a PDF to be signed, which carries the list as data."""

from collections.abc import Iterator, Mapping

from ntm_lib import rules
from ntm_lib.doc.notebook import Document, first_heading
from ntm_lib.doc.page import render_page
from ntm_lib.doc.pdf import Attachment, render_pdf
from ntm_lib.doc.write.text import csv_text
from ntm_lib.language import translator
from ntm_lib.parameters import Parameters
from ntm_lib.report.difference.difference_page import difference_page
from ntm_lib.report.difference.states import VERDICT_COLUMNS, Cells, Difference

COLUMNS = ("list", "key", "column", "before", "after")


def difference_files(
    found: Difference, run: Parameters, since: Mapping[str, str], rule_set: rules.RuleSet
) -> dict[str, bytes]:
    """``diff.html`` and ``diff.pdf``. ``since``: name, date and subject of the earlier state."""
    t, commune = translator(run.language), rules.load_commune(run.commune)
    place = t("xã {name}").format(name=commune["name"])
    body = difference_page(found, place, run.year, since, rule_set, run.language)
    document = Document(first_heading(body.html), run.language, "", f"{run.year}-12-31", "", "")
    data = Attachment(
        "differences.csv", differences_csv(found).encode(), "text/csv", t("Mọi điểm khác, mỗi điểm một dòng")
    )
    return {
        "diff.html": render_page(body.html, document, "diff").encode(),
        "diff.pdf": render_pdf(body.typst, document, attachments=(data,)),
    }


def differences_csv(found: Difference) -> str:
    """Everything that differs, one row each, lists in the order of the page."""
    return csv_text(COLUMNS, (dict(zip(COLUMNS, row, strict=True)) for row in _rows(found)))


def _rows(found: Difference) -> Iterator[tuple[str, str, str, str, str]]:
    for name in ("criteria", "indicators"):
        for change in getattr(found, name):
            yield name, " ".join(change.key), "verdict", _verdict(change.before), _verdict(change.after)
    for name in ("raw", "rules"):
        for change in getattr(found, name):
            yield name, " ".join(change.key), change.column, change.before, change.after
    for key, before, after in found.sentences:
        yield "sentences", key, "", before, after
    for message in found.new_findings:
        yield "findings", "", "", "", message
    for message in found.gone_findings:
        yield "findings", "", "", message, ""
    for file, what in found.files:
        yield "files", file, what, "", ""


def _verdict(row: Cells | None) -> str:
    """``met; planned; 49``: what the columns of a verdict hold."""
    return "; ".join(row[c] for c in VERDICT_COLUMNS if row.get(c)) if row else ""
