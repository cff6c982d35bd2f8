"""Which of several thresholds of one indicator is the one that holds, and which lost. Nothing is read here, and nothing
is known of communes.
"""

from collections.abc import Mapping, Sequence

from ntm_lib.rules.sets import Threshold
from ntm_lib.tables import CONFIDENCES

UPWARDS, DOWNWARDS = (">=", ">"), ("<=", "<")


def stricter(row: Threshold, other: Threshold) -> bool:
    """True where whoever meets ``row`` always meets ``other`` too, but not the other way round.

    Rows that do not point the same way, or are not comparable, are not stricter than each other.
    """
    up = row.operator in UPWARDS and other.operator in UPWARDS
    down = row.operator in DOWNWARDS and other.operator in DOWNWARDS
    mine, theirs = row.value, other.value
    if not (up or down) or mine is None or theirs is None:
        return False
    if mine == theirs:
        return row.operator in (">", "<") and other.operator in (">=", "<=")
    return (mine > theirs) == up


def choose(rows: Sequence[Threshold], wins: Mapping[str, str]) -> tuple[Threshold, list[Threshold]]:
    """The row that is the threshold, and those with a value that lost, in the order of the layers.

    ``rows``: at least one, valid on the day, those of the nation's file before those of the
    province's. ``wins``: layer → ``later`` (its value replaces that of earlier layers) or
    ``stricter`` (only where it is stricter), in the order of the layers. Within a layer the row
    that begins last replaces the others. A row without a value never beats one with a value.
    """
    valued = [r for r in rows if r.threshold]
    if not valued:
        return _open_slot(rows), []
    latest: dict[str, Threshold] = {}
    lost: list[Threshold] = []
    for row in sorted(valued, key=lambda r: r.valid_from):
        layer = row.set_by if row.set_by in wins else next(iter(wins))
        lost += [latest[layer]] if layer in latest else []
        latest[layer] = row
    layers = [layer for layer in wins if layer in latest]
    winner = latest[layers[0]]
    for layer in layers[1:]:
        replaces = wins[layer] == "later" or stricter(latest[layer], winner)
        winner, loser = (latest[layer], winner) if replaces else (winner, latest[layer])
        lost.append(loser)
    return winner, lost


def weaker(*confidences: str) -> str:
    """The least sure of several confidences; ``""`` counts as ``unknown``."""
    return max((c or "unknown" for c in confidences), key=CONFIDENCES.index)


def _open_slot(rows: Sequence[Threshold]) -> Threshold:
    """Without any value: the province's empty slot where the nation leaves it to the province, else the nation's row."""
    return rows[-1] if rows[0].set_by == "province" else rows[0]
