"""Criteria and indicators by their names in the rule set: what a row of a form speaks of where it has no number."""

import re
from functools import cache
from typing import NamedTuple

from ntm_lib import rules
from ntm_lib.rules.crosswalk import home_sets, numbered_by
from ntm_lib.tables import records
from ntm_lib.text.names import clean_text

# Words that many names share and that tell none from another.
_COMMON = frozenset(
    [
        "tỷ", "tỉ", "lệ", "số", "các", "và", "có", "được", "theo", "trên", "của", "đạt", "từ", "trở", "lên", "quy",
        "định", "hoặc", "ít", "nhất", "đảm", "bảo", "xã", "thôn", "bản", "ấp", "xóm", "tiêu", "chí",
        "chỉ", "xây", "dựng", "nông", "mới", "địa", "bàn", "cho", "với", "về", "trong", "là",
    ]
)  # fmt: skip
_ENOUGH = 0.75  # of a row's words that a name must hold
_FEW = 5  # words, with the pairs they make, of a name that one telling word of it tells
_AHEAD = 0.1  # by which the best name must be ahead of the next


class Entry(NamedTuple):
    """An indicator (``part`` empty) or a part of one. ``count_unit``: what its numerator counts."""

    criterion: str
    indicator: str
    part: str
    words: frozenset[str]
    count_unit: str


class Names(NamedTuple):
    """The names of one rule set; empty where no set is known."""

    criteria: dict[str, frozenset[str]]
    entries: tuple[Entry, ...]

    def only_indicator(self, criterion: str) -> str:
        """The indicator of a criterion that has but one, else empty."""
        found = {e.indicator for e in self.entries if e.criterion == criterion}
        return found.pop() if len(found) == 1 else ""

    def has(self, indicator: str) -> bool:
        return any(e.indicator == indicator for e in self.entries)

    def names(self, indicator: str, text: str) -> bool:
        """Whether a text speaks of an indicator: most of its words stand in the name."""
        words = words_of(text)
        return any(_score(words, e.words) > 0.5 for e in self.entries if e.indicator == indicator)

    def count_unit(self, indicator: str, part: str) -> str:
        return next((e.count_unit for e in self.entries if (e.indicator, e.part) == (indicator, part)), "")

    def is_criterion(self, criterion: str, text: str) -> bool:
        """Whether a text is the name of the criterion, or a shorter form of it."""
        words, own = (
            {w for w in found if " " not in w} for found in (words_of(text), self.criteria.get(criterion, frozenset()))
        )
        return bool(own & words) and len(own & words) * 2 >= min(len(own), len(words))

    def criterion_called(self, text: str) -> str:
        """The criterion whose name the text is; empty where it is none."""
        words = words_of(text)
        return next((criterion for criterion, own in self.criteria.items() if words and words == own), "")

    def find(self, text: str, criterion: str = "", indicator: str = "") -> Entry | None:
        """The one entry whose name holds the words of the text: among all, those of a criterion, or the parts of an indicator."""
        words = words_of(text)
        among = [
            e for e in self.entries
            if (not criterion or e.criterion == criterion) and (not indicator or (e.indicator == indicator and e.part)) and (indicator or criterion or not e.part)
        ]  # fmt: skip
        scores = sorted(((_score(words, e.words), e) for e in among if e.words), key=lambda pair: -pair[0])
        if not words or not scores or scores[0][0] < _ENOUGH:
            return None
        if (
            len(words) == 1 and not indicator and len(scores[0][1].words) > _FEW
        ):  # «Quy hoạch» names no one of forty indicators
            return None
        rivals = [s for s, e in scores[1:] if e.indicator != scores[0][1].indicator or (e.part and scores[0][1].part)]
        return scores[0][1] if not rivals or scores[0][0] - rivals[0] >= _AHEAD else None


def words_of(text: str) -> frozenset[str]:
    """The telling words of a text and the pairs in which they stand."""
    words = [
        w for w in re.findall(r"[^\W\d_]+", clean_text(re.sub(r"\([^()]*\)", " ", text)).casefold()) if w not in _COMMON
    ]
    return frozenset([*words, *(" ".join(pair) for pair in zip(words, words[1:], strict=False))])  # noqa: RUF007


def names_of(sort: str, year: str) -> tuple[str, Names]:
    """The rule set by which a form of this year is numbered (empty where the basic one needs no naming), and its names."""
    known, number = rules.rule_sets(), int(year or 0)
    homes = home_sets({number})
    if not homes or not number:
        return "", Names({}, ())
    rule_set = numbered_by(sort, number, known, homes)
    return (rule_set if sort else ""), _names(rules.load_set(rule_set))


@cache
def _names(rule_set: rules.RuleSet) -> Names:
    rows = records(rule_set.all_indicators)
    return Names(
        {entry["id"]: words_of(entry["name"]["vi"]) for entry in rule_set.meta["criteria"]},
        tuple(
            Entry(r["criterion"], r["indicator"], r["part"], words_of(r["name_vi"]), r["count_unit"] or "")
            for r in rows
        ),
    )


def _score(words: frozenset[str], name: frozenset[str]) -> float:
    """How much of the text stands in the name; of two names that hold all of it, the shorter one is ahead."""
    common = len(words & name)
    return common / len(words) * 0.85 + common / len(name) * 0.15 if words else 0.0
