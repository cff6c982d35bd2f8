"""Which of several rows for one indicator is the threshold, and which lost. Pure: rows in, row out.

A row is a dict of text with ``set_by``, ``operator``, ``threshold``, ``scale``, ``valid_from``,
``confidence``. Nothing is read here, and nothing is known of communes.
"""

from fractions import Fraction

from ntm_lib.model import Row
from ntm_lib.tables import CONFIDENCES, fraction

UPWARDS, DOWNWARDS = (">=", ">"), ("<=", "<")


def stricter(row: Row, other: Row) -> bool:
    """True where whoever meets ``row`` always meets ``other`` too, but not the other way round.

    Rows that do not point the same way, or are not comparable, are not stricter than each other.
    """
    up = row["operator"] in UPWARDS and other["operator"] in UPWARDS
    down = row["operator"] in DOWNWARDS and other["operator"] in DOWNWARDS
    mine, theirs = _rank(row), _rank(other)
    if not (up or down) or mine is None or theirs is None:
        return False
    if mine == theirs:
        return row["operator"] in (">", "<") and other["operator"] in (">=", "<=")
    return (mine > theirs) == up


def choose(rows: list[Row], wins: dict[str, str]) -> tuple[Row, list[Row]]:
    """The row that is the threshold, and those with a value that lost, in the order of the layers.

    ``rows``: at least one, valid on the day, those of the nation's file before those of the
    province's. ``wins``: layer → ``later`` (its value replaces that of earlier layers) or
    ``stricter`` (only where it is stricter), in the order of the layers. Within a layer the row
    that begins last replaces the others. A row without a value never beats one with a value.
    """
    valued = [r for r in rows if r["threshold"]]
    if not valued:
        return _open_slot(rows), []
    latest: dict[str, Row] = {}
    lost = []
    for row in sorted(valued, key=lambda r: r["valid_from"]):
        layer = row["set_by"] if row["set_by"] in wins else next(iter(wins))
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


def _open_slot(rows: list[Row]) -> Row:
    """Without any value: the province's empty slot where the nation leaves it to the province, else the nation's row."""
    delegated = rows[0]["set_by"] == "province"
    return rows[-1] if delegated else rows[0]


def _rank(row: Row) -> Fraction | int | None:
    number = fraction(row["threshold"])
    if number is not None:
        return number
    words = row.get("scale", "").split("|")
    return words.index(row["threshold"]) if row["threshold"] in words else None
