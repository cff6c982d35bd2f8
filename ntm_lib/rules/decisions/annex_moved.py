"""Questions a row of an annex that may stand in the wrong column or row, or whose figures may have lost or gained one.

The measure is what our files hold: figures of a decision differ a little from the last known, not by half, and they do
not look more like those of the next column or row than like their own. What is questioned needs a reason to be accepted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from ntm_lib.language import Translate
from ntm_lib.rules.decisions.annex_match import Proposed
from ntm_lib.tables import fraction

FAR = 2  # so many times more or less than what our files hold for the same column
FAR_FROM_OTHERS = 3  # the same, where they hold something for other columns only
LIKER = 2  # so many times nearer to the next column's figures than to those of its own
LIKER_ROW = 3  # the same for another indicator of the criterion
FAR_ALONE = 5  # the same, beside the other figures of the row, where our files hold hardly anything
FEW_COLUMNS = 3  # known columns from which those of the others can be told to be far
FEW_ROWS = 4  # rows from which a whole column can be told to be another's

Rows = Mapping[tuple[str, str, str], list[Proposed]]  # indicator, part, day from which it holds → a line a column


def questioned(lines: list[Proposed], t: Translate) -> list[Proposed]:
    """The lines; those that are new or different and may not stand in their place become doubtful, and say why."""
    rows: dict[tuple[str, str, str], list[Proposed]] = {}
    for line in lines:
        if line.column:
            rows.setdefault((line.indicator, line.part, line.valid_from), []).append(line)
    of_rows = {key: list(_odd_row(key, rows, t)) for key in rows}
    of_columns = _odd_columns(rows, t)
    done = []
    for line in lines:
        if line.column and line.state in ("new", "different"):
            row = (line.indicator, line.part, line.valid_from)
            far = _far(line, rows[row], t) if _read(line) is not None else []
            if why := [*of_rows[row], *of_columns.get(line.column, []), *far]:
                line = replace(line, state="doubtful", why=(*line.why, *why))
        done.append(line)
    return done


def _read(line: Proposed) -> Fraction | None:
    """The figure that was read."""
    return fraction(line.threshold) if re.fullmatch(r"\d+(\.\d+)?", line.threshold) else None


def _ours(line: Proposed) -> Fraction | None:
    """The figure that our files hold."""
    found = re.match(r"(?:[≥≤<>] ?)?(\d+(?:\.\d+)?)", line.standing)
    return fraction(found[1]) if found else None


def _odd_row(key: tuple[str, str, str], rows: Rows, t: Translate) -> Iterator[str]:
    """Why a whole row may not stand where it belongs: an empty cell beside figures, or another column's or row's figures."""
    row = rows[key]
    hole = any(line.state == "missing" and not line.read for line in row) and any(
        _read(line) is not None for line in row
    )
    if hole or _is_moved(row, 1) or _is_moved(row, -1):
        yield t("hàng có thể bị lệch cột: cùng hàng có ô trống hoặc mức của cột bên cạnh")
    for other, beside in rows.items():
        same_kind = other[0].partition(".")[0] == key[0].partition(".")[0] and other[:2] != key[:2]
        if same_kind and beside[0].unit == row[0].unit and _is_like(row, beside):
            words = t("các mức giống mức đang ghi của chỉ tiêu {other} hơn: có thể lẫn hàng")
            yield words.format(other=f"{other[0]}{other[1]}")
            return


def _is_moved(row: list[Proposed], by: int) -> bool:
    """Whether the figures are those of our files ``by`` columns on, rather than those in place."""
    known = [
        (read, own, there)
        for i, line in enumerate(row)
        if 0 <= i + by < len(row)
        and (read := _read(line)) is not None
        and (own := _ours(line)) is not None
        and (there := _ours(row[i + by])) is not None
    ]
    return len(known) > 2 and _nearer(known, LIKER)


def _is_like(row: list[Proposed], beside: list[Proposed]) -> bool:
    """Whether the figures of a row are those that our files hold for another row."""
    there = {line.column: _ours(line) for line in beside}
    known = [
        (read, own, other)
        for line in row
        if (read := _read(line)) is not None
        and (own := _ours(line)) is not None
        and (other := there.get(line.column)) is not None
    ]
    return len(known) > 1 and _nearer(known, LIKER_ROW)


def _nearer(known: Iterable[tuple[Fraction, Fraction, Fraction]], times: int) -> bool:
    """Of (read, ours in place, ours elsewhere): whether what was read is so many times nearer to elsewhere."""
    pairs = list(known)
    own = sum(abs(read - place) for read, place, _ in pairs)
    return sum(abs(read - elsewhere) for read, _, elsewhere in pairs) * times < own


def _odd_columns(rows: Rows, t: Translate) -> dict[str, list[str]]:
    """Columns of communes most of whose figures are clearly nearer to what our files hold for another column."""
    counts: dict[tuple[str, str], list[bool]] = {}
    seen: set[tuple[str, str]] = set()  # one row an indicator or part: many years are no many witnesses
    for (indicator, part, _), row in rows.items():
        held = {line.column: ours for line in row if (ours := _ours(line)) is not None}
        for line in row if (indicator, part) not in seen else ():
            read, own = _read(line), held.get(line.column)
            for other, there in held.items():
                if read is None or own is None:
                    continue
                here, away = abs(read - own), abs(read - there)
                if here > away * LIKER or away > here * LIKER:
                    counts.setdefault((line.column, other), []).append(away < here)
        seen.add((indicator, part))
    found: dict[str, list[str]] = {}
    for (column, other), nearer in counts.items():
        if sum(nearer) >= FEW_ROWS and sum(nearer) > nearer.count(False) * 3 and column not in found:
            words = t("các mức của cột này giống mức đang ghi của cột {other} hơn: có thể đổi chỗ cột")
            found[column] = [words.format(other=other)]
    return found


def _alone(line: Proposed, row: list[Proposed], t: Translate) -> list[str]:
    """Why a figure of a row that our files know little of is far from all the others of the row."""
    read = _read(line)
    beside = [other for one in row if one is not line and (other := _read(one)) is not None]
    near = read is None or len(beside) < 2 or (min(beside) <= read * FAR_ALONE and read <= max(beside) * FAR_ALONE)
    return [] if near else [t("cách xa các mức khác cùng hàng: có thể mất hoặc thừa chữ số")]


def _far(line: Proposed, row: list[Proposed], t: Translate) -> list[str]:
    """Why a figure may have lost or gained one: it is far from what our files hold, of other columns if not of its own."""
    read, own = _read(line), _ours(line)
    held = [own] if own is not None else [ours for other in row if (ours := _ours(other)) is not None]
    times = FAR if own is not None else FAR_FROM_OTHERS
    if own is None and len(held) < FEW_COLUMNS:
        return _alone(line, row, t)
    if read is None or (min(held) <= read * times and read <= max(held) * times):
        return []
    shown = line.standing if own is not None else f"{min(map(float, held)):g}–{max(map(float, held)):g}"
    words = t("cách xa mức đang ghi ({ours}): có thể mất hoặc thừa chữ số, hay lẫn hàng")
    return [words.format(ours=shown)]
