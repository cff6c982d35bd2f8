"""A sentence says what its row says: over generated rows of every shape, figures parse back and verdict words agree."""

import re
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import judge as status
from ntm_lib import rules, tables
from ntm_lib.wording import words
from ntm_lib.wording.sentences import (
    change_sentence,
    condition_note,
    explain,
    risk_sentence,
    rule_source,
    withdrawal_sentence,
)
from ntm_lib.wording.words import amount_phrase, bounded, margin_phrase, points, with_origin
from tests.judge.status_rows import SCALE, YEAR, cases, judge, judged, observation, share, threshold

NBSP = "\N{NO-BREAK SPACE}"
BLANK_RULE = dict.fromkeys(tables.TABLES["thresholds"][1], "")
MANY = settings(max_examples=60, deadline=None)
LANGUAGES = st.sampled_from(["vi", "en"])


def sentence(rows, rule, language="vi", sourced=True):
    rules_ = [rule] if isinstance(rule, dict) else rule
    return explain(told(judge(rows, rules_, language=language), rows), BLANK_RULE | rules_[0], language, sourced)


def told(row, rows):
    """A row of ``indicators`` as a report holds it: with whether a plan stands behind its figure."""
    frame = pd.DataFrame(rows, columns=["observation", "kind"])
    return with_origin(pd.DataFrame([row]), frame).to_dict("records")[0]


def plain(text):
    return text.replace(NBSP, " ")


def read(text, language):
    """A printed number back into an exact one."""
    thousands, point = (".", ",") if language == "vi" else (",", ".")
    return Fraction(text.replace(thousands, "").replace(point, ".").replace("−", "-"))


def test_a_figure_is_planned_only_where_a_row_of_the_plan_stands_behind_it():
    rows = pd.DataFrame([("R1", "measured"), ("P1", "change"), ("P2", "target")], columns=["observation", "kind"])
    found = with_origin(pd.DataFrame({"observation": ["R1", "R1+P1", "P2", ""]}), rows)
    assert list(found["from_plan"]) == ["", "yes", "yes", ""]


# By example


def test_the_whole_sentence():
    text = sentence([share(1276, 1413)], threshold())
    assert plain(text) == (
        "1.276/1.413 hộ (90,30%), đạt yêu cầu từ 70% trở lên của Quyết định 318/QĐ-TTg "
        "(Phụ lục I, cột Trung du miền núi phía Bắc, năm 2023; ngưỡng chưa đối chiếu với văn bản gốc); "
        "vượt 20,30 điểm phần trăm, tương đương 286 hộ."
    )


def test_the_same_in_english():
    rule = threshold(
        column_reason="Column Northern midlands and mountains: the commune lies there", confidence="official"
    )
    assert sentence([share(1276, 1413)], rule, "en") == (
        "1,276/1,413 households (90.30%), meets the requirement of at least 70% under Decision 318/QĐ-TTg "
        "(Annex I, column Northern midlands and mountains, 2023); 20.30 percentage points above, that is 286 households."
    )


