"""Units that officials write, their one form, and conversion to the unit the tables use."""

import re
from fractions import Fraction
from typing import NamedTuple

# Unit of the tables → spellings (as regular expressions) → how many of the unit one of them is.
_MEASURES: dict[str, dict[str, Fraction]] = {
    "%": {r"%|phần trăm": Fraction(1), r"‰|phần nghìn": Fraction(1, 10)},
    "km": {r"km|ki-?lô-?mét": Fraction(1), r"m|mét": Fraction(1, 1000)},
    "triệu đồng": {
        r"triệu\s*đồng|tr\s*\.?\s*đồng|tr\s*\.?\s*đ|triệu": Fraction(1),
        r"tỷ\s*\.?\s*đồng|tỉ\s*đồng|tỷ\s*\.?\s*đ|tỷ|tỉ": Fraction(1000),
        r"nghìn\s*đồng|ngàn\s*đồng": Fraction(1, 1000),
        r"đồng|vnđ|vnd": Fraction(1, 1000000),
    },
    "ha": {r"ha|héc\s*-?\s*ta": Fraction(1)},
    "m²": {r"m2|m²": Fraction(1)},
    "km²": {r"km2|km²": Fraction(1)},
    "m³": {r"m3|m³": Fraction(1)},
    "tấn": {r"tấn": Fraction(1), r"tạ": Fraction(1, 10), r"kg": Fraction(1, 1000)},
    "kW": {r"kw": Fraction(1)},
    "kV": {r"kv": Fraction(1)},
    "giờ": {r"giờ": Fraction(1)},
    "điểm": {r"điểm": Fraction(1)},
}
# Things that are counted, so never a fraction of one. A noun that is not here may still be a unit.
COUNTS = (
    "hộ", "nhân khẩu", "khẩu", "người", "lao động", "học sinh", "trẻ", "cháu", "cán bộ", "công chức", "thôn", "bản", "xóm", "ấp",
    "tiêu chí", "chỉ tiêu", "con", "lồng", "loa", "trạm", "trường", "lớp", "phòng", "công trình", "cơ sở", "HTX", "hợp tác xã",
    "tổ hợp tác", "sản phẩm", "mô hình", "nhà", "chuyên mục", "lần", "vụ", "sân", "cổng", "cầu", "chợ", "đoàn viên", "tổ", "xã",
)  # fmt: skip
# A lone dot before three digits is a thousands dot everywhere but where whole thousands are out of
# the question or a small share is as likely: there it cannot be told and is asked about.
SMALL = ("%", "km", "tỷ đồng", "m²/người")
_PER = r"(?P<per>(?:\s*/\s*(?:người|khẩu|hộ))?(?:\s*/\s*(?:năm|tháng))?)"
_PATTERNS = [
    (re.compile(rf"(?:{spelling})(?![\w²³]){_PER}", re.IGNORECASE), name, factor)
    for name, factor, spelling in sorted(
        ((name, factor, spelling) for name, forms in _MEASURES.items() for spelling, factor in forms.items()),
        key=lambda row: -len(row[2]),
    )
]
_COUNT = re.compile(rf"(?:{'|'.join(sorted(COUNTS, key=len, reverse=True))})(?!\w)(?:\s*/\s*[^\W\d_][\w²³]*)?", re.IGNORECASE)
_NOUN = re.compile(r"[^\W\d_]+(?:\s*/\s*[^\W\d_][\w²³]*)?")


class Unit(NamedTuple):
    """``name`` in the tables; ``factor`` of it that one of the written unit is; ``written`` as read."""

    name: str
    factor: Fraction
    kind: str  # measure, count, noun (a noun that is no known unit), none
    written: str

    @property
    def is_small(self) -> bool:
        return self.name in SMALL or self.factor == 1000 or self.name.startswith("triệu đồng/")


NO_UNIT = Unit("", Fraction(1), "none", "")


def read_unit(text: str) -> Unit:
    """The unit with which ``text`` begins: ``tr.đồng`` → triệu đồng, ``hộ chăn nuôi`` → hộ, ``cổng chào`` → cổng."""
    rest = text.strip()
    for pattern, name, factor in _PATTERNS:
        if found := pattern.match(rest):
            return Unit(name + re.sub(r"\s+", "", found["per"]), factor, "measure", found[0])
    if found := _COUNT.match(rest):
        name = re.sub(r"\s*/\s*", "/", found[0].lower())
        return Unit("HTX" if name in ("htx", "hợp tác xã") else name, Fraction(1), "count", found[0])
    if found := _NOUN.match(rest):
        return Unit(re.sub(r"\s*/\s*", "/", found[0]), Fraction(1), "noun", found[0])
    return NO_UNIT


def known_unit(text: str) -> bool:
    """Whether the text begins with a measure or a thing that is counted."""
    return read_unit(text).kind in ("measure", "count")
