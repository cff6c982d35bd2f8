"""The form of an official document after Decree 30/2020/NĐ-CP: agencies, number, place, bases, recipients, signature.

What only the office knows (number, day, who signs) stays an open place. Districts ended on 1 July
2025: after that day no line names one.
"""

import re

from ntm_lib import paths, rules
from ntm_lib.doc.paper import BLANK
from ntm_lib.doc.tree import Letterhead, Paragraph, Signature
from ntm_lib.language import Translate
from ntm_lib.places import registry
from ntm_lib.report.context import Report
from ntm_lib.report.facts import asked, lower_first, plan_year, result_year
from ntm_lib.report.papers.plan_words import curly, is_about, is_proposal, own_plan, sentences
from ntm_lib.wording.words import day

_KINDS = "Luật|Pháp lệnh|Nghị định|Nghị quyết|Quyết định|Thông tư|Chỉ thị|Kết luận|Chương trình|Kế hoạch|Hướng dẫn|Công văn|Thông báo"
_CITED = re.compile(rf"({_KINDS})\b.*\d")  # the words of a document that begin with the kind and number of another
_AUTHORITY = ("TM.", "KT.", "TL.", "TUQ.")
_DATED = re.compile(
    r"(?:năm |/)(\d{4})\b"
)  # the year in the date of a document; what is younger than the plan is no base of it
_UNIT = re.compile(r" \((?:triệu|million)[^()]*\)$")  # in the name of an indicator whose level says it
_OF_DISTRICT = re.compile(r"(?i)huyện|^phòng ")  # its offices ended with it
_SIGNER = re.compile(r"\s+(?=KT\.|TL\.|TUQ\.|PHÓ )|(?<!KT\.)(?<!TL\.)(?<!TUQ\.)\s+(?=TRƯỞNG |CHỦ TỊCH)")


def signing_date(report: Report) -> str:
    """The day that decides which agencies exist: the last of the year reported. Never printed."""
    return f"{result_year(report)}-12-31"


def has_districts(report: Report) -> bool:
    return signing_date(report) < registry.REORGANISED


def _successor(report: Report) -> dict | None:
    """The commune that this one became part of, if that was before the signing."""
    became = report.commune.get("merged_into")
    return became if became and str(became.get("date") or "") <= signing_date(report) else None


def issuer_name(report: Report) -> str:
    """Name of the commune that issues: its own, or that of the commune it has become part of."""
    return (_successor(report) or report.commune)["name"]


def issuer(report: Report) -> str:
    """The commune that issues, with its kind: ``xã Hùng Mỹ``."""
    unit = _successor(report) or report.commune
    return named(report.t, commune_kind(unit, signing_date(report)), unit["name"])


def place_name(report: Report) -> str:
    """``xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang``; after the reorganisation ``xã Hùng Mỹ (nay thuộc xã Tân Mỹ), tỉnh …``."""
    own = commune_name(report, signing_date(report))
    if not has_districts(report) and _successor(report):
        own = report.t("{commune} (nay thuộc {new})").format(commune=own, new=issuer(report))
    district = district_name(report) if has_districts(report) else ""
    return ", ".join(filter(None, [own, district, province_name(report)]))


def committee(report: Report) -> str:
    """The steering committee of the commune, which issues plan and report."""
    text = report.t("Ban Chỉ đạo Chương trình mục tiêu quốc gia xây dựng nông thôn mới {commune}")
    return text.format(commune=issuer(report))