@pytest.mark.parametrize(("rows", "rule", "says"), [
    ([share(60, 100)], threshold(), "60/100 hộ (60,00%), chưa đạt yêu cầu từ 70% trở lên|còn thiếu 10,00 điểm phần trăm, tương đương 10 hộ"),
    ([share(172, 1413)], threshold("<=", "13"), "172/1.413 hộ (12,17%), đạt yêu cầu không quá 13%|thấp hơn mức tối đa 0,83 điểm phần trăm, tương đương 11 hộ"),
    ([share(11, 12)], threshold(">", "90", count_unit="thôn"), "11/12 thôn (91,67%), đạt yêu cầu trên 90%|không thể bớt thêm thôn nào"),
    ([share(9, 10)], threshold(">", "90", count_unit="thôn"), "chưa đạt yêu cầu trên 90%|mới bằng ngưỡng, còn thiếu 1 thôn"),
    ([share(7, 10)], threshold(), "vừa đúng ngưỡng, không thể bớt thêm hộ nào"),
    ([share(12, 12)], threshold(">=", "100"), "12/12 hộ (100,00%), đạt yêu cầu 100% của"),
    ([observation(value="90", unit="%", operator=">")], threshold(), "Trên 90%, đạt yêu cầu|vượt ít nhất 20,00 điểm phần trăm"),
    ([observation(value="90", unit="%", operator=">")], threshold(">=", "95"), "Trên 90%; chưa kết luận được vì nguồn chỉ nêu giới hạn; yêu cầu từ 95% trở lên"),
    ([observation(value="43", unit="triệu đồng")], threshold(">=", "45", kind="number", unit="triệu đồng"), "43 triệu đồng, chưa đạt yêu cầu từ 45 triệu đồng trở lên|còn thiếu 2 triệu đồng"),
    ([observation(value="3", unit="mức độ")], threshold(">=", "2", kind="level", unit="mức độ"), "Mức độ 3, đạt yêu cầu từ mức độ 2 trở lên|vượt 1 mức"),
    ([observation(value="tốt", unit="rating")], threshold(">=", "khá", kind="rating", unit="", scale=SCALE), "Xếp loại tốt, đạt yêu cầu xếp loại khá trở lên|vượt 1 bậc"),
    ([observation(value="3", unit="nhà")], threshold("<=", "0", kind="none", unit="nhà"), "3 nhà, chưa đạt yêu cầu không có của"),
    ([observation(value="49", unit="triệu đồng"), observation("A0", value="43", unit="triệu đồng", year=YEAR - 1)],
     threshold(">=", "9.5", kind="growth", unit="%/năm"), "Tăng 13,9535%/năm, đạt yêu cầu tăng từ 9,5%/năm trở lên|vượt 4,45 điểm phần trăm|Từ 43 triệu đồng (năm 2022) lên 49 triệu đồng."),
    ([observation(value="met", unit="status", kind="declared")], threshold("=", "met", kind="status", unit=""), "Xã công bố đạt yêu cầu của Quyết định 318/QĐ-TTg|chưa có số liệu kiểm chứng"),
    ([observation(value="unmet", unit="status", kind="declared")], threshold(), "Xã công bố chưa đạt yêu cầu từ 70% trở lên"),
    ([share(80, 100, kind="target")], threshold(), "Theo kế hoạch 80/100 hộ (80,00%), đạt yêu cầu"),
    ([share(80, 100, kind="target", table="scenario")], threshold(), "Theo giả định 80/100 hộ (80,00%), đạt yêu cầu"),
    ([share(767, 878)], threshold(">=", "", count_unit="cơ sở", confidence="unknown"), "767/878 cơ sở (87,36%); chưa kết luận được vì chưa biết ngưỡng của Quyết định 318/QĐ-TTg"),
    ([], threshold(">=", "", confidence="unknown", set_by="province"), "Chưa kết luận được vì chưa có số liệu và chưa biết ngưỡng của|do tỉnh quy định"),
    ([], threshold(), "Chưa kết luận được vì chưa có số liệu; yêu cầu từ 70% trở lên"),
    ([], threshold(applies="no", applies_reason="xã không có làng nghề"), "Không áp dụng với xã: Xã không có làng nghề."),
    ([share(80, 100)], threshold(both_sexes="yes"), "Cần số liệu riêng của nam và của nữ."),
    ([share(80, 100)], threshold(valid_from="2026-02-15"), "cột Trung du miền núi phía Bắc, mức năm 2026 xét cho số liệu năm 2023;"),
    ([share(80, 100), share(60, 100, "A0", year=YEAR - 1)], threshold(years_running="2"),
     "80/100 hộ (80,00%), chưa đạt yêu cầu từ 70% trở lên trong 2 năm liên tục của|Phải giữ 2 năm liên tục; chưa đạt năm 2022."),
    ([share(80, 100), observation("B1", value="83", unit="%", operator=">=", kind="target")], threshold(), "Mục tiêu riêng của xã là từ 83% trở lên, không phải ngưỡng."),
    ([share(80, 100)], threshold(confidence="one-source", set_by="ministry", document="1491/QĐ-BGDĐT", article=""),
     "của Quyết định 1491/QĐ-BGDĐT (do bộ quản lý ngành quy định, cột|ngưỡng theo một nguồn, chưa đối chiếu với văn bản gốc)"),
])  # fmt: skip
def test_what_each_shape_says(rows, rule, says):
    text = plain(sentence(rows, rule))
    assert all(piece in text for piece in says.split("|")), text


