"""Of which criterion and indicator, year and kind a statement is: from its headings, its numbers and its words."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from ntm_lib import paths
from ntm_lib.existing import default_rule_set, nearest_set
from ntm_lib.intake.forms.form_layout import Names, names_of
from ntm_lib.reading.outline import Statement
from ntm_lib.rules.files import read_yaml
from ntm_lib.rules.sets import load_set
from ntm_lib.text.names import clean_text

Period = Literal["plan", "result"]

_RESULT_HEAD = re.compile(
    r"kết quả|đánh giá|hiện trạng|thực trạng|tình hình|đã hoàn thành|đã đạt|chưa hoàn thành|chưa đạt", re.IGNORECASE
)
_PLAN_HEAD = re.compile(
    r"kế hoạch|phương hướng|nhiệm vụ|mục tiêu|phấn đấu|dự kiến|giải pháp|tổ chức thực hiện", re.IGNORECASE
)
_LATER_THIS_YEAR = re.compile(r"cuối năm|quý (?:iii|iv|3|4)\b", re.IGNORECASE)
_PERIOD_OF_YEARS = re.compile(r"(?:giai đoạn |nhiệm kỳ )?(?:19|20)\d\d\s*[-–]\s*(?:19|20)?\d\d")
_YEAR = re.compile(r"(?<![\d/])(20\d\d)(?!\d)")
_CRITERION = re.compile(r"(?:tiêu chí|\bTC) (?:số )?(\d{1,2})(?![\d/%]|\s*tiêu chí)", re.IGNORECASE)
_NUMBERED = re.compile(
    r"tiêu chí\b[^\d:]{0,30}:?\s*(?:số )?((?:\d{1,2}(?:\s*[,;]\s*(?:số )?|\s+và\s+(?:số )?|\s*))+)(?![\d/%])",
    re.IGNORECASE,
)
_TOPICS = {
    "funding": re.compile(r"kinh phí|nguồn vốn|^\W*vốn\b|huy động vốn|nguồn lực|giải ngân|dự toán|khái toán", re.IGNORECASE),
    "aim": re.compile(r"mục đích|mục tiêu", re.IGNORECASE),
    "duties": re.compile(r"giải pháp|tổ chức thực hiện|phân công|trách nhiệm|lãnh đạo, chỉ đạo|tuyên truyền|quản lý nguồn lực", re.IGNORECASE),
    "requirement": re.compile(r"yêu cầu|quan điểm|nguyên tắc", re.IGNORECASE),
    "other": re.compile(r"(?:chỉ tiêu|nội dung|nhiệm vụ|công trình) khác", re.IGNORECASE),
}  # fmt: skip


_ONE_OF = {"aim", "duties", "requirement"}  # of these the innermost heading counts


class Document(NamedTuple):
    """What the front of a document says of it. ``kind``: plan or result; ``year``: that it is for."""

    number: str = ""
    date: str = ""
    title: str = ""
    sort: str = ""
    issuer: str = ""
    kind: Period = "plan"
    year: int = 0


class Target(NamedTuple):
    """An indicator or part; ``how``: phrase, code, only, name or "" (none found). ``against``: the other one that its number names."""

    criterion: str = ""
    indicator: str = ""
    part: str = ""
    how: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a statement stands. ``criterion``: empty where no heading names one; ``topics``: what its headings are about."""

    period: Period
    year: int
    criterion: str
    topics: frozenset[str]
    code: str


