"""Sets each indicator of an annex beside ours: same, different, new, missing or doubtful. Decides nothing, writes nothing.

An indicator is matched by number and by wording; a value must fit the kind of the indicator, its unit and the
direction in which it is compared. What does not fit is doubtful, and says why.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ntm_lib.language import Translate
from ntm_lib.office.pieces import Cell
from ntm_lib.rules.decisions.annex_fit import (
    Proposed,
    Row,
    State,
    day_before,
    fitted,
    kind_word,
    looser,
    odd_beside,
    standing_words,
)
from ntm_lib.rules.decisions.annex_rows import Item, Line, likeness
from ntm_lib.rules.decisions.annex_values import Value, is_scanned, plain_text, read_value
from ntm_lib.rules.sets import THRESHOLD_COLUMNS, Threshold
from ntm_lib.text.names import spelling_key

OTHER_WORDS = 0.45  # below: number and wording speak of different things


@dataclass(frozen=True, slots=True)
class Ours:
    """What our files hold: indicators on the day, thresholds (of the province before those of the nation), the layer
    that the annex is of, and between which days its values hold."""

    indicators: Mapping[tuple[str, str], Row]
    thresholds: Mapping[tuple[str, str, str], list[Row]]
    national: Mapping[tuple[str, str, str], list[Row]]
    layer: str
    columns: Mapping[str, str]  # code of the set → code in the annex
    day: str
    end: str
    amends: bool = False

    def standing(self, key: tuple[str, str, str], day: str) -> Row | None:
        return self._on(self.thresholds, key, day)

    def nation(self, key: tuple[str, str, str], day: str) -> Row | None:
        return self._on(self.national, key, day)

    @staticmethod
    def _on(rows: Mapping[tuple[str, str, str], list[Row]], key: tuple[str, str, str], day: str) -> Row | None:
        return next((r for r in rows.get(key, []) if r["valid_from"] <= day <= (r["valid_to"] or "9999")), None)

    def parts(self, indicator: str) -> list[Row]:
        """Parts of an indicator that have thresholds of their own."""
        about = self.indicators.get((indicator, ""), {})
        if about.get("join") not in ("all", "any"):
            return []
        return [r for (i, part), r in self.indicators.items() if i == indicator and part and not r["join"]]


def proposed(items: Sequence[Item], ours: Ours, whole: bool, t: Translate) -> list[Proposed]:
    """Every indicator and threshold of the annex beside ours; of a ``whole`` set also ours that the annex lacks."""
    found = [
        line
        for item in items
        for line in sorted(_of_item(item, ours, t), key=lambda line: (line.level.part, line.level.valid_from))
    ]
    if whole:
        found += _years_lacking(found, ours, t)
        seen = {(line.level.indicator, line.level.part, line.level.column) for line in found}
        by_whole = {line.level.indicator for line in found if line.level.column and not line.level.part}
        for key, rows in ours.thresholds.items():
            if key in seen or key[0] in by_whole or key[2] not in ours.columns:
                continue
            row = next((r for r in rows if r["valid_from"] <= ours.day <= (r["valid_to"] or "9999")), None)
            if row is not None and ours.indicators.get(key[:2], {}).get("name_confidence") != "unknown":
                why = (t("phụ lục không có mức này"),)
                found.append(_line("missing", row, ours, read="", standing=standing_words(row), why=why))
    return found


def _years_lacking(found: list[Proposed], ours: Ours, t: Translate) -> Iterator[Proposed]:
    """Thresholds of single years that our files hold and the annex, which has others by year, does not."""
    read: dict[tuple[str, str, str], set[str]] = {}
    for line in found:
        if line.level.column and line.level.valid_from[:4] == line.level.valid_to[:4]:
            read.setdefault((line.level.indicator, line.level.part, line.level.column), set()).add(
                line.level.valid_from[:4]
            )
    for key, years in read.items():
        for row in ours.thresholds.get(key, []):
            year = row["valid_from"][:4]
            if year == row["valid_to"][:4] and year not in years and row["valid_to"] >= ours.day:
                why = t("phụ lục không có mức của năm {year}").format(year=year)
                yield _line("missing", row, ours, read="", standing=standing_words(row), why=(why,))


def _line(state: State, row: Row, ours: Ours, **more: object) -> Proposed:
    about = ours.indicators.get((row["indicator"], row.get("part", "")), {})
    level = Threshold(**{c: row.get(c, "") for c in THRESHOLD_COLUMNS})
    base = Proposed(state, level, about.get("name_vi", ""), about.get("kind", ""), "", "", 0, "")
    return replace(base, **more)  # type: ignore[arg-type]


def _of_item(item: Item, ours: Ours, t: Translate) -> Iterator[Proposed]:
    about = ours.indicators.get((item.number, ""))
    if item.columns is not None:
        ours = replace(ours, columns={code: code for code in item.columns})
    doubts = (*item.doubts, *(_identity(item, ours, t) if item.reworded and item.line.text else ()))
    derived = _derived(item, about)
    if derived is None and about is not None and ours.amends and (changed := _changed_kind(item, about)):
        derived, words = changed, t("loại của chỉ tiêu đổi từ {old} sang {new}: nhận cả dòng «tên, loại»")
        doubts = (*doubts, words.format(old=kind_word(about["kind"], t), new=kind_word(changed["kind"], t)))
    if item.reworded:
        yield _name_line(item, about, derived, doubts, t, ours)
    about = about if derived is None else derived
    if about is None:
        return
    for code, column in ours.columns.items():
        for key, value, cell, year in _readings(item, column, about, ours, t):
            yield _threshold(item, (*key, code), value, cell, year, about, doubts, ours, t)


def _changed_kind(item: Item, about: Row) -> Row | None:
    """What an indicator is from now on, where an amendment words it anew and its values are of another kind."""
    changed = _derived(item, about | {"name_confidence": "unknown"})
    other = changed is not None and changed["kind"] not in ("", about["kind"]) and not about["join"]
    return changed if other and item.reworded and _plain(item.line.text) != _plain(about["name_vi"]) else None


def unplaced(sentence: str, place: Cell, why: str, ours: Ours, t: Translate) -> Proposed:
    """A line for a sentence of which not even the indicator is known."""
    row = {"indicator": "", "valid_from": ours.day}
    return _line("doubtful", row, ours, read=sentence, place=place_words(place, t), page=place.page, why=(why,))


def _identity(item: Item, ours: Ours, t: Translate) -> tuple[str, ...]:
    """Why number and wording may not speak of one indicator; what stands under TT may not either."""
    doubts = []
    about = ours.indicators.get((item.number, ""))
    own = likeness(item.line.text, about["name_vi"]) if about and about["name_vi"] else None
    others = {
        i: likeness(item.line.text, r["name_vi"]) for (i, p), r in ours.indicators.items() if not p and i != item.number
    }
    best = max(others, key=lambda i: others[i], default="")
    if best and others[best] >= OTHER_WORDS and others[best] > (own or 0) + 0.1:
        words = t("nội dung giống chỉ tiêu {other} hơn ({name}): số đã đổi hoặc ghi nhầm")
        doubts.append(words.format(other=best, name=ours.indicators[best, ""]["name_vi"]))
    elif own is not None and own < OTHER_WORDS:
        words = t("số là của chỉ tiêu «{name}», nội dung lại khác hẳn")
        doubts.append(words.format(name=about["name_vi"] if about else ""))
    criterion = item.line.criterion
    if criterion.isdigit() and criterion != item.number.partition(".")[0]:
        doubts.append(t("cột TT ghi tiêu chí {criterion}, chỉ tiêu ghi {number}").format(criterion=criterion, number=item.number))  # fmt: skip
    return tuple(doubts)


def _derived(item: Item, about: Row | None) -> Row | None:
    """What an indicator is by its values, where our files do not know it yet; None where they do."""
    if about is not None and about["name_confidence"] != "unknown":
        return None
    values = [value for text in item.line.values.values() if (value := read_value(text)) is not None]
    forms = {v.form for v in values} - {"province", "ministry"}
    units = {v.unit for v in values if v.form == "number"}
    kind = {"met": "status", "none": "none", "level": "level"}.get(next(iter(forms)), "") if len(forms) == 1 else ""
    unit = "mức độ" if kind == "level" else ""
    if forms == {"number"} and len(units) == 1:
        unit = next(iter(units))
        kind = "share" if unit == "%" else "growth" if unit.startswith("%") else "number" if unit else ""
    base = about or dict.fromkeys(("part", "join", "scale", "applies_if", "valid_from", "valid_to", "name_vi"), "")
    return base | {"indicator": item.number, "kind": kind, "unit": unit, "name_confidence": "unknown"}


def _name_line(
    item: Item, about: Row | None, derived: Row | None, doubts: tuple[str, ...], t: Translate, ours: Ours
) -> Proposed:
    """The line of the indicator itself: its wording, and its kind where that is new."""
    standing = about["name_vi"] if about else ""
    why = list(doubts)
    key = _plain(item.line.text)
    for mark, column, wanted in (
        ("cả nam và nữ", "both_sexes", t("phụ lục ghi «cả nam và nữ»; tệp của ta không ghi như vậy")),
        ("(nếu có)", "applies_if", t("phụ lục ghi «(nếu có)»; tệp của ta chưa nói khi nào chỉ tiêu áp dụng")),
    ):
        if (
            about is not None
            and derived is None
            and spelling_key(mark) in spelling_key(item.line.text)
            and not about[column]
        ):
            why.append(wanted)
    sexes = _plain("cả nam và nữ")
    if about is not None and key and sexes in _plain(standing) and sexes not in key:
        why.append(t("tệp của ta ghi «cả nam và nữ»; văn bản không còn ghi như vậy"))
    if derived is not None and not derived["kind"]:
        why.append(t("không suy được loại của chỉ tiêu từ các mức: hãy ghi dòng này vào indicators.csv bằng tay"))
    same = _plain(item.line.text) == _plain(standing)
    state: State = "doubtful" if why else "new" if not standing else "same" if same else "different"
    about_now = derived or about or {}
    row = {"indicator": item.number, "unit": about_now.get("unit", ""), "valid_from": ours.day}
    return _line(
        state, row, ours, name=item.line.text, kind=about_now.get("kind", ""),
        read=item.line.text or item.line.place.text, place=place_words(item.line.place, t), page=item.line.place.page, standing=standing, why=tuple(why),
    )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(spelling_key("".join(c if c.isalnum() else " " for c in text)).split())


Reading = tuple[tuple[str, str], Value | str, Cell | None, int]  # (indicator, part), value or doubt, cell, year


def _readings(item: Item, column: str, about: Row, ours: Ours, t: Translate) -> Iterator[Reading]:
    """Each value of the item in one column: of the whole, of a part or of a year; a text is why none could be read."""
    parts = ours.parts(item.number)
    whole, cell = _value(item.line, column, t)
    if item.years:
        for line in item.years:
            value, at = _value(line, column, t)
            yield (item.number, ""), value, at, line.year
        return
    if isinstance(whole, Value) and whole.years:
        for year, value in whole.years:
            yield (item.number, ""), value, cell, year
        return
    if not parts:
        odd = item.subs and about["join"] != "every-item"
        words = t("các dòng con có mức riêng, chỉ tiêu của ta thì không chia phần")
        yield (item.number, ""), words if odd or (isinstance(whole, Value) and whole.parts) else whole, cell, 0
        return
    yield from _of_parts(item, column, whole, cell, parts, t)


def _of_parts(
    item: Item, column: str, whole: Value | str, cell: Cell | None, parts: list[Row], t: Translate
) -> Iterator[Reading]:
    """Values of an indicator that is joined from parts; each goes to the part whose wording it has."""
    labelled: list[tuple[str, Value | str, Cell | None]] = []
    if isinstance(whole, Value) and whole.parts:
        labelled = [(whole.label, replace(whole, parts=()), cell), *((label, v, cell) for label, v in whole.parts)]
    labelled += [(line.text, *_value(line, column, t)) for line in item.subs]
    if not labelled:
        if isinstance(whole, Value) and whole.form in ("province", "ministry"):
            yield from (((item.number, part["part"]), whole, cell, 0) for part in parts)
            return
        settled = isinstance(whole, Value) and whole.form == "met"
        words = t("một mức cho chỉ tiêu có nhiều phần: chưa rõ là của phần nào")
        yield (item.number, ""), whole if settled or isinstance(whole, str) else words, cell, 0
        return
    free = list(parts)
    placed: list[tuple[Row | None, Value | str, Cell | None]] = []
    for label, value, at in sorted(labelled, key=lambda entry: not entry[0]):  # those with words choose first
        part = _part_named(label, free, parts) if label else (free[0] if len(free) == 1 else None)
        if part is not None:
            free.remove(part)
        placed.append((part, value, at))
    named = Counter(part["part"] for label, _, _ in labelled if label and (part := _part_named(label, parts, parts)))
    for part, value, at in placed:
        if part is None or named[part["part"]] > 1:
            yield (item.number, ""), t("không rõ mức này là của phần nào"), at, 0
        else:
            yield (item.number, part["part"]), value, at, 0


def _part_named(label: str, free: list[Row], parts: list[Row]) -> Row | None:
    """The one part of those still free whose name holds most words of the label, more than any other part's."""
    words = set(_plain(label).split())
    scores = {r["part"]: (len(words & set(_plain(r["name_vi"]).split())), likeness(label, r["name_vi"])) for r in parts}
    best = max(scores, key=lambda p: scores[p])
    rivals = [p for p in scores if p != best and scores[p] == scores[best]]
    return next((r for r in free if r["part"] == best and not rivals and scores[best][0] * 2 >= len(words)), None)