def test_an_upper_bound_is_called_one():
    whole = threshold(join="every-item")
    parts = [threshold(part=p) for p in "ab"]
    rows = [share(90, 100, "A1", part="a"), share(80, 100, "A2", part="b")]
    text = plain(sentence(rows, [whole, *parts]))
    assert text.startswith("Nội dung thấp nhất 80/100 hộ (80,00%), đạt yêu cầu")
    assert "vượt nhiều nhất 10,00 điểm phần trăm" in text and "chỉ là cận trên" in text


def test_a_share_just_below_its_threshold_is_not_rounded_up_to_it():
    text = plain(sentence([share(8999, 10000)], threshold(">=", "90", count_unit="người")))
    assert "(89,99%)" in text
    text = plain(sentence([share(899999, 1000000)], threshold(">=", "90", count_unit="người")))
    assert "(89,9999%), chưa đạt" in text and "còn thiếu 0,000100 điểm phần trăm, tương đương 1 người" in text


def test_the_column_is_named_and_the_general_reason_left_out():
    assert "cột Tây Nguyên" in sentence([share(80, 100)], threshold(column_reason="Cột Tây Nguyên: xã ở đó"))
    assert "cột" not in sentence([share(80, 100)], threshold(column_reason=""))


# Over generated rows


def row_and_rule(case, language):
    rows, rules_ = case
    return told(judged(rows, rules_, language=language)[0], rows), BLANK_RULE | rules_[0]


@MANY
@given(cases(), LANGUAGES)
def test_verdict_words_agree_with_the_verdict(case, language):
    row, rule = row_and_rule(case, language)
    text = explain(row, rule, language).removesuffix(row["note"]).lower()
    met, unmet = (
        ("đạt yêu cầu", "chưa đạt yêu cầu")
        if language == "vi"
        else ("meets the requirement", "does not meet the requirement")
    )
    assert (unmet in text) == (row["verdict"] == "unmet")
    assert (met in text.replace(unmet, "")) == (row["verdict"] == "met")
    if language == "vi" and row["verdict"] == "unmet":
        assert "đạt" not in text.replace("chưa đạt", "")
        assert "vượt" not in text
    if "còn thiếu" in text or " short" in text:
        assert row["verdict"] == "unmet"
    if language == "vi" and row["verdict"] == "met":
        assert "chưa đạt" not in text and "thiếu" not in text


@MANY
@given(cases(), LANGUAGES)
def test_the_basis_is_said(case, language):
    row, rule = row_and_rule(case, language)
    text = explain(row, rule, language).removesuffix(row["note"]).lower()
    said = {
        "declared": ("xã công bố", "the commune declares"),
        "planned": ("theo kế hoạch", "as planned"),
    }
    for basis, phrases in said.items():
        if row["verdict"] in ("met", "unmet"):
            assert any(p in text for p in phrases) == (row["basis"] == basis)


@MANY
@given(cases(), LANGUAGES)
def test_the_figures_printed_parse_back_to_the_facts(case, language):
    row, rule = row_and_rule(case, language)
    text = plain(explain(row, rule, language)).removesuffix(plain(row["note"]))
    if row["numerator"] and row["denominator"] and row["verdict"] != "not-applicable":
        numerator, denominator, shown = re.search(r"([\d.,]+)/([\d.,]+)[^(]*\(([\d.,]+) ?%\)", text).groups()
        assert (read(numerator, language), read(denominator, language)) == (
            Fraction(row["numerator"]),
            Fraction(row["denominator"]),
        )
        exact, printed = 100 * Fraction(row["numerator"]) / Fraction(row["denominator"]), read(shown, language)
        assert abs(printed - exact) <= Fraction(1, 200)
        if tables.NUMBER.fullmatch(row["threshold"]) and row["verdict"] in ("met", "unmet"):
            asked = Fraction(row["threshold"])
            assert (printed > asked, printed == asked) == (exact > asked, exact == asked)
    if row["verdict"] in ("met", "unmet") and tables.NUMBER.fullmatch(row["threshold"]) and rule["kind"] != "none":  # noqa: SIM102
        if not (row["operator"] == "<=" and row["threshold"] == "0"):
            numbers = {
                read(n, language) for n in re.findall(r"\d[\d.,]*\d|\d", re.split(r"\((?:Phần|Part) I", text)[0])
            }
            assert Fraction(row["threshold"]) in numbers
    assert (str(YEAR) in text) or row["verdict"] == "not-applicable"