class Words:
    """The words by which a document of a year is understood: those of ``reading.yml`` and the names of the rule set."""

    def __init__(self, year: int) -> None:
        read = read_yaml(paths.rules_folder() / "reading.yml")
        self.rule_set = default_rule_set(year) or nearest_set(year)
        self.names: Names = names_of("", str(year))[1]
        phrases = read["indicators"].get(self.rule_set, {})
        self.phrases = [(key_of(p), *_split(str(code))) for code, texts in phrases.items() for p in texts]
        tasks = read["tasks"].get(self.rule_set, {})
        self.of_tasks = [(key_of(p), *_split(str(code))) for code, texts in tasks.items() for p in texts] + self.phrases
        rule_set = load_set(self.rule_set)
        self.criterion_names = {str(entry["id"]): str(entry["name"]["vi"]) for entry in rule_set.meta["criteria"]}
        rows = rule_set.all_indicators.to_dict("records")
        self.kinds = {(row["indicator"], row["part"]): str(row["kind"]) for row in rows}
        self.counted = {(row["indicator"], row["part"]): str(row["count_unit"]) for row in rows}
        criteria = read["criteria"].get(self.rule_set, {})
        self.criteria = [(key_of(p), str(code)) for code, texts in criteria.items() for p in texts]
        self.sources = [(key_of(p), code) for code, texts in read["sources"].items() for p in texts]
        self.build, self.urge, self.request = (_starting(read["verbs"][name]) for name in ("build", "urge", "request"))
        self.heads = [(key_of(p), str(role)) for role, texts in read["heads"].items() for p in texts]
        self.products = _any(read["products"])
        self.bodies = _starting(read["bodies"])

    def head_of(self, text: str) -> str:
        """The role of a column by the words of its head: those that begin it, else those that it holds; "" for none."""
        key = key_of(re.sub(r"\(.*?\)|20\d\d", " ", text.replace("\n", " ")))
        begin = max(((len(p), role) for p, role in self.heads if f"{key} ".startswith(f"{p} ")), default=(0, ""))
        if begin[0]:
            return begin[1]
        return next((role for phrase, role in self.heads if len(phrase) > 3 and f" {phrase} " in f" {key} "), "")

    def source_of(self, text: str) -> str:
        """Code of the first fund that a text names, "" for none."""
        key = key_of(text)
        return next((code for phrase, code in self.sources if phrase in key), "")

    def target(self, texts: Iterable[str], criterion: str, code: str, task: bool = False) -> Target:
        """The indicator that the first of the texts to name one names; else that of the number ``code``, else the only one.

        ``task``: what is to be done is looked for, which names an indicator by more words than a figure of it does.
        """
        stated = code if criterion and code.startswith(f"{criterion}.") and self.names.has(code) else ""
        texts = list(texts)
        phrases = self.of_tasks if task else self.phrases
        for text in texts:
            if hit := self._phrase(text, criterion, phrases, task):
                indicator, part = hit
                other = stated if stated and stated != indicator else ""
                return Target(indicator.partition(".")[0], indicator, part, "phrase", other)
        # A heading by its name may be wider than one criterion: «Nhóm văn hóa - xã hội - môi trường».
        if not stated and texts and (hit := self._phrase(texts[0], "", phrases, task)):
            return Target(hit[0].partition(".")[0], *hit, "phrase" if not criterion else "name")
        if stated:
            return Target(criterion, stated, "", "code")
        if criterion and (only := self.names.only_indicator(criterion)):
            return Target(criterion, only, "", "only")
        for text in texts:
            if entry := self.names.find(text, criterion):
                return Target(entry.criterion, entry.indicator, entry.part, "name")
        return Target(criterion)

    def of_several(self, target: Target, text: str) -> Target:
        """The target; of «nhà tiêu, nhà tắm» no part, and as unsure as a name: one figure is said of several parts."""
        key = f" {key_of(text)} "
        named = {
            part for phrase, indicator, part in self.phrases if indicator == target.indicator and f" {phrase} " in key
        }
        return target._replace(part="", how="name") if target.part and len(named - {""}) > 1 else target

    @staticmethod
    def _phrase(text: str, criterion: str, phrases: list[tuple[str, str, str]], first: bool) -> tuple[str, str] | None:
        """Indicator and part of the longest phrase that the text holds, or of the ``first``."""
        key = f" {key_of(text)} "
        hits = [
            (*((-at, len(phrase)) if first else (len(phrase), -at)), indicator, part)
            for phrase, indicator, part in phrases
            if (at := key.find(f" {phrase} ")) >= 0 and (not criterion or indicator.partition(".")[0] == criterion)
        ]
        others = [hit for hit in hits if hit[2] != "11.1"] if first else hits  # «hỗ trợ 26 hộ nghèo xóa nhà tạm»
        return max(others or hits)[2:] if hits else None

    def criterion_of(self, head: str) -> str:
        """The criterion that a heading is about, "" for none."""
        if found := _CRITERION.search(head):
            return found[1]
        key = f" {key_of(head)} "
        if len(key.split()) > 14:
            return ""
        named = dict.fromkeys(code for phrase, code in self.criteria if f" {phrase} " in key)
        wide = len(named) > 1 and {*named} != {"6", "16"}  # «Giáo dục, y tế» is of two; «Cơ sở vật chất văn hóa» of one
        return "" if wide or key.startswith(" nhóm ") else next(iter(named), "")

    def criteria_in(self, text: str) -> list[str]:
        """Criteria that a list names: «Giao thông, Thu nhập, Môi trường»."""
        parts = (
            self.criterion_of(part) for part in re.split(r"[,;:]|\bvà\b|\blà\b|\bgồm\b", text) if len(part.split()) < 9
        )
        return list(dict.fromkeys(filter(None, parts)))


