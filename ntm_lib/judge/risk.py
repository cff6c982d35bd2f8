"""What is met now and may not be for long: next year's threshold, a thin margin, a plan that may fail; and which verdicts
hang on a threshold that nobody has compared with its decision.

The words for it are ``wording.outlook``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ntm_lib import paths
from ntm_lib.judge.amounts import AT_LEAST, GRADUAL, nearness
from ntm_lib.judge.criteria import criteria_rows
from ntm_lib.judge.indicators import judge_rows
from ntm_lib.judge.observations import STATUSES, Index, broken_on
from ntm_lib.judge.one_rule import judge_one
from ntm_lib.model import CONCLUSIVE, Key, Observation, Row, Verdict, is_part_of, key_of, sure
from ntm_lib.rules.files import read_yaml
from ntm_lib.tables import decimal_text, fraction

REASONS = ("unmet", "next-year", "next-bound", "margin", "next-margin")


@dataclass(frozen=True)
class Risk:
    """One row of the table ``risks``: the value of ``value_year`` by the threshold of ``year``, and by next year's
    where that is the reason. Amounts are canonical decimals as in ``indicators``.
    """

    year: int
    criterion: str
    indicator: str
    part: str
    reason: str
    value_year: int
    basis: str
    value: str
    unit: str
    numerator: str
    denominator: str
    bound: str
    operator: str
    threshold: str
    margin: str
    margin_count: str
    count_unit: str
    next_operator: str = ""
    next_threshold: str = ""
    next_margin: str = ""
    next_margin_count: str = ""
    next_confidence: str = ""


def at_risk(
    indicators: Iterable[Row], thresholds: Iterable[Row], year: int, meta: Mapping[str, Any] = MappingProxyType({})
) -> list[Row]:
    """Rows of ``risks`` for ``year``, the nearest first. ``indicators`` and ``thresholds`` hold all years known, the
    latter also the next; ``meta`` is set.yml.

    Looked at is the value of the year and, where that is only planned or there is none, the last one measured
    before: a plan may fail, and a year without figures forgets nothing but what was counted by another concept. A share that cannot be better than it is
    (100 % where 100 % or less is asked) is no risk.
    """
    by_year: dict[int, dict[Key, Row]] = {}
    for row in indicators:
        by_year.setdefault(row["year"], {})[row["indicator"], row["part"]] = row
    rules = {(r["year"], r["indicator"], r["part"]): r for r in thresholds}
    found = []
    for key, now in by_year.get(year, {}).items():
        since = [y for y in sorted(by_year) if y < year and not broken_on(meta, key[0], y, year)]
        for row in _looked_at(now, [by_year[y][key] for y in since if key in by_year[y]]):
            found.append(_risk(row, rules.get((year, *key)), rules.get((year + 1, *key)), year))  # noqa: PERF401
    risks = sorted(filter(None, found), key=lambda found: (REASONS.index(found[1].reason), found[0]))
    return [asdict(risk) for _, risk in risks]


def _looked_at(now: Row, before: list[Row]) -> list[Row]:
    measured = [row for row in before if row["basis"] == "measured" and fraction(row["value"]) is not None]
    rows = [now] if now["verdict"] == "met" and now["margin"] else []
    silent = now["verdict"] == "no-data" and not now["value"]
    return rows + (measured[-1:] if now["basis"] in ("planned", "aimed") or silent else [])


def _risk(row: Row, rule: Row | None, following: Row | None, year: int) -> tuple[Fraction, Risk] | None:
    """The risk and how near it is (1: at the edge of what is called thin)."""
    if rule is None or rule["applies"] == "no" or row["bound"] == "upper":
        return None
    now = by_rule(row, rule)
    if now.margin is None:
        return None
    if now.verdict == "unmet":
        return _nearness(now, rule), _made(row, rule, "unmet", now, None, None, year)
    then = by_rule(row, following) if following is not None and following["applies"] != "no" else None
    if then is not None and following is not None and then.verdict == "unmet":
        return _nearness(then, following), _made(row, rule, "next-year", now, following, then, year)
    if then is not None and then.reason == "bound":
        return Fraction(0), _made(row, rule, "next-bound", now, following, then, year)
    if rule["kind"] not in GRADUAL or _cannot_be_better(now, rule):
        return None
    if (near := _nearness(now, rule)) <= 1:
        return near, _made(row, rule, "margin", now, None, None, year)
    if (
        then is not None
        and following is not None
        and then.margin is not None
        and (near := _nearness(then, following)) <= 1
    ):
        return near, _made(row, rule, "next-margin", now, following, then, year)
    return None


def by_rule(row: Row, rule: Row) -> Verdict:
    """The value of a row of ``indicators`` judged by another rule. Only the value of that year is known
    here, so what must hold several years running is judged by this one.
    """
    told = {
        "table": "plan" if row["basis"] == "planned" else "results",
        "kind": "target" if row["basis"] == "planned" else "measured",
        "operator": row["bound"] if row["bound"] != "upper" else "",
    }
    cells = {c: row[c] for c in ("observation", "value", "unit", "numerator", "denominator", "year")}
    return judge_one(Observation.of(cells | told), rule, [])[0]


def _nearness(verdict: Verdict, rule: Row) -> Fraction:
    return nearness(sure(verdict.margin), sure(fraction(rule["threshold"])), rule["unit"])


def _cannot_be_better(verdict: Verdict, rule: Row) -> bool:
    return rule["kind"] == "share" and verdict.amount == (100 if rule["operator"] in AT_LEAST else 0)


def _made(
    row: Row, rule: Row, reason: str, now: Verdict, following: Row | None, then: Verdict | None, year: int
) -> Risk:
    own = {
        c: row[c]
        for c in (
            "criterion",
            "indicator",
            "part",
            "basis",
            "value",
            "unit",
            "numerator",
            "denominator",
            "bound",
            "count_unit",
        )
    }
    return Risk(
        **own, year=year, reason=reason, value_year=row["year"], operator=rule["operator"], threshold=rule["threshold"],
        margin=decimal_text(now.margin), margin_count=decimal_text(now.margin_count),
        next_operator=following["operator"] if following else "", next_threshold=following["threshold"] if following else "",
        next_confidence=following["confidence"] if following else "",
        next_margin=decimal_text(then.margin) if then else "", next_margin_count=decimal_text(then.margin_count) if then else "",
    )  # fmt: skip


# ---------------------------------------------------------------- Which thresholds that nobody has compared with the decision decide a verdict: those an official must check first

CHECKED = "official"
Ranges = Mapping[str, Mapping[str, Any]]


def decisive_rows(
    rules: list[Row], judged: list[Row], criteria: list[Row], index: Index, declared: list[Row], rule_set: str
) -> tuple[list[Row], set[Key]]:
    """Table ``decisive`` of one year: those that turn a criterion first, then the nearest, at last those not known; and
    the indicators and parts whose verdict hangs on one of them.

    ``rules``, ``judged``, ``criteria``: rows of thresholds, indicators and criteria of the year. A threshold that is not
    known, of which the commune has a value, stands there too: nothing can be compared until it is entered.
    """
    ranges = read_yaml(paths.rules_folder() / "ranges.yml")
    kin: dict[str, list[Row]] = {}
    for rule in rules:
        kin.setdefault(rule["indicator"], []).append(rule)
    now = {(row["indicator"], row["part"]): row for row in judged}
    standing = {row["criterion"]: row["verdict"] for row in criteria}

    def criterion_with(again: list[Row], rule: Row) -> str:
        """Verdict of the criterion with these rows for the indicator; empty where it stays."""
        rest = [row for row in judged if row["indicator"] != rule["indicator"]]
        found = criteria_rows([*rest, *again], declared, rule["year"], rule_set, standing)
        after = next((str(c["verdict"]) for c in found if c["criterion"] == rule["criterion"]), "")
        return "" if after == standing.get(rule["criterion"]) else after

    found, hang = [], set()
    for rule in rules:
        if not _is_open(rule, kin[rule["indicator"]], now):
            continue
        own = _row(rule, now[key_of(rule)])
        if not rule["threshold"]:
            found.append(own)
        elif tried := _tried(rule, kin[rule["indicator"]], index, now, ranges):
            end, after, again = tried
            hang |= {key_of(row) for row in again if row["verdict"] != now[key_of(row)]["verdict"]}
            found.append(own | {"after": after, "tried": end, "criterion_after": criterion_with(again, rule)})
    return (
        sorted(found, key=lambda row: (not row["threshold"], not row["criterion_after"], _distance(now[key_of(row)]))),
        {key for key in hang if now[key]["verdict"] in CONCLUSIVE},
    )


def _is_open(rule: Row, kin: list[Row], now: Mapping[Key, Row]) -> bool:
    """Whether the threshold is nobody's checked one, is the row's own, and has a value of the commune to be compared with."""
    if rule["confidence"] == CHECKED or rule["applies"] == "no" or (rule["join"] and not rule["threshold"]):
        return False
    if any(_is_shared(rule, whole) for whole in kin):
        return False
    rows = [now[key_of(r)] for r in kin if r is rule or _is_shared(r, rule)]
    return any(row["value"] and row["value"] not in STATUSES for row in rows)


def _tried(
    rule: Row, kin: list[Row], index: Index, now: Mapping[Key, Row], ranges: Ranges
) -> tuple[str, str, list[Row]] | None:
    """The end of the range at which the row or its indicator gets another verdict, that verdict, and the rows judged so."""
    for end in ends(rule, ranges):
        changed = [{**r, "threshold": end} if r is rule or _is_shared(r, rule) else r for r in kin]
        again = judge_rows(index, changed, rule["year"])
        then = {key_of(row): row["verdict"] for row in again}
        for key in (key_of(rule), (rule["indicator"], "")):
            if key in then and then[key] != now[key]["verdict"]:
                return end, then[key], again
    return None


def ends(rule: Row, ranges: Ranges) -> Iterable[str]:
    """The two values, lower and higher, between which the true threshold may lie; fewer where one is no threshold of its kind."""
    by, threshold = ranges.get(rule["kind"], {}), fraction(rule["threshold"])
    if rule["kind"] == "rating":
        words = rule["scale"].split("|")
        at = words.index(rule["threshold"]) if rule["threshold"] in words else -1
        return [words[n] for n in (at - 1, at + 1) if at >= 0 and 0 <= n < len(words)]
    if threshold is None or not by:
        return []
    step = (
        Fraction(str(by.get("points") or by.get("steps") or 0))
        + threshold * Fraction(str(by.get("percent") or 0)) / 100
    )
    most = Fraction(100) if rule["kind"] == "share" else threshold + step
    around = max(Fraction(0), threshold - step), min(most, threshold + step)
    return [decimal_text(value) for value in around if value != threshold]


def _is_shared(part: Row, whole: Row) -> bool:
    """Whether the threshold of a part is that of the whole, whose every item must be there at once."""
    return whole["join"] == "every-item" and is_part_of(part["part"], whole["part"])


def _row(rule: Row, own: Row) -> Row:
    place = ("year", "criterion", "indicator", "part", "threshold")
    return {c: rule[c] for c in place} | {"verdict": own["verdict"], "tried": "", "after": "", "criterion_after": ""}


def _distance(row: Row) -> tuple[bool, Fraction]:
    """How near the value of a row of ``indicators`` is to its threshold, in parts of it; last where that cannot be said."""
    margin, threshold = fraction(row["margin"]), fraction(row["threshold"])
    if margin is None or not threshold:
        return True, Fraction(0)
    return False, abs(margin / threshold)
