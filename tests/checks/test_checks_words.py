"""What a row quotes and what it names against what its cells hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib import rules
from tests.checks.checked import checked, cleaned_of, few, in_results, of


def comma(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".replace(".", ",")


@few
@given(
    tenths=st.integers(1, 999),
    slip=st.sampled_from((1, 10, 100)),
    words=st.sampled_from(("còn {}", "đạt {} số hộ", "tỷ lệ {}; kết quả rà soát")),
)
def test_a_value_that_slipped_from_its_quote_is_found(folder, tenths, slip, words):
    """2,5% in the quote and 25% in the cell: an error; the same in both, however written: nothing."""
    value = tenths / 10
    row = of("11.1", f"{comma(value * slip, 1)}%", quote=words.format(f"{comma(value, 1)}%"))
    found = checked(folder, in_results(row), "quote-value")
    assert found.severity.tolist() == ["error"] * (slip != 1)


@pytest.mark.parametrize(
    ("value", "quote", "told"),
    [
        ("25%", "tỷ lệ nghèo đa chiều còn 2,5%", True),
        ("45%", "chỉ tiêu 17.10 đạt 48%", True),
        ("2,5%", "giảm từ 4% xuống còn 2,5%", False),
        ("172/1.413 hộ", "172/1.413 hộ = 12,17%", False),
        ("1,5 tỷ đồng", "kinh phí 1.500 triệu đồng", False),
        ("90,3%", "theo rà soát ngày 15/12/2024", False),
        ("10/10 thôn", "10/10 thôn có nhà văn hóa, đạt 100%", False),
    ],
)
def test_only_a_number_of_the_same_unit_speaks_against_the_cell(folder, value, quote, told):
    assert checked(folder, in_results(of("11.1", value, quote=quote)), "quote-value").empty != told


@few
@given(numbers=st.tuples(st.integers(1, 12), st.integers(1, 12)))
def test_the_indicator_of_the_quote_is_that_of_the_row(folder, numbers):
    stored, named = (f"17.{n}" for n in numbers)
    found = checked(folder, in_results(of(stored, "45%", quote=f"chỉ tiêu {named} đạt 45%")), "quote-code")
    assert found.severity.tolist() == ["error"] * (stored != named)


def test_a_share_beside_the_word_indicator_is_no_number_of_one(folder):
    assert checked(
        folder, in_results(of("17.1", "45,5%", quote="hoàn thành chỉ tiêu 45.5%, tiêu chí 17")), "quote-code"
    ).empty


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("thu nhập ước đạt 47,5 triệu đồng/người/năm", True),
        ("47,5 triệu đồng/người/năm, đạt 96% nghị quyết", False),
        ("Thôn Bản Phố thu nhập 47,5 triệu đồng/người/năm", True),
        ("thu nhập bình quân của bản 47,5 triệu đồng/người/năm", True),
        ("thu nhập của xã 47,5 triệu đồng/người/năm", False),
        ("100% thôn có nhà văn hóa; thu nhập 47,5 triệu đồng/người/năm", False),
        ("Toàn huyện thu nhập 47,5 triệu đồng/người/năm", True),
        ("Năm 2023 thu nhập 47,5 triệu đồng/người/năm", True),
        ("thu nhập năm 2023 là 44, năm 2024 là 47,5 triệu đồng/người/năm", False),
        ("Đến đầu năm 2025, đạt 47,5 triệu đồng/người/năm", False),
    ],
)
def test_an_estimate_or_one_village_is_no_result_of_the_commune(folder, quote, told):
    row = of("10.1", "47,5 triệu đồng/người/năm", quote=quote)
    assert checked(folder, in_results(row), "quote-scope").empty != told
    assert checked(folder, in_results(row | {"kind": "other"}), "quote-scope").empty


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("Số liệu năm 2023", True),
        ("ước thực hiện", True),
        ("số cũ, số đúng là 46", True),
        ("chưa cập nhật", True),
        ("Số liệu năm 2024; năm 2023 là 44", False),
        ("Theo rà soát cuối năm", False),
    ],
)
def test_the_note_beside_a_figure_is_heeded(folder, note, told):
    row = of("10.1", "47,5 triệu đồng/người/năm", note=note)
    assert checked(folder, in_results(row), "note-scope").empty != told


@pytest.mark.parametrize(
    ("year", "date", "case"), [("2024", "", ""), ("2042", "", "signed"), ("2024", "2023-12-31", "measured"), ("2024", "2025-01-10", "")]
)  # fmt: skip
def test_no_result_is_of_a_year_after_its_document_or_its_measurement(folder, year, date, case):
    documents = [{"document": "BC", "title": "Báo cáo", "date": "2024-12-20"}]
    row = of("10.1", "47,5 triệu đồng/người/năm", year=year, date=date, document="BC")
    found = checked(folder, in_results(row) | {"documents.csv": documents}, "result-year")
    assert found["case"].tolist() == [case] * bool(case)


OTHER = [
    ("11.1", "Tỷ lệ hộ nghèo"),
    ("11.1", "Số hộ thoát nghèo"),
    ("5.1c", "Trường đạt chuẩn quốc gia"),
    ("3.1", "Diện tích lúa 2 vụ được tưới"),
    ("17.8a", "Hộ chăn nuôi có chuồng trại"),
    ("15.1", "Thu gom rác"),
    ("9.2", "Tỷ lệ hộ được sử dụng nước sạch theo quy chuẩn"),
    ("10.1", "Mức tăng thu nhập so với năm 2020"),
]


@pytest.mark.parametrize(
    ("indicator", "text"),
    [("5.1c", "3/3 trường đạt chuẩn quốc gia"), ("11.1", "30/172 hộ thoát nghèo"), ("11.1", "74/1.466 hộ nghèo")],
)
def test_what_the_cell_counts_is_looked_at_too(folder, indicator, text):
    assert len(checked(folder, in_results(of(indicator, text)), "item-name")) == 1


SAME = [
    ("11.1", "Tỷ lệ hộ nghèo đa chiều cuối năm 2024"),
    ("11.1", "Số hộ nghèo và cận nghèo"),
    ("11.1", "nghèo đa chiều"),
    ("5.1c", "Trường đạt chuẩn cơ sở vật chất mức độ 1"),
    ("3.1", "Đất nông nghiệp được tưới tiêu chủ động"),
    ("4.2", "Số hộ sử dụng điện lưới quốc gia"),
    ("6.3", "Thôn có nhà văn hóa"),
    ("2.1", "Đường trục xã"),
    ("17.8a", "Hộ có nhà tiêu hợp vệ sinh"),
    ("15.1", "Người có thẻ bảo hiểm y tế"),
    ("15.1", "nữ"),
    ("17.9", "Hộ chăn nuôi có chuồng trại hợp vệ sinh"),
]


@pytest.mark.parametrize(("indicator", "item"), OTHER)
def test_another_thing_under_an_indicator_is_found(folder, indicator, item):
    finding = checked(folder, in_results(of(indicator, "90%", item=item)), "item-name").iloc[0]
    assert finding.severity == "warning" and item in finding.message and indicator in finding.message


@pytest.mark.parametrize(("indicator", "item"), SAME)
def test_other_words_for_the_same_thing_are_no_finding(folder, indicator, item):
    assert checked(folder, in_results(of(indicator, "90%", item=item)), "item-name").empty


def test_the_names_of_the_rule_set_are_like_themselves(folder):
    checked(folder, {})  # the rules are in place
    names = rules.load_set("ntm-2021-2025").all_indicators
    rows = [of(r.indicator + r.part, "90%", id=f"R{n}", item=r.name_vi) for n, r in enumerate(names.itertuples())]
    assert checked(folder, in_results(*rows), "item-name").empty


@few
@given(
    word=st.sampled_from(
        ("hộ DTTS", "số thôn", "độ tuổi 15", "trên giấy", "mẫu điều tra", "lúc cao điểm", "kể cả hộ đang xây")
    ),
    cell=st.sampled_from(("80% {}", "80% ({})", "1.276/1.413 hộ {}")),
)
def test_a_word_beside_a_number_that_nobody_knows_is_told(folder, word, cell):
    """A share may be of another group, place or time: what the words say is asked, not guessed."""
    row = of("9.2", cell.format(word).replace(" 15", ""))
    found = checked(folder, in_results(row))
    assert found.code.isin(["words-beside", "ambiguous"]).any() or not cleaned_of(folder, in_results(row)).rejects.empty


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("9.2", "1.276/1.413 hộ, chiếm 90,3%"), ("9.2", "bình quân 80%"), ("15.1", "91,8% dân số toàn xã tham gia BHYT"),
        ("6.3", "12/12 thôn có nhà văn hóa"), ("10.1", "46 triệu đồng/người/năm"), ("11.1", "172/1.413 hộ"), ("4.2", "100% số hộ"),
        ("14.1b", "đạt mức độ 3"), ("3.1", "485,3/500,5 ha"),
    ],
)  # fmt: skip
def test_words_of_the_indicator_and_of_every_cell_are_no_finding(folder, code, value):
    assert checked(folder, in_results(of(code, value)), "words-beside").empty


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("85% (đạt)", True),
        ("Đạt (85%)", True),
        ("85% - đạt", True),
        ("đạt 85%", False),
        ("92% (đạt)", False),
        ("85%", False),
    ],
)
def test_a_cell_that_calls_its_own_number_met_is_compared_with_the_threshold(folder, value, told):
    assert checked(folder, in_results(of("15.1", value)), "said-met").empty != told


def test_an_area_is_no_area_a_head(folder):
    found = checked(folder, in_results(of("17.4", "20.000 m2")), "misfit")
    assert found.severity.tolist() == ["warning"]


@pytest.mark.parametrize(
    ("indicator", "value", "told"),
    [("6.3", "12", True), ("6.3", "12%", True), ("6.3", "12/12 thôn", False), ("6.3", "100", False), ("11.1", "12", False)],
)  # fmt: skip
def test_a_percentage_that_is_the_number_of_villages_is_asked_about(folder, indicator, value, told):
    known = {"villages": {"value": 12, "year": 2024}}
    found = checked(folder, in_results(of(indicator, value)), "count-as-share", profile=known)
    assert found.empty != told


@pytest.mark.parametrize(("text", "code"), [
    ("90% (tính đến 30/9/2024)", "result-year"), ("90% (đến tháng 6/2024)", "result-year"), ("90% (quý II/2024)", "result-year"), ("90% (đến 15/12/2024)", ""), ("90%", ""),
    ("≥ 70%", "repeats-rule"), ("từ 70% trở lên", "repeats-rule"), ("> 70%", ""), ("≥ 75%", ""), ("70%", ""),
])  # fmt: skip
def test_a_count_of_a_part_of_the_year_and_the_rule_copied_are_told(folder, text, code):
    found = checked(folder, in_results(of("17.8a", text)))
    assert set(found["code"]) & {"result-year", "repeats-rule"} == ({code} - {""})


@pytest.mark.parametrize(
    ("quote", "said"),
    [("172/1.413 hộ, đã trừ số hộ nghèo bảo trợ xã hội", "đã trừ số hộ nghèo bảo trợ xã hội"), ("172/1.413 hộ", "")],
)
def test_what_is_left_out_of_a_figure_is_asked_about(folder, quote, said):
    """An exclusion changes the numerator: it stays with the value, and somebody asks by which rule."""
    found = checked(folder, in_results(of("11.1", "172/1.413 hộ", quote=quote)), "excluded")
    assert [said in text for text in found["message"]] == [True] * bool(said)
