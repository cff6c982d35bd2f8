"""What a generator writes is what is read, or nothing is: never a third thing.

It writes a value with a unit, a spacing and separators, alone or as a fraction or beside its share, and puts
decorations round it: some that say nothing, bounds, and words by which the number is no result.
"""

from fractions import Fraction
from typing import NamedTuple

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ntm_lib.intake.row_reading import Asked, answer
from ntm_lib.tables import fraction
from ntm_lib.text.numbers import parse

SHARE, INCOME = (
    Asked("%", "Tỷ lệ hộ đạt", "share"),
    Asked("triệu đồng/người/năm", "Thu nhập bình quân đầu người", "number"),
)
COUNTED = ("hộ", "người", "thôn", "tiêu chí", "cháu", "em", "thành viên", "cơ sở")
MEASURED = {"km": 1, "ha": 1, "m2": 1, "m": Fraction(1, 1000), "tấn": 1}
MONEY = {
    "triệu đồng/người/năm": 1, "tr/người/năm": 1, "tr.đ/người/năm": 1, "trđ/người": 1, "triệu": 1, "triệu đồng/đầu người/năm": 1, "triệu/năm": 1,
    "nghìn đồng/người/năm": Fraction(1, 1000), "đ/người": Fraction(1, 10**6), "đồng/người/năm": Fraction(1, 10**6), "đ": Fraction(1, 10**6),
}  # fmt: skip
OTHER_MONEY = (
    "triệu đồng/người/tháng", "triệu đồng/hộ/năm", "tr/lao động", "triệu đồng/người/quý", "triệu đồng/người/6 tháng", "nghìn đồng/người/ngày",
    "triệu đồng/ha", "USD/người/năm", "triệu đồng/người/vụ", "triệu đồng mỗi hộ", "triệu đồng một tháng",
)  # fmt: skip
SPACES = st.sampled_from(["", " ", "\u00a0", "  "])
PLAIN = [
    ("", ""), ("đạt ", ""), ("Đã đạt ", ""), ("- ", ""), ("+ ", ""), ("(", ")"), ("“", "”"), ("Tỷ lệ: ", ""), ("", " (đạt)"), ("", "."), ("", ";"),
    ("năm 2024 đạt ", ""), ("", " (tính đến 31/12/2024)"), ("Đến hết năm 2024: ", ""), ("chiếm ", ""), ("", ", đạt yêu cầu"), ("mới đạt ", ""),
]  # fmt: skip
BOUNDS = [
    ("trên ", "", ">"), ("hơn ", "", ">"), (">", "", ">"), ("≥ ", "", ">="), ("tối thiểu ", "", ">="), ("", " trở lên", ">="), ("dưới ", "", "<"),
    ("chưa đến ", "", "<"), ("gần ", "", "<"), ("không quá ", "", "<="), ("", " trở xuống", "<="), ("đạt trên ", "", ">"), ("", " (trên)", ">"),
]  # fmt: skip
# By these the number is no result of the year: it must not be read as one.
NO_RESULT = [
    *((word + " ", "") for word in ("khoảng", "ước", "ước đạt", "ước tính", "xấp xỉ", "trên dưới", "dự kiến", "dự kiến đạt", "phấn đấu", "sẽ đạt", "cam kết",
      "đăng ký đạt", "mục tiêu", "kế hoạch", "KH", "chỉ tiêu giao", "nghị quyết giao", "năm trước", "cùng kỳ", "vượt kế hoạch", "tăng", "giảm", "tăng thêm",
      "xóa", "xây mới", "thoát nghèo", "thiếu", "không đạt", "năm 2023", "riêng thôn Rôm")),
    *(("", " " + word) for word in ("(ước)", "(khoảng)", "(ước thực hiện)", "(tạm tính)", "(dự kiến)", "(kế hoạch)", "kế hoạch", "KH", "KH huyện giao",
      "Nghị quyết", "NQ", "chỉ tiêu giao", "so với cùng kỳ", "so với kế hoạch", "so với năm trước", "(số liệu năm trước)", "trừ thôn Rôm", "không kể thôn Rôm",
      "chưa đạt", "(năm 2023)", "tăng thêm", "của hộ nghèo", "của phụ nữ", "?")),
]  # fmt: skip


