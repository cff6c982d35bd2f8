"""Every form in which the plan and the published figures write a value, and the ones that cannot be told."""

import re
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ntm_lib.text.numbers import AMBIGUOUS, UNREADABLE, Parsed, parse, read_number, tidy
from ntm_lib.text.tokens import read_figure

READ = [
    # text, value, unit, numerator, denominator, operator
    ("1.276/1.413 hộ đạt 90,3%", "90.3", "%", "1276", "1413", ""),
    ("172/1.413 hộ=12,17%", "12.17", "%", "172", "1413", ""),
    ("1.137/1413 hộ đạt 80,5%", "80.5", "%", "1137", "1413", ""),
    ("767/878 hộ chăn nuôi, đạt 87,4%", "87.4", "%", "767", "878", ""),
    ("3.516/4.048 người", "86.857708", "%", "3516", "4048", ""),
    ("114.17/141.37 km", "80.759709", "%", "114.17", "141.37", ""),
    ("131 hộ, chiếm 11,7%", "11.7", "%", "131", "", ""),
    ("19/19 tiêu chí", "19", "tiêu chí", "19", "19", ""),
    ("97,5/100 điểm", "97.5", "điểm", "97.5", "100", ""),
    ("8.321,7 tr.đồng", "8321.7", "triệu đồng", "", "", ""),
    ("1,5 tỷ", "1500", "triệu đồng", "", "", ""),
    ("1.714,0 triệu đồng", "1714", "triệu đồng", "", "", ""),
    ("trên 228,7 tỷ đồng", "228700", "triệu đồng", "", "", ">"),
    ("80.000.000 đồng", "80", "triệu đồng", "", "", ""),
    ("49 triệu đồng/người/năm", "49", "triệu đồng/người/năm", "", "", ""),
    ("25 triệu/người/năm", "25", "triệu đồng/người/năm", "", "", ""),
    ("hơn 80 triệu đồng/ người/ năm", "80", "triệu đồng/người/năm", "", "", ">"),
    ("0,51 km", "0.51", "km", "", "", ""),
    ("510 m", "0.51", "km", "", "", ""),
    ("3,5km", "3.5", "km", "", "", ""),
    ("15,30 ha", "15.3", "ha", "", "", ""),
    ("485,3 ha", "485.3", "ha", "", "", ""),
    ("74.900 con", "74900", "con", "", "", ""),
    ("07 sân thể thao thôn", "7", "sân", "", "", ""),
    ("01 cổng chào", "1", "cổng", "", "", ""),
    ("12 (mười hai) thôn", "12", "thôn", "", "", ""),
    ("1 413 hộ", "1413", "hộ", "", "", ""),
    ("1.042 người/km2", "1042", "người/km2", "", "", ""),
    (">90%", "90", "%", "", "", ">"),
    ("đạt >90%", "90", "%", "", "", ">"),
    (r"$\geq 83\%$", "83", "%", "", "", ">="),
    ("từ 80% trở lên", "80", "%", "", "", ">="),
    ("dưới 0,68%", "0.68", "%", "", "", "<"),
    ("không quá 13%", "13", "%", "", "", "<="),
    ("tối thiểu 02 chuyên mục", "2", "chuyên mục", "", "", ">="),
    ("01 lần/tháng", "1", "lần/tháng", "", "", ""),
    ("không", "0", "", "", "", ""),
    ("Không có", "0", "", "", "", ""),
    ("không để xảy ra", "0", "", "", "", ""),
    ("không còn hộ nghèo", "0", "", "", "", ""),
    ("x", "met", "status", "", "", ""),
    ("Đạt", "met", "status", "", "", ""),
    ("đã hoàn thành", "met", "status", "", "", ""),
    ("chưa đạt", "unmet", "status", "", "", ""),
    ("Không áp dụng", "not-applicable", "status", "", "", ""),
    ("mức độ 3", "3", "mức độ", "", "", ""),
    ("4 sao", "4", "sao", "", "", ""),
    ("OCOP 4 sao", "4", "sao", "", "", ""),
    ("hoàn thành tốt nhiệm vụ trở lên", "hoàn thành tốt nhiệm vụ", "rating", "", "", ">="),
    ("vận động thêm 56 hộ", "56", "hộ", "", "", ""),
    ("giảm 30 hộ nghèo đa chiều", "-30", "hộ", "", "", ""),
    ("(không ghi)", "", "", "", "", ""),
    ("ngày 22 tháng 02 năm 2024", "2024-02-22", "date", "", "", ""),
    ("08/3/2022", "2022-03-08", "date", "", "", ""),
    ("trong quý IV năm 2024", "2024-Q4", "quarter", "", "", ""),
    ("ngày 22 hàng tháng", "22", "monthly", "", "", ""),
    ("đến năm 2030", "2030", "year", "", "", ""),
    ("2021 - 2025", "2021/2025", "period", "", "", ""),
]


