"""What stands above a form's table and holds for all of it: year, unit, village, the set of criteria.

The year is that of the title. The day of the letter, a decree («Quyết định 318/QĐ-TTg năm 2022») and a period
(«giai đoạn 2021–2025») are no titles.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ntm_lib import paths
from ntm_lib.intake.files.readers import Row
from ntm_lib.intake.forms.form_layout import Form
from ntm_lib.places import named, registry
from ntm_lib.text.names import clean_text, slug
from ntm_lib.text.units import read_unit

YEAR = re.compile(r"(?<![\d/.,-])(20\d\d)(?![\d/.,]*\d)")
_LETTER = re.compile(
    r"ngày\s+[\d.…]*\s*tháng\s+[\d.…]*\s*năm\s+(?:20\d\d|20)?|(?:^|,|\b(?:lập|ký|in))\s*ngày\s+\d{1,2}[/.-]\d{1,2}[/.-]20\d\d",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"20\d\d\s*[-–—]\s*20\d\d|(?:giai đoạn|nhiệm kỳ)\s+20\d\d\s*(?:đến|tới)\s*20\d\d", re.IGNORECASE)
# A document named by its sort, as far as the first year behind it, which is its own.
_DECREE = re.compile(
    r"(?:quyết định|nghị quyết|nghị định|thông tư|chỉ thị|công văn|hướng dẫn|luật|căn cứ|ban hành|kèm theo|(?:kế hoạch|báo cáo|tờ trình)\s+số\s*:?\s*\d|(?<!biểu )(?<!mẫu )\bsố\s*:?\s*\d+\s*/)"
    r"(?:(?!20\d\d).)*(?:20\d\d)?(?:/[\wĐ-]+)?", re.IGNORECASE,
)  # fmt: skip
_TO_DAY = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>20\d\d)")
_TO_MONTH = re.compile(r"\b(?P<month>tháng\s*\d{1,2})\s*[/.-]\s*(?P<year>20\d\d)", re.IGNORECASE)
_RESULT, _PLAN = (
    re.compile(r"kết quả|thực hiện|đánh giá|hiện trạng", re.IGNORECASE),
    re.compile(r"kế hoạch|mục tiêu|phương hướng|nhiệm vụ|phấn đấu|đăng ký", re.IGNORECASE),
)
_PLAN_TO_DO = re.compile(r"(?:kế hoạch|mục tiêu|nhiệm vụ)(?: tổ chức| triển khai)? thực hiện", re.IGNORECASE)
_UNIT = re.compile(r"(?P<label>đơn vị(?: tính)?|đvt)\s*[:：]\s*(?P<unit>[^()\n]+)", re.IGNORECASE)
_THOUSANDS = (
    (r"1[.,]?000[.,]?000\s*(?:đồng|đ)\b", "triệu đồng"),
    (r"1[.,]?000\s*(?:đồng|đ)\b", "nghìn đồng"),
    (r"\bđ$", "đồng"),
)
_VILLAGE = re.compile(
    r"\b(?:thôn|xóm|ấp|buôn|khu dân cư|tổ dân phố|(?<=của )bản)\s+(?!(?:và|hoặc|bản|xóm|ấp|nông|mới|đạt|có|văn|kiểu|trên|thuộc|trong|chưa|năm|của|được|trọng|khu|xã)\b)"
    r"(?P<name>(?:(?!\b(?:năm|xã|huyện|tỉnh|quý|tháng|đến|giai|theo|thuộc)\b)[\w’'.-]+\s*){1,5})", re.IGNORECASE,
)  # fmt: skip
_COMMUNE = re.compile(
    r"\b(?:xã|phường|thị trấn)\s+(?!hội\b)(?P<rest>(?:(?!\b(?:xã|phường|thị trấn)\b)[^,.;:()\d–-])+)", re.IGNORECASE
)
_NO_NAME = re.compile(r"\b(?:và|năm|huyện|tỉnh|quý|tháng|đến|giai|theo|thuộc|đạt)\b", re.IGNORECASE)
# «Bộ tiêu chí … tỉnh X» names the set of criteria, «… nông thôn mới huyện X» whose results these are.
_DISTRICT = re.compile(
    r"\b(?:(?:của|toàn|địa bàn|tổng hợp)\s+(?:huyện|tỉnh)|(?:tiêu chí|nông thôn mới|ntm|kết quả|thực hiện)\s+huyện)\s+\w+(?:\s+\w+)?",
    re.IGNORECASE,
)
_SHEET_VILLAGE = re.compile(r"^(?:thôn|bản|xóm|ấp|buôn|khu dân cư|tổ dân phố|kdc|tdp)\s+(?P<name>\S.*)$", re.IGNORECASE)


class Title(NamedTuple):
    """``results``, ``plans``: years of what was done and of what is planned; ``is_part``: of a part of a year; ``is_estimate``: not yet counted.

    ``units``: written behind «Đơn vị tính:»; ``villages``: named by sheet or title; ``sort``: of rule sets, empty for the basic one.
    ``other_place``: another commune, or the district, whose figures these are. ``periods``: years of periods, of results and of plans
    («kết quả … giai đoạn 2021-2025»): of no table as a whole, but of its columns under bare years. ``says``: results or plans.
    """

    results: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    is_part: bool = False
    units: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    sort: str = ""
    is_estimate: bool = False
    other_place: str = ""
    periods: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    says: str = ""

    def years(self, role: str) -> frozenset[str]:
        """The years that a column of this role can speak of, where it names none itself."""
        return (self.plans or self.results) if role == "planned" else (self.results or self.plans)


def read_title(rows: Iterable[Row], sheet: str, form: Form, before: Title | None, folder: Sequence[str] = ()) -> Title:
    """The title in ``rows``; what it leaves open is as in the title ``before`` it, of the same sheet. ``folder``: of the commune."""
    texts = [clean_text(cell) for row in rows for cell in row.cells if cell.strip()]
    results, plans = years_of(texts)
    own = re.search(r"(?:năm\s+|^)(20\d\d)$", clean_text(sheet), re.IGNORECASE)
    if not results and not plans and not before and own:
        results = {own[1]}
    villages = _villages(texts, sheet)
    joined = " ".join(texts).lower()
    found = Title(
        frozenset(results), frozenset(plans), any(is_part_of_year(text, form) for text in texts if not _is_office(text)),
        tuple(unit for text in texts for unit in units_in(text)), villages, next((sort for word, sort in form.rule_sets.items() if word in joined), ""),
        any(form.periods["estimate"].search(text.lower()) for text in texts), _other_place([*texts, sheet], *folder), _periods(texts), said_by(joined),
    )  # fmt: skip
    if before is None:
        return found
    has_year = bool(results or plans)
    return Title(
        found.results if has_year else before.results, found.plans if has_year else before.plans, found.is_part if has_year else before.is_part,
        found.units or before.units, found.villages or before.villages, found.sort or before.sort, found.is_estimate if has_year else before.is_estimate,
        found.other_place or before.other_place, found.periods if any(found.periods) else before.periods,
        found.says or before.says,
    )  # fmt: skip


def whose(texts: Sequence[str], sheet: str, folder: str) -> tuple[str, tuple[str, ...]]:
    """Another commune or the district, and the villages, that a sheet and the titles in it name."""
    return _other_place([*texts, sheet], folder), _villages(texts, sheet)


def _villages(texts: Sequence[str], sheet: str) -> tuple[str, ...]:
    """The villages that sheet and titles name, as the sheet spells them, not in capitals."""
    named = [m["name"].strip(" .,-–") for text in (clean_text(sheet),) if (m := _SHEET_VILLAGE.match(text))]
    named += [m["name"].strip(" .,-–") for text in texts if len(text) < 200 for m in [_VILLAGE.search(text)] if m]
    return tuple({name.casefold(): name for name in reversed(named)}.values())[::-1]


class _Named(NamedTuple):
    """A commune that a title names, and where; ``alone``: whether nothing but its name stands between «xã» and the next mark."""

    name: str
    is_own: bool
    start: int
    end: int
    alone: bool


def _other_place(texts: Sequence[str], folder: str = "") -> str:
    """The commune that titles name, where it is not the one of the folder, or beside it in a list of several; or the district, where they
    name no commune."""
    own = {folder, slug(named.line_of(folder, "name"))} if folder else set()
    found: list[_Named] = []
    for text in map(without_documents, texts):
        places = list(_communes_in(text, own))
        for one, other in pairwise(places):  # «xã A, xã B»: a table of several communes
            if one.is_own != other.is_own and one.alone and re.fullmatch(r"[\s,;&]*", text[one.end : other.start]):
                return (other if one.is_own else one).name
        found += places
    if found or not own:
        return "" if any(place.is_own for place in found) else next((place.name for place in found), "")
    district = next((m for text in texts if (m := _DISTRICT.search(text))), None)
    return (
        district[0] if district and not any(re.search(r"\bxã\b(?! hội)", text, re.IGNORECASE) for text in texts) else ""
    )


def _communes_in(text: str, own: set[str]) -> Iterator[_Named]:
    for place in _COMMUNE.finditer(text):
        words = place["rest"].split()[:5]
        names = {" ".join(words[:n]): n for n in range(4, 0, -1)}
        whole = [name for name, n in names.items() if n == len(words) or (n < len(words) and _NO_NAME.match(words[n]))]
        ours = next((name for name in names if slug(name) in own), "")
        if name := ours or next((name for name in whole if _is_commune(name)), ""):
            rest = place["rest"].strip()[len(name) :]
            yield _Named(
                name,
                bool(ours),
                place.start(),
                place.end(),
                re.fullmatch(r"(?:\s+(?:và|với))?", rest.lower()) is not None,
            )


def _is_commune(name: str) -> bool:
    path = paths.communes_folder() / "registry.csv"
    return path.is_file() and slug(name) in _communes(path)


@cache
def _communes(path: Path) -> frozenset[str]:
    return frozenset(slug(unit.name) for unit in registry.units())


def years_of(texts: Iterable[str]) -> tuple[set[str], set[str]]:
    """Years of results and of plans that titles name: each by the words before it."""
    results: set[str] = set()
    plans: set[str] = set()
    for text in texts:
        start, rest, meant = 0, without_documents(text), results
        for found in YEAR.finditer(rest):
            words = rest[start : found.start()]
            if re.sub(r"\b(?:và|năm)\b|[\s,;&]", "", words):  # of «năm 2024, 2025» both are what the first is
                meant = plans if said_by(words) == "plans" else results
            meant.add(found[1])
            start = found.end()
    return results, plans


def _periods(texts: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The years of the periods that titles name, of results and of plans."""
    results: set[str] = set()
    plans: set[str] = set()
    for text in texts:
        for found in _PERIOD.finditer(text):
            first, last = (int(year) for year in re.findall(r"20\d\d", found[0]))
            meant = {"results": results, "plans": plans}.get(said_by(text[: found.start()]), set())
            meant.update(str(year) for year in range(first, last + 1))
    return frozenset(results), frozenset(plans)


