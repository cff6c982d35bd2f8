"""Whether a value that was read fits the kind, unit and direction of an indicator, and what threshold it then is."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from ntm_lib.language import Translate
from ntm_lib.rules.decisions.annex_rows import Item
from ntm_lib.rules.decisions.annex_values import Value, exact_number, read_value
from ntm_lib.rules.sets import Threshold
from ntm_lib.tables import fraction
from ntm_lib.text.names import spelling_key

Row = dict[str, str]
State = Literal["same", "different", "new", "missing", "doubtful", "refused-before"]
# What stands in place of a threshold that is not written, by who sets it.
SET_BY_WORDS = {"province": "tỉnh quy định", "ministry": "bộ, ngành quy định", "nation": "chưa biết", "": "chưa biết"}
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
_UNITS = {"tr.đ": "triệu đồng", "trđ": "triệu đồng", "triệu": "triệu đồng", "m²": "m2"}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One line of a proposal: a threshold, or (``level.column`` "") the indicator itself with its wording and kind.

    ``read`` is the text of the cell, ``place`` where it stands, ``standing`` what our files hold, ``why`` what is doubtful.
    """

    state: State
    level: Threshold
    name: str
    kind: str
    read: str
    place: str
    page: int
    standing: str
    why: tuple[str, ...] = ()


def kind_word(kind: str, t: Translate) -> str:
    """What a kind of indicators is called."""
    return {
        "share": t("tỷ lệ"),
        "number": t("con số"),
        "status": t("đạt hay chưa"),
        "none": t("không được có"),
        "level": t("mức độ"),
        "rating": t("xếp loại"),
        "growth": t("tốc độ tăng"),
    }.get(kind, "–")


def fitted(value: Value, about: Row, usual: str, t: Translate) -> tuple[Row, list[str]]:
    """Operator, threshold and unit that the value gives an indicator of this kind, and why it may not fit.

    ``usual``: the operator that our files have for it, "" where they have none."""
    kind = about["kind"]
    if value.form in ("province", "ministry"):
        return {"operator": usual, "threshold": "", "set_by": value.form}, []
    misfit = [t("không hợp với cách xét đang ghi của chỉ tiêu ({kind})").format(kind=kind_word(kind, t))]
    if value.form == "met" or kind == "status":
        return ({"operator": "=", "threshold": "met"}, [] if value.form == "met" and kind == "status" else misfit)
    if kind == "none":
        fits = value.form == "none" or (value.number == "0" and value.operator in ("", "<="))
        return {"operator": "<=", "threshold": "0"}, [] if fits else misfit
    if kind == "rating":
        known = {spelling_key(word): word for word in about["scale"].split("|")}
        word = known.get(value.words, "")
        faults = [] if word and value.form == "words" else misfit
        faults += [] if value.operator else [t("không ghi «trở lên»: chưa rõ có phải mức tối thiểu")]
        return {"operator": value.operator or ">=", "threshold": word}, faults
    if value.form not in ("number", "level") or (value.form == "level") != (kind == "level"):
        return {"threshold": value.number}, misfit
    return _amount(value, about, usual, t)


def _amount(value: Value, about: Row, usual: str, t: Translate) -> tuple[Row, list[str]]:
    faults = []
    operator = value.operator
    if not operator and value.number == "100" and value.unit == "%":
        operator = ">="
    if not operator:
        faults.append(t("không ghi dấu ≥ hay ≤"))
    elif usual and operator[0] != usual[0]:
        words = t("ghi {read}, trong khi chỉ tiêu này xét theo chiều {ours}: có thể in nhầm dấu")
        faults.append(words.format(read=_SIGNS[operator], ours=_SIGNS[usual]))
    elif not usual and operator[0] == "<":
        faults.append(t("dấu ≤ ở chỉ tiêu mà tệp của ta chưa biết chiều"))
    if not _unit_fits(value, about):
        words = t('đơn vị là "{read}", tệp của ta ghi "{ours}"')
        faults.append(words.format(read=value.unit or "–", ours=about["unit"]))
    exact = Fraction(value.number)
    if about["kind"] == "share" and not 0 <= exact <= 100:
        faults.append(t("tỷ lệ ngoài khoảng 0–100"))
    return {"operator": operator or usual, "threshold": value.number, "unit": about["unit"]}, faults


def odd_beside(value: Value, item: Item, t: Translate) -> list[str]:
    """Why an amount does not fit its row: another one there is it with a figure more, or the wording names another
    (``… đạt từ 80% trở lên``)."""
    if value.form != "number" or not value.number:
        return []
    found = []
    others = {v.number for text in item.line.values.values() if (v := read_value(text)) and v.number}
    cut = [n for n in others if n != value.number and n.startswith(value.number) and len(n) == len(value.number) + 1]
    if cut and value.number != "10":  # 10 beside 100 is no rarity
        found.append(t("cùng hàng có {other}: có thể bị mất một chữ số").format(other=cut[0]))
    if re.search(r"\.\d\d", value.number):
        found.append(t("hai chữ số sau dấu phẩy: có thể dính số của chú thích"))
    named = [exact_number(n) for n in re.findall(r"(?:từ|≥) ?(\d+(?:,\d+)?) ?%(?: trở lên)?", item.line.text)]
    if value.unit == "%" and len(named) == 1 and value.number != named[0]:
        found.append(t("nội dung ghi {named}%, ô ghi {read}%").format(named=named[0], read=value.number))
    return found