@MANY
@given(cases(), LANGUAGES)
def test_the_margin_printed_parses_back(case, language):
    row, rule = row_and_rule(case, language)
    text = plain(explain(row, rule, language)).removesuffix(plain(row["note"]))
    unit = "điểm phần trăm" if language == "vi" else "percentage points"
    found = re.search(rf"([\d.,]+) {unit}", text)
    if found and row["margin"]:
        assert abs(read(found[1], language) - abs(Fraction(row["margin"]))) <= Fraction(1, 200)
    assert not found or row["verdict"] in ("met", "unmet")
    count = re.search(r"(?:tương đương|that is) ([\d.,]+)", text)
    if count:
        assert read(count[1], language) == abs(Fraction(row["margin_count"]))
    elif row["margin_count"] and Fraction(row["margin_count"]) and row["verdict"] != "no-data":
        assert any(p in text for p in ("còn thiếu", "phải bớt", "short", "too many"))


@MANY
@given(cases(), LANGUAGES)
def test_every_verdict_is_one_clean_sentence(case, language):
    row, rule = row_and_rule(case, language)
    text = explain(row, rule, language)
    assert (
        text.endswith(".")
        and "  " not in text
        and ".." not in text
        and " ;" not in text
        and " ," not in text
        and "()" not in text
    )
    assert "{" not in text and "None" not in text
    assert text[0].isupper() or text[0].isdigit() or text[0] == "−"


@MANY
@given(cases())
def test_what_rests_on_an_unverified_threshold_says_so(case):
    row, rule = row_and_rule(case, "vi")
    text = explain(row, rule, "vi")
    if row["verdict"] in ("met", "unmet") and row["threshold"] and row["confidence"] == "unverified":
        assert "chưa đối chiếu với văn bản gốc" in text
    if row["confidence"] in ("official", "two-sources") or not row["threshold"]:
        assert "ngưỡng theo một nguồn" not in text


# Changes, risks, recognition


CHANGE = dict.fromkeys(tables.TABLES["changes"][1], "") | {
    "from_year": 2023,
    "to_year": 2024,
    "value_before": "43",
    "value_after": "49",
    "threshold_before": ">= 42",
    "threshold_after": ">= 45",
}


@pytest.mark.parametrize(("cells", "expected"), [
    ({"change": "lost", "cause": "rule", "value_after": "43"},
     "Năm 2023 đạt, nay không còn đạt (giá trị 43; ngưỡng ≥ 42 → ≥ 45); do quy định thay đổi, không do kết quả."),
    ({"change": "gained", "cause": "result", "threshold_after": ">= 42"},
     "Năm 2023 chưa đạt, nay đạt (giá trị 43 → 49; ngưỡng ≥ 42 không đổi); do kết quả thay đổi, không do quy định."),
    ({"change": "kept", "cause": "both"},
     "Năm 2023 đạt, nay vẫn đạt (giá trị 43 → 49; ngưỡng ≥ 42 → ≥ 45); quy định chặt hơn, theo đó kết quả năm 2023 đã chưa đủ, nhưng kết quả mới bù được."),
    ({"change": "gained", "cause": "definition", "value_before": "", "threshold_before": "= met"},
     "Năm 2023 chưa đạt, nay đạt; hai lần xét không cùng một căn cứ, chưa có số liệu để biết vì sao."),
    ({"change": "kept", "cause": "definition", "broken": "2022-01-01"},
     "Năm 2023 đạt, nay vẫn đạt; từ 01/01/2022 chỉ tiêu được tính theo cách khác, nên số liệu hai năm không so với nhau được."),
    ({"change": "first-measured", "cause": "data"}, "Lần đầu có kết luận: trước đây chưa có số liệu."),
    ({"change": "no-longer-measured", "cause": "rule", "before": "met"}, "Năm 2023 đạt, nay không còn kết luận vì chưa biết ngưỡng của năm nay."),
    ({"change": "", "cause": ""}, "Chưa có kết luận của năm nào."),
])  # fmt: skip
def test_a_change_says_whether_result_or_rule_moved(cells, expected):
    assert change_sentence(CHANGE | cells, "vi") == expected


