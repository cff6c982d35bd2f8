"""Is a row's item what its indicator's name says? Another thing under the right number is judged by the wrong threshold."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache, reduce

from ntm_lib.checks.common import Context, is_judged, problem
from ntm_lib.checks.spelling import terms
from ntm_lib.judge.observations import SEXES
from ntm_lib.problems import Field, Finding, say
from ntm_lib.text.names import clean_text, spelling_key
from ntm_lib.text.numbers import tidy

COMMON = "tỷ tỉ lệ số có được các và của theo quy định đạt chuẩn trở lên từ trên địa bàn xã là cho trong tại với đến năm hoặc về những đã thực hiện kết quả tổng người hộ"
MOST_SHARED = (
    3,
    0.5,
)  # an item of so many words of its own that shares no more of them with the name may be that of another


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


def _difference(context: Context, item: str, text: str, entry) -> Field:
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


@lru_cache(4096)
def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", spelling_key(text)))


def _has(text: str, words: str) -> bool:
    return f" {_key(words)} " in f" {text} "