def key_of(text: str) -> str:
    """Small letters and single spaces, without marks of punctuation; hoá is hóa."""
    return _key(text)


@cache
def _key(text: str) -> str:
    from ntm_lib.text.names import spelling_key

    words = re.sub(r"[^\w\s,-]|_", " ", re.sub(r"[,;:.()]", " , ", clean_text(text))).split()
    return spelling_key(" ".join(_short_forms().get(word.casefold(), word) for word in words))


@cache
def _short_forms() -> dict[str, str]:
    """Abbreviation → the words for it: ctr → chất thải rắn."""
    return {str(short): str(words) for short, words in read_yaml(paths.rules_folder() / "reading.yml")["short"].items()}


def _split(code: str) -> tuple[str, str]:
    numbers = code.split(".")
    return ".".join(numbers[:2]), numbers[2] if len(numbers) > 2 else ""


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, phrases), key=len, reverse=True))})(?!\w)", re.IGNORECASE
    )


def _starting(phrases: Iterable[str]) -> re.Pattern[str]:
    inner = "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))
    return re.compile(
        rf"(?:các |toàn bộ |từng |tiếp tục |tập trung |thực hiện |chỉ đạo |tích cực |phấn đấu )*(?P<word>{inner})(?!\w)",
        re.IGNORECASE,
    )


def context_of(statement: Statement, document: Document, words: Words) -> Context:
    """Where the headings of a statement place it; the innermost that says something counts."""
    period, year = document.kind, document.year
    criterion, topics = "", set[str]()
    for head in (*statement.heads, *([statement.label] if statement.label else [])):
        result, plan = _RESULT_HEAD.search(head), _PLAN_HEAD.search(head)
        if result or plan:
            period = "result" if result and (not plan or result.start() < plan.start()) else "plan"
            same = _LATER_THIS_YEAR.search(head) is not None and document.kind == "result"
            shift = (period == "plan" and not same) - (document.kind == "plan")
            year = years_in(head)[-1] if years_in(head) else document.year + shift
        if not criterion or _CRITERION.search(head) or (head is statement.label and len(head.split()) < 6):
            criterion = words.criterion_of(head) or criterion
        about = {topic for topic, pattern in _TOPICS.items() if pattern.search(head)}
        topics = topics - _ONE_OF | about if about & _ONE_OF else topics | about
    code, _, wording = statement.code.partition(" ")
    named = words.names.names(code, wording) or words.target([wording], criterion, "").indicator == code
    return Context(period, year, criterion, frozenset(topics), code if named else "")


def years_in(text: str) -> list[int]:
    """Single years of a text; not those of a period, nor of dates and numbers of documents."""
    return [int(year) for year in _YEAR.findall(_PERIOD_OF_YEARS.sub(" ", text))]


def numbered(text: str, of: Collection[str]) -> list[str]:
    """Numbers of criteria that a list names: «tiêu chí số 2, 5 và 17», «tiêu chí chưa đạt: số 13 và số 17»."""
    lists = ([n for n in re.findall(r"\d{1,2}", found[1]) if n in of] for found in _NUMBERED.finditer(text))
    return max(lists, key=len, default=[])
