"""An executed notebook as a published file: HTML, PDF, or HTML for review.

What the nbconvert exporters and the batch runner share; it does not import nbconvert, which takes
longer to load than a report takes to make.
"""

import re

from ntm_lib.doc.blocks import Block, stack
from ntm_lib.doc.notebook import blocks_of, describe
from ntm_lib.doc.page import render_page
from ntm_lib.doc.pdf import Attachment, render_pdf


def report_html(notebook) -> str:
    """The report as one HTML file that needs neither script nor network."""
    body = _body(notebook)
    return render_page(body.html, describe(notebook, body.html))


def report_pdf(notebook, attachments: tuple[Attachment, ...] = ()) -> bytes:
    """The report as PDF/UA-1 and PDF/A-3a. See ``pdf.render_pdf`` for processes that fork."""
    body = _body(notebook)
    has_title = re.search("<h1[ >]", body.html) is not None
    return render_pdf(body.typst, describe(notebook, body.html), has_title, attachments)


def notebook_html(notebook) -> str:
    """The notebook for reviewers: prose, folded code, every output, table of contents."""
    from ntm_lib.doc.review import review_html

    body = review_html(notebook, describe(notebook, "").language)
    return render_page(body, describe(notebook, body), kind="notebook")


def _body(notebook) -> Block:
    cells = [
        cell for cell in notebook.cells if "review" not in cell.metadata.get("tags", [])
    ]  # words about the notebook, not of the report
    return stack(*(block for cell in cells for block in blocks_of(cell)))
