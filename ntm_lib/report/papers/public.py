"""One page for the people of the commune, to be posted and read at two metres: one number, what was done, what comes, whom to ask.

No figure on it points to a household: counts that are small, or leave a small rest, are told in words;
counts of households in one village and texts that name a person are left out. The detail is in the
report and its annexes.
"""

from fractions import Fraction

import pandas as pd

from ntm_lib import rules, tables
from ntm_lib.doc import blocks
from ntm_lib.doc.blocks import Block, Rendered, clean, html_text, inline
from ntm_lib.doc.paper import BLANK
from ntm_lib.intake.privacy import HIDDEN, personal, protect_small_counts
from ntm_lib.language import number, percent, term
from ntm_lib.model import MEANT
from ntm_lib.report import facts
from ntm_lib.report.context import Report
from ntm_lib.report.papers.annexes_villages import in_common
from ntm_lib.report.papers.form import commune_name, issuer, place_name, signing_date
from ntm_lib.report.sections.standing import counts_told, headline_count, time_of, told_by
from ntm_lib.wording.words import bounded

SMALLEST = 5  # a count below it, or that leaves fewer, is not published
LINES = 3  # of one kind: what can be read at two metres
LONGEST = 130  # letters of a line
_LARGE = (
    ".poster{font-size:1.4rem;line-height:1.5}.poster .number{line-height:1.3}"
    ".poster .number strong{display:block;font-size:4.5em;line-height:1.1;letter-spacing:-.03em;color:var(--met)}"
    "@media print{.poster{font-size:1.2rem;line-height:1.35}.poster h1{margin:.4rem 0}.poster p{margin:.2rem 0}"
    ".poster h2{margin:.9rem 0 .3rem;padding-top:.3rem;border-top-width:1px}.poster ul{margin:.3rem 0}.poster li{margin:.1rem 0}}"
)
MEASURES = ("km", "m", "ha", "m2", "tấn", "kg")  # amounts that are not counted
COUNTED = ("hộ", "người", "khẩu", "trẻ", "học sinh", "lao động", "cơ sở")  # what stands for people


def page(report: Report) -> Block:
    """The page: the number, what was done, what comes, whom to ask."""
    t, year = report.t, facts.plan_year(report)
    coming = [*_works(report), *_together(report), *_aims(report), *_money(report)]
    sections = [
        (t("Kết quả đến hết năm {year}").format(year=facts.result_year(report)), _done(report)),
        (t("Năm {year} làm gì").format(year=year), coming),
        (t("Hỏi ai, góp ý ở đâu"), _contact(report)),
    ]
    return blocks.stack(
        _title(report), _number(report), *(_section(title, lines) for title, lines in sections if lines)
    )


def title(report: Report) -> str:
    t = report.t
    form = t("Nông thôn mới {commune}: kết quả năm {last}, kế hoạch năm {year}")
    name = _short(commune_name(report, signing_date(report)))
    return form.format(commune=name, last=facts.result_year(report), year=facts.plan_year(report))


def _title(report: Report) -> Block:
    kind, text = report.t("THÔNG TIN CÔNG KHAI"), title(report)
    head = Rendered(
        f"<p><strong>{html_text(kind)}</strong></p>\n", f"#public-kind[{inline(kind).typst}]\n\n", f"{kind}\n"
    )
    place = _short(place_name(report))
    return blocks.stack(
        Block(head), blocks.heading(text, 1, anchor="top"), blocks.paragraph(f"{place[:1].upper()}{place[1:]}")
    )


def _section(heading: str, lines: list[str]) -> Block:
    """A heading and its lines; one line alone is a paragraph."""
    texts = [_short(line) for line in lines]
    return blocks.stack(
        blocks.heading(heading, 2), blocks.paragraph(texts[0]) if len(texts) == 1 else blocks.bullets(texts)
    )


def _short(text: str) -> str:
    plain = clean(text)
    return plain if len(plain) <= LONGEST else (plain[: LONGEST - 1].rpartition(" ")[0] or plain[: LONGEST - 1]) + "…"


# ---------------------------------------------------------------- what is said


def _number(report: Report) -> Block:
    """The one number, with what it counts and who says so: criteria met where all are concluded or one source counts
    them; else a figure of the commune. No count of criteria where most are not known.
    """
    nothing = report.t("Chưa có kết quả của năm {year} để công khai.").format(year=facts.result_year(report))
    big, words = _counted(report) or _figure(report) or ("", nothing)
    html = f'<p class="number"><strong>{html_text(big)}</strong> {html_text(words)}</p>\n'
    typst = f"#public-number[{inline(big).typst}][{inline(words).typst}]\n\n"
    return Block(Rendered(html, typst, f"{big} {words}\n".lstrip()))