class Written(NamedTuple):
    text: str
    value: Fraction  # in the unit of the tables, the share for a fraction
    top: Fraction | None = None
    bottom: Fraction | None = None


def digits(value: Fraction, decimals: int, style: str) -> str:
    """The number as offices write it: 1.413,5 · 1413,5 · 1 413,5 · 1413.5 · 1,413.5."""
    whole, tail = divmod(int(value * 10**decimals), 10**decimals)
    grouped = f"{whole:,}"
    head, sign = {"dots": (grouped.replace(",", "."), ","), "plain": (str(whole), ","), "spaces": (grouped.replace(",", " "), ","),
                  "point": (str(whole), "."), "english": (grouped, ".")}[style]  # fmt: skip
    return head + (f"{sign}{tail:0{decimals}d}" if decimals else "")


@st.composite
def amounts(draw, most=10**7, whole=False, least=0):
    """(value, how it is written)."""
    decimals = 0 if whole else draw(st.integers(0, 4))
    style = draw(st.sampled_from(["dots", "plain", "spaces", "point", "english"]))
    # 1.413 in a Vietnamese cell is a thousand and more; only who writes otherwise could mean less.
    assume(style not in ("point", "english") or decimals not in (0, 3))
    value = Fraction(draw(st.integers(least * 10**decimals, most * 10**decimals)), 10**decimals)
    return value, digits(value, decimals, style)


@st.composite
def fractions(draw):
    """``1.276 hộ/1.413 hộ (90,3%)``: the unit against the number or not, between the numbers or behind both, the share beside it or not."""
    unit, factor = draw(st.sampled_from([(name, 1) for name in COUNTED if name != "tiêu chí"] + list(MEASURED.items())))
    whole = unit in COUNTED
    (top, n), (bottom, d) = draw(amounts(10**4, whole)), draw(amounts(10**4, whole, least=1))
    between, behind = draw(st.sampled_from([(True, True), (False, True), (False, True), (False, False)]))
    bar = draw(st.sampled_from(["/", " / ", "/ "]))
    text = n + (draw(SPACES) + unit if between else "") + bar + d + (draw(SPACES) + unit if behind else "")
    factor = Fraction(factor) if behind else Fraction(1)
    written = Written(text, 100 * top / bottom, top * factor, bottom * factor)
    share = draw(st.none() | amounts(100))
    if share is None:
        return written
    printed = draw(
        st.sampled_from(
            ["{f} ({s}%)", "{f} đạt {s}%", "{f}, chiếm {s} %", "{f}={s}%", "{s}% ({f})", "{s} % = {f}", "{f} - {s}%"]
        )
    )
    return written._replace(text=printed.format(f=text, s=share[1]), value=share[0])


@st.composite
def shares(draw):
    value, text = draw(amounts(100))
    return Written(text + draw(st.sampled_from(["%", " %", " phần trăm", " (%)"])), value)


@st.composite
def incomes(draw, units=tuple(MONEY)):
    unit = draw(st.sampled_from(units))
    factor = Fraction(MONEY.get(unit, 1))
    value, text = draw(amounts(int(900 / factor)))
    return Written(text + draw(SPACES if "đ/" not in unit else st.just("")) + unit, value * factor)


def read(text: str, asked: Asked):
    return answer(parse(text, asked.unit), asked, {"year": "2024", "item": "Kết quả"}, "measured", text)


def same_or_nothing(written: Written, text: str, asked: Asked, operator: str = "") -> bool:
    """Whether the reading is what was written; asserts that it is that or none. A computed share has six digits."""
    parsed = read(text, asked)
    if parsed.doubt:
        assert (parsed.value, parsed.numerator, parsed.denominator) == ("", "", ""), text
        return False
    assert abs(fraction(parsed.value) - written.value) < Fraction(1, 10**6), text
    assert (fraction(parsed.numerator), fraction(parsed.denominator), parsed.operator) == (
        written.top,
        written.bottom,
        operator,
    ), text
    return True