@pytest.mark.parametrize(("text", "value", "unit", "numerator", "denominator", "operator"), READ)
def test_a_cell_is_read_as_the_official_meant_it(text, value, unit, numerator, denominator, operator):
    parsed = parse(text)
    assert parsed.doubt == ""
    assert (parsed.value, parsed.unit, parsed.numerator, parsed.denominator, parsed.operator) == (
        value,
        unit,
        numerator,
        denominator,
        operator,
    )


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("1.413", "thousands-or-decimal"),
        ("1.413%", "thousands-or-decimal"),
        ("1.413 km", "thousands-or-decimal"),
        ("1,413 hộ", "thousands-or-decimal"),
        ("1,413", "thousands-or-decimal"),
        ("1,500 triệu đồng", "thousands-or-decimal"),
        ("172/1,413 hộ", "thousands-or-decimal"),
        ("7-9 tiêu chí", "range"),
        ("khoảng 9%", "approximate"),
        ("2,5 hộ", "not-whole"),
        ("1.41,3 ha", "malformed-number"),
        ("1e5", "torn-number"),
        ("1,4% + 0,3%", "several-numbers"),
        ("5/7/9 hộ", "several-numbers"),
        ("Nghị quyết 55", "no-number"),
        ("hệ thống biển báo", "no-number"),
        ("không đạt 90%", "negated"),
        ("50/0 hộ", "zero-denominator"),
        ("31/02/2024", "no-such-date"),
        ("90% (12/2024)", "month-or-fraction"),
        ("ước Đạt", "approximate"),
    ],
)
def test_what_can_be_read_in_two_ways_or_not_at_all_gets_no_value(text, doubt):
    parsed = parse(text)
    assert (parsed.doubt, parsed.value, parsed.numerator) == (doubt, "", "")
    assert doubt in AMBIGUOUS + UNREADABLE


def test_the_heading_says_what_a_bare_number_is():
    assert parse("1.413", "hộ").value == "1413"
    assert parse("8.321,7", "triệu đồng").value == "8321.7"
    assert parse("1.413", "%").doubt == "thousands-or-decimal"
    assert parse("3 thôn", "hộ").unit == "thôn"


def test_words_say_whether_a_change_is_up_or_down():
    assert parse("vận động thêm 56 hộ thực hiện nhà tiêu tự hoại").direction == "+"
    assert parse("giảm 23 hộ nghèo").direction == "-"
    assert parse("07 hộ cận nghèo").direction == ""


def test_the_words_of_the_count_and_the_printed_digits_are_kept():
    parsed = parse("767/878 hộ chăn nuôi, đạt 87,4%")
    assert (parsed.count_unit, parsed.decimals) == ("hộ chăn nuôi", 1)
    assert parse("1,5 tỷ").written_unit == "tỷ"


def test_non_breaking_spaces_and_decomposed_letters_are_read():
    assert parse("1.413\u00a0hộ".encode().decode()).value == "1413"
    assert parse("ho\u0323\u0302".join(["56 ", ""])).unit == "hộ"
    assert tidy("$\\leq 13\\%$") == "≤ 13%"


def vietnamese(value: Fraction, grouped: bool, decimals: int) -> str:
    whole, rest = divmod(abs(value) * 10**decimals, 1)
    assert rest == 0
    digits = str(whole).rjust(decimals + 1, "0")
    integer, tail = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    integer = f"{int(integer):,}".replace(",", ".") if grouped else integer
    return ("-" if value < 0 else "") + integer + (f",{tail}" if tail else "")


