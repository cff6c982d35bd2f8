"""Verdicts by year, what a scenario turns, risk; recognition, and the papers that it asks for.

Which papers the decision asks for stands in the rule set (``dossier`` of set.yml), what the commune has in its ``evidence.csv``: under the
number of an indicator, or under the id of such a paper. The check is that the file exists; what it says is for the reviewer to read.
"""

import base64
from pathlib import Path

from ntm_lib import paths, rules, tables
from ntm_lib.doc.blocks import (
    Block,
    Column,
    Inline,
    Line,
    Rendered,
    bullets,
    callout,
    clean,
    group,
    heading,
    html_text,
    inline,
    link,
    paper,
    paragraph,
    screen,
    stack,
    strong,
    table,
    table_of,
)
from ntm_lib.doc.markup import html_attribute
from ntm_lib.doc.style import badge
from ntm_lib.intake.privacy import NO, PHOTOS
from ntm_lib.language import date, term
from ntm_lib.model import COMPARED, UNFIT
from ntm_lib.plan.scenario import carried_text
from ntm_lib.plan.scenario_file import read_scenario
from ntm_lib.plan.scenario_model import Scenario
from ntm_lib.report.context import Report, Row
from ntm_lib.report.facts import indicator_label, lower_first
from ntm_lib.report.sections.evidence import in_book
from ntm_lib.report.sections.standing import (
    label,
    margin_text,
    quantity,
    standing,
    threshold_text,
    value_text,
    verdict_badge,
    withdrawal_text,
)
from ntm_lib.wording.sentences import change_sentence, condition_note, risk_sentence
from ntm_lib.wording.words import confidence_word, day, verdict_word


def verdicts_with_value(report: Report) -> Block:
    """Indicators and parts of every year that were judged by a value, with threshold and margin."""
    t = report.t
    rows = [row for row in report.rows("indicators") if row["basis"] in ("measured", "planned")]
    if not rows:
        return paragraph(t("Chưa có chỉ tiêu nào có số liệu so được với ngưỡng."))
    return table_of(
        rows,
        t("Chỉ tiêu được kết luận bằng số liệu"),
        "verdicts",
        (Column(t("Năm"), align="right"), lambda row: report.year_label(row["year"])),
        (Column(t("Chỉ tiêu"), row_header=True, width="34%"), lambda row: indicator_label(report, row)),
        (Column(t("Giá trị"), align="right"), lambda row: value_text(report, row)),
        (Column(t("Ngưỡng")), lambda row: in_book(report, threshold_text(report, row), row)),
        (Column(t("Kết luận"), align="center"), lambda row: verdict_badge(report, row)),
        (Column(t("Chênh lệch"), align="right"), lambda row: margin_text(report, row)),
    )


def changes_list(report: Report) -> Block:
    """What changed since the last year known, a sentence each."""
    t = report.t
    rows = [
        row for row in report.rows("changes", to_year=report.year) if row["change"] not in ("", "kept") or row["broken"]
    ]
    if not rows:
        return paragraph(t("Không có thay đổi so với năm trước."))
    shown = [
        f"{row['indicator'] + row['part'] or t('Tiêu chí {n}').format(n=row['criterion'])}: {change_sentence(row, report.language)}"
        for row in rows
    ]
    return stack(bullets(shown))


def scenario_banner(report: Report) -> Block:
    """What the scenario assumes and which verdicts turn by it; nothing for the real report."""
    t = report.t
    run = report.parameters
    scenario = read_scenario(run.commune, run.scenario, run.rule_set, run.language)
    if scenario is None:
        return stack()
    head = callout("scenario", strong(t("Giả định, không phải kết quả: ")), _assumption(report, scenario))
    rows = report.rows("turned")
    if not rows:
        return stack(head, paragraph(t("Không kết luận nào thay đổi so với báo cáo thật.")))
    turned = table_of(
        rows,
        t("Kết luận thay đổi theo giả định"),
        "turned",
        (Column(t("Chỉ tiêu, tiêu chí"), row_header=True, width="44%"), lambda row: _turned_name(report, row)),
        (Column(t("Báo cáo thật"), width="28%"), lambda row: _turned_cell(report, row, "before")),
        (Column(t("Theo giả định"), width="28%"), lambda row: _turned_cell(report, row, "after")),
    )
    return stack(head, turned)


