"""Which thresholds that nobody has compared with the decision decide a verdict: those an official must check first.

Each is judged again at both ends of the range in which its true value may lie (``data/raw/rules/ranges.yml``, by kind).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from ntm_lib import paths
from ntm_lib.judge.criteria import criteria_rows
from ntm_lib.judge.indicators import judge_rows
from ntm_lib.judge.observations import STATUSES, Index
from ntm_lib.model import CONCLUSIVE, Row
from ntm_lib.rules.files import read_yaml
from ntm_lib.tables import decimal_text, fraction

CHECKED = "official"
Ranges = Mapping[str, Mapping[str, Any]]
Key = tuple[str, str]  # indicator, part


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
        own = _row(rule, now[_key(rule)])
        if not rule["threshold"]:
            found.append(own)
        elif tried := _tried(rule, kin[rule["indicator"]], index, now, ranges):
            end, after, again = tried
            hang |= {_key(row) for row in again if row["verdict"] != now[_key(row)]["verdict"]}
            found.append(own | {"after": after, "tried": end, "criterion_after": criterion_with(again, rule)})
    return (
        sorted(found, key=lambda row: (not row["threshold"], not row["criterion_after"], _distance(now[_key(row)]))),
        {key for key in hang if now[key]["verdict"] in CONCLUSIVE},
    )


def _is_open(rule: Row, kin: list[Row], now: Mapping[Key, Row]) -> bool:
    """Whether the threshold is nobody's checked one, is the row's own, and has a value of the commune to be compared with."""
    if rule["confidence"] == CHECKED or rule["applies"] == "no" or (rule["join"] and not rule["threshold"]):
        return False
    if any(_is_shared(rule, whole) for whole in kin):
        return False
    rows = [now[_key(r)] for r in kin if r is rule or _is_shared(r, rule)]
    return any(row["value"] and row["value"] not in STATUSES for row in rows)


def _tried(
    rule: Row, kin: list[Row], index: Index, now: Mapping[Key, Row], ranges: Ranges
) -> tuple[str, str, list[Row]] | None:
    """The end of the range at which the row or its indicator gets another verdict, that verdict, and the rows judged so."""
    for end in ends(rule, ranges):
        changed = [{**r, "threshold": end} if r is rule or _is_shared(r, rule) else r for r in kin]
        again = judge_rows(index, changed, rule["year"])
        then = {_key(row): row["verdict"] for row in again}
        for key in (_key(rule), (rule["indicator"], "")):
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
    return whole["join"] == "every-item" and bool(part["part"]) and part["part"].rpartition(".")[0] == whole["part"]


def _key(row: Row) -> Key:
    return row["indicator"], row["part"]


def _row(rule: Row, own: Row) -> Row:
    place = ("year", "criterion", "indicator", "part", "threshold")
    return {c: rule[c] for c in place} | {"verdict": own["verdict"], "tried": "", "after": "", "criterion_after": ""}


def _distance(row: Row) -> tuple[bool, Fraction]:
    """How near the value of a row of ``indicators`` is to its threshold, in parts of it; last where that cannot be said."""
    margin, threshold = fraction(row["margin"]), fraction(row["threshold"])
    if margin is None or not threshold:
        return True, Fraction(0)
    return False, abs(margin / threshold)