@settings(max_examples=200, deadline=None)
@given(fractions() | shares(), st.sampled_from(PLAIN))
@example(Written("9/9,5km", Fraction(900, Fraction("9.5")), Fraction(9), Fraction("9.5")), ("", ""))
@example(Written("12,17% (172/1413)", Fraction("12.17"), Fraction(172), Fraction(1413)), ("", ""))
def test_a_share_is_read_whole_or_not_at_all(written, round_it):
    same_or_nothing(written, round_it[0] + written.text + round_it[1], SHARE)


@settings(max_examples=100, deadline=None)
@given(incomes(), st.sampled_from([pair for pair in PLAIN if "Tỷ lệ" not in pair[0]]))
def test_an_income_is_read_in_million_dong_or_not_at_all(written, round_it):
    same_or_nothing(written, round_it[0] + written.text + round_it[1], INCOME)


@settings(max_examples=100, deadline=None)
@given(shares() | fractions(), st.sampled_from(BOUNDS))
def test_a_bound_in_front_or_behind_is_read_as_that_bound_or_nothing_is(written, bound):
    before, after, operator = bound
    same_or_nothing(written, before + written.text + after, SHARE, operator)


@settings(max_examples=200, deadline=None)
@given(shares() | fractions(), st.sampled_from(NO_RESULT))
@example(Written("30/172 hộ", Fraction(0)), ("giảm ", ""))
@example(Written("7/7 nhà văn hóa", Fraction(100)), ("xây mới ", ""))
def test_a_number_that_is_no_result_has_no_value(written, round_it):
    text = round_it[0] + written.text + round_it[1]
    assume(
        (written.value and written.top != 0) or not {"thiếu", "không", "chưa"} & set(text.split())
    )  # «0 hộ chưa đạt» denies nothing
    parsed = read(text, SHARE)
    assert parsed.doubt, text
    assert (parsed.value, parsed.numerator) == ("", ""), text


@settings(max_examples=100, deadline=None)
@given(incomes(OTHER_MONEY) | incomes().map(lambda w: w._replace(text=f"tổng {w.text}")), st.sampled_from(PLAIN))
def test_money_by_another_measure_is_never_an_income_a_head(written, round_it):
    text = round_it[0] + written.text + round_it[1]
    assert (read(text, INCOME).value, bool(read(text, INCOME).doubt)) == ("", True), text


@settings(max_examples=100, deadline=None)
@given(shares() | fractions() | incomes(), st.data())
def test_a_letter_within_a_number_leaves_no_number(written, data):
    """O for 0, l for 1, a lost space: no digits left of the wound, or right of it, are a value."""
    inside = [
        i
        for i, c in enumerate(written.text)
        if c.isdigit() and i and (written.text[i - 1].isdigit() or written.text[i - 1] in ".,")
    ]
    assume(inside)
    at = data.draw(st.sampled_from(inside))
    text = written.text[:at] + data.draw(st.sampled_from(["O", "l", "o", "½", "·", "'", "٫"])) + written.text[at + 1 :]
    assert read(text, SHARE).value == "", text


@settings(max_examples=100, deadline=None)
@given(st.integers(13, 9999), st.integers(13, 9999), st.sampled_from(["dots", "plain"]), st.sampled_from(["hộ", "người", "thôn", "km", "ha"]), st.sampled_from(
    ["{n}/{d} {u}", "{n}/{d}{u}", "{n} {u}/{d} {u}", "{n}{u}/{d}{u}", "{n}/{d} {u} đạt {s}%", "{n} {u}/{d} {u} ({s}%)", "{s}% ({n}/{d} {u})", "{s}% ({n}/{d})"]))  # fmt: skip
def test_the_usual_forms_are_read_and_not_refused(top, bottom, style, unit, form):
    if unit in ("km", "ha"):
        top, bottom = Fraction(top, 10), Fraction(bottom, 10)
    decimals = 1 if unit in ("km", "ha") else 0
    n, d = digits(Fraction(top), decimals, style), digits(Fraction(bottom), decimals, style)
    text = form.format(n=n, d=d, u=unit, s="75,5")
    share = Fraction("75.5") if "%" in form else Fraction(100 * top, bottom)
    assert same_or_nothing(Written(text, share, Fraction(top), Fraction(bottom)), text, SHARE)
