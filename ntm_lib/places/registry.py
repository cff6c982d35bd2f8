"""Every commune, ward and township before and after 1/7/2025, and which became which.

Light on purpose (csv only): names that people type are resolved before anything heavy is loaded.
The rows come from ``data/raw/communes/registry.csv``; ``registry.yml`` beside it says where that is
from and what is doubtful in it. A code names one place before the reorganisation and often another
after it, so a unit is a code *and* a period.
"""

import csv
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import collation_key, date, translator
from ntm_lib.text.names import bare_key, clean_text, slug, spelling_key

COLUMNS = [
    "code",
    "kind",
    "name",
    "district_code",
    "district",
    "province_code",
    "province",
    "latitude",
    "longitude",
    "valid_from",
    "valid_to",
    "successors",
    "doubtful",
    "point_doubtful",
]
REORGANISED = "2025-07-01"
LAST_DAY_BEFORE = "2025-06-30"
SHOWN = 12  # candidates in a message; more do not help to choose
LISTED = 60  # rows in a listing on the terminal

# Words that say what a place is. A name may begin with one when its marks are left out: Phương Độ, Xà Phiên.
_KINDS = {
    "xa": "xã",
    "phuong": "phường",
    "thi tran": "thị trấn",
    "tt": "thị trấn",
    "dac khu": "đặc khu",
    "huyen": "huyện",
}
_UPPER = ("thanh pho", "thi xa", "huyen", "quan", "tinh", "tp", "tx")
_CODE = re.compile(r"\d{5}|H\d{4}")


class Unit(NamedTuple):
    """A row of the registry. All text; ``district`` is empty after 1/7/2025, when districts ended."""

    code: str
    kind: str  # xã, phường, thị trấn, đặc khu; huyện: an island district without communes
    name: str  # without the kind
    district_code: str
    district: str
    province_code: str
    province: str
    latitude: str
    longitude: str
    valid_from: str  # ISO date; empty: not known, before 2025-07-01
    valid_to: str  # ISO date; empty: still valid
    successors: tuple[str, ...]
    doubtful: tuple[str, ...]  # successors whose link the source may have taken from a namesake
    point_doubtful: str  # yes, or empty

    @property
    def full_name(self) -> str:
        """``xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang``; an island district had no communes and stands once."""
        upper = [p[:1].lower() + p[1:] for p in (self.district, self.province) if p]
        return ", ".join(dict.fromkeys([f"{self.kind} {self.name}", *upper]))

    @property
    def slug(self) -> str:
        return slug(self.name)


class Link(NamedTuple):
    """What became of a unit: ``how`` is whole, part (it was divided) or doubtful (divided, and see ``Unit.doubtful``)."""

    unit: Unit
    how: str


def units() -> tuple[Unit, ...]:
    """All rows, by code, the older of two periods first."""
    return _read(*_file())


def _file() -> tuple[Path, int]:
    """The file, and when it was written: what is kept of it ends with it."""
    path = paths.communes_folder() / "registry.csv"
    return path, os.stat(path).st_mtime_ns if path.is_file() else 0


def is_there() -> bool:
    """Whether there is a registry at all."""
    return (paths.communes_folder() / "registry.csv").is_file()


def find(text: str) -> list[Unit]:
    """Units that ``text`` may mean: a code, or a name with or without marks, kind, district, province.

    ``hùng mỹ``, ``HUNG MY``, ``xã Hùng Mỹ, huyện Chiêm Hóa`` and ``02314`` all find the same one. Marks
    that are written must fit; where nothing fits so, they are left out of account; at last a
    name that only contains the words is taken.
    """
    return called(text) or _containing(clean_text(text))


def called(text: str) -> list[Unit]:
    """Units of which ``text`` is the code or the whole name; a part of a name is none."""
    wanted = clean_text(text)
    if _CODE.fullmatch(wanted.upper()):
        return [u for u in units() if u.code == wanted.upper()]
    return _matching(wanted)


def resolve(text: str, on_date: str = "", language: str = "vi") -> Unit:
    """The one unit that ``text`` means, of those valid on the ISO date ``on_date`` where one is given.

    Raises NtmError with the candidates where there are several, and with what to do where there is none.
    """
    found = [u for u in find(text) if valid(u, on_date)]
    if len(found) == 1:
        return found[0]
    t, shown = translator(language), clean_text(text)
    if found:
        raise _refusal(
            t("“{text}” có thể là {n} đơn vị hành chính khác nhau.").format(text=shown, n=len(found)),
            t("Gồm:"),
            found,
            t(
                "Hãy ghi mã 5 chữ số (COMMUNE=02314, hoặc NAME=02314 với make template), hoặc thêm huyện, tỉnh, ví dụ: “xã Hùng Mỹ, huyện Chiêm Hóa”."
            ),
            language,
        )
    raise _refusal(
        t("Không có xã, phường nào tên “{text}” trong danh mục hành chính.").format(text=shown),
        t("Gần giống:"),
        find(text) or _similar(text),
        t('Hãy kiểm tra chính tả, hoặc tìm bằng: make communes FIND="tên xã".'),
        language,
    )


