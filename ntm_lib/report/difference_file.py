"""The comparison of two states as files: a page without scripts and a PDF to be signed."""

from collections.abc import Mapping

from ntm_lib import rules
from ntm_lib.language import translator
from ntm_lib.parameters import Parameters
from ntm_lib.report.difference import Difference
from ntm_lib.report.document import Document, first_heading
from ntm_lib.report.page import render_page
from ntm_lib.report.pages.difference import difference_page
from ntm_lib.report.pdf import render_pdf


def difference_files(found: Difference, run: Parameters, since: Mapping[str, str], rule_set: rules.RuleSet) -> dict[str, bytes]:
    """``diff.html`` and ``diff.pdf``. ``since``: name, date and subject of the earlier state."""
    t, commune = translator(run.language), rules.load_commune(run.commune)
    place = t("xã {name}").format(name=commune["name"])
    body = difference_page(found, place, run.year, since, rule_set, run.language)
    document = Document(first_heading(body.html), run.language, "", f"{run.year}-12-31", "", "")
    return {"diff.html": render_page(body.html, document, "diff").encode(), "diff.pdf": render_pdf(body.typst, document)}
