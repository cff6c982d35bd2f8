"""Every commune, ward and township before and after 1/7/2025, and which became which.

Light on purpose (csv only): names that people type are resolved before anything heavy is loaded.
The rows come from ``data/raw/communes/registry.csv``; ``registry.yml`` beside it says where that is
from and what is doubtful in it. A code names one place before the reorganisation and often another
after it, so a unit is a code *and* a period.
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake.names import bare_key, clean_text, slug, spelling_key
from ntm_lib.language import collation_key, date, translator

COLUMNS = [
    "code", "kind", "name", "district_code", "district", "province_code", "province", "latitude", "longitude",
    "valid_from", "valid_to", "successors", "doubtful", "point_doubtful",
]
REORGANISED = "2025-07-01"
LAST_DAY_BEFORE = "2025-06-30"
SHOWN = 12  # candidates in a message; more do not help to choose
LISTED = 60  # rows in a listing on the terminal

# Words that say what kind of place a name is; a name may itself begin with none of the first group.
_KINDS = {"xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "tt": "thị trấn", "dac khu": "đặc khu"}
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
        """``xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang``."""
        upper = [p[:1].lower() + p[1:] for p in (self.district, self.province) if p]
        return ", ".join([f"{self.kind} {self.name}", *upper])

    @property
    def slug(self) -> str:
        return slug(self.name)


class Link(NamedTuple):
    """What became of a unit: ``how`` is whole, part (it was divided) or doubtful (divided, and see ``Unit.doubtful``)."""

    unit: Unit
    how: str


def units() -> tuple[Unit, ...]:
    """All rows, by code, the older of two periods first."""
    return _read(paths.communes_folder() / "registry.csv")


def find(text: str) -> list[Unit]:
    """Units that ``text`` may mean: a code, or a name with or without marks, kind, district, province.

    ``hùng mỹ``, ``HUNG MY``, ``xã Hùng Mỹ, huyện Chiêm Hóa`` and ``02314`` all find the same one. Marks
    that are written must fit; where nothing fits so, they are left out of account; at last a
    name that only contains the words is taken.
    """
    wanted = clean_text(text)
    if _CODE.fullmatch(wanted.upper()):
        return [u for u in units() if u.code == wanted.upper()]
    words = _words(wanted)
    if not words:
        return []
    for fits in (_spelled, _bare, _sounding):
        found = _named(words, fits)
        if found:
            return found
    return [u for u, names in _index() if f" {' '.join(map(bare_key, words))} " in f" {' '.join(names.bare)} "]


def resolve(text: str, on_date: str = "", language: str = "vi") -> Unit:
    """The one unit that ``text`` means, of those valid on the ISO date ``on_date`` where one is given.

    Raises NtmError with the candidates where there are several, and with what to do where there is none.
    """
    found = [u for u in find(text) if valid(u, on_date)]
    if len(found) == 1:
        return found[0]
    t = translator(language)
    if not found:
        near = find(text) or _similar(text)
        message = t("Không có xã, phường nào tên “{text}” trong danh mục hành chính.").format(text=clean_text(text))
        hint = t("Hãy kiểm tra chính tả, hoặc tìm bằng: make communes FIND=\"tên xã\".")
        return _refuse([message, *_candidates(t("Gần giống:"), near, language), hint])
    message = t("“{text}” có thể là {n} đơn vị hành chính khác nhau.").format(text=clean_text(text), n=len(found))
    hint = t("Hãy ghi mã 5 chữ số, hoặc thêm huyện, tỉnh, ví dụ: “xã Hùng Mỹ, huyện Chiêm Hóa”.")
    return _refuse([message, *_candidates(t("Gồm:"), found, language), hint])


def valid(unit: Unit, on_date: str) -> bool:
    """Whether the unit existed on an ISO date; always true for the empty date."""
    return not on_date or (unit.valid_from <= on_date and (not unit.valid_to or on_date <= unit.valid_to))


def predecessors(code: str) -> list[Link]:
    """Units before 1/7/2025 that went into the unit ``code`` of today, whole or in part."""
    return [Link(u, _how(u, code)) for u in units() if code in u.successors]


def successors(code: str) -> list[Link]:
    """Units of today that the unit ``code`` of before 1/7/2025 became; several where it was divided."""
    unit = at(code, LAST_DAY_BEFORE)
    return [Link(at(to, REORGANISED), _how(unit, to)) for to in unit.successors] if unit else []


def at(code: str, on_date: str) -> Unit | None:
    """The unit with this code on an ISO date, if there was one."""
    return next((u for u in units() if u.code == code and valid(u, on_date)), None)


def listing(rows: list[Unit], language: str = "vi") -> str:
    """Rows as text for the terminal: code, name, place, period, and what became of them or what they were made of."""
    t = translator(language)
    if not rows:
        return t("Không tìm thấy đơn vị nào. Có thể gõ không dấu, hoặc chỉ một phần của tên.")
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
def _read(path: Path) -> tuple[Unit, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        if header != COLUMNS:
            raise ValueError(f"{path.name}: columns {header}, expected {COLUMNS}")
        return tuple(Unit(*row[:11], _split(row[11]), _split(row[12]), row[13]) for row in rows)


def _split(codes: str) -> tuple[str, ...]:
    return tuple(codes.split(";")) if codes else ()


class _Names(NamedTuple):
    spelled: list[str]  # syllables of the name, marks kept
    bare: list[str]  # without marks


@cache
def _index() -> list[tuple[Unit, _Names]]:
    return [(u, _Names([spelling_key(w) for w in words], [bare_key(w) for w in words])) for u in units() for words in [_words(u.name)]]


# --- matching ------------------------------------------------------------------------------------