def valid(unit: Unit, on_date: str) -> bool:
    """Whether the unit existed on an ISO date; always true for the empty date."""
    return not on_date or (unit.valid_from <= on_date and (not unit.valid_to or on_date <= unit.valid_to))


def predecessors(code: str) -> list[Link]:
    """Units before 1/7/2025 that went into the unit ``code`` of today, whole or in part."""
    return [Link(u, _how(u, code)) for u in _origins(*_file()).get(code, [])]


def successors(code: str) -> list[Link]:
    """Units of today that the unit ``code`` of before 1/7/2025 became; several where it was divided."""
    unit = at(code, LAST_DAY_BEFORE)
    became = [(to, at(to, REORGANISED)) for to in unit.successors] if unit else []
    return [Link(other, _how(unit, to)) for to, other in became if unit and other]


def at(code: str, on_date: str) -> Unit | None:
    """The unit with this code on an ISO date, if there was one."""
    return next((unit for unit in of_code(code) if valid(unit, on_date)), None)


def of_code(code: str) -> list[Unit]:
    """The units that have had this code, without reading the other thirteen thousand."""
    path, written = _file()
    if not path.is_file():
        return []
    _, *found = _text(path, written).split(f"\n{code},")
    return [_unit([code, *row]) for row in csv.reader(rest.partition("\n")[0] for rest in found)]


def regions_of(units: Iterable[Unit]) -> set[str]:
    """Codes of the regions in which units lie (``rules/regions.yml``): one of today where those it was made of lay, since
    the provinces of today reach over regions."""
    from ntm_lib.rules.files import read_yaml  # YAML is not needed to find a name

    path = paths.rules_folder() / "regions.yml"
    provinces = {
        old.province_code
        for unit in units
        for old in ([unit] if unit.valid_to else [link.unit for link in predecessors(unit.code)])
    }
    return {code for code, of in read_yaml(path).items() if provinces & {*of}} if path.is_file() else set()


def listing(rows: list[Unit], language: str = "vi") -> str:
    """Rows as text for the terminal: code, name, place, period, and what became of them or what they were made of."""
    t = translator(language)
    if not rows:
        return t(
            "Không tìm thấy đơn vị nào. Có thể gõ không dấu, hoặc chỉ một phần của tên. Danh mục gồm các đơn vị từ ngày 30/6/2025; xã đã sáp nhập trước đó không còn trong danh mục."
        )
    lines = [line for unit in _ordered(rows)[:LISTED] for line in _described(unit, language)]
    if len(rows) > LISTED:
        lines.append(t("… và {n} đơn vị khác; hãy thêm huyện hoặc tỉnh để tìm hẹp hơn.").format(n=len(rows) - LISTED))
    return "\n".join(lines)


def _how(unit: Unit, code: str) -> str:
    if len(unit.successors) == 1:
        return "whole"
    return "doubtful" if code in unit.doubtful else "part"


# --- reading -------------------------------------------------------------------------------------


@cache
def _text(path: Path, _written: int) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _read(path: Path, written: int) -> tuple[Unit, ...]:
    header, *rows = csv.reader(_text(path, written).splitlines())
    if header != COLUMNS:
        raise ValueError(f"{path.name}: columns {header}, expected {COLUMNS}")
    return tuple(map(_unit, rows))


def _unit(row: list[str]) -> Unit:
    cells: list[Any] = [*row[:11], _split(row[11]), _split(row[12]), row[13]]
    return Unit(*cells)


def _split(codes: str) -> tuple[str, ...]:
    return tuple(codes.split(";")) if codes else ()


def _bare_names() -> tuple[str, ...]:
    return _bare_names_of(*_file())


@cache
def _bare_names_of(path: Path, written: int) -> tuple[str, ...]:
    """Bare names in the order of ``units()``; made in one go, since 13,000 calls would take longer than the search."""
    names = "|".join(u.name for u in _read(path, written))
    return tuple(" ".join(_words(name)) for name in bare_key(names).split("|"))


@cache
def _by_name(path: Path, written: int, heard: bool) -> dict[str, list[Unit]]:
    names: dict[str, list[Unit]] = {}
    for unit, name in zip(_read(path, written), _bare_names_of(path, written), strict=True):
        names.setdefault(_as_heard(name) if heard else name, []).append(unit)
    return names


@cache
def _origins(path: Path, written: int) -> dict[str, list[Unit]]:
    origins: dict[str, list[Unit]] = {}
    for unit in _read(path, written):
        for code in unit.successors:
            origins.setdefault(code, []).append(unit)
    return origins


# --- matching ------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    """Syllables without punctuation; apostrophes join (Ia H'Drai), numbers lose their zeros (Phường 04)."""
    plain = re.sub(r"[^\w\s]|_", " ", re.sub(r"['’ʼ]", "", text))
    return [w.lstrip("0") or "0" if w.isdigit() else w for w in plain.split()]


