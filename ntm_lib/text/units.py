"""Units that officials write, their one form, and conversion to the unit the tables use."""

import re
from fractions import Fraction
from typing import NamedTuple

# đồng as it is written behind nghìn, triệu, tỷ.
_DONG = r"(?:đồng(?! (?:hồ|chí|bào|ruộng))|đ|₫|vnđ|vnd)"
# Things that are counted, so never a fraction of one. A noun that is not here may still be a unit.
COUNTS = (
    "hộ", "nhân khẩu", "khẩu", "người", "lao động", "học sinh", "trẻ", "cháu", "em", "cán bộ", "công chức", "thôn", "bản", "xóm", "ấp",
    "tiêu chí", "chỉ tiêu", "con", "lồng", "loa", "trạm", "trường", "lớp", "phòng", "công trình", "cơ sở", "HTX", "hợp tác xã",
    "tổ hợp tác", "sản phẩm", "mô hình", "nhà", "chuyên mục", "lần", "vụ", "sân", "cổng", "cầu", "chợ", "đoàn viên", "tổ", "xã",
    "thành viên", "đồng hồ", "sự cố", "thuê bao", "tổ chức", "mức độ", "loại", "lĩnh vực", "bãi", "ca", "TC",
)  # fmt: skip
_COUNTS = "|".join(sorted(COUNTS, key=len, reverse=True))
# A bare «45 triệu» is money; «2 triệu lượt», «45 triệu USD» are not.
_MONEY_ONLY = rf"(?!\s*(?:usd|us\$|đô|\$|lượt|cây|{_COUNTS})(?!\w))"
# Unit of the tables → spellings (as regular expressions) → how many of the unit one of them is.
_MEASURES: dict[str, dict[str, Fraction]] = {
    "%": {r"%|phần trăm": Fraction(1), r"‰|phần nghìn": Fraction(1, 10)},
    "điểm phần trăm": {r"điểm\s*(?:%|phần trăm)": Fraction(1)},
    "km": {r"km|ki-?lô-?mét": Fraction(1), r"m|mét": Fraction(1, 1000)},
    "triệu đồng": {
        rf"(?:triệu|tr\s*\.?)\s*{_DONG}|(?:triệu|tr){_MONEY_ONLY}": Fraction(1),
        rf"(?:tỷ|tỉ)\s*\.?\s*{_DONG}|(?:tỷ|tỉ){_MONEY_ONLY}": Fraction(1000),
        rf"(?:nghìn|ngàn)\s*{_DONG}|(?:nghìn|ngàn)(?=\s*(?:/|[,;)]|$))": Fraction(1, 1000),
        _DONG: Fraction(1, 1000000),
    },
    "USD": {r"(?:(?:nghìn|ngàn|triệu|tỷ|tỉ)\s*)?(?:usd|us\$|\$|đô-?\s?la(?:\s*mỹ)?|đô)": Fraction(1)},
    "ha": {r"ha|héc\s*-?\s*ta": Fraction(1)},
    "m²": {r"m2|m²": Fraction(1)},
    "km²": {r"km2|km²": Fraction(1)},
    "m³": {r"m3|m³": Fraction(1)},
    "lít": {r"lít": Fraction(1)},
    "tấn": {r"tấn": Fraction(1), r"tạ": Fraction(1, 10), r"kg": Fraction(1, 1000)},
    "kW": {r"kw": Fraction(1)},
    "kV": {r"kv": Fraction(1)},
    "giờ": {r"giờ": Fraction(1)},
    "điểm": {r"điểm": Fraction(1)},
}
# A lone dot before three digits is a thousands dot everywhere but where whole thousands are out of
# the question or a small share is as likely: there it cannot be told and is asked about.
SMALL = ("%", "km", "tỷ đồng", "m²/người")
# What one of the unit is reckoned by. Every «/…» belongs to the unit: a worker or a quarter is no person, no year.
_BY = r"(?:đầu người|ng|người dân|người lao động|người|nhân khẩu|khẩu|hộ gia đình|hộ|lao động|năm|tháng|quý|ngày đêm|ngày|ha|vụ|sào)"
_PER = (
    rf"(?P<per>(?:\s*/\s*(?:\d{{1,2}}\s*(?:tháng|năm|ngày|quý)|{_BY}(?!\w|[.,]\w)|(?!tổng)[^\W\d_]+ [^\W\d_]+(?=\s*(?:[/,;)]|$))|(?!tổng)[^\W\d_]+[23²³]?)(?![\w]|[.,]\w)"
    rf"|\s+(?:(?:tính )?(?:trên|cho) )?(?:mỗi|một|hằng|hàng) {_BY}(?!\w))*)"
)
PER = re.compile(rf"/\s*{_BY}(?!\w|[.,]\w)", re.IGNORECASE)
_TIMES = frozenset(("năm", "tháng", "quý", "ngày"))
_SAME = {
    "đầu người": "người", "ng": "người", "người dân": "người", "người lao động": "lao động", "nhân khẩu": "người",
    "khẩu": "người", "hộ gia đình": "hộ",
}  # fmt: skip
_PATTERNS = [
    (re.compile(rf"(?:{spelling})(?:(?<=[%‰$₫])|(?![\w²³])){_PER}", re.IGNORECASE), name, factor)
    for name, factor, spelling in sorted(
        ((name, factor, spelling) for name, forms in _MEASURES.items() for spelling, factor in forms.items()),
        key=lambda row: -len(row[2]),
    )
]
_COUNT = re.compile(rf"(?P<name>{_COUNTS})(?!\w){_PER}", re.IGNORECASE)
_NOUN = re.compile(r"[^\W\d_]+(?:\s*/\s*[^\W\d_][\w²³]*)?")
_SHORT = {"htx": "HTX", "hợp tác xã": "HTX", "tc": "tiêu chí"}