def letterhead(report: Report, symbol: str, kind: str, subject: str) -> Letterhead:
    """``symbol``: BC or KH, the abbreviation of the kind of document. A committee of the commune stands under the commune."""
    t = report.t
    return Letterhead(
        agencies=(
            t("ỦY BAN NHÂN DÂN {commune}").format(commune=issuer(report).upper()),
            t("BAN CHỈ ĐẠO CHƯƠNG TRÌNH MTQG XÂY DỰNG NÔNG THÔN MỚI"),
        ),
        nation=t("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        motto=t("Độc lập - Tự do - Hạnh phúc"),
        number=t("Số: ……/{symbol}-BCĐ").format(symbol=symbol),
        place=place_to_date(report, issuer_name(report)),
        kind=kind,
        subject=subject,
    )


def numbered_and_dated(report: Report, symbol: str) -> tuple[str, str]:
    """``("05/KH-BCĐ", "ngày 22 tháng 02 năm 2024")`` of the plan as it was issued; open places for a paper still to be signed."""
    said = {row["form"]: row["text"] for row in sentences(report) if row["form"] in ("number", "place")}
    if symbol == "KH" and set(said) == {"number", "place"}:
        dated = report.documents.get(own_plan(report)[0], {}).get("date", "")
        told = said["place"].partition(", ")[2]
        if report.language != "vi" and dated and not is_proposal(report):
            told = day(dated, report.language)
        return said["number"].partition(":")[2].strip(), told
    return f"……/{symbol}-BCĐ", report.t("ngày …… tháng …… năm ……")


def day_in_words(report: Report, iso: str) -> str:
    """``ngày 31 tháng 12 năm 2023``, as an official paper writes it; a month or a year as it is known."""
    if report.language != "vi" or iso.count("-") < 2:
        return day(iso, report.language)
    year, month, date = map(int, iso.split("-"))
    return f"ngày {date:02} tháng {month:0{2 if month < 3 else 1}} năm {year}"


def place_to_date(report: Report, name: str) -> str:
    """Where a paper is signed, with open places for the day."""
    return report.t("{place}, ngày …… tháng …… năm ……").format(place=name)


def bases(report: Report, year: int) -> tuple[Paragraph, ...]:
    """The bases (Căn cứ) of a paper about ``year``: those that the commune's own plan cites and that fit the year, word for
    word, with the rule set, what has changed it and what governs recognition by the end of that year.
    """
    end = f"{year}-12-31"
    own = [text for text in _cited_by_the_plan(report) if is_about(text, year) and _dated(text) <= year]
    lines, meta = list(own), report.rule_set.meta
    if not any(meta["document"] in line for line in lines):
        lines.insert(0, report.t("Căn cứ {document}").format(document=_title_of_rules(report)))
    known = [entry for entry in meta.get("amendments") or [] if str(entry["date"]) <= end]
    lines[1:1] = [
        text for entry in known if (text := _amended(report, entry)) and entry["document"] not in " ".join(own)
    ]
    if not own:
        lines.append(report.t("Căn cứ {blank} (văn bản của tỉnh và của cấp giao vốn)").format(blank=BLANK))
    ends = [";"] * (len(lines) - 1) + ["."]
    return tuple(Paragraph(line.rstrip(" ;.") + end, italic=True) for line, end in zip(lines, ends, strict=True))


def _cited_by_the_plan(report: Report) -> list[str]:
    """Whole sentences of the plan's text; without it, made of what the rows say of each document."""
    texts = _words(report, "base", "Căn cứ")
    return texts or [_cited(row, report) for row in _provisions(report, "Căn cứ") if _CITED.match(row["quote"])]


def _words(report: Report, form: str, section: str) -> list[str]:
    """Paragraphs of this form in the text of the commune's own plan, else the values of provisions under ``section``."""
    found = report.rows("sentences", document=own_plan(report)[0], form=form)
    if found or form == "base":
        return [curly(row["text"]) for row in found]
    return [row["value"] if row["correction"] else row["text"] for row in _provisions(report, section)]


def _dated(text: str) -> int:
    """The year in the date of a cited document; what is younger than the paper is no base of it."""
    return int((_DATED.search(text) or [0, "0"])[1])


def _title_of_rules(report: Report) -> str:
    title = report.rule_set.meta.get("document_title") or {}
    return title.get(report.language) or report.rule_set.meta["document"]


def _amended(report: Report, entry: dict) -> str:
    """A decision that has changed the rules."""
    form = report.t("Căn cứ Quyết định số {number} {date} của Thủ tướng Chính phủ {title}")
    date, title = day_in_words(report, str(entry["date"])), lower_first(entry["title"][report.language])
    return form.format(number=entry["document"], date=date, title=title)


def _cited(row: dict, report: Report) -> str:
    """``Căn cứ Quyết định số … về bộ tiêu chí …``, of the words of the document and what the row says it is about."""
    text = report.t("Căn cứ {cited} về {subject}")
    return text.format(cited=row["quote"].rstrip(" ,;."), subject=lower_first(row["item"]))


def _provisions(report: Report, section: str) -> list[dict]:
    """Rows of provisions under a heading of the commune's own plan, in the order of their lines."""
    found = report.rows("observations", table="provisions")
    rows = [row for row in found if row["section"].strip().casefold() == section.casefold()]
    return sorted(rows, key=lambda row: (row["file"], int(row["row"] or 0)))


def next_year(report: Report, year: int) -> str:
    """What is asked from the year after on where it is another than in ``year``: ``Sang năm 2025, yêu cầu thay đổi: …``; else empty."""
    both = (report.rows("thresholds", year=y) for y in (year, year + 1))
    before, after = ({(row["indicator"], row["part"]): row for row in rows} for rows in both)
    lines = []
    for key, rule in after.items():
        level, old = asked(report, rule), asked(report, before.get(key))
        if level and old and level != old:
            name = _UNIT.sub("", rules.indicator_name(report.rule_set, *key, report.language))
            text = report.t("{number} {name}: {level} (năm {year}: {old})")
            now, then = lower_first(level), lower_first(old)
            lines.append(text.format(number="".join(key), name=lower_first(name), level=now, old=then, year=year))
    text = report.t("Sang năm {year}, yêu cầu thay đổi: {lines}.")
    return text.format(year=year + 1, lines="; ".join(lines)) if lines else ""


def signature(report: Report) -> Signature:
    """Recipients and signer of the commune's own plan, those that still exist; open places where there is none."""
    t, below = report.t, _title_and_name(report)
    authority = " ".join(line for line in _words(report, "signer", "Chữ ký") if _is_authority(line))
    return Signature(
        heading=t("Nơi nhận:"),
        recipients=recipients(report),
        signer=tuple(_SIGNER.split(authority)) if authority else (t("TM. BAN CHỈ ĐẠO XÃ"), t("TRƯỞNG BAN")),
        hint="" if below else t("(Ký, ghi rõ họ tên, đóng dấu)"),
        below=below,
    )


def _is_authority(line: str) -> bool:
    """``TM. BAN CHỈ ĐẠO``, ``PHÓ BAN``: on whose behalf is signed, in capitals."""
    return line.startswith(_AUTHORITY) or line.isupper()


def _title_and_name(report: Report) -> tuple[str, ...]:
    """``("Chủ tịch UBND xã", "Ma Đình Sắc")`` of whoever signed the commune's plan of these years; empty where no source
    names them, and after the commune has become part of another.
    """
    if _successor(report) or own_year(report) not in (result_year(report), plan_year(report)):
        return ()
    lines = [line for line in _words(report, "signer", "Chữ ký") if not _is_authority(line)]
    words = " ".join(lines).replace(f"xã {report.commune['name']}", "xã").split()
    first = next((i for i in range(len(words), 0, -1) if not words[i - 1].istitle()), 0)
    if first == 0:  # no title before the name
        return (" ".join(words),) if 1 < len(words) <= 6 else ()
    return (" ".join(words[:first]), " ".join(words[first:])) if first < len(words) else ()


def own_year(report: Report) -> int:
    """The year in the date of the paper that names who signs; 0: none does."""
    found = own_plan(report)[0] or next((row["document"] for row in _provisions(report, "Chữ ký")), "")
    dated = report.documents.get(found, {}).get("date", "")[:4]
    return int(dated) if dated.isdigit() else 0


def names_recipients(report: Report) -> bool:
    """Whether the commune's own plan says who receives it."""
    return bool(_words(report, "recipient", "Nơi nhận"))


def recipients(report: Report) -> tuple[str, ...]:
    """``- …;`` a line each, the last one the archive, with a full stop."""
    t = report.t
    lines = [text.strip(" .;-") for text in _words(report, "recipient", "Nơi nhận")]
    kept = [line for line in lines if has_districts(report) or not _OF_DISTRICT.search(line)]
    if len(kept) < len(lines) or not lines:
        above = (has_districts(report) and district_name(report)) or province_name(report)
        kept.insert(0, t("UBND {place}").format(place=above))
    archive = [line for line in kept if line.casefold().startswith("lưu")] or [t("Lưu: VT, BCĐ")]
    kept = [line for line in kept if line not in archive] + archive
    return tuple(f"- {line}{';' if i < len(kept) else '.'}" for i, line in enumerate(kept, 1))


def region_name(report: Report) -> str:
    """Name of the column of the decision that the commune's region is judged by; empty where the region is not known."""
    code = report.parameters.region or rules.trait(report.commune, "region", signing_date(report))
    columns = {entry["code"]: entry["name"][report.language] for entry in report.rule_set.meta["columns"]}
    return columns.get(code or "", "")


# ---------------------------------------------------------------- names of units

LAST_DAY_OF_DISTRICTS = "2025-06-30"


def commune_kind(commune: dict, day: str) -> str:
    """``xã``, ``thị trấn``, ``phường``, ``đặc khu`` of the unit with the code of ``commune``, on an ISO date."""
    unit = _unit(commune, day) or _unit(commune, LAST_DAY_OF_DISTRICTS)
    return unit.kind if unit else commune.get("kind") or "xã"


def upper_kinds(commune: dict) -> tuple[str, str]:
    """Kinds of district and province: ``("huyện", "thành phố")``."""
    unit = _unit(commune, LAST_DAY_OF_DISTRICTS)
    district, province = (unit.district, unit.province) if unit else ("", "")
    return _kind(district, str(commune.get("district") or "")) or "huyện", _kind(
        province, str(commune.get("province") or "")
    ) or "tỉnh"


def _unit(commune: dict, day: str) -> registry.Unit | None:
    """The unit of the register, which an earlier state of the data may not have held yet."""
    known = (paths.communes_folder() / "registry.csv").is_file()
    return registry.at(str(commune.get("code") or ""), day) if known else None


def _kind(full: str, name: str) -> str:
    """``Thành phố Hồ Chí Minh`` less ``Hồ Chí Minh``; empty where it does not end so."""
    return full.removesuffix(name).strip().lower() if name and full.endswith(name) else ""


def named(t: Translate, kind: str, name: str) -> str:
    """``xã Hùng Mỹ``, ``thành phố Hồ Chí Minh``."""
    forms = {
        "xã": t("xã {name}"), "phường": t("phường {name}"), "thị trấn": t("thị trấn {name}"), "đặc khu": t("đặc khu {name}"), "huyện": t("huyện {name}"),
        "quận": t("quận {name}"), "thị xã": t("thị xã {name}"), "thành phố": t("thành phố {name}"), "tỉnh": t("tỉnh {name}"),
    }  # fmt: skip
    return forms[kind].format(name=name)


def commune_name(report: Report, day: str) -> str:
    """``xã Hùng Mỹ`` of the report's own commune."""
    return named(report.t, commune_kind(report.commune, day), report.commune["name"])


def district_name(report: Report) -> str:
    """``huyện Chiêm Hóa``; empty for a commune without one."""
    name = report.commune.get("district")
    return named(report.t, upper_kinds(report.commune)[0], name) if name else ""


def province_name(report: Report) -> str:
    """``tỉnh Tuyên Quang``, ``thành phố Hồ Chí Minh``."""
    return named(report.t, upper_kinds(report.commune)[1], report.commune["province"])
