"""Sentences of the plan: as the commune issued it, or last year's with this year's figures proposed, or, without a text, what its rows quote.

Each is a row of the table ``sentences`` (form, number, text, criterion). What is proposed, and what is left to be decided,
stands in square brackets.
"""

import re
from collections.abc import Iterator
from math import ceil

from ntm_lib import tables
from ntm_lib.doc.paper import BLANK
from ntm_lib.language import number
from ntm_lib.report import facts
from ntm_lib.report.context import Report, Row
from ntm_lib.text.tokens import tidy
from ntm_lib.wording.words import amount_phrase, exact_phrase

_YEAR = re.compile(r"(?<![\d/.,–-])(?<![–-] )(20\d\d)(?!\d|[/.,]\d| ?[-–] ?20\d\d)")
_CITED = re.compile(r"số \S+ ngày .+?(?=,? (?:của|về|phê duyệt|ban hành)\b)")
_STRAIGHT = re.compile(r'"([^"]+)"')
LONGEST, FEW = 100, 30  # letters of a heading; of what behind its colon still belongs to it
_PERIOD = re.compile(r"(20\d\d) ?[-–] ?(20\d\d)")
NO_FIGURES = ("provisions", "assignments", "schedule", "villages")
_SAID = ("provisions", "assignments", "schedule")
_NO_CONTENT = re.compile(r"(?i)biểu\b.*|\d{4} ?[-–] ?\d{4}")  # points to an annex, or only names a period
_DATE = re.compile(r"ngày \d{1,2}(?:/\d{1,2}/| tháng \d{1,2} năm )\d{4}")


def own_plan(report: Report) -> tuple[str, int]:
    """(document, year) of the commune's newest plan, not later than the year planned, whose text is at hand; ("", 0): there is
    none. A plan of the district, issued by somebody else, is not the commune's.
    """
    found = []
    for document in {row["document"] for row in report.rows("sentences")}:
        rows = [row for row in report.rows("observations", document=document) if row["table"] in ("plan", "works")]
        about = report.documents.get(document, {})
        if (issuer := about.get("issuer", "")) and report.commune["name"].casefold() not in issuer.casefold():
            continue
        dated = about.get("date", "")[:4]
        year = max((row["year"] for row in rows), default=int(dated) if dated.isdigit() else 0)
        if 0 < year <= facts.plan_year(report):
            found.append((year, document))
    return max(found)[::-1] if found else ("", 0)


def issued(report: Report) -> tuple[str, int]:
    """(document, year) of the plan whose words are printed again: by rules that cover both years, and never under a scenario,
    because what was issued is no supposition; ("", 0): there is none.
    """
    document, year = own_plan(report)
    usable = not report.parameters.scenario and report.in_set(year) and report.in_set(facts.plan_year(report))
    return (document, year) if document and usable else ("", 0)


def sentences(report: Report) -> list[Row]:
    """The sentences of the plan of ``plan_year``, by what is known of it."""
    document, year = issued(report)
    rows = report.rows("sentences", document=document) if document else list(_made(report))
    if document and year != facts.plan_year(report):
        rows = [_proposed(report, row, year) for row in rows]
    return [row | {"text": curly(row["text"])} for row in rows]


def curly(text: str) -> str:
    """Words between straight quotation marks between “ ”, as papers are printed; a text typed by anybody has both."""
    return _STRAIGHT.sub(r"“\1”", text)


def is_proposal(report: Report) -> bool:
    """Whether the plan is last year's, with this year's figures proposed."""
    return issued(report)[1] not in (0, facts.plan_year(report))


def split_title(text: str) -> tuple[str, str]:
    """A numbered line as heading and what it says behind the colon; a short word there stays with the heading."""
    title, colon, rest = text.partition(": ")
    return (f"{title}:", rest) if colon and len(rest) >= FEW and len(title) <= LONGEST else (text, "")


# ---------------------------------------------------------------- last year's sentences, this year's figures


def _proposed(report: Report, row: Row, year: int) -> Row:
    """A sentence of the plan of ``year`` for ``plan_year``: figures in brackets, years moved on, all other words as they are."""
    text, shift = row["text"], facts.plan_year(report) - year
    if row["form"] == "number":
        return row | {"text": re.sub(r"\d+(?=/)", BLANK, text)}
    if row["form"] == "place":
        return row | {"text": report.t("{place}, ngày …… tháng …… năm ……").format(place=text.partition(",")[0])}
    if row["form"] == "base":
        if is_about(text, facts.plan_year(report)):
            return row
        return row | {"text": f"[{_later(_CITED.sub(f'số {BLANK} ngày {BLANK}', text), year, shift)}]"}
    spans = sorted(_spans(report, row, year))
    pieces, at = [], 0
    for start, end, new in spans:
        if start >= at:
            pieces += [_later(text[at:start], year, shift), new]
            at = end
    return row | {"text": "".join([*pieces, _later(text[at:], year, shift)])}