def _value(line: Line, column: str, t: Translate) -> tuple[Value | str, Cell | None]:
    cell = line.cells.get(column)
    if column not in line.values or cell is None:
        return t("hàng này thiếu ô của cột"), None
    text = line.values[column]
    if not text:
        return "", cell
    if cell.rows > 1 and any(c.isdigit() for c in text):
        return t("ô gộp qua nhiều dòng: chưa rõ số là của chỉ tiêu nào"), cell
    if cell.columns > 1 and any(line.cells.get(c) is not cell for c in line.cells) and any(c.isdigit() for c in text):
        return t("ô gộp qua một số cột: chưa rõ số là của cột nào"), cell
    if is_scanned(text):
        return t("chữ lẫn trong số (O thay 0, l thay 1): bản nhận dạng từ ảnh, số có thể sai"), cell
    value = read_value(text)
    return (t("không đọc được: không phải một cách ghi mức đã biết") if value is None else value), cell


def _threshold(
    item: Item, key: tuple[str, str, str], value: Value | str, cell: Cell | None, year: int, about: Row,
    doubts: tuple[str, ...], ours: Ours, t: Translate,
) -> Proposed:  # fmt: skip
    """One threshold beside ours."""
    about = ours.indicators.get(key[:2], about) if key[1] else about
    start = max(ours.day, f"{year}-01-01") if year else ours.day
    standing = ours.standing(key, start)
    nation = ours.nation(key, start) if ours.layer == "province" else standing
    end = f"{year}-12-31" if year else (standing or {}).get("valid_to") or about.get("valid_to") or ours.end
    later = [r["valid_from"] for r in ours.thresholds.get(key, []) if start < r["valid_from"] <= end]
    end = day_before(min(later)) if later else end
    row = dict(zip(("indicator", "part", "column"), key, strict=True))
    row |= {"valid_from": start, "valid_to": end, "set_by": ours.layer}
    row |= {"operator": (standing or nation or {}).get("operator", ""), "threshold": "", "unit": about["unit"]}
    text = next((plain_text(line.values.get(ours.columns[key[2]], "")) for line in _lines(item, cell)), "")
    shown = {"read": text, "standing": standing_words(standing), "kind": about["kind"]}
    shown |= {"place": place_words(cell, t), "name": item.line.text}
    page = cell.page if cell else item.line.place.page
    if value == "":
        return _line("missing", row, ours, **shown, page=page, why=(t("ô để trống trong phụ lục"),))
    why = list(doubts)
    if isinstance(value, str):
        why.append(value)
    else:
        if key[1] == "" and ours.parts(key[0]):
            return _of_whole(row, value, ours, shown, page, why, t)
        changes, faults = fitted(_rating_in_words(value, item, about), about, row["operator"], t)
        row |= changes
        why += [*faults, *odd_beside(value, item, t), *_yearless(key, year, ours, t)]
        if ours.layer == "province" and nation is not None and looser(row, nation):
            why.append(t("thấp hơn mức của trung ương ({value})").format(value=standing_words(nation)))
    state = _state(row, standing, nation, why)
    return _line(state, row, ours, **shown, page=page, why=tuple(why))