def _assumption(report: Report, scenario: Scenario) -> str:
    """Title, reason and author of the file, and the changes that were typed."""
    t = report.t
    typed = " ".join(word for word in report.parameters.scenario.split() if "=" in word)
    who = ", ".join(filter(None, [scenario.author, scenario.date and date(scenario.date, report.language)]))
    parts = [
        scenario.file and scenario.title,
        scenario.reason,
        who and t("Người lập: {who}").format(who=who),
        typed and t("Giá trị gõ vào: {changes}").format(changes=typed),
        carried_text(report.observations, scenario, report.year, report.language),
    ]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _turned_name(report: Report, row: Row) -> str:
    if row["indicator"]:
        return indicator_label(report, row)
    return f"{label(report, row)}. {rules.criterion_name(report.rule_set, row['criterion'], report.language)}"


def _turned_cell(report: Report, row: Row, when: str) -> str:
    """``Chưa đạt (10,05 %)``."""
    word, value = verdict_word(row[when], report.language), row[f"value_{when}"]
    now = (
        report.row("indicators", year=row["year"], indicator=row["indicator"], part=row["part"])
        if row["indicator"]
        else None
    )
    shown = quantity(report, value, now["unit"]) if now and tables.fraction(value) is not None else ""
    return f"{word} ({shown})" if shown else word


def risks(report: Report) -> list[str]:
    """A sentence for each indicator that is met now and may not be for long."""
    return [risk_sentence(row, report.language) for row in report.rows("risks", year=report.year)]


def no_risk(report: Report) -> str:
    """That nothing that is met falls below what is known of next year, and what is not met already; empty where nothing could be compared."""
    t, compared = report.t, standing(report, report.year).with_value
    rows = [r for r in report.rows("indicators", year=report.year, verdict="unmet") if r["basis"] in COMPARED]
    unmet = [r["indicator"] for r in rows if not r["part"]]
    if not unmet:
        text = t("Mọi chỉ tiêu có số liệu so được đều đủ mức của năm nay và mức đã biết của năm sau.")
        return text if compared else ""
    text = t("Đã chưa đạt theo số liệu: {list}.").format(list=", ".join(unmet))
    rest = t("Các chỉ tiêu khác có số liệu so được đều đủ mức của năm nay và mức đã biết của năm sau.")
    return f"{text} {rest}" if compared > len(unmet) else text


def failed_conditions(report: Report) -> list[str]:
    """A sentence for each condition of recognition, besides the criteria themselves, that is not met."""
    names = _condition_names(report)
    return [
        f"{names[row['condition']]}: {condition_note(row, report.language)}"
        for row in report.rows("conditions", year=report.year, verdict="unmet")
        if row["condition"] != "criteria"
    ]


def _condition_names(report: Report) -> dict[str, str]:
    entries = rules.valid_entries(report.rule_set.meta.get("recognition") or [], f"{report.year}-12-31")
    return {entry["id"]: entry["name"][report.language] for entry in entries}


def recognition(report: Report) -> Block:
    """The conditions of recognition, each with what is known, and the distance to withdrawal."""
    t = report.t
    conditions = report.rows("conditions", year=report.year)
    if not conditions:
        return paragraph(t("Bộ tiêu chí này chưa có quy định về điều kiện công nhận."))
    names = _condition_names(report)
    columns = [
        Column(t("Điều kiện"), row_header=True, width="36%"),
        Column(t("Kết luận"), align="center"),
        Column(t("Giải thích"), width="42%"),
    ]
    rows: list[Line] = [
        [
            names[c["condition"]],
            badge(c["verdict"], c["basis"], report.language, word=t("Chưa kết luận") if c["reason"] in UNFIT else ""),
            condition_note(c, report.language),
        ]
        for c in conditions
    ]
    caption = t("Điều kiện công nhận, xét đến cuối năm {year}").format(year=report.year)
    page = table(columns, rows, caption=caption, anchor="recognition")
    unknown = [names[c["condition"]] for c in conditions if c["verdict"] == "no-data"]
    known = [row for row, c in zip(rows, conditions, strict=True) if c["verdict"] != "no-data"]
    short = [table(columns, known, caption=caption, anchor="recognition")] if known else []
    if unknown:
        short.append(paragraph(t("Chưa có số liệu để kết luận các điều kiện: {list}.").format(list="; ".join(unknown))))
    return stack(screen(page), *map(paper, short), *map(paragraph, withdrawal_text(report)))


