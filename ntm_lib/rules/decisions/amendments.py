"""Amendments in running prose: «sửa đổi chỉ tiêu 15.4 … như sau», «thay cụm từ … bằng …», «bãi bỏ …», «bổ sung … sau …».

Each sentence becomes items like the rows of a table. What of it was not understood is a doubt of its item; a sentence of
which not even the indicator is known is kept whole. None is passed over.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ntm_lib.language import Translate
from ntm_lib.office.pieces import Piece
from ntm_lib.rules.decisions.annex_file import kind_of
from ntm_lib.rules.decisions.annex_match import Ours
from ntm_lib.rules.decisions.annex_rows import (
    MARK,
    NUMBER,
    NUMBERED,
    OUT,
    QUOTE,
    SLOT,
    VERB,
    Item,
    Line,
    N,
    Sentence,
    bare,
    sentences,
)
from ntm_lib.rules.decisions.annex_values import read_value
from ntm_lib.rules.files import read_yaml
from ntm_lib.rules.sets import RuleSet
from ntm_lib.text.names import clean_text, spelling_key

# fmt: off
_OF = r"(?:cụm từ|từ|số|mức|nội dung|tỷ lệ|chỉ tiêu)?\s*"
_TO = r"(?:được )?(?:thay )?(?:lên |xuống )?(?:bằng|thành|là|bởi|lên|xuống|còn)"
_REPLACED = re.compile(rf"(?:thay(?: thế)? (?:các )?{_OF}|sửa đổi {_OF}|từ ){SLOT}\s*{_TO}\s*{_OF}{SLOT}", re.I)
_TAKEN_OUT = re.compile(rf"{OUT} (?:các )?{_OF}{SLOT}", re.I)
_PUT_IN = re.compile(rf"bổ sung (?:thêm )?{_OF}{SLOT}\s*(?:vào )?(?:ngay )?(sau|trước) {_OF}{SLOT}", re.I)
_AS_FOLLOWS = re.compile(r"như sau\s*:?|(?:thành|là)\s*:?(?=\s*[“«])", re.I)
_REPEALED = re.compile(rf"{OUT}(?: toàn bộ)?(?: các)? (?:nội dung )?chỉ tiêu", re.I)
_AMOUNT = r"([≥≤<>]? ?\d+(?:[.,]\d+)? ?%?)"
_FROM_TO = re.compile(rf"từ {_AMOUNT} (lên thành|xuống còn|lên|xuống|thành) {_AMOUNT}(?=[\s.,;]|$)")
# What an amendment says beside its numbers, its words in quotes and its columns.
_EXPECTED = re.compile(
    r"chỉ tiêu(?: số)?|tiêu chí(?: số)? \d+(?: (?:về|[-–]) [^,;⟦⟧()]*?(?=,|;|$| tại | thuộc | của | như sau| phụ lục))?"
    r"|(?:tại |của )?(?:bảng|mục|phần|phụ lục)(?: số)? (?:[ivx]+|\d+)(?!\w)|bộ tiêu chí quốc gia(?: về)?"
    r"|(?:về )?xã nông thôn mới(?: nâng cao| kiểu mẫu)?|giai đoạn \d{4} ?[-–] ?\d{4}|(?:được )?ban hành kèm theo"
    r"|quyết định(?: số)? \S+|ngày \d+ tháng \d+ năm \d+|của thủ tướng chính phủ"
    rf"|(?<!\w)(?:{VERB}|cụm từ|cột|nội dung|tên(?: gọi)?|mức(?: đạt)?|yêu cầu|như sau|tại|thuộc|của|trong|ở|và|vào|sau|trước|được"
    r"|các|bằng|thành|là|điều|khoản|điểm)(?!\w)", re.I)
_CUT = re.compile(r":\s*|\s+(?=[≥≤<>])|\s+(?=(?:đạt|từ|tối thiểu|tối đa|ít nhất|không quá)\s+[≥≤]?\s*\d)|\s+(?=đạt\W*$)|\s+là\s+", re.I)
_REST = re.compile(r"^(?:các )?(?:vùng|khu vực|nhóm|xã)?\s*(?:còn lại|khác)\s*:?\s*", re.I)
_LED = r"(?:(?:đối với|áp dụng (?:cho|đối với)|các|vùng|khu vực|xã(?: thuộc)?)\s+)*"
# fmt: on


@dataclass(frozen=True, slots=True)
class Amended:
    """What was understood; sentences of no known indicator; sentences about other sets of criteria."""

    items: tuple[Item, ...] = ()
    unplaced: tuple[Sentence, ...] = ()
    elsewhere: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """The rule set that is amended: its kind (``nâng cao``, "" the basic one), annex, indicators and columns."""

    kind: str
    annex: str
    known: Mapping[tuple[str, str], Mapping[str, str]]  # what each indicator and part is
    columns: tuple[str, ...]
    words: Mapping[str, str]  # how a decision names a column → its code
    standing: Mapping[
        tuple[str, str, str], tuple[str, str]
    ]  # (indicator, part, column) → operator and number of our files

    def name(self, number: str) -> str:
        return self.known.get((number, ""), {}).get("name_vi", "")


def target_of(rules: RuleSet, ours: Ours) -> Target:
    """The rule set as the sentences are read against it."""
    articles = (re.match(r"phụ lục \w+", text, re.I) for text in rules.thresholds["article"])
    annexes = Counter(found[0].casefold() for found in articles if found).most_common(1)
    words = read_yaml(rules.folder.parent / "heads.yml")["columns"]
    standing = {
        key: (row["operator"], row["threshold"])
        for key in ours.thresholds.keys() | ours.national.keys()
        if (row := ours.standing(key, ours.day) or ours.nation(key, ours.day))
    }
    return Target(
        kind_of(rules), annexes[0][0] if annexes else "", ours.indicators, tuple(ours.columns),
        {text: code for code, texts in words.items() for text in texts}, standing,
    )  # fmt: skip


def amended(pieces: Iterable[Piece], target: Target, in_tables: frozenset[str], t: Translate) -> Amended:
    """The amendments that stand in sentences. ``in_tables``: indicators whose new text stands in a table that was read."""
    items: list[Item] = []
    unplaced: list[Sentence] = []
    elsewhere: list[Sentence] = []
    own = {target.kind, target.annex}
    for sentence in sentences(pieces):
        if sentence.before_table and in_tables and sentence.numbers <= in_tables:
            continue
        if sentence.scope and not sentence.scope & own:
            elsewhere.append(sentence)
            continue
        found = list(_Reader(sentence, target, t).items())
        if not sentence.scope:
            found = _doubted(found, t("văn bản không nói câu này sửa bộ tiêu chí nào"))
        elif sentence.scope - own:
            found = _doubted(found, t("câu này nói đến nhiều bộ tiêu chí: chưa rõ là của bộ nào"))
        for item in found:  # a later sentence goes on from the wording of an earlier one
            row = {**target.known.get((item.number, ""), {}), "name_vi": item.line.text}
            target = (
                replace(target, known={**target.known, (item.number, ""): row})
                if item.line.text and target.name(item.number)
                else target
            )
        items += found
        unplaced += [] if found else [sentence]
    counts = Counter(item.number for item in items)
    again = t("nhiều câu cùng sửa chỉ tiêu này: hãy so từng câu")
    return Amended(
        tuple(one for i in items for one in (_doubted([i], again) if counts[i.number] > 1 else [i])),
        tuple(unplaced),
        tuple(elsewhere),
    )


def _doubted(items: Iterable[Item], *why: str) -> list[Item]:
    return [replace(item, doubts=[*item.doubts, *why]) for item in items]


# ---------------------------------------------------------------- what a sentence says


@dataclass(slots=True)
class _Reader:
    """Reads one sentence. ``told``: its text with a slot for each of its ``quotes``; ``numbers``: indicators named outside of these."""

    sentence: Sentence
    target: Target
    t: Translate
    quotes: list[str] = field(default_factory=list)
    told: str = ""
    numbers: list[str] = field(default_factory=list)

    def items(self) -> Iterator[Item]:
        """The indicators that the sentence changes, and how; none where it names none that can be found."""
        self.told = QUOTE.sub(self._slot, _FROM_TO.sub(r"từ “\1” \2 “\3”", self.sentence.text))
        self.numbers = sorted(set(NUMBERED.findall(self.told)))
        for pattern, change in (
            (_REPLACED, self._replacement),
            (_PUT_IN, self._insertion),
            (_TAKEN_OUT, self._removal),
        ):
            if match := pattern.search(self.told):
                rest = self.told.replace(match[0], " ")
                yield from (replace(item, doubts=[*self._odd(rest), *item.doubts]) for item in change(match, rest))
                return
        head = self.sentence.head
        if match := _AS_FOLLOWS.search(head):
            odd = self._odd(QUOTE.sub(" ", head[: match.start()]))
            lines = [line for line in (head[match.end() :], *self.sentence.body) if line.strip(" :“”«»")]
            named = sorted(set(NUMBERED.findall(head[: match.start()])))
            yield from (replace(item, doubts=[*odd, *item.doubts]) for item in self._new_texts(lines, named))
        elif _REPEALED.search(self.told) and not self.quotes:
            why = self.t("văn bản bãi bỏ chỉ tiêu này: chương trình không tự bỏ, hãy báo người giữ bộ quy định")
            yield from (Item(n, self._line(n, ""), columns=(), doubts=[why]) for n in self.numbers)
        elif NUMBER.match(bare(head)):
            yield from self._new_texts([head, *self.sentence.body], ())
        else:
            yield from self._not_understood(sorted({*self.numbers, *self.sentence.numbers}))

    def _slot(self, match: re.Match[str]) -> str:
        self.quotes.append(clean_text(match[1]).strip(" .;"))
        return f"⟦{len(self.quotes) - 1}⟧"

    def _odd(self, rest: str) -> list[str]:
        """A doubt naming what is none of the words that amendments are made of: a condition, a date, a group."""
        text = re.sub(rf"^(?:{MARK}\s+)+", "", re.sub(SLOT, " ", rest))
        for words in sorted(self.target.words, key=len, reverse=True):
            text = re.sub(rf"{_LED}(?<!\w){re.escape(words)}(?!\w)", " ", text, flags=re.I)
        left = re.findall(r"\w+", NUMBERED.sub(" ", _EXPECTED.sub(" ", text)))
        return [self.t("câu còn chữ chưa hiểu: {words}").format(words=" ".join(left))] if left else []

    def _line(self, number: str, text: str, values: Mapping[str, str] | None = None, kind: str = "indicator") -> Line:
        place = self.sentence.place
        line = Line(kind, number, number.partition(".")[0], text, replace(place, text=self.sentence.text))
        line.values |= values or {}
        line.cells |= {code: replace(place, text=value) for code, value in (values or {}).items()}
        return line

    def _valued(self, number: str, values: Mapping[str, str], doubts: list[str]) -> Item:
        """New thresholds of an indicator whose wording stays."""
        line = self._line(number, self.target.name(number), values)
        return Item(number, line, columns=tuple(values), doubts=doubts, reworded=False)

    def _not_understood(self, numbers: Iterable[str], text: str = "") -> Iterator[Item]:
        why = self.t("câu sửa đổi chưa hiểu hết: hãy đọc câu, tự điền dấu và mức của từng cột")
        for number in numbers:
            yield self._valued(number, dict.fromkeys(self.target.columns, text or self.sentence.text), [why])

    def _replacement(self, match: re.Match[str], rest: str) -> Iterator[Item]:
        """Other words in the wording of an indicator, or another threshold in the columns that have the old one."""
        old, new = (self.quotes[int(n)] for n in match.groups())
        was, now = read_value(old), read_value(new)
        if was is None or now is None or "words" in (was.form, now.form):
            yield from self._reworded(old, lambda name: _swap(name, old, new))
            return
        asked = self._columns_in(rest)
        for number in self.numbers:
            held = {code: self.target.standing.get((number, "", code), ("", "")) for code in self.target.columns}
            alike = {c for c in held if held[c][1] == was.number and was.operator in ("", held[c][0])}
            columns = asked or alike or set(held)
            doubts = []
            if columns - alike:
                doubts.append(self.t("câu thay mức «{old}», tệp của ta ghi mức khác").format(old=old))
            if not asked and alike < set(held):
                doubts.append(self.t("câu không nói vùng nào; tệp của ta chỉ có mức này ở một số vùng"))
            yield self._valued(number, {c: new for c in self.target.columns if c in columns}, doubts)

    def _columns_in(self, text: str) -> set[str]:
        """Columns that a sentence names; what is short for one (``ĐBSH``) only in capitals."""
        forms = (
            (words, code, " " in words) for words, code in self.target.words.items() if code in self.target.columns
        )
        return {
            c
            for w, c, long in forms
            if re.search(rf"(?<!\w){re.escape(w if long else w.upper())}(?!\w)", text, re.I if long else 0)
        }

    def _insertion(self, match: re.Match[str], rest: str) -> Iterator[Item]:
        new, beside = self.quotes[int(match[1])], self.quotes[int(match[3])]
        both = f"{beside} {new}" if match[2].casefold() == "sau" else f"{new} {beside}"
        return self._reworded(beside, lambda name: _swap(name, beside, both))

    def _removal(self, match: re.Match[str], rest: str) -> Iterator[Item]:
        old = self.quotes[int(match[1])]
        return self._reworded(old, lambda name: _swap(name, old, ""))

    def _reworded(self, old: str, change: Callable[[str], str]) -> Iterator[Item]:
        """Another wording of each indicator named, or of those that have the words; the threshold stays as it is."""
        key, known = spelling_key(old), self.target.known
        having = [i for (i, part), row in known.items() if not part and key and key in spelling_key(row["name_vi"])]
        for number in self.numbers or having:
            name = self.target.name(number)
            new, doubts = change(name), []
            if new == name:
                doubts.append(
                    self.t("nội dung trong tệp của ta không có (hoặc có nhiều lần) cụm từ «{old}»").format(old=old)
                )
            if re.findall(r"\d+", new) != re.findall(r"\d+", name):
                doubts.append(self.t("cụm từ có con số: mức có thể cũng đổi"))
            yield Item(number, self._line(number, new), columns=(), doubts=doubts)

    # ------------------------------------------------------------ new text

    def _new_texts(self, lines: Sequence[str], named: Sequence[str]) -> Iterator[Item]:
        """The items of the text that follows ``như sau``: each begins with its number, or there is one number only."""
        groups: list[tuple[str, list[str]]] = []
        for line in lines:
            text = bare(line).strip(" ;“”«»")
            if begin := NUMBER.match(text):
                groups.append((begin[1], [text[begin.end() :]]))
            elif groups:
                groups[-1][1].append(text)
            elif len(named) == 1:
                groups.append((named[0], [text]))
            else:
                yield from self._not_understood(named)
                return
        for number, texts in groups:
            yield self._new_text(number, texts, named)
        beside = re.findall(
            rf"(?:sau|trước) chỉ tiêu(?: số)? ({N})", self.sentence.head, re.I
        )  # where a new one is put
        yield from self._not_understood(sorted({*named} - {number for number, _ in groups} - {*beside}))

    def _new_text(self, number: str, texts: Sequence[str], named: Sequence[str]) -> Item:
        """One indicator as it is written anew: its wording, and its threshold for all or for each of the columns."""
        about, doubts = self.target.known.get((number, "")), []
        if about is None:
            doubts.append(
                self.t("chỉ tiêu này chưa có trong tệp của ta: nhận vào thì phải sửa cả indicators_total của set.yml")
            )
        elif number not in named:
            doubts.append(self.t("số của chỉ tiêu không có ở đầu câu"))
        kind, columns = about["kind"] if about else "", self.target.columns
        whole = "\n".join([texts[0], *(text.lstrip("-–+• ") for text in texts[1:])])
        for cut in _CUT.finditer(whole):
            name, values = (
                re.sub(r"\s+đạt$", "", whole[: cut.start()].strip(" ,;:")),
                self._values(whole[cut.end() :], kind),
            )
            if values is not None and self._is_wording(name, number):
                doubts += self._of_all(number, values)
                return Item(number, self._line(number, name, values), columns=tuple(values), doubts=doubts)
        subs = [self._sub(text, kind) for text in texts[1:]]
        if subs and all(subs):
            line = self._line(number, texts[0].strip(" :"), dict.fromkeys(columns, ""))
            doubts += [why for sub in subs if sub for why in self._of_all(number, sub.values)]
            return Item(number, line, [sub for sub in subs if sub], columns=columns, doubts=doubts)
        if len(texts) == 1 and not re.search(r"\d|[≥≤<>%“”]", whole):
            doubts.append(self.t("câu chỉ ghi nội dung, không ghi mức"))
            return Item(number, self._line(number, whole.strip(" .:")), columns=(), doubts=doubts)
        return _doubted(self._not_understood([number], clean_text(whole)), *doubts)[0]

    def _is_wording(self, name: str, number: str) -> bool:
        """Whether words before an amount are a wording alone: no other amount, no column, no figure that is not ours already."""
        figures = set(re.findall(r"\d+", name)) - set(re.findall(r"\d+", self.target.name(number)))
        return not (re.search(r"[≥≤<>%;\n]", name) or self._columns_in(name) or figures)

    def _of_all(self, number: str, values: Mapping[str, str]) -> list[str]:
        """A doubt where one amount is said of all columns and our files have several."""
        held: dict[str, set[tuple[str, str]]] = {}
        for (of, part, _), level in self.target.standing.items():
            if of == number and level[1]:
                held.setdefault(part, set()).add(level)
        many = len(values) == len(self.target.columns) and any(len(levels) > 1 for levels in held.values())
        words = self.t("câu ghi một mức cho mọi vùng, tệp của ta có mức riêng từng vùng")
        return [words] if many and len(set(values.values())) == 1 else []

    def _sub(self, text: str, kind: str) -> Line | None:
        """A part of an indicator with its own threshold: ``- Tỷ lệ hộ …: ≥ 20%``."""
        for cut in _CUT.finditer(text):
            if values := self._values(text[cut.end() :], kind):
                return self._line("", text[: cut.start()].strip(" -–+•,;:"), values, "sub")
        return None

    def _values(self, text: str, kind: str) -> dict[str, str] | None:
        """Column → the text of its threshold: one for all, or each after the name of its column; None where anything is left."""
        text = text.strip(" .;,\n“”«»")
        if not self._columns_in(text):
            return dict.fromkeys(self.target.columns, text) if _is_value(text, kind) else None
        found: dict[str, str] = {}
        for piece in filter(None, (piece.strip(" .,-–+•") for piece in re.split(r"[;\n]", text))):
            if rest := _REST.match(piece):
                columns = [c for c in self.target.columns if c not in found and c != "chung"]
                value = piece[rest.end() :].strip(" :")
            else:
                columns, value = self._columns_first(piece) or self._columns_last(piece) or ([], "")
            if not columns or not _is_value(value, kind) or found.keys() & set(columns):
                return None
            found |= dict.fromkeys(columns, value)
        return found or None

    def _columns_first(self, piece: str) -> tuple[list[str], str] | None:
        """``Đồng bằng sông Hồng, Đông Nam Bộ: ≥ 98%``."""
        names = "|".join(re.escape(words) for words in sorted(self.target.words, key=len, reverse=True))
        columns, rest = [], piece
        while match := re.match(rf"(?:,|;|và|\+)?\s*{_LED}(?P<name>{names})(?!\w)\s*", rest, re.I):
            columns.append(self.target.words[match["name"].casefold()])
            rest = rest[match.end() :]
        rest = re.sub(r"^(?::|là|đạt(?= *[≥≤<>\d])|[-–])\s*", "", rest.strip())
        return (columns, rest) if columns and len({*columns} & {*self.target.columns}) == len(columns) else None

    def _columns_last(self, piece: str) -> tuple[list[str], str] | None:
        """``≥ 98% đối với vùng Đồng bằng sông Hồng``, ``≥ 98% (ĐBSH)``."""
        match = re.fullmatch(r"(.+?)\s*(?:(?:áp dụng )?(?:đối với|cho)|ở|tại|\()\s*([^()]+)\)?", piece)
        found = self._columns_first(match[2]) if match else None
        return (found[0], match[1]) if match and found and not found[1] else None


def _is_value(text: str, kind: str) -> bool:
    """Whether a text is one threshold (of parts in brackets, too); words that are no amount only where a rating is asked."""
    value = read_value(text)
    return value is not None and not value.label and (value.form != "words" or kind == "rating")


def _swap(name: str, old: str, new: str) -> str:
    """``name`` with the words ``old``, however they are capitalised, as ``new``; as it is where they stand there not once."""
    at = name.casefold().find(old.casefold())
    if at < 0 or name.casefold().count(old.casefold()) > 1:
        return name
    words = clean_text(f"{name[:at]}{new}{name[at + len(old) :]}")
    return words[:1].upper() + words[1:] if at == 0 else words
