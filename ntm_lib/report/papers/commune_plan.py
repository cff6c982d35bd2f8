"""The plan of a year (Kế hoạch) in the commune's own words: ``plan_words`` has the sentences, here they become the parts of a paper."""

from collections.abc import Iterator

from ntm_lib.doc.paper import Item, Part
from ntm_lib.doc.tree import Heading, Letterhead, Paragraph
from ntm_lib.report.context import Report, Row
from ntm_lib.report.facts import plan_year
from ntm_lib.report.papers.form import bases, committee, letterhead, place_name, signature
from ntm_lib.report.papers.plan_words import LONGEST, is_proposal, sentences, split_title

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