def _matching(wanted: str) -> list[Unit]:
    """Units of the name, read as strictly as the text allows: marks as written, without marks, y as i."""
    head, *places = (_words(part) for part in wanted.split(","))
    for with_name in (_written, _bare, _heard):
        for kind, words in _kind_and_words(head):
            for length in [len(words)] if places else range(len(words), 0, -1):
                above = places or [words[length:]]
                found = [u for u in with_name(words[:length]) if _fits(u, kind, above)]
                if found:
                    return found
    return []


def _kind_and_words(words: list[str]) -> list[tuple[str, list[str]]]:
    """Readings of the words: as they stand (Phương Độ, Xà Phiên), and without the kind that leads them."""
    readings = [("", words)]
    for length in (1, 2):
        kind = _KINDS.get(bare_key(" ".join(words[:length])))
        if kind and len(words) > length:
            readings.append((kind, words[length:]))
    return readings


def _written(words: list[str]) -> list[Unit]:
    return [u for u in _bare(words) if _marks_fit(words, _words(u.name))]


def _bare(words: list[str]) -> list[Unit]:
    return _by_name(*_file(), False).get(bare_key(" ".join(words)), [])


def _heard(words: list[str]) -> list[Unit]:
    return _by_name(*_file(), True).get(_as_heard(bare_key(" ".join(words))), [])


def _as_heard(bare: str) -> str:
    """Mĩ for Mỹ, Lí for Lý: both are in use."""
    return bare.replace("y", "i")


def _marks_fit(written: list[str], names: list[str]) -> bool:
    """A syllable written without any mark fits all; one with marks must be the same word (Hoá is Hóa)."""
    return all(
        w.casefold() == bare_key(w) or spelling_key(w) == spelling_key(n) for w, n in zip(written, names, strict=True)
    )


def _fits(unit: Unit, kind: str, above: list[list[str]]) -> bool:
    """Whether the kind and the places above (huyện, tỉnh; in one run of words or apart) are the unit's."""
    if kind and unit.kind != kind:
        return False
    district, province = _place(unit.district), _place(unit.province)
    allowed = {district, province, f"{district} {province}".strip()}
    return all(_place(" ".join(words)) in allowed for words in above if words)


def _place(text: str) -> str:
    """Bare name of districts and provinces, without the words for what they are."""
    return re.sub(rf"\b({'|'.join(_UPPER)})\b", " ", " ".join(_words(bare_key(text)))).strip().replace("  ", " ")


def _containing(wanted: str) -> list[Unit]:
    words = f" {' '.join(_words(bare_key(wanted)))} "
    return [u for u, name in zip(units(), _bare_names(), strict=True) if words.strip() and words in f" {name} "]


def _similar(text: str) -> list[Unit]:
    from difflib import get_close_matches

    head = " ".join(_kind_and_words(_words(bare_key(text.split(",")[0])))[-1][1])
    near = set(get_close_matches(head, set(_bare_names()), n=3, cutoff=0.8))
    return [u for u, name in zip(units(), _bare_names(), strict=True) if name in near]


# --- wording -------------------------------------------------------------------------------------


def _ordered(rows: list[Unit]) -> list[Unit]:
    return sorted(rows, key=lambda u: (collation_key(u.province), collation_key(u.district), u.code, u.valid_from))


def _line(unit: Unit, language: str) -> str:
    t = translator(language)
    period = (
        t("đến {day}").format(day=date(unit.valid_to, language))
        if unit.valid_to
        else t("từ {day}").format(day=date(unit.valid_from, language))
    )
    return f"{unit.code}  {unit.full_name} ({period})"


def _described(unit: Unit, language: str) -> list[str]:
    t = translator(language)
    lines = [_line(unit, language)]
    for link in successors(unit.code) if unit.valid_to else []:
        how = {"whole": t("toàn bộ vào"), "part": t("một phần vào"), "doubtful": t("một phần (nghi vấn) vào")}[link.how]
        lines.append(f"       → {how} {link.unit.code} {link.unit.full_name}")
    for link in predecessors(unit.code) if not unit.valid_to else []:
        how = {"whole": t("toàn bộ"), "part": t("một phần"), "doubtful": t("một phần (nghi vấn)")}[link.how]
        lines.append(f"       ← {how} {link.unit.code} {link.unit.full_name}")
    return lines


def _refusal(first: str, intro: str, candidates: list[Unit], hint: str, language: str) -> NtmError:
    t = translator(language)
    lines = [first]
    if candidates:
        lines += [intro, *(f"  {_line(u, language)}" for u in _ordered(candidates)[:SHOWN])]
    if len(candidates) > SHOWN:
        lines.append(t("  … và {n} đơn vị khác").format(n=len(candidates) - SHOWN))
    return NtmError("\n".join([*lines, hint]))