numbers = st.builds(lambda n, d: (Fraction(n, 10**d), d), st.integers(-(10**9), 10**9), st.integers(0, 4))


@given(numbers, st.booleans(), st.sampled_from(["ha", "triệu đồng", "tấn"]), st.sampled_from(["", " ", "\u00a0"]))
def test_a_formatted_measure_parses_back(number, grouped, unit, space):
    value, decimals = number
    parsed = parse(vietnamese(value, grouped, decimals) + space + unit)
    assert parsed.doubt == ""
    assert (Fraction(parsed.value), parsed.unit, parsed.decimals) == (value, unit, decimals)


@given(
    st.integers(0, 10**7),
    st.integers(1, 10**7),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["=", " đạt ", ", đạt ", ", chiếm "]),
)
def test_a_formatted_share_parses_back(numerator, denominator, group_one, group_two, joint):
    share = Fraction(round(Fraction(numerator * 100, denominator) * 100), 100)
    text = f"{vietnamese(Fraction(numerator), group_one, 0)}/{vietnamese(Fraction(denominator), group_two, 0)} hộ{joint}{vietnamese(share, False, 2)}%"
    parsed = parse(text)
    assert (parsed.numerator, parsed.denominator, Fraction(parsed.value), parsed.unit) == (
        str(numerator),
        str(denominator),
        share,
        "%",
    )


@given(st.integers(0, 10**7), st.booleans(), st.sampled_from(["hộ", "người", "thôn", "con"]))
def test_a_formatted_count_parses_back(count, grouped, unit):
    assert parse(f"{vietnamese(Fraction(count), grouped, 0)} {unit}")[:2] == (str(count), unit)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_and_no_doubtful_one_has_a_value(text):
    parsed = parse(text)
    assert isinstance(parsed, Parsed)
    assert not (parsed.doubt and parsed.value)


@given(st.text("0123456789.,", min_size=1, max_size=12))
def test_a_token_is_read_exactly_or_not_at_all(token):
    number = read_number(token)
    assume(number is not None)
    assert number.value >= 0
    assert number.other is None or number.other * 1000 == number.value or number.value * 1000 == number.other


BOUNDS = [
    ("nhỏ hơn 95%", "<"), ("thấp hơn 20%", "<"), ("ít hơn 5 hộ", "<"), ("chưa tới 75%", "<"), ("chưa đầy 5%", "<"), ("chưa được 90%", "<"),
    ("không tới 90%", "<"), ("không thấp hơn 90%", ">="), ("không nhỏ hơn 90%", ">="), ("không lớn hơn 5%", "<="), ("không vượt 5%", "<="),
    ("chưa quá 5%", "<="), ("vượt 90%", ">"), ("quá 90%", ">"), ("cao hơn 90%", ">"), ("lớn hơn 90%", ">"), ("đạt trên 90%", ">"),
    ("=>90%", ">="), ("> = 90%", ">="), ("=<5%", "<="), ("≦5%", "<="), ("≧ 90 ％", ">="),
]  # fmt: skip


@pytest.mark.parametrize(("text", "operator"), BOUNDS)
def test_every_way_to_write_a_bound_is_that_bound_and_never_an_exact_value(text, operator):
    assert (parse(text).operator, parse(text).doubt) == (operator, "")


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("≈90%", "approximate"), ("ước đạt 76%", "approximate"), ("trên dưới 90%", "approximate"), ("khoảng trên 90%", "approximate"),
        ("76%?", "approximate"), ("khoảng 1.276/1.413 hộ", "approximate"), ("131 hộ, chiếm khoảng 11,7%", "approximate"),
        ("thiếu 10%", "negated"), ("20% hộ chưa được dùng nước sạch", "negated"), ("10% không bảo đảm", "negated"),
        ("không bảo đảm 1.276/1.413 hộ", "negated"), ("131 hộ chưa dùng nước sạch, chiếm 11,7%", "negated"),
        ("0." + "9" * 20 + "%", "malformed-number"), ("9" * 5000, "malformed-number"), ("90#", "torn-number"),
    ],
)  # fmt: skip
def test_what_is_estimated_denied_or_out_of_all_measure_is_no_value(text, doubt):
    assert (parse(text, "%").doubt, parse(text, "%").value) == (doubt, "")