@given(st.sampled_from(tables.CHANGES), st.sampled_from(tables.CAUSES), st.sampled_from(["met", "unmet"]), LANGUAGES)
def test_every_change_and_cause_has_its_sentence_and_words(change, cause, before, language):
    text = change_sentence(CHANGE | {"change": change, "cause": cause, "before": before}, language)
    assert text.endswith(".") and "{" not in text and text[0].isupper()
    row = CHANGE | {"change": change, "broken": ""}
    assert words.change_word(row, language)
    if change in ("kept", "gained", "lost", "still-unmet"):
        assert "cách tính" in words.change_word(row | {"broken": "2022-01-01"}, "vi")
    assert bool(words.cause_word(cause, language)) == bool(cause)


def risk(rows, rule, **later):
    rules = [BLANK_RULE | rule | {"year": y} for y in (2022, 2023)] + [BLANK_RULE | rule | {"year": 2024} | later]
    indicators = [judge(rows, rule | {"year": y}, y) for y in sorted({r["year"] for r in rows} | {2023})]
    [found] = status.at_risk(indicators, rules, 2023)
    return plain(risk_sentence(found, "vi"))


def test_a_risk_tells_what_next_year_asks_or_how_thin_the_margin_is():
    money = threshold(">=", "42", kind="number", unit="triệu đồng")
    assert risk([observation(value="43", unit="triệu đồng")], money, threshold="45") == (
        "Chỉ tiêu 1.1 đủ cho năm 2023 nhưng chưa đủ cho năm 2024, khi yêu cầu là từ 45 triệu đồng trở lên; "
        "còn thiếu 2 triệu đồng (mức chưa đối chiếu với văn bản gốc)."
    )
    assert risk([observation(value="49", unit="triệu đồng")], money, threshold="48", confidence="official") == (
        "Chỉ tiêu 1.1 chỉ hơn mức yêu cầu năm 2024 (từ 48 triệu đồng trở lên) 1 triệu đồng."
    )
    assert risk(
        [observation(value="43", unit="triệu đồng", operator=">")], money, threshold="45", confidence="official"
    ) == ("Chỉ tiêu 1.1 ghi trên 43 triệu đồng, chưa biết có đủ cho năm 2024, khi yêu cầu là từ 45 triệu đồng trở lên.")
    assert risk([share(71, 100, kind="target")], threshold()) == (
        "Chỉ tiêu 1.1 chỉ cách mức yêu cầu 1,00 điểm phần trăm, tương đương 1 hộ; kết quả năm 2023 mới là kế hoạch."
    )
    assert risk([share(70, 100)], threshold()) == "Chỉ tiêu 1.1 vừa đúng mức yêu cầu, không còn hộ nào dự phòng."
    assert risk([share(60, 100, year=2022)], threshold()) == (
        "Nếu kết quả không khá hơn năm 2022: chỉ tiêu 1.1 còn thiếu 10,00 điểm phần trăm, tương đương 10 hộ so với mức yêu cầu năm 2023."
    )


def criteria(verdicts, year=2024):
    return tables.as_table("criteria", [
        {"year": year, "criterion": str(i), "verdict": v, "basis": b, "indicators": "1", "with_value": "0", "unverified": "0"}
        for i, (v, b) in enumerate(verdicts, start=1)
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"unmet_in_all": "1", "until_withdrawal": "5"}, "Có 1/19 tiêu chí chưa đạt; đến mức thu hồi công nhận còn ít nhất 5 tiêu chí"),
        ({"unmet_in_all": "0", "until_withdrawal": "6"}, "Không có tiêu chí nào được kết luận là chưa đạt; đến mức thu hồi công nhận còn ít nhất 6 tiêu chí"),
        ({"withdrawal": "half", "unmet_in_all": "11", "until_withdrawal": "0"}, "Có 11/19 tiêu chí chưa đạt, thuộc trường hợp thu hồi công nhận"),
    ],
)  # fmt: skip
def test_withdrawal_says_how_many_more_may_fall_by_which_rule_and_supposes_nothing(row, text):
    meta = rules.load_set("ntm-2021-2025").meta
    rule = (
        " (Quyết định 18/2022/QĐ-TTg: từ 30% đến dưới 50% số tiêu chí chưa đạt, trong đó có tiêu chí số 10, 17 hoặc 19"
        "; hoặc từ 50% số tiêu chí chưa đạt)."
    )
    assert withdrawal_sentence({"withdrawal": "none", "total": "19", **row}, meta, "vi") == text + rule


