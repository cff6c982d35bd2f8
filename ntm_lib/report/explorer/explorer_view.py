"""What the explorer shows, as HTML: the headline, the grid of criteria, values and margins of the levers."""

from ntm_lib import rules
from ntm_lib.doc.blocks import Column, html_text, table
from ntm_lib.doc.style import TEMPLATES, badge
from ntm_lib.language import number, term
from ntm_lib.plan.live import Answer, Lever
from ntm_lib.report.explorer.explorer_model import Model
from ntm_lib.report.sections.criterion import margin_text, threshold_text, value_text


def style() -> str:
    """The style sheet, as the page holds it."""
    return f"<style>{(TEMPLATES / 'explorer.css').read_text(encoding='utf-8')}</style>"


def heading(model: Model) -> str:
    """What is explored, and that nothing on the screen is a result."""
    report, t = model.report, model.report.t
    title = t("Năm {year}, xã {name}").format(year=report.year, name=report.commune["name"])
    text = t(
        "Kéo thanh trượt: kết luận, chênh lệch và chi phí đổi theo. Đây là giả định, không phải kết quả; số liệu thật không bị đụng tới."
    )
    return f"<h2>{html_text(title)}</h2><p>{html_text(text)}</p>"


def lever_label(model: Model, lever: Lever) -> str:
    """``17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh`` and from where to where the lever goes."""
    report, t = model.report, model.report.t
    name = rules.indicator_name(report.rule_set, *lever.key, report.language)
    unit = term(lever.unit, report.language)
    if lever.whole is None:
        hint = t("mức, {unit}; kế hoạch {start}").format(unit=unit, start=number(lever.start, report.language))
    else:
        hint = t("thêm hoặc bớt, {unit}; hiện có {now}/{whole}, kế hoạch {start}").format(
            unit=unit,
            now=number(lever.now, report.language),
            whole=number(lever.whole, report.language),
            start=signed(lever.start, report.language),
        )
    return f"<b>{html_text(''.join(lever.key))} {html_text(name)}</b><br><small>{html_text(hint)}</small>"


def signed(amount, language: str) -> str:
    """``+56``, ``−30``, ``0``."""
    return ("+" if amount > 0 else "") + number(amount, language)


def headline(model: Model, answer: Answer, priced: bool) -> str:
    """What is read out when it changes: criteria met, what turned, cost; that is not known until a unit has a price."""
    report, t = model.report, model.report.t
    met = sum(row["verdict"] == "met" for row in answer.criteria)
    turned = [row["criterion"] for row in answer.criteria if row["verdict"] != _first(model, row)]
    parts = [
        t("Đạt {met}/{total} tiêu chí.").format(met=met, total=len(answer.criteria)),
        t("Khác với kế hoạch: tiêu chí {names}.").format(names=", ".join(turned))
        if turned
        else t("Không kết luận nào khác với kế hoạch."),
        t("Chi phí: {cost} triệu đồng.").format(cost=number(answer.cost, report.language))
        if priced
        else t("Chi phí: chưa ghi đơn giá."),
    ]
    return f'<p class="headline" role="status">{html_text(" ".join(parts))}</p>'


def grid(model: Model, answer: Answer) -> str:
    """A tile for each criterion: number, name, verdict by mark and word; what differs from the plan says so."""
    report, t = model.report, model.report.t
    tiles = []
    for row in answer.criteria:
        changed = row["verdict"] != _first(model, row)
        name = html_text(
            f"{row['criterion']}. {rules.criterion_name(report.rule_set, row['criterion'], report.language)}"
        )
        note = f"<em>{html_text(t('khác kế hoạch'))}</em>" if changed else ""
        mark = badge(row["verdict"], row["basis"], report.language).html
        tiles.append(
            f'<li data-criterion="{html_text(row["criterion"])}" class="{"changed" if changed else ""}"><span>{name}</span>{mark}{note}</li>'
        )
    return f'<h2>{html_text(t("Các tiêu chí"))}</h2><ul class="tiles">{"".join(tiles)}</ul>'


def margins(model: Model, answer: Answer) -> str:
    """Value, threshold, verdict and margin of each lever's indicator."""
    report, t = model.report, model.report.t
    rows = {(row["indicator"], row["part"]): row for row in answer.indicators}
    columns = [
        Column(t("Chỉ tiêu"), row_header=True),
        Column(t("Giá trị"), align="right"),
        Column(t("Ngưỡng và cấp quy định")),
        Column(t("Kết luận"), align="center"),
        Column(t("Chênh lệch"), align="right"),
    ]
    cells = [
        [
            "".join(lever.key),
            value_text(report, row),
            threshold_text(report, row),
            badge(row["verdict"], row["basis"], report.language),
            margin_text(report, row),
        ]
        for lever in model.levers
        for row in [rows[lever.key]]
    ]
    return table(columns, cells, caption=t("Giá trị và chênh lệch"), anchor="margins", phone="scroll").html


def message(text: str, failed: bool) -> str:
    """What became of saving."""
    kind = "failed" if failed else "saved"
    return f'<p class="message {kind}" role="status">{html_text(text)}</p>'


def _first(model: Model, row: dict) -> str:
    return next(first["verdict"] for first in model.first.criteria if first["criterion"] == row["criterion"])