@pytest.mark.parametrize(
    "text",
    [
        "không rõ ràng",
        "Không kiểm tra",
        "không xác định",
        "không có số liệu thống kê",
        "không còn đạt chuẩn",
        "không thống kê",
    ],
)
def test_nothing_known_is_not_a_count_of_none(text):
    assert parse(text).value != "0"


def test_none_is_a_count_of_none():
    for text in (
        "Không",
        "không có",
        "không còn nhà tạm, dột nát".replace(",", ""),
        "không phát sinh",
        "không hộ nào",
        "Không còn hộ nghèo (0%)",
    ):
        assert (parse(text).value, parse(text).doubt) == ("0", "")


def test_where_a_change_leads_to_is_a_level_and_no_change():
    for text, value in (
        ("giảm còn 142 hộ", "142"),
        ("giảm xuống 5%", "5"),
        ("tăng lên 49 triệu đồng", "49"),
        ("hạ tỷ lệ xuống còn 10,05%", "10.05"),
    ):
        assert (parse(text).value, parse(text).direction) == (value, "")


@pytest.mark.parametrize(
    "text", ["45.500", "43500", "43.500.000", "45.500 triệu đồng/người/năm", "43500 triệu đồng/người"]
)
def test_an_income_of_a_thousand_million_a_head_is_some_other_unit(text):
    assert parse(text, "triệu đồng/người/năm").doubt in ("thousands-or-decimal", "too-large")


@pytest.mark.parametrize("text", ["0,95", "0.95", "1", "0,68"])
def test_a_bare_number_up_to_one_may_be_a_share_or_a_percentage(text):
    assert parse(text, "%").doubt == "share-or-percent"
    assert parse(text + "%", "%").doubt == ""
    assert parse("0", "%").value == "0"


def test_per_mille_is_a_tenth_of_a_percent():
    assert (parse("15‰", "%").value, parse("15‰", "%").unit) == ("1.5", "%")


def test_a_bound_on_the_share_beside_a_count_is_kept():
    assert parse("131 hộ, chiếm trên 11,7%").operator == ">"


@given(st.sampled_from([text for text, _ in BOUNDS]), st.sampled_from([90, 50, 13]))
def test_a_bound_leaves_open_only_values_that_it_allows(text, value):
    """The same words with another number state the same bound."""
    words = re.sub(r"\d+", str(value), text)
    assert parse(words).value == str(value)
    assert parse(words).operator == parse(text).operator


# --- figures in files that planners write ---------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("47", 47), ("10,5", "10.5"), ("10.5", "10.5"), ("8.321,7", "8321.7"), ("1.234.567", 1234567), ("-30", -30), ("−30", -30),
        (" 07 ", 7), ("0.375", "0.375"), ("0,375", "0.375"),
    ],
)  # fmt: skip
def test_a_figure_of_a_planner_reads_vietnamese_and_plain_numbers(text, value):
    assert read_figure(text) == Fraction(value)


@pytest.mark.parametrize(
    "text", ["", "1.413", "12.345", "1,2,3", "1.23.4", "1e5", "5%", "năm", "1/2", "--1", "٣", "1 413", "9" * 4_400]
)
def test_a_figure_of_a_planner_is_not_is_no_number_or_two(text):
    assert read_figure(text) is None


def test_a_status_that_is_aimed_at_is_a_target_and_no_result():
    parsed = parse("Phấn đấu đạt")
    assert (parsed.value, parsed.unit, parsed.said) == ("met", "status", ("aim",))
    assert parse("Phấn đấu hơn nữa").doubt == "no-number"


@pytest.mark.parametrize(
    ("text", "millions"),
    [("14 tỷ 350 triệu đồng", "14350"), ("3 tỷ 200 triệu", "3200"), ("2 tỷ đồng 150,5 triệu đồng", "2150.5"), ("1.200 tỷ 5 triệu đồng", "1200005")],
)  # fmt: skip
def test_billions_and_millions_are_one_amount(text, millions):
    assert (parse(text).value, parse(text).unit) == (millions, "triệu đồng")