def said_by(words: str) -> str:
    """Whether words speak of results or of plans; empty where of neither."""
    words = _PLAN_TO_DO.sub("kế hoạch", words)
    return "results" if _RESULT.search(words) else "plans" if _PLAN.search(words) else ""


def without_documents(text: str) -> str:
    """The text without days of letters, decrees and periods; a day or month to which figures were counted stays as its year."""
    for pattern in (_LETTER, _DECREE, _PERIOD):
        text = pattern.sub(" ; ", text)
    return _TO_MONTH.sub(r"\g<month> năm \g<year>", _TO_DAY.sub(lambda day: f" {day['year']} ", text))


def is_part_of_year(text: str, form: Form) -> bool:
    """Whether a heading or title speaks of some months only: «9 tháng», «quý III», «đến 30/9/2024»."""
    text = _DECREE.sub(" ", _LETTER.sub(" ", text)).lower()
    days = [(int(d["day"]), int(d["month"])) for d in _TO_DAY.finditer(text)]
    return any(day != (31, 12) for day in days) or form.periods["part"].search(_TO_DAY.sub(" ", text)) is not None


def units_in(text: str) -> list[str]:
    """Units behind «Đơn vị tính:», as written; «Đơn vị: UBND xã …» names an office."""
    found = _UNIT.search(text)
    if not found:
        return []
    names_unit = found["label"].lower() != "đơn vị"
    units = [plain_unit(part) for part in re.split(r"[,;]", found["unit"])]
    return [unit for unit in units if unit and (names_unit or read_unit(unit).kind == "measure")]


def plain_unit(text: str) -> str:
    """A unit of money in words: ``1.000 đồng`` → nghìn đồng."""
    text = text.strip(" .")
    for pattern, unit in _THOUSANDS:
        text = re.sub(pattern, unit, text, flags=re.IGNORECASE)
    return text


def _is_office(text: str) -> bool:
    return re.match(r"(?:ủy ban|ubnd|cộng hòa|độc lập|ban chỉ đạo|số)\b", text, re.IGNORECASE) is not None
