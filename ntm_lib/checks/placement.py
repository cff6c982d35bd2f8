"""Does a figure stand where it belongs? Indicator numbers and names, operators, local targets, corrections."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache, reduce
from itertools import pairwise
from typing import Any

from ntm_lib.checks.common import Context, amount, is_judged, not_checked, problem, sign
from ntm_lib.checks.spelling import terms
from ntm_lib.intake.plan_text import TEXTS
from ntm_lib.judge.observations import SEXES
from ntm_lib.judge.one_rule import judge_one
from ntm_lib.model import Observation
from ntm_lib.problems import Field, Finding, joined, listed, quantity, say
from ntm_lib.tables import fraction, tuples
from ntm_lib.text.names import clean_text, spelling_key
from ntm_lib.text.tokens import tidy, tokenise
from ntm_lib.text.units import COUNTS

# What a number counts, without the noun that counts: «878 hộ chăn nuôi» → chăn nuôi.
_COUNTED = re.compile(rf"\d\s*(?:{'|'.join(COUNTS)})\s+([^\d,;.:()=]+)", re.IGNORECASE)


def check_indicator_known(context: Context) -> Iterable[Finding]:
    """Every indicator and part is one of the rule set."""
    known, parts = {i for i, _ in context.names}, set(context.names)
    for row in context.rows:
        if row.rule_set and row.year and row.table == "results" and row.kind == "declared" and not row.indicator:
            continue  # declared under an older set
        if row.indicator and row.indicator not in known:
            yield problem("unknown-indicator", [row], indicator=row.indicator)
        elif row.indicator and (row.indicator, row.part) not in parts:
            yield problem("unknown-indicator/part", [row], indicator=row.indicator, part=row.part)
        elif row.indicator and row.criterion and context.names[row.indicator, row.part].criterion != row.criterion:
            yield problem(
                "unknown-indicator/criterion",
                [row],
                indicator=row.indicator,
                right=context.names[row.indicator, row.part].criterion,
                criterion=row.criterion,
            )


def check_criterion_values(context: Context) -> Iterable[Finding]:
    """A figure of a criterion whose indicator is not named is judged by none."""
    for row in context.rows:
        of_criterion = (
            row.table in ("results", "plan")
            and row.kind in ("measured", "target")
            and row.criterion.isdigit()
            and not row.indicator
        )
        if of_criterion and not row.village and amount(row) is not None:
            yield problem("criterion-value", [row], text=tidy(row.text), criterion=row.criterion)


def check_criterion_given(context: Context) -> Iterable[Finding]:
    """A row that names an indicator names its criterion."""
    files = defaultdict(list)
    for row in context.written_rows:
        if row.indicator and not row.criterion and row.table in ("results", "plan", "works"):
            files[row.file, row.sheet].append(row)
    for (file, sheet), rows in files.items():
        yield problem(
            "criterion-empty",
            rows,
            at={"key": f"{file}-{sheet}", "column": "criterion", "text": ""},
            n=len(rows),
            rows=listed(r.row for r in rows),
        )


def check_wrong_indicator(context: Context) -> Iterable[Finding]:
    """What is counted is named by the indicator it stands under, not by another of the criterion.

    Judges the indicator as the source prints it; a correction of it answers the finding.
    """
    for row, printed, other, correction in _misplaced(context):
        name = context.named(other)
        answer = _answer(correction) if correction else {}
        at = {"indicator": printed, **answer}
        text = tidy(row.text)
        yield problem(
            "wrong-indicator", [row], at=at, printed=printed, item=row.item, text=text, other=other, name=name
        )


def check_corrections(context: Context) -> Iterable[Finding]:
    """Each correction is shown beside the figure it changed, where it does not already answer a finding there."""
    told = {id(correction) for _, _, _, correction in _misplaced(context) if correction}
    for entry in (c for c in context.cleaned.corrections if id(c) not in told and c.table != TEXTS):
        row = context.by_id.get(entry.row.cells.get("id", ""))
        place = {
            "file": entry.row.file,
            "sheet": entry.row.sheet,
            "row": str(entry.row.row),
            "column": entry.column,
            "text": entry.before,
        }
        fields = {"before": entry.before, "after": entry.after, "reason": entry.reason, "id": entry.id}
        answer = _answer(entry) if entry.action != "flag" else {}
        rows = [row] if row is not None else []
        yield problem(f"correction/{entry.action}", rows, at={"key": entry.id, **place, **answer}, **fields)


def check_operators(context: Context) -> Iterable[Finding]:
    """A bound in the text is as strict as the rule."""
    if context.thresholds is None:
        yield not_checked("operator")
        return
    for row in context.rows:
        rule = context.rule(row)
        if not row.operator or not row.indicator or row.kind != "target":
            continue
        if rule is None:
            yield from [_unknown_operator(row)] if row.year in context.rule_years else []
        elif rule.operator in (">=", ">", "<=", "<") and row.operator != rule.operator:
            opposite = row.operator[0] != rule.operator[0]
            case = "operator/opposite" if opposite else "operator"
            yield problem(case, [row], text=tidy(row.text), written=sign(row.operator), rule=sign(rule.operator))


def _unknown_operator(row: Any) -> Finding:
    return problem("operator/unknown", [row], text=tidy(row.text), indicator=row.indicator, written=sign(row.operator))


def check_repeats_the_rule(context: Context) -> Iterable[Finding]:
    """A result is a figure, not the very bound that the rule asks for («≥ 70%»), copied."""
    for row in context.rows:
        rule = context.rule(row) if row.table == "results" and row.kind == "measured" and row.operator else None
        if rule is not None and row.operator == rule.operator and amount(row) == fraction(rule.threshold) is not None:
            yield problem("repeats-rule", [row], text=tidy(row.text), indicator=row.indicator + row.part)


def check_local_targets(context: Context) -> Iterable[Finding]:
    """A target that the commune sets itself is not the threshold."""
    for row in context.rows:
        rule, value = context.rule(row), amount(row)
        threshold = fraction(rule.threshold) if rule else None
        if (
            row.kind == "target"
            and value is not None
            and rule is not None
            and threshold is not None
            and value != threshold
            and row.unit in (rule.unit, "%")
        ):
            shown = say("level", level=threshold) if rule.unit == "mức độ" else quantity(threshold, rule.unit)
            yield problem(
                "local-target",
                [row],
                text=tidy(row.text),
                indicator=row.indicator + row.part,
                threshold=joined([sign(rule.operator), shown], " "),
            )


def _misplaced(context: Context) -> list[tuple[Any, str, str, Any]]:
    """(row, indicator printed, indicator it is of, the correction that moved it or None)."""
    moved = {
        c.row.cells.get("id"): c for c in context.cleaned.corrections if c.action == "set" and c.column == "indicator"
    }
    telling = _telling_words(context)
    found = []
    for row in context.rows:
        correction = moved.get(row.observation)
        printed = correction.before if correction else row.indicator
        # The indicator of a work is whoever entered it saying what it is for, not a figure that is judged.
        if not printed or row.table not in ("results", "plan") or row.criterion not in telling:
            continue
        words = f"{row.item} {row.text} {row.quote}"
        counted = _named(" ".join(_COUNTED.findall(words)), telling[row.criterion])
        if counted and printed not in counted and printed not in _named(words, telling[row.criterion]):
            found.append((row, printed, max(counted, key=lambda indicator: counted[indicator]), correction))
    return found


def _answer(correction: Any) -> dict[str, Any]:
    return {
        "answer": "corrected",
        "answered_by": correction.decided_by,
        "answered_on": correction.decided_on,
        "answer_text": correction.reason,
    }


def _telling_words(context: Context) -> dict[str, dict[str, set[str]]]:
    """Criterion → indicator → pairs of syllables that only it names; most Vietnamese words are such pairs.

    Counted over parts too: «hợp vệ» of «hợp vệ sinh» stands in three parts of 17.8 and tells nothing.
    """
    names: dict[str, list[tuple[str, set[str]]]] = {}
    for row in tuples(context.indicators):
        if row.part or not any(p for i, p in context.names if i == row.indicator and p):
            names.setdefault(row.criterion, []).append((row.indicator, _pairs(row.name_vi)))
    telling: dict[str, dict[str, set[str]]] = {}
    for criterion, entries in names.items():
        counts = Counter(pair for _, pairs in entries for pair in pairs)
        telling[criterion] = {}
        for indicator, pairs in entries:
            telling[criterion].setdefault(indicator, set()).update(p for p in pairs if counts[p] == 1)
    return telling


def _named(text: str, telling: Mapping[str, set[str]]) -> dict[str, int]:
    """Indicators that the text names → by how many words."""
    pairs = _pairs(text)
    return {indicator: len(words & pairs) for indicator, words in telling.items() if words & pairs}


def _pairs(text: str) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    return {f"{a} {b}" for a, b in pairwise(words)}


COMMON = "tỷ tỉ lệ số có được các và của theo quy định đạt chuẩn trở lên từ trên địa bàn xã là cho trong tại với đến năm hoặc về những đã thực hiện kết quả tổng người hộ"
MOST_SHARED = (
    3,
    0.5,
)  # an item of so many words of its own that shares no more of them with the name may be that of another


# Beside a number they change nothing of what it says.
_IDLE = "và, này, nay, hết, cuối, tính, gia đình, dân, toàn, ở, do, hiện, đều, cũng, rất, chỉ, so, các loại, trung bình, bình quân"
# A cell that says of itself that its number reaches what is asked: «85% (đạt)», «Đạt (85%)», «85% - đạt».
_SAYS_MET = re.compile(
    r"\(\s*(?:đã )?đạt(?: chuẩn| yêu cầu| tiêu chí| chỉ tiêu)?\s*\)|^\s*đạt\s*[(;:,–-]|[;,–-]\s*đạt(?: chuẩn| yêu cầu)?\W*$",
    re.IGNORECASE,
)


def check_words_beside(context: Context) -> Iterable[Finding]:
    """Every word beside a number that is judged is known, or stands in its item or in the name of its indicator."""
    for row in context.rows:
        entry: Any = context.names.get((row.indicator, row.part))
        if entry is None or not is_judged(row) or fraction(row.value) is None:
            continue
        names = (
            entry.name_vi,
            context.names[entry.indicator, ""].name_vi,
            *map(str, (context.asked(row) or {}).values()),
        )
        known = {*_key(" ".join((row.item, *names))).split()} | _idle()
        unit = _key(context.parsed(row).written_unit)
        left = [
            token.text
            for token in tokenise(tidy(row.text))
            if token.kind == "word"
            and not set(_key(token.text).split()) <= known | {*unit.split()}
            and not (token.text.isupper() and token.text in _initials(entry.name_vi))  # BHYT
        ]
        if left:
            yield problem(
                "words-beside", [row], text=tidy(row.text), words=" ".join(left), indicator=f"{row.indicator}{row.part}"
            )


def check_said_met(context: Context) -> Iterable[Finding]:
    """A number that its own cell calls «đạt» reaches the threshold."""
    for row in context.rows:
        asked = context.asked(row) if is_judged(row) and fraction(row.value) is not None else None
        if not asked or "applies" not in asked or not _SAYS_MET.search(tidy(row.text)):
            continue
        if {verdict.verdict for verdict in judge_one(Observation.of(row._asdict()), asked, [])} == {"unmet"}:
            yield problem("said-met", [row], text=tidy(row.text), indicator=f"{row.indicator}{row.part}")


def check_item_name(context: Context) -> Iterable[Finding]:
    """The item of a figure that is judged says the same thing as the name of its indicator, in whatever words."""
    moved = {c.row.cells.get("id") for c in context.cleaned.corrections if c.column in ("indicator", "item")}
    for row in context.rows:
        entry = context.names.get((row.indicator, row.part))
        item = clean_text(row.item)
        if entry is None or not is_judged(row) or row.observation in moved:
            continue
        if why := _difference(context, "" if item.casefold() in SEXES else item, tidy(row.text), entry):
            item = f"{item}: {tidy(row.text)}".removeprefix(": ")
            yield problem(
                "item-name",
                [row],
                item=item,
                indicator=f"{row.indicator}{row.part}",
                name=context.named(row.indicator, row.part),
                why=why,
            )


@cache
def _common() -> frozenset[str]:
    """Syllables of nearly every name, which tell no two apart."""
    return frozenset(_key(COMMON).split())


@cache
def _idle() -> frozenset[str]:
    return frozenset(_key(f"{COMMON} {_IDLE}").split())


def _difference(context: Context, item: str, text: str, entry: Any) -> Field:
    """What the item, and what the cell counts, say otherwise than the name of the indicator; empty where they agree."""
    item, said, name = (
        _key(item),
        _key(f"{item} {text}"),
        _key(f"{entry.name_vi} {context.names[entry.indicator, ''].name_vi}"),
    )
    for word in terms()["qualifiers"]:
        if _has(said, word) and not _has(f"{name} {_key(getattr(entry, 'definition', ''))}", word):
            return say("differs-word", word=word)
    for whole in terms()["narrower"]:
        if (
            _has(name, whole["name"])
            and _has(said, whole["item"])
            and not any(_has(said, word) for word in whole["whole"])
        ):
            words = reduce(lambda one, other: say("either", one=one, other=other), whole["whole"])
            return say("differs-narrower", words=words)
    own = {*item.split()} - _common()
    shared = own & {*name.split()}
    if len(own) >= MOST_SHARED[0] and len(shared) <= MOST_SHARED[1] * len(own):
        for other in context.names.values():
            if other.indicator != entry.indicator and own <= {*_key(other.name_vi).split()} - _common():
                number = f"{other.indicator}{other.part}"
                return say("differs-other", other=number, name=context.named(other.indicator, other.part))
    return say("differs-all") if own and not shared else ""


@lru_cache(512)
def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", name)).upper()


@lru_cache(4096)
def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", spelling_key(text)))


def _has(text: str, words: str) -> bool:
    return f" {_key(words)} " in f" {text} "
