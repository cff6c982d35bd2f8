"""Who receives which paper of the commune: the clerk's list, a slip for each office above, and what is sent or kept as files.

Recipients are those that the commune's own plan names; where it names none, nothing is made.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from ntm_lib.doc.paper import BLANK, Item, OfficialDocument, Part, table
from ntm_lib.doc.tree import Column, Letterhead, PageBreak, Paragraph, Signature, Title
from ntm_lib.report.context import Report
from ntm_lib.report.facts import lower_first, plan_year, result_year, village_count
from ntm_lib.report.papers.form import committee, letterhead, names_recipients, place_name, recipients, signing_date
from ntm_lib.report.papers.plan_words import is_proposal
from ntm_lib.report.sections.judging import state_word

LIST, ABOVE, ARCHIVE, DIGESTS = "noi-nhan", "ban-mem-cap-tren.zip", "ban-mem-luu.zip", "SHA256SUMS"
EPOCH = (1980, 1, 1, 0, 0, 0)  # what a ZIP archive can hold as its earliest date: no clock in a published file
_IS_ABOVE = re.compile(r"(?i)\b(?:huyện|tỉnh|thị xã|thành phố|trung ương)\b|^(?:phòng|sở|chi cục|bộ) ")
_OF_COMMUNE = re.compile(r"(?i)\b(?:xã|phường|thị trấn|đặc khu)\b")
_IS_VILLAGES = re.compile(r"(?i)\b(?:thôn|ấp|buôn|xóm|khu phố|tổ dân phố|làng)\b|\b(?<!văn )bản\b")


@dataclass(frozen=True, slots=True)
class Receiver:
    """``kind``: above (district, province), commune, villages, archive."""

    name: str
    kind: str


def receivers(report: Report) -> tuple[Receiver, ...]:
    """Those that report and plan print under «Nơi nhận», in that order; none where the commune's plan names none."""
    if not names_recipients(report):
        return ()
    return tuple(Receiver(name, kind_of(name)) for line in recipients(report) if (name := line[2:].rstrip(";.")))


def kind_of(name: str) -> str:
    """``UBND huyện`` is above; ``Các thôn trên địa bàn xã`` villages; ``Lưu: VT`` the archive; the rest sits in the commune."""
    if re.match(r"(?i)lưu\b", name):
        return "archive"
    if _IS_VILLAGES.search(name):
        return "villages"
    return "above" if _IS_ABOVE.search(name) and not (_OF_COMMUNE.search(name) and "thị xã" not in name) else "commune"


def sending_list(report: Report, papers: Mapping[str, OfficialDocument]) -> OfficialDocument:
    """The list, then a slip for each office above. ``papers``: name of the file → report, plan, parts of the villages."""
    title = report.t("Danh sách gửi văn bản: {place}, năm {year}").format(place=place_name(report), year=report.year)
    sent = sent_papers(report, papers)
    drafted = "ke-hoach" in papers and "ke-hoach" not in sent
    parts = (*_list(report, sent, drafted), *_slips(report, sent))
    return OfficialDocument(title, report.language, signing_date(report), "", parts)


def sent_papers(report: Report, papers: Mapping[str, OfficialDocument]) -> dict[str, OfficialDocument]:
    """Of ``papers`` those that are sent: none that is empty, and no part of a plan that still is a draft."""
    drafts = ("ke-hoach",) if is_proposal(report) else ()
    return {name: paper for name, paper in papers.items() if paper.parts and not name.startswith(drafts)}