def _rating_in_words(value: Value, item: Item, about: Row) -> Value:
    """``Đạt`` of an indicator whose own wording names the rating («… hoàn thành tốt nhiệm vụ trở lên»): that rating."""
    if value.form != "met" or about["kind"] != "rating":
        return value
    text = spelling_key(item.line.text)
    named = [
        spelling_key(word)
        for word in about["scale"].split("|")
        if f"{spelling_key(word)} {spelling_key('trở lên')}" in text
    ]
    return Value("words", ">=", words=max(named, key=len)) if named else value


def _of_whole(
    row: Row, value: Value, ours: Ours, shown: dict[str, str], page: int, why: list[str], t: Translate
) -> Proposed:
    """One word for an indicator that is joined from parts, whose own values stand elsewhere: nothing to take over."""
    state: State = "doubtful" if why else "same"
    words = t("theo các phần của chỉ tiêu")
    met = {"operator": "=", "threshold": "met"} if value.form == "met" else {"operator": ""}
    return _line(state, row | met, ours, **(shown | {"standing": words}), page=page, why=tuple(why))


def _lines(item: Item, cell: Cell | None) -> Iterator[Line]:
    lines = [item.line, *item.subs, *item.years]
    yield from (line for line in lines if cell is not None and any(c is cell for c in line.cells.values()))