# ---------------------------------------------------------------- the dossier


WEB = ("https://", "http://")
MOST = 6  # pictures of one indicator


def dossier(report: Report) -> Block:
    """The papers that the decision asks for, then evidence by indicator, those missing marked, and indicators met without any."""
    t = report.t
    if not report.evidence:
        return stack(
            _papers(report),
            screen(
                paragraph(
                    t(
                        "Xã chưa lập danh mục tài liệu minh chứng, nên chưa đối chiếu được hồ sơ theo Quyết định 18/2022/QĐ-TTg."
                    )
                )
            ),
        )
    ids = {paper["id"] for paper in _asked(report)}
    own = [row for row in report.evidence if row["indicator"] not in ids]
    missing = sum(state_of(report, row) in ("missing", "outside") for row in report.evidence)
    text = t("{count} tài liệu được nêu, {missing} tài liệu chưa có trong thư mục của xã.").format(
        count=len(report.evidence), missing=missing
    )
    return stack(_papers(report), paragraph(text), _by_indicator(report, own) if own else stack(), _bare(report))


def _asked(report: Report) -> list[Row]:
    return rules.valid_entries(report.rule_set.meta.get("dossier") or [], f"{report.year}-12-31")


def _papers(report: Report) -> Block:
    """One row a paper: what asks for it, the file that the commune names, and whether it is there."""
    t, asked = report.t, _asked(report)
    if not asked:
        return stack()
    columns = [
        Column(t("Giấy tờ"), row_header=True, width="40%"),
        Column(t("Quy định"), width="24%"),
        Column(t("Tệp"), width="20%"),
        Column(t("Trong thư mục của xã"), width="16%"),
    ]
    rows = []
    for entry in asked:
        law = ", ".join(filter(None, [entry["document"], term(entry["article"], report.language)]))
        law = f"{law} ({confidence_word(entry['confidence'], report.language)})"
        found = [row for row in report.evidence if row["indicator"] == entry["id"]]
        files = [[_file(report, row), _shown(report, row)] for row in found] or [["–", t("chưa nêu")]]
        rows += [[entry["name"][report.language], law, *cells] for cells in files]
    note = t("Chỉ gồm giấy tờ đã đọc được trong quy định; văn bản có thể đòi thêm.")
    listed = table(columns, rows, caption=t("Giấy tờ của hồ sơ xét công nhận"), anchor="papers", note=note)
    if any(row["indicator"] == entry["id"] for row in report.evidence for entry in asked):
        return listed
    names = "; ".join(lower_first(entry["name"][report.language]) for entry in asked)
    return stack(
        screen(listed),
        paper(paragraph(t("Hồ sơ xét công nhận cần có: {names}. Xã chưa nêu giấy tờ nào.").format(names=names))),
    )


def _by_indicator(report: Report, evidence: list[Row]) -> Block:
    """The list, and below it the photos and scans of each indicator, which the page alone shows."""
    t = report.t
    columns = [
        Column(t("Tài liệu minh chứng"), row_header=True, width="34%"),
        Column(t("Loại"), width="14%"),
        Column(t("Ngày, năm"), width="12%"),
        Column(t("Trong thư mục của xã"), width="18%"),
        Column(t("Ghi chú"), width="22%"),
    ]
    lines: list[Line] = []
    shown: list[Block] = []
    for indicator in sorted({_target(row) for row in evidence}, key=tables.natural_key):
        lines.append(group(t("Chỉ tiêu {n}").format(n=indicator)))
        rows = [row for row in evidence if _target(row) == indicator]
        lines += [
            [_file(report, row), row.get("kind", ""), _when(report, row), _shown(report, row), row.get("note", "")]
            for row in rows
        ]
        shown += _album(report, indicator, rows)
    listed = table(columns, lines, caption=t("Tài liệu minh chứng theo từng chỉ tiêu"), anchor="dossier")
    return stack(listed, screen(stack(*shown)))