class Unit(NamedTuple):
    """``name`` in the tables; ``factor`` of it that one of the written unit is; ``written`` as read."""

    name: str
    factor: Fraction
    kind: str  # measure, count, noun (a noun that is no known unit), none
    written: str

    @property
    def is_small(self) -> bool:
        in_metres = self.name == "km" and self.factor < 1  # 5.600 m are five thousand and six hundred
        return (
            (self.name in SMALL and not in_metres)
            or self.factor == 1000
            or (self.factor == 1 and self.name.startswith("triệu đồng/"))
        )

    @property
    def base(self) -> str:
        return self.name.split("/")[0]

    @property
    def per(self) -> list[str]:
        """What one of it is reckoned by: ``triệu đồng/người/năm`` → người, năm."""
        return self.name.split("/")[1:]


NO_UNIT = Unit("", Fraction(1), "none", "")


def read_unit(text: str) -> Unit:
    """The unit with which ``text`` begins: ``tr.đồng`` → triệu đồng, ``hộ chăn nuôi`` → hộ, ``cổng chào`` → cổng."""
    rest = text.strip()
    for pattern, name, factor in _PATTERNS:
        if found := pattern.match(rest):
            return Unit(name + _per(found["per"]), factor, "measure", found[0])
    if found := _COUNT.match(rest):
        name = found["name"].lower()
        return Unit(_SHORT.get(name, name) + _per(found["per"]), Fraction(1), "count", found[0])
    if found := _NOUN.match(rest):
        return Unit(re.sub(r"\s*/\s*", "/", found[0]), Fraction(1), "noun", found[0])
    return NO_UNIT


def reckoned(unit: Unit, by: str) -> Unit:
    """The unit with what words further behind reckon it by: «02 chuyên mục về bình đẳng giới/ tháng» → chuyên mục/tháng."""
    return unit._replace(name=unit.name + _per(by)) if by else unit


def _per(text: str) -> str:
    """`` / đầu người một năm`` → ``/người/năm``."""
    parts = re.split(r"\s*/\s*|\s*\b(?:tính |trên |cho )*(?:mỗi|một|hằng|hàng)\s", text.lower())
    by = [_SAME.get(part.strip(), part.strip()) for part in parts if part.strip()]
    return "".join(
        f"/{part}" for part in sorted(by, key=lambda part: part in _TIMES)
    )  # đồng/năm/người is đồng/người/năm