def _unit_fits(value: Value, about: Row) -> bool:
    """A share says %; another unit may stand in the wording of the indicator instead, or be cut short."""
    ours, read = about["unit"].replace(" ", ""), value.unit.replace(" ", "")
    for short, long in _UNITS.items():
        if read == short or read.startswith(f"{short}/"):
            read = read.replace(short, long.replace(" ", ""), 1)
    return read == ours if ours == "%" else not read or ours.startswith(read)


def looser(row: Row, nation: Row) -> bool:
    """Whether a province's threshold asks less than that of the nation, which may only be exceeded."""
    ours, theirs = fraction(row["threshold"]), fraction(nation["threshold"])
    if ours is None or theirs is None:
        return bool(nation["threshold"]) and not row["threshold"]
    return ours < theirs if nation["operator"].startswith(">") else ours > theirs


def standing_words(row: Row | None) -> str:
    """``≥ 80 %`` as our file has it; – where there is none."""
    if row is None:
        return "–"
    sign = _SIGNS.get(row["operator"], "").replace("=", "")
    value = {"met": "đạt", "": SET_BY_WORDS[row["set_by"]]}.get(row["threshold"], row["threshold"])
    return " ".join(filter(None, (sign if row["threshold"] else "", value, row["unit"] if row["threshold"] else "")))


def day_before(day: str) -> str:
    """The day before an ISO date."""
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()


# ---------------------------------------------------------------- lines that may stand in another place than they say


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
        if line.level.column:
            rows.setdefault((line.level.indicator, line.level.part, line.level.valid_from), []).append(line)
    of_rows = {key: list(_odd_row(key, rows, t)) for key in rows}
    of_columns = _odd_columns(rows, t)
    done = []
    for line in lines:
        row, why = (line.level.indicator, line.level.part, line.level.valid_from), list[str]()
        if line.level.column and line.state in ("new", "different", "same"):
            twice = sum(other.level.column == line.level.column and bool(other.read) for other in rows[row]) > 1
            why += [t("mức này được ghi hai lần")] if twice else []
            changes = any(other.state in ("new", "different") for other in rows[row])
            why += (
                of_rows[row] if line.state == "same" and changes else []
            )  # the same by accident, in a row that has moved
        if line.level.column and line.state in ("new", "different"):
            far = _far(line, rows[row], t) if _read(line) is not None else []
            why += [*of_rows[row], *of_columns.get(line.level.column, []), *far]
        done.append(replace(line, state="doubtful", why=(*line.why, *why)) if why else line)
    return done


def _read(line: Proposed) -> Fraction | None:
    """The figure that was read."""
    return fraction(line.level.threshold) if re.fullmatch(r"\d+(\.\d+)?", line.level.threshold) else None


def _ours(line: Proposed) -> Fraction | None:
    """The figure that our files hold."""
    found = re.match(r"(?:[≥≤<>] ?)?(\d+(?:\.\d+)?)", line.standing)
    return fraction(found[1]) if found else None


def _odd_row(key: tuple[str, str, str], rows: Rows, t: Translate) -> Iterator[str]:
    """Why a whole row may not stand where it belongs: an empty cell beside others, or another column's or row's figures."""
    row = rows[key]
    regional = [line for line in row if line.level.column != "chung"]  # what is set by region often has no common value
    hole = any(line.state == "missing" and not line.read for line in regional) and any(line.read for line in regional)
    if hole or _is_moved(row, 1) or _is_moved(row, -1):
        yield t("hàng có thể bị lệch cột: cùng hàng có ô trống hoặc mức của cột bên cạnh")
    for other, beside in rows.items():
        same_kind = other[0].partition(".")[0] == key[0].partition(".")[0] and other[:2] != key[:2]
        if same_kind and beside[0].level.unit == row[0].level.unit and _is_like(row, beside):
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
    there = {line.level.column: _ours(line) for line in beside}
    known = [
        (read, own, other)
        for line in row
        if (read := _read(line)) is not None
        and (own := _ours(line)) is not None
        and (other := there.get(line.level.column)) is not None
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
        held = {line.level.column: ours for line in row if (ours := _ours(line)) is not None}
        for line in row if (indicator, part) not in seen else ():
            read, own = _read(line), held.get(line.level.column)
            for other, there in held.items():
                if read is None or own is None:
                    continue
                here, away = abs(read - own), abs(read - there)
                if here > away * LIKER or away > here * LIKER:
                    counts.setdefault((line.level.column, other), []).append(away < here)
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