def _yearless(key: tuple[str, str, str], year: int, ours: Ours, t: Translate) -> list[str]:
    """Our files have one threshold a year, the annex one without a year."""
    starts = {r["valid_from"][:4] for r in ours.thresholds.get(key, []) if r["valid_to"][:4] == r["valid_from"][:4]}
    if len(starts) > 1 and not year:
        return [t("tệp của ta có mức riêng từng năm, phụ lục không ghi năm")]
    return []


def _state(row: Row, standing: Row | None, nation: Row | None, why: list[str]) -> State:
    if why:
        return "doubtful"
    before = standing or nation
    if before is None or (not before["threshold"] and row["threshold"]):
        return "new"
    same = all(row[c] == before[c] for c in ("operator", "threshold", "unit"))
    if not row["threshold"]:
        same = before["set_by"] == row["set_by"]  # the value of a ministry or province stands in its own document
    return "same" if same else "different"


def place_words(cell: Cell | None, t: Translate) -> str:
    """``trang 3, bảng 2, hàng 5, cột 4``; of a sentence ``đoạn 12``."""
    if cell is None:
        return ""
    words = (
        t("đoạn {number}").format(number=cell.row)
        if not cell.table
        else t("bảng {table}, hàng {row}, cột {column}").format(table=cell.table, row=cell.row, column=cell.column)
    )
    return f"{t('trang {page}').format(page=cell.page)}, {words}" if cell.page else words