def _list(report: Report, sent: Mapping[str, OfficialDocument], drafted: bool) -> Iterator[Part]:
    """A row a recipient: which papers, how many copies (open places where only the office knows), and room to sign."""
    t = report.t
    heads = {"bao-cao": t("Bản báo cáo"), "ke-hoach": t("Bản kế hoạch"), "ke-hoach-thon": t("Phần việc của thôn")}
    names = [name for name in heads if name in sent]
    columns = [
        Column(t("TT"), "center", "8%"),
        Column(t("Nơi nhận"), row_header=True, width="30%"),
        *(Column(heads[name], "center", "11%") for name in names),
        Column(t("Bản mềm gửi kèm"), width="15%"),
        Column(t("Ngày gửi, ký nhận"), width="14%"),
    ]
    files = {"above": ABOVE, "archive": ARCHIVE}
    rows = [
        [str(place), to.name, *(_copies(to, name, sent[name]) for name in names), files.get(to.kind, "–"), "–" if to.kind == "archive" else None]
        for place, to in enumerate(receivers(report), 1)
    ]  # fmt: skip
    yield Title(t("DANH SÁCH GỬI VĂN BẢN"), _about(report, "ke-hoach" in sent))
    yield table(t("Nơi nhận theo kế hoạch của xã và số bản giấy gửi mỗi nơi"), columns, rows)
    yield Paragraph(t("Ô tô nền do văn thư ghi: số bản, ngày gửi, chữ ký người nhận. Dấu – là không gửi."))
    yield Paragraph(
        t("Gửi bản chính đã ký, đóng dấu; lưu bản gốc. Tệp lập ra ở đây chưa có chữ ký. Bỏ tờ «Trước khi ký» khi in; trong tệp bản mềm đã bỏ.")
    )  # fmt: skip
    if "ke-hoach-thon" in sent:
        yield Paragraph(t("Phần việc của thôn: mỗi thôn có tên trong số liệu một trang của ke-hoach-thon.pdf."))
        if (unnamed := (village_count(report) or 0) - len(sent["ke-hoach-thon"].parts)) > 0:
            yield Paragraph(t("Còn {n} thôn của xã chưa có tên trong số liệu nên chưa có trang.").format(n=unnamed))
    if drafted:
        yield Paragraph(t("Kế hoạch còn là dự thảo nên chưa gửi nơi nào."))
    if report.evidence:
        yield Paragraph(t("Tài liệu minh chứng xã đã nêu, giữ cùng hồ sơ lưu:"))
    yield from (
        Item(f"{row['indicator']}{row.get('part', '')}: {row['file']} ({state_word(report, row)})")
        for row in report.evidence
    )


def _about(report: Report, planned: bool) -> str:
    t = report.t
    text = t("Báo cáo năm {year}, kế hoạch năm {next}, {place}") if planned else t("Báo cáo năm {year}, {place}")
    return text.format(year=result_year(report), next=plan_year(report), place=place_name(report))


def _copies(to: Receiver, name: str, paper: OfficialDocument) -> str | None:
    """How many copies; None: the office fills it in."""
    if name == "ke-hoach-thon":
        return {"villages": str(len(paper.parts)), "archive": str(len(paper.parts))}.get(to.kind, "–")
    return "1" if to.kind == "archive" else None


def _slips(report: Report, sent: Mapping[str, OfficialDocument]) -> Iterator[Part]:
    """A slip (Phiếu gửi) for each office above: what is enclosed, and where it is confirmed."""
    t = report.t
    named = [
        (
            name,
            f"{head.kind.capitalize()} {lower_first(head.number).replace(': ', ' ', 1)}: {lower_first(head.subject)}",
        )
        for name, paper in sent.items()
        for head in paper.parts
        if isinstance(head, Letterhead) and name != "ke-hoach-thon"
    ]
    columns = [
        Column(t("TT"), "center", "8%"), Column(t("Văn bản, tài liệu"), row_header=True, width="56%"),
        Column(t("Tệp"), width="22%"), Column(t("Số bản"), "center", "14%"),
    ]  # fmt: skip
    for to in receivers(report):
        if to.kind != "above":
            continue
        rows = [[subject, f"{name}.pdf", None] for name, subject in named]
        if "ke-hoach" in sent:
            rows.append([t("Biểu 01–07 kèm theo kế hoạch (bảng tính)"), "annexes.xlsx", "–"])
        yield PageBreak()
        yield letterhead(report, "PG", t("PHIẾU GỬI"), t("Kính gửi: {recipient}").format(recipient=to.name))
        yield Paragraph(t("{committee} gửi kèm phiếu này:").format(committee=committee(report)))
        yield table("", columns, ([str(place), *row] for place, row in enumerate(rows, 1)))
        yield Paragraph(t("Nhận đủ, đề nghị ký xác nhận và gửi lại phiếu này. Ngày nhận: {blank}").format(blank=BLANK))
        yield Signature(t("Người nhận:"), (t("(Ký, ghi rõ họ tên)"),), (t("NGƯỜI GỬI"),), t("(Ký, ghi rõ họ tên)"))


# ---------------------------------------------------------------- files


def bundle_above(sent: Container[str], files: Mapping[str, bytes]) -> bytes:
    """Report and plan as PDF, with the plan the workbook of its annexes: what an office above reads and reckons with."""
    names = [f"{name}.pdf" for name in ("bao-cao", "ke-hoach") if name in sent]
    return archive({name: files[name] for name in [*names, *(["annexes.xlsx"] if "ke-hoach" in sent else [])]})


def bundle_kept(files: Mapping[str, bytes]) -> bytes:
    """Every file with its digest, as ``sha256sum -c`` checks it."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return archive({**files, DIGESTS: "".join(lines).encode()})


def archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP in the order of names, without a clock: the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(files):
            target.writestr(zipfile.ZipInfo(name, EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()