def is_about(base: str, year: int) -> bool:
    """Whether a cited document, besides its date, names no year, this one, or years and periods around it."""
    text = _DATE.sub("", base)
    years = [int(found) for found in _YEAR.findall(text)] or [year]
    periods = [(int(first), int(last)) for first, last in _PERIOD.findall(text)]
    return all(first <= year <= last for first, last in [(min(years), max(years)), *periods])


def _later(text: str, year: int, shift: int) -> str:
    """The year of the plan and the one before it, moved on."""
    return _YEAR.sub(lambda found: str(int(found[1]) + (shift if int(found[1]) in (year - 1, year) else 0)), text)


def _spans(report: Report, row: Row, year: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, new words) of every figure in a sentence that a raw row holds; what occurs twice is taken in its order."""
    behind: dict[str, int] = {}
    for name in filter(None, row["observations"].split(";")):
        observed = report.row("observations", observation=name)
        old = tidy(observed["text"]) if observed else ""
        if observed is None or not old or observed["table"] in NO_FIGURES:
            continue
        start = row["text"].find(old, behind.get(old, 0))
        if observed["kind"] == "declared" and observed["criterion"].isdigit():
            yield 0, len(row["text"]), _standing(report, observed["criterion"], row["text"])
        elif start >= 0:
            behind[old] = start + len(old)
            yield start, start + len(old), f"[{_new(report, observed, old, year)}]"


def _standing(report: Report, criterion: str, text: str) -> str:
    """A criterion in the list of those that are met, as it stands now."""
    found = report.row("criteria", year=facts.result_year(report), criterion=criterion)
    if found and found["verdict"] == "met":
        return text
    return f"[{text}: {report.t('chưa đạt') if found and found['verdict'] == 'unmet' else report.t('chưa có số liệu')}]"


def _new(report: Report, observed: Row, old: str, year: int) -> str:
    """What this year's data say in place of a figure of last year; else an open place, with last year's beside it."""
    t = report.t
    now, rule = facts.judged(report, facts.result_year(report), observed["indicator"], observed["part"])
    asked = facts.judged(report, facts.plan_year(report), observed["indicator"], observed["part"])[1]
    if observed["kind"] == "measured" and now and now["basis"] == "measured":
        return facts.result_text(report, now, rule) or old
    if observed["criterion"] == "all" and observed["table"] == "results":
        return _counted(report, old)
    if observed["kind"] == "target":
        level = tables.fraction(asked["threshold"]) if asked else None
        before = tables.fraction(observed["value"])
        higher = level is not None and before is not None and asked and asked["operator"][:1] == ">" and level > before
        return exact_phrase(asked["threshold"], observed["unit"], report.language) if higher and asked else old
    if observed["kind"] == "change" and (share := facts.share_of(now)) and asked:
        level = tables.fraction(asked["threshold"])
        if (
            level is not None
            and asked["operator"][:1] == ">"
            and (missing := ceil(level * share[1] / 100 - share[0])) > 0
        ):
            return t("thêm ít nhất {n} {unit}").format(n=number(missing, report.language), unit=observed["unit"])
    return t("{blank}; năm {year}: {old}").format(blank=BLANK, year=observed["year"] or year, old=old)


def _counted(report: Report, old: str) -> str:
    """How many criteria are met (``19/19 tiêu chí``), or which are not (``Không``), in place of last year's."""
    rows = report.rows("criteria", year=facts.result_year(report))
    met = sum(row["verdict"] == "met" for row in rows)
    if re.search(r"\d+/\d+", old):
        return re.sub(r"\d+/\d+", f"{met}/{len(rows)}", old)
    return ", ".join(row["criterion"] for row in rows if row["verdict"] != "met") or old


# ---------------------------------------------------------------- without a text: what the rows quote


def _made(report: Report) -> Iterator[Row]:
    """The sentences under the usual headings of such a plan; of what no row says only the place remains."""
    t, year = report.t, facts.plan_year(report)
    yield _line("part", t("MỤC ĐÍCH, YÊU CẦU"), "I.")
    yield from _section("1.", t("Mục đích"), _under(report, "I.1"))
    yield from _section("2.", t("Yêu cầu"), _under(report, "I.2"))
    yield _line("part", t("NỘI DUNG VÀ KẾ HOẠCH THỰC HIỆN"), "II.")
    yield from _so_far(report)
    title = t("Kế hoạch củng cố, nâng cao chất lượng các tiêu chí nông thôn mới năm {year}").format(year=year)
    yield _line("section", title, "2.")
    for place, criterion in enumerate(facts.criteria(report), 1):
        yield _line("item", f"{facts.criterion_title(report, criterion)}:", f"2.{place}.")
        yield from _dashes(_quotes(report, criterion), criterion)
    yield _line("section", t("Các nội dung khác"), "3.")
    yield from _dashes(_quotes(report, "other") | _quotes(report, "all"))
    yield _line("section", t("Huy động vốn và nguồn lực xã hội"), "4.")
    yield from _money(report)
    yield _line("part", t("GIẢI PHÁP THỰC HIỆN"), "III.")
    yield from _dashes(dict.fromkeys(_under(report, "III"), ""))
    yield _line("part", t("TỔ CHỨC THỰC HIỆN"), "IV.")
    yield from _dashes(dict.fromkeys(_under(report, "IV") or _under(report, "", "assignments", "schedule"), ""))