def _when(report: Report, row: Row) -> str:
    return day(row["date"], report.language) if row.get("date") else row.get("of_year", "")


def _album(report: Report, indicator: str, rows: list[Row]) -> list[Block]:
    """Pictures of one indicator with what they show; how many more there are, and how many stay away for the faces in them."""
    t = report.t
    seen = [row for row in rows if row.get("picture") in report.pictures]
    faces = sum(row.get("faces", "").strip().casefold() not in NO for row in rows)
    rest = sum(_is_there(report, row) for row in rows if row not in seen[:MOST])
    told = [
        t("{n} ảnh, bản chụp khác trong thư mục của xã, không in ở đây.").format(n=rest) if rest else "",
        t("{n} ảnh có người nhận ra được mặt, không đăng.").format(n=faces) if faces else "",
    ]
    title = t("Ảnh, bản chụp của chỉ tiêu {n}").format(n=indicator)
    if not any((seen, faces, rest)):
        return []
    notes = [paragraph(text) for text in told if text]
    return [heading(title, 4, anchor=f"album-{indicator}"), *(_picture(report, row) for row in seen[:MOST]), *notes]


def _is_there(report: Report, row: Row) -> bool:
    """Whether a photo or scan without faces lies in the folder."""
    kind = Path(row["file"]).suffix.casefold() in (*PHOTOS, ".pdf")
    faces = row.get("faces", "").strip().casefold() not in NO
    return kind and not faces and bool(row.get("picture") or state_of(report, row) == "present")


def _picture(report: Report, row: Row) -> Block:
    """One picture as the page holds it, without a request to anywhere; its words stand below and for those who cannot see it."""
    shown = row.get("note") or f"{row.get('kind', '')} {row['file']}".strip()
    words = clean("; ".join(filter(None, [shown, _when(report, row)])))
    data = base64.b64encode(report.pictures[row["picture"]]).decode("ascii")
    image = f'<img src="data:image/jpeg;base64,{data}" alt="{html_attribute(words)}" loading="lazy">'
    html = f'<figure class="photo">{image}<figcaption>{html_text(words)}</figcaption></figure>\n'
    return Block(Rendered(html, "", f"{words}\n"))


def _target(row: Row) -> str:
    return str(row["indicator"] + row.get("part", ""))


def _file(report: Report, row: Row) -> Inline | str:
    return link(row["file"], row["file"]) if state_of(report, row) == "web" else row["file"]


def state_word(report: Report, row: Row) -> str:
    """Whether what a row of evidence.csv names is there."""
    t = report.t
    return {
        "present": t("có"),
        "missing": t("thiếu"),
        "outside": t("ngoài thư mục của xã"),
        "web": t("trên mạng, chưa kiểm tra"),
    }[state_of(report, row)]


def _shown(report: Report, row: Row) -> Inline:
    word, state = state_word(report, row), state_of(report, row)
    if state in ("missing", "outside"):
        return strong(f"✗ {word}")
    return inline(f"✓ {word}" if state == "present" else word)


def state_of(report: Report, row: Row) -> str:
    """present, missing, outside (the name leads out of the commune's folder), or web."""
    if row["file"].startswith(WEB):
        return "web"
    folder = (paths.communes_folder() / report.parameters.commune).resolve()
    try:
        place = (folder / Path(row["file"])).resolve()
        inside, there = place.is_relative_to(folder), place.is_file()
    except (OSError, ValueError):  # too long, or characters that no file name has
        return "missing"
    return "outside" if not inside else "present" if there else "missing"


def _bare(report: Report) -> Block:
    """Indicators said to be met for which no evidence of the year is there."""
    t = report.t
    proven = {
        row["indicator"]
        for row in report.evidence
        if state_of(report, row) in ("present", "web") and row.get("of_year", "") in ("", str(report.year))
    }
    met = [row["indicator"] for row in report.rows("indicators", year=report.year, part="", verdict="met")]
    bare = [indicator for indicator in met if indicator not in proven]
    if not bare:
        return paragraph(t("Mọi chỉ tiêu đạt đều có ít nhất một tài liệu minh chứng."))
    return paragraph(t("Chỉ tiêu đạt mà chưa có tài liệu minh chứng: {list}.").format(list=", ".join(bare)))