def _counted(report: Report) -> tuple[str, str] | None:
    """``19/19`` and its words; None where a count would say more than is known."""
    t, year = report.t, facts.result_year(report)
    rows = report.rows("criteria", year=year)
    met = [row for row in rows if row["verdict"] == "met"]
    if rows and not any(row["verdict"] == "no-data" or row["basis"] in MEANT for row in rows):
        declared = sum(row["basis"] == "declared" for row in met)
        words = [t("tiêu chí nông thôn mới đạt đến hết năm {year}").format(year=year)]
        words += [t("trong đó {n} do xã công bố, chưa đủ số liệu để kiểm tra").format(n=declared)] if declared else []
        return f"{len(met)}/{len(rows)}", ", ".join(words) + "."
    count = headline_count(report, year)
    if count is None or not count["total"]:
        return None
    who = {"press": t("theo báo chí"), "site": t("theo trang tin"), "commune": t("xã công bố")}[told_by(report, count)]
    raw = report.row("observations", observation=count["observation"]) or {"document": ""}
    words = t("tiêu chí nông thôn mới đạt {time} ({who}); chưa có đủ số liệu để kiểm tra từng tiêu chí.")
    return f"{count['met']}/{count['total']}", words.format(time=time_of(report, raw, year), who=who)


def _figure(report: Report) -> tuple[str, str] | None:
    """The first figure of the commune that is met and may be published; None where there is none."""
    year = facts.result_year(report)
    for row in report.rows("indicators", year=year, basis="measured", verdict="met"):
        rule = facts.judged(report, year, row["indicator"], row["part"])[1]
        share = facts.share_of(row)
        if rule is None or tables.fraction(row["value"]) is None or (share and not published(*share)):
            continue
        name = rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)
        shown = bounded(row["value"], row["unit"], row["bound"], report.language)
        unit = term(row["unit"], report.language)
        big = shown.removesuffix(unit).rstrip() if unit != "%" else shown
        text = report.t("{name}, năm {year}.").format(name=name, year=year)
        return big, text if unit == "%" else f"{unit}: {facts.lower_first(text)}"
    return None


def _done(report: Report) -> list[str]:
    """What was reached in shares of households, what sources count otherwise, and which criteria are not met."""
    t, year = report.t, facts.result_year(report)
    rows = report.rows("criteria", year=year)
    count = headline_count(report, year)
    told = counts_told(report, year, count["observation"] if count else "")
    unmet = [row["criterion"] for row in rows if row["verdict"] == "unmet"]
    names = ", ".join(rules.criterion_name(report.rule_set, criterion, report.language) for criterion in unmet)
    return [*_shares(report), *told, *([t("Chưa đạt: {names}.").format(names=names)] if unmet else [])]


def _shares(report: Report) -> list[str]:
    """Shares of households reached, of each indicator the public may know exactly; the others in words."""
    t, lines = report.t, []
    for row in report.rows("indicators", year=facts.result_year(report), basis="measured"):
        share, rule = facts.share_of(row), facts.judged(report, row["year"], row["indicator"], row["part"])[1]
        if share is None or rule is None:
            continue
        name = rules.indicator_name(report.rule_set, row["indicator"], row["part"], report.language)
        words = t("không công bố con số, vì số còn lại quá nhỏ")
        if published(*share):
            words = percent(100 * share[0] / share[1], report.language, 2)
            if rule["operator"].startswith("<"):  # the lower the better: what is left, not what was reached
                words = t("còn {share}").format(share=words)
        if row["verdict"] == "unmet":
            words += t(" (chưa đạt)")
        lines.append(f"{name}: {words}.")
    return lines[:LINES]


def published(count: Fraction, whole: Fraction | None = None) -> bool:
    """Whether a count may be published: neither it nor the rest of its whole is small enough to point to somebody."""
    table = {"village": ["-"], "count": [tables.decimal_text(abs(count))], "whole": [tables.decimal_text(whole)]}
    shown = protect_small_counts(pd.DataFrame(table, dtype="str"), SMALLEST, of={"count": "whole"})
    return HIDDEN not in shown.loc[0, ["count", "whole"]].tolist()


def _works(report: Report) -> list[str]:
    """The works with the largest sums, else the first with a quantity; one that counts people of a village has none."""
    found = []
    for work, parts in facts.works(report, facts.plan_year(report)):
        named = personal(f"{work['item']} {work['place']} {work['builder']}")
        if not named and not _counts_people(work["unit"]) and (line := _work_line(report, work, parts)):
            found.append((tables.fraction(work["cost"]) or Fraction(0), line))
    return [line for _, line in sorted(found, key=lambda pair: -pair[0])[:LINES]]