def test_no_rule_of_withdrawal_is_told_as_such():
    row = {"withdrawal": "", "until_withdrawal": "", "unmet_in_all": "3", "total": "19"}
    assert withdrawal_sentence(row, {}, "vi").startswith("Chưa có quy định")


def test_a_condition_says_result_requirement_and_source():
    meta = rules.load_set("ntm-2021-2025").meta
    found = {c.id: plain(condition_note(c._asdict() | {"condition": c.id}, "vi")) for c in status.recognition(criteria([("met", "declared")] * 19), meta,
             {"satisfaction": {"value": "92"}, "no-debt": {"value": "12.5"}})}  # fmt: skip
    assert found["criteria"] == "Kết quả 19/19 tiêu chí; Quyết định 18/2022/QĐ-TTg, Điều 4 của Quy định."
    assert found["satisfaction"].startswith("Kết quả 92%; yêu cầu từ 90% trở lên;")
    assert found["no-debt"].startswith("Kết quả 12,5 triệu đồng;")
    assert found["security"].startswith("Quyết định ")


def test_the_rule_is_named_once_where_a_line_names_it_for_several_sentences():
    told = sentence([share(1276, 1413)], threshold(), sourced=False)
    assert "Quyết định" not in told and "đạt yêu cầu từ 70% trở lên;" in told
    row = judge([share(1276, 1413)], [threshold()])
    assert (
        rule_source(row, BLANK_RULE | threshold(), "vi")
        == "Quyết định 318/QĐ-TTg, Phụ lục I, cột Trung du miền núi phía Bắc, năm 2023"
    )
    assert (
        sentence([], threshold(threshold="met", operator="=", kind="status"), sourced=False)
        == "Chưa kết luận được vì chưa có số liệu."
    )


# Words and phrases


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_of_the_tables_has_its_word(language):
    for verdict in tables.VERDICTS:
        assert words.verdict_word(verdict, language)
    assert [bool(words.basis_word(b, language)) for b in tables.BASES] == [True, True, True, True, False]
    assert all(words.confidence_word(c, language) for c in tables.CONFIDENCES)
    assert all(words.severity_word(s, language) for s in tables.SEVERITIES)
    assert [words.OPERATORS[o] for o in tables.OPERATORS] == ["≥", ">", "≤", "<", "=", ""]
    assert all(words.set_by_word(s, language) for s in ("nation", "ministry", "province", ""))


@pytest.mark.parametrize(("document", "name"), [
    ("318/QĐ-TTg", "Quyết định 318/QĐ-TTg"), ("52/2026/TT-BTC", "Thông tư 52/2026/TT-BTC"), ("30/2020/NĐ-CP", "Nghị định 30/2020/NĐ-CP"), ("x", "x"),
])  # fmt: skip
def test_a_document_is_called_what_it_is(document, name):
    assert words.document_name(document, "vi") == name


@pytest.mark.parametrize(
    ("operator", "phrase"),
    [(">=", "từ 95,5% trở lên"), (">", "trên 95,5%"), ("<=", "không quá 95,5%"), ("<", "dưới 95,5%")],
)
def test_an_operator_in_words(operator, phrase):
    assert plain(bounded("95.5", "%", operator, "vi")) == phrase


def test_one_of_a_thing_is_singular_in_english():
    row = judge([share(10, 12)], threshold(">", "90", count_unit="thôn"))
    assert "that is 1 village." in explain(row, BLANK_RULE | threshold(count_unit="thôn"), "en")


def test_small_margins_keep_their_digits():
    assert points(Fraction("0.0049"), "vi") == "0,004900 điểm phần trăm"
    assert points(Fraction(1, 10**9), "vi") == "chưa đến 0,000001 điểm phần trăm"
    assert amount_phrase("4", "sao", "vi") == "4 sao"
    assert (
        margin_phrase(judge([observation(value="met", kind="declared")], threshold()), BLANK_RULE | threshold(), "vi")
        == ""
    )
