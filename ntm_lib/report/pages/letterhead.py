"""Heading and signature in the form of Decree 30/2020/NĐ-CP, Annex I (national title, agency, place and date).

What only the office knows (number, day of signing) stays an open line to be filled in by hand: a
published file never carries the clock of the machine that made it.
"""

from html import escape

from ntm_lib.report import official_form
from ntm_lib.report.blocks import Block, typst_text
from ntm_lib.report.context import Report


def letterhead(report: Report) -> Block:
    """Agency left, national title right, number and date under them, then the title of the report."""
    t, commune = report.t, report.commune
    agency = [
        t("ỦY BAN NHÂN DÂN XÃ {name}").format(name=commune["name"].upper().replace(" ", "\N{NO-BREAK SPACE}")),
        t("BAN CHỈ ĐẠO CHƯƠNG TRÌNH MTQG XÂY DỰNG NÔNG THÔN MỚI"),
    ]
    nation = [t("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), t("Độc lập - Tự do - Hạnh phúc")]
    number = t("Số: ……/BC-BCĐ")
    place = t("{place}, ngày …… tháng …… năm ……").format(place=commune["name"])
    title, subject = t("BÁO CÁO"), report_subject(report)
    html = (
        '<header class="letterhead"><div class="letterhead-agency">'
        f"<p>{escape(agency[0])}</p><p><strong>{escape(agency[1])}</strong></p><p>{escape(number)}</p></div>"
        f'<div class="letterhead-nation"><p><strong>{escape(nation[0])}</strong></p>'
        f'<p class="motto"><strong>{escape(nation[1])}</strong></p><p><em>{escape(place)}</em></p></div></header>'
        f'<h1 id="top"><span class="kind">{escape(title)}</span> {escape(subject)}</h1>'
    )
    typst = (
        f"#letterhead(agency: ({', '.join(map(typst_text, agency))}), nation: ({', '.join(map(typst_text, nation))}), "
        f"number: {typst_text(number)}, place: {typst_text(place)}, kind: {typst_text(title)}, subject: {typst_text(subject)})\n"
    )
    return Block(html, typst, "\n".join([*agency, *nation, title, subject]))


def report_subject(report: Report) -> str:
    """``Đánh giá tiêu chí nông thôn mới năm 2024, xã Hùng Mỹ, huyện …, tỉnh …``; a plan is called a plan."""
    t = report.t
    if not report.in_years:
        what = t("Đối chiếu số liệu năm {year} với bộ tiêu chí {name}")
    elif report.is_plan(report.year):
        what = t("Đánh giá kế hoạch thực hiện tiêu chí nông thôn mới năm {year}")
    else:
        what = t("Kết quả thực hiện tiêu chí nông thôn mới năm {year}")
    name = report.rule_set.meta["short"][report.language]
    return f"{what.format(year=report.year, name=name)}, {place_name(report)}"


def place_name(report: Report) -> str:
    """``xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang``."""
    commune, t = report.commune, report.t
    parts = [t("xã {name}").format(name=commune["name"])]
    if commune.get("district"):
        parts.append(t("huyện {name}").format(name=commune["district"]))
    parts.append(t("tỉnh {name}").format(name=commune["province"]))
    return ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)


def signature(report: Report) -> Block:
    """Recipients left, signing block right: those of the plan of the commune that still exist, as in its other papers."""
    form = official_form.signature(report)
    html = (
        f'<footer class="signature"><div class="recipients"><p><strong><em>{escape(form.heading)}</em></strong></p>'
        + "".join(f"<p>{escape(line)}</p>" for line in form.recipients)
        + '</div><div class="signer">'
        + "".join(f"<p><strong>{escape(line)}</strong></p>" for line in form.signer)
        + f"<p><em>{escape(form.hint)}</em></p></div></footer>"
    )
    typst = (
        f"#signature(heading: {typst_text(form.heading)}, recipients: ({''.join(typst_text(line) + ',' for line in form.recipients)}), "
        f"signer: ({''.join(typst_text(line) + ',' for line in form.signer)}), hint: {typst_text(form.hint)})\n"
    )
    return Block(html, typst, "\n".join([form.heading, *form.recipients, *form.signer, form.hint]))
