"""Documents of one run that are signed, attached and posted: report on results (Báo cáo), plan (Kế hoạch), annexes, public page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ntm_lib.doc.blocks import Block
from ntm_lib.doc.markup import clean
from ntm_lib.doc.notebook import Document, scenario_line
from ntm_lib.doc.paper import Item, OfficialDocument, Part, numbered
from ntm_lib.doc.pdf import Attachment, document_pdf
from ntm_lib.doc.tree import Heading, Leaf, Letterhead, Paragraph
from ntm_lib.errors import NtmError
from ntm_lib.plan.scenario_file import scenario_titles
from ntm_lib.report.context import Report, Row
from ntm_lib.report.facts import FEWEST, plan_year
from ntm_lib.report.facts import figures as figures_of
from ntm_lib.report.papers import public
from ntm_lib.report.papers.annexes import attached, village_extracts, write_annexes
from ntm_lib.report.papers.assessment import assessment_parts, cited
from ntm_lib.report.papers.form import bases, committee, letterhead, place_name, signature, signing_date
from ntm_lib.report.papers.leaf import leaf, plan_leaf, thin_parts
from ntm_lib.report.papers.plan_words import LONGEST, is_proposal, sentences, split_title
from ntm_lib.report.papers.sending import (
    ABOVE,
    ARCHIVE,
    LIST,
    bundle_above,
    bundle_kept,
    receivers,
    sending_list,
    sent_papers,
)

FILES = (
    "annexes.xlsx", "bao-cao.pdf", "bao-cao.docx", "ke-hoach.pdf", "ke-hoach.docx", "ke-hoach-thon.pdf", "ke-hoach-thon.docx",
    "thong-tin-cong-khai.pdf", "thong-tin-cong-khai.html", f"{LIST}.pdf", f"{LIST}.docx", ABOVE, ARCHIVE,
)  # fmt: skip
VILLAGES, THIN = "ke-hoach-thon", "xa-co-gi-can-gi.pdf"


def assessment(report: Report) -> Block:
    """The report on the results of the year, as it is shown and compared."""
    return assessment_document(report).block


def plan(report: Report) -> Block:
    """The plan of the year after the results."""
    return plan_document(report).block


def assessment_document(report: Report) -> OfficialDocument:
    return _document(report, (leaf(report), *assessment_parts(report)))


def plan_document(report: Report) -> OfficialDocument:
    return _document(report, (plan_leaf(report), *plan_parts(report)))


def write_documents(
    report: Report, folder: Path, font: str = "", figures: bytes = b"", manifest: bytes = b""
) -> list[Path]:
    """Writes ``FILES`` into ``folder`` and returns them. ``font``: a family of the machine for the PDFs (FONT=);
    ``figures``, ``manifest``: the table of indicators and the manifest of the report, which the PDFs carry.

    The same tables give the same bytes. Raises NtmError for a font that the machine has not.
    """
    refuse(report)
    if figures_of(report) < FEWEST:
        return [_write_thin(report, folder, font)]
    carried, papers = _carried(report, figures, manifest), whole_papers(report)
    write_annexes(report, folder / "annexes.xlsx", _scenario(report))
    for name, document in papers.items():
        if document.parts:  # else no village has a name
            _write_paper(folder / name, document, font, carried)
    _write_public(report, folder, font, _carried(report, b"", manifest))
    if receivers(report) and not _scenario(report):  # what is only supposed is sent to nobody
        _write_paper(folder / LIST, sending_list(report, papers), font)
        _write_bundles(report, folder, papers, font, carried)
    return [folder / name for name in FILES if (folder / name).exists()]


def _write_paper(place: Path, document: OfficialDocument, font: str, carried: tuple[Attachment, ...] = ()) -> None:
    """The document as PDF and Word."""
    from ntm_lib.doc.write.word import document_docx

    place.with_suffix(".pdf").write_bytes(_pdf(document, font, carried))
    place.with_suffix(".docx").write_bytes(document_docx(document))


def _pdf(document: OfficialDocument, font: str, carried: tuple[Attachment, ...] = ()) -> bytes:
    return document_pdf(document.block.typst, document.properties, font=font, attachments=carried)


def _write_bundles(
    report: Report, folder: Path, papers: Mapping[str, OfficialDocument], font: str, carried: tuple[Attachment, ...]
) -> None:
    """What offices above receive and what the archive keeps, as files: without the leaf for the signer."""
    sent = sent_papers(report, papers)
    unsent = papers.keys() - sent.keys() | ({"annexes"} if "ke-hoach" in papers.keys() - sent.keys() else set())
    files = {p.name: p.read_bytes() for p in folder.iterdir() if p.name in FILES and p.stem not in unsent}
    for name, document in sent.items():
        if any(isinstance(part, Leaf) for part in document.parts):
            bare = replace(document, parts=tuple(part for part in document.parts if not isinstance(part, Leaf)))
            files[f"{name}.pdf"] = _pdf(bare, font, carried)
    (folder / ABOVE).write_bytes(bundle_above(sent, files))
    (folder / ARCHIVE).write_bytes(bundle_kept(files | {file.name: file.content for file in carried}))


def _write_thin(report: Report, folder: Path, font: str) -> Path:
    """The one page of a commune with too few figures: what it has, what it needs; a paper of blanks proves nothing."""
    parts = tuple(thin_parts(report))
    title = report.t("Xã có gì, cần gì: {place}, năm {year}").format(place=place_name(report), year=report.year)
    document = OfficialDocument(title, report.language, signing_date(report), _scenario(report), parts)
    (folder / THIN).write_bytes(_pdf(document, font))
    return folder / THIN


def whole_papers(report: Report) -> dict[str, OfficialDocument]:
    """Name of the file → report on results and plan, with their annexes, and of the plan what each village receives."""
    results = assessment_document(report)
    results = replace(results, parts=(*results.parts, *attached(report, "BC", cited(report))))
    if left_out(report):
        return {"bao-cao": results}
    planned = plan_document(report)
    return {
        "bao-cao": results,
        "ke-hoach": replace(planned, parts=(*planned.parts, *attached(report, "KH"))),
        VILLAGES: replace(planned, parts=tuple(village_extracts(report))),
    }


def refuse(report: Report) -> None:
    """Raises NtmError where no paper holds: by rules of other years there is no verdict to sign."""
    t = report.t
    if not report.in_years:
        first, last = report.rule_set.meta["years"]
        text = t(
            "Không lập văn bản để ký: bộ tiêu chí {rules} áp dụng cho các năm {first}–{last}, không phải năm {year}. Báo cáo đối chiếu vẫn được lập."
        )
        raise NtmError(
            text.format(rules=report.rule_set.meta["short"][report.language], first=first, last=last, year=report.year)
        )


def left_out(report: Report) -> str:
    """Why there is no plan beside the report: its year lies outside the years of the rule set; empty where there is one, or no paper at all."""
    if report.in_set(plan_year(report)) or figures_of(report) < FEWEST:
        return ""
    text = report.t("Không lập kế hoạch năm {year}: bộ tiêu chí {rules} không áp dụng cho năm đó.")
    return text.format(year=plan_year(report), rules=report.rule_set.meta["short"][report.language])


def _carried(report: Report, figures: bytes, manifest: bytes) -> tuple[Attachment, ...]:
    t = report.t
    files = (
        ("indicators.csv", figures, "text/csv", t("Kết luận từng chỉ tiêu, với giá trị, ngưỡng và căn cứ")),
        ("manifest.json", manifest, "application/json", t("Tham số và tệp đầu vào, mỗi tệp một mã băm SHA-256")),
    )
    return tuple(Attachment(*file) for file in files if file[1])


def _write_public(report: Report, folder: Path, font: str, carried: tuple[Attachment, ...] = ()) -> None:
    """What is posted carries no figures but those on it: exact counts of a small commune point to households."""
    from ntm_lib.doc.render import render_page

    block, title = public.page(report), clean(public.title(report))
    properties = Document(title, report.language, _scenario(report), signing_date(report), "", title)
    (folder / "thong-tin-cong-khai.pdf").write_bytes(document_pdf(block.typst, properties, "public", font, carried))
    (folder / "thong-tin-cong-khai.html").write_text(
        render_page(public.large(block).html, properties), encoding="utf-8", newline=""
    )


def _document(report: Report, parts: Iterable[Part]) -> OfficialDocument:
    parts = numbered(parts)
    head = next(part for part in parts if isinstance(part, Letterhead))
    name = f"{head.kind}: {head.subject}"
    return OfficialDocument(name, report.language, signing_date(report), _scenario(report), parts)


def _scenario(report: Report) -> str:
    """The line of the scenario on every page; empty for the real figures."""
    run = report.parameters
    return scenario_line(scenario_titles(run.commune, run.scenario), report.language)


# ---------------------------------------------------------------- the plan, from its sentences

LEVELS = {"part": 2, "section": 3, "item": 4}
HEAD = ("number", "place", "kind", "subject")
BODY = ("opening", "paragraph", "letter", "note", "closing")


def plan_parts(report: Report) -> Iterator[Part]:
    """Parts of the plan of ``plan_year``, numbered as the plan numbers itself."""
    rows = sentences(report)
    said = {row["form"]: row["text"] for row in rows}
    yield _letterhead(report, rows)
    if "base" in said:
        yield from (Paragraph(row["text"], italic=True) for row in rows if row["form"] == "base")
    else:
        yield from bases(report, plan_year(report))
    if "opening" not in said:
        yield Paragraph(_opening(report))
    for row, following in zip(rows, [*rows[1:], {"form": "closing"}], strict=True):
        yield from _parts(
            row, LEVELS.get(row["form"], 0) < LEVELS.get(following["form"], 9 if following["form"] != "closing" else 0)
        )
    if "closing" not in said:
        yield Paragraph(_closing(report), closing=True)
    yield signature(report)


def _letterhead(report: Report, rows: list[Row]) -> Letterhead:
    """Number, place and day, kind and subject of the plan itself; the usual ones where it is not known."""
    t, year = report.t, plan_year(report)
    subject = t("Thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới năm {year}, {place}")
    head = letterhead(report, "KH", t("KẾ HOẠCH"), subject.format(year=year, place=place_name(report)))
    said = {form: " ".join(row["text"] for row in rows if row["form"] == form) for form in HEAD}
    kind = said["kind"] or head.kind
    return Letterhead(
        head.agencies, head.nation, head.motto, said["number"] or head.number, said["place"] or head.place,
        t("{kind} (DỰ THẢO)").format(kind=kind) if is_proposal(report) else kind, said["subject"] or head.subject,
    )  # fmt: skip


def _opening(report: Report) -> str:
    text = report.t("{committee} xây dựng kế hoạch thực hiện năm {year}, cụ thể như sau:")
    return text.format(committee=committee(report), year=plan_year(report))


def _closing(report: Report) -> str:
    text = report.t(
        "Trên đây là kế hoạch thực hiện Chương trình mục tiêu quốc gia xây dựng nông thôn mới năm {year} của xã./."
    )
    return text.format(year=plan_year(report))


def _parts(row: Row, heads: bool) -> Iterator[Part]:
    """A sentence as it stands: heading, line of a list, paragraph. ``heads``: something stands below it. What the
    letterhead and the signature hold is not among them.
    """
    form, text = row["form"], row["text"]
    if form in LEVELS:
        title, rest = split_title(text)
        if len(title) > LONGEST or not (heads or rest):
            yield Paragraph(f"{row['number']} {text}")
            return
        yield Heading(LEVELS[form], title, number=row["number"])
        if rest:
            yield Paragraph(rest)
    elif form in ("dash", "plus"):
        yield Item(text, 1 if form == "dash" else 2)
    elif form in BODY:
        yield Paragraph(f"{row['number']} {text}".strip(), italic=form == "note", closing=form == "closing")