def _line(form: str, text: str, number: str = "", criterion: str = "") -> Row:
    return {"form": form, "number": number, "text": text, "criterion": criterion, "observations": ""}


def _section(number: str, title: str, texts: list[str]) -> Iterator[Row]:
    yield _line("section", title, number)
    yield from _dashes(dict.fromkeys(texts, ""))


def _dashes(texts: dict[str, str], criterion: str = "") -> Iterator[Row]:
    """Each text (→ the rows it is taken from) once, and none that stands in another; the open place where there is none."""
    kept = [text for text in texts if not any(text != other and text in other for other in texts)]
    for text in kept:
        yield _line("dash", f"{text.rstrip(' .;')}.", criterion=criterion) | {"observations": texts[text]}
    if not kept:
        yield _line("paragraph", BLANK, criterion=criterion)


def _under(report: Report, section: str, *names: str) -> list[str]:
    """What provisions, assignments and dates say under a section of the document (``III`` holds ``III.1.6``), in its order;
    what names another year than the plan's is left out. ``names``: only of these tables.
    """
    inside = re.compile(rf"{re.escape(section)}(\.|$)" if section else "")
    rows = [
        row for row in report.rows("observations") if row["table"] in (names or _SAID) and inside.match(row["section"])
    ]
    rows = [row for row in rows if not _NO_CONTENT.fullmatch(row["text"].strip())]
    rows = [
        row for row in rows if facts.fits_year(f"{row['item']} {row['text']} {row['quote']}", facts.plan_year(report))
    ]
    rows.sort(key=lambda row: (tables.natural_key(row["section"]), tables.natural_key(row["observation"])))
    return [_words(row) if row["quote"] else _duty(report, row) for row in rows]


def _words(row: Row) -> str:
    """The words of the document, or what the row says where it quotes none."""
    words = row["quote"] or f"{row['item']}: {row['text']}".strip(": ")
    return f"{words[:1].upper()}{words[1:]}"


def _duty(report: Report, row: Row) -> str:
    """What somebody has to do, or what is due when, of a row without a quote."""
    day = row["column"] == "day" and row["text"].isdigit()
    return f"{row['item']}: {report.t('ngày {day} hằng tháng').format(day=row['text']) if day else row['text']}"


def _quotes(report: Report, criterion: str) -> dict[str, str]:
    """What the documents say of a criterion, aims, production, works, in the order of the rows → the rows that say it."""
    year = facts.plan_year(report)
    named = [work["observation"] for work, parts in facts.works(report, year, criterion) for work in (work, *parts)]
    rows = [*facts.plan_items(report, criterion), *facts.production(report, criterion)]
    rows += [row for name in named if (row := report.row("observations", observation=name))]
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: tables.natural_key(row["observation"])):
        found.setdefault(_words(row), []).append(row["observation"])
    return {text: ";".join(names) for text, names in found.items()}


def _so_far(report: Report) -> Iterator[Row]:
    """Criteria met and not met at the end of the year before, by the verdicts of Biểu 01."""
    t, year = report.t, facts.result_year(report)
    rows = {row["criterion"]: row["verdict"] for row in report.rows("criteria", year=year)}
    by = {
        v: [facts.criterion_title(report, c) for c in facts.criteria(report) if rows.get(c, "no-data") == v]
        for v in ("met", "unmet", "no-data")
    }
    yield _line("section", t("Kết quả thực hiện Chương trình hết năm {year}").format(year=year), "1.")
    title = t("Các tiêu chí đã hoàn thành: {met}/{total} tiêu chí").format(
        met=len(by["met"]), total=len(facts.criteria(report))
    )
    yield _line("item", title, "1.1.")
    yield from _dashes(dict.fromkeys(by["met"], ""))
    yield _line("item", t("Các tiêu chí chưa hoàn thành"), "1.2.")
    yield from _dashes(dict.fromkeys(by["unmet"] or ([] if by["no-data"] else [t("Không")]), ""))
    if by["no-data"]:
        yield _line("item", t("Các tiêu chí chưa có số liệu để kết luận"), "1.3.")
        yield from _dashes(dict.fromkeys(by["no-data"], ""))
    yield _line("note", t("(Chi tiết có Biểu 01 kèm theo)"))


def _money(report: Report) -> Iterator[Row]:
    t, year = report.t, facts.plan_year(report)
    sources, printed = facts.funds(report, year)
    total = facts.money_sum(sources) if printed is None else printed
    amount = BLANK if total is None else number(total, report.language)
    yield _line(
        "paragraph",
        t("Tổng kinh phí thực hiện năm {year}: {total} triệu đồng, trong đó:").format(year=year, total=amount),
    )
    planned = {
        row["name"]: amount_phrase(row["planned"], "triệu đồng", report.language) for row in sources if row["planned"]
    }
    yield from _dashes({f"{name}: {money}": "" for name, money in planned.items()})
    yield _line("note", t("(Chi tiết có Biểu 03 kèm theo)"))