def _work_line(report: Report, work: dict, parts: list[dict]) -> str:
    """``Bê tông hóa đường trục thôn (đường Nà Khện đi bản Bường): 0,51 km.``; empty without a quantity."""
    amounts = [tables.fraction(part["quantity"]) for part in parts]
    amount, unit = tables.fraction(work["quantity"]), work["unit"]
    if amount is None and parts and None not in amounts and len({part["unit"] for part in parts}) == 1:
        amount, unit = sum(amounts, Fraction(0)), parts[0]["unit"]
    if amount is None:
        return ""
    place = facts.place_of(report, work)
    what = f"{work['item']} ({place})" if place else work["item"]
    asked = (
        report.t(" (đề nghị {who} làm)").format(who=work["builder"] or BLANK) if work["state"] == "requested" else ""
    )
    return f"{what}: {_count(report, amount, unit)}{asked}."


def _count(report: Report, amount: Fraction, unit: str) -> str:
    """``02 trạm``, ``56 hộ``, ``0,51 km``: a count below ten with its nought, as papers write it."""
    digits = number(amount, report.language)
    if report.language == "vi" and unit not in MEASURES and len(digits) == 1:
        digits = f"0{digits}"
    return f"{digits}\N{NO-BREAK SPACE}{term(unit, report.language)}"


def _counts_people(unit: str) -> bool:
    return unit.startswith(COUNTED)


def _together(report: Report) -> list[str]:
    """What households are asked for, of the commune as a whole, and what everybody does every month."""
    t, lines = report.t, []
    for criterion in facts.criteria(report):
        for row in facts.plan_items(report, criterion):
            amount = tables.fraction(row["numerator"] or row["value"])
            if row["kind"] != "change" or row["village"] or amount is None or personal(row["item"]):
                continue
            count = _count(report, abs(amount), row["unit"])
            lines.append(f"{row['item']}: {count if published(amount) else t('một số hộ')}.")
    dates = [row for row in in_common(report) if row["table"] == "schedule" and row["value"]]
    told = [f"{row['item']}: {facts.lower_first(row['text'])}." for row in dates]
    regular = [line for line in told if not personal(line)][:1]
    return [*lines[: LINES - len(regular)], *regular]


def _aims(report: Report) -> list[str]:
    """Levels that the plan sets in numbers."""
    found = []
    for row in (row for criterion in facts.criteria(report) for row in facts.plan_items(report, criterion)):
        is_level = row["kind"] == "target" and not row["village"] and row["unit"] != "mức độ"
        if is_level and tables.fraction(row["value"]) is not None and not personal(row["item"]) and _safe(row):
            found.append(f"{row['item']}: {facts.target_text(report, row)}.")
    return found[:2]


def _safe(row: dict) -> bool:
    """Whether a level points to nobody: a share by its count and rest, a number of people or households by itself."""
    if row["numerator"] and row["denominator"]:
        return published(tables.fraction(row["numerator"]), tables.fraction(row["denominator"]))
    return not _counts_people(row["unit"]) or published(tables.fraction(row["value"]))


def _money(report: Report) -> list[str]:
    t = report.t
    sources, printed = facts.funds(report, facts.plan_year(report))
    total = facts.money_sum(sources) if printed is None else printed
    if total is None:
        return []
    lines = [t("Kinh phí: {total}.").format(total=_spoken(report, total))]
    people = facts.money_sum([row for row in sources if row["source"] == "people"])
    households = ((report.commune.get("profile") or {}).get("households") or {}).get("value")
    if people is not None:
        text = t("Nhân dân đóng góp: {amount}").format(amount=_spoken(report, people))
        if isinstance(households, int) and households:
            each = number(1000 * people / households, report.language, 0)
            text += t(", bình quân khoảng {each} nghìn đồng một hộ").format(each=each)
        lines.append(f"{text}.")
    return lines


def _spoken(report: Report, amount: Fraction) -> str:
    """``8.321,7 triệu đồng (khoảng 8,3 tỷ đồng)``."""
    t = report.t
    text = t("{amount} triệu đồng").format(amount=number(amount, report.language))
    if amount < 1000:
        return text
    return t("{text} (khoảng {billion} tỷ đồng)").format(text=text, billion=number(amount / 1000, report.language, 1))


def _contact(report: Report) -> list[str]:
    t = report.t
    where = t("Bà con xem số liệu chi tiết và góp ý tại Ủy ban nhân dân {commune}, hoặc với trưởng thôn.")
    posted = t("Điện thoại: {blank}{blank}. Niêm yết từ ngày {blank} đến ngày {blank}").format(blank=BLANK)
    return [where.format(commune=_short(issuer(report))), posted]


def large(block: Block) -> Block:
    """The page for a screen: letters a third larger than a report's; printed from there it is one sheet too."""
    html = f'<style>{_LARGE}</style>\n<div class="poster">\n{block.html}</div>\n'
    return Block(Rendered(html, block.typst, block.text))
