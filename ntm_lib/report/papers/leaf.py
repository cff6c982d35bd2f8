"""The leaf in front of the report on results: what the signer must know before signing. It is torn off and never part of the paper."""

from collections.abc import Iterator

from ntm_lib.doc.paper import BLANK
from ntm_lib.doc.tree import Leaf
from ntm_lib.report.context import Report
from ntm_lib.report.facts import result_year
from ntm_lib.report.papers.assessment import from_press, summary
from ntm_lib.report.sections.evidence import own_thresholds
from ntm_lib.report.sections.works_list import debt_owed

MOST = 5  # errors of the figures that are told one by one


def leaf(report: Report) -> Leaf:
    """Whether the paper can be signed, what it claims, what proves that, and what must be settled first, by whom and when."""
    t = report.t
    open_points = list(_open(report))
    can = (
        t("Chưa nên ký: còn {n} việc phải làm rõ dưới đây.").format(n=len(open_points))
        if open_points
        else t("Không còn việc nào phải làm rõ trước khi ký.")
    )
    return Leaf(
        title=t("TRƯỚC KHI KÝ"),
        hint=t("Tờ rời dành cho người ký, không phải một phần của báo cáo; bỏ ra trước khi phát hành."),
        lines=(
            (t("Ký được chưa"), can),
            (t("Báo cáo khẳng định"), summary(report)),
            (t("Căn cứ"), _proof(report)),
        ),
        heading=t("Việc phải làm rõ"),
        points=tuple(open_points),
        columns=(t("Việc"), t("Ai"), t("Hạn")),
    )


def _proof(report: Report) -> str:
    """How many criteria and indicators rest on figures."""
    rows = report.rows("criteria", year=result_year(report))
    met = [row for row in rows if row["verdict"] == "met"]
    text = report.t(
        "{measured}/{met} tiêu chí đạt có đủ số liệu của mọi chỉ tiêu; {known}/{all} chỉ tiêu có số liệu so được với mức quy định."
    )
    return text.format(
        measured=sum(row["basis"] == "measured" for row in met), met=len(met),
        known=sum(int(row["with_value"]) for row in rows), all=sum(int(row["indicators"]) for row in rows),
    )  # fmt: skip


def _open(report: Report) -> Iterator[str]:
    """What has to be settled, the gravest first."""
    t, year = report.t, result_year(report)
    errors = list(dict.fromkeys(row["message"] for row in report.rows("findings", answer="", severity="error")))
    yield from errors[:MOST]
    if len(errors) > MOST:
        yield t("Còn {n} lỗi số liệu khác: xem báo cáo trên màn hình.").format(n=len(errors) - MOST)
    forms = {
        "declared": t("{n} tiêu chí ({list}) mới theo công bố: bổ sung số liệu và tài liệu minh chứng."),
        "aimed": t("{n} tiêu chí ({list}) mới là mục tiêu của kế hoạch: nhập kết quả và tài liệu minh chứng."),
    }
    for basis, form in forms.items():
        if found := [row["criterion"] for row in report.rows("criteria", year=year, verdict="met", basis=basis)]:
            yield form.format(n=len(found), list=", ".join(found))
    unknown = [row["criterion"] for row in report.rows("criteria", year=year) if row["verdict"] == "no-data"]
    if unknown:
        yield t("{n} tiêu chí ({list}) chưa có số liệu để kết luận.").format(n=len(unknown), list=", ".join(unknown))
    known = own_thresholds(report, year)
    compared = sum(row["confidence"] == "official" for row in known)
    if compared < len(known):
        yield t("{n}/{all} mức quy định đã đối chiếu với văn bản gốc: đối chiếu các mức còn lại.").format(
            n=compared, all=len(known)
        )
    yield from _facts(report)


def _facts(report: Report) -> Iterator[str]:
    """What the paper leaves open because no source that may be cited gives it."""
    t = report.t
    if not debt_owed(report, result_year(report)):
        yield t("Chưa có số liệu nợ đọng xây dựng cơ bản.")
    profile = report.commune.get("profile") or {}
    words = {"households": t("số hộ"), "population": t("dân số"), "villages": t("số thôn")}
    pressed = [
        f"{word} {profile[key]['value']}" for key, word in words.items() if from_press(report, profile.get(key) or {})
    ]
    if pressed:
        yield t("Mới có theo báo chí, cần số chính thức: {list}.").format(list=", ".join(pressed))
    yield t("Các chỗ để trống ({blank}) trong báo cáo: điền hoặc bỏ.").format(blank=BLANK)
