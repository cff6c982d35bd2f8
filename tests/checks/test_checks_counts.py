"""Counts that do not fit what else is known are found, and those that fit are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.checked import checked, few, in_results, of
from tests.intake.raw_rows import result


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def households(total: int, year: int = 2024):
    return {"households": {"value": total, "year": year, "document": "X"}}


@few
@given(
    total=st.integers(300, 9000),
    part=st.integers(5, 250),
    digits=st.integers(1, 2),
    off=st.sampled_from((0, 0, 30, -30)),
)
def test_a_share_is_its_count_over_the_total_known_elsewhere(folder, total, part, digits, off):
    percent = round(part * 100 / total + 1e-9, digits) + off * 10**-digits
    if percent <= 0:
        return
    text = f"{part} hộ, chiếm {percent:.{digits}f}%".replace(".", ",")
    found = checked(folder, in_results(of("11.1", text)), "share-total", profile=households(total))
    assert len(found) == (off != 0)


def test_seventy_four_of_1466_are_no_4_90_percent(folder):
    finding = checked(
        folder, in_results(of("11.1", "74 hộ, chiếm 4,90%")), "share-total", profile=households(1466)
    ).iloc[0]
    assert (
        (finding.severity, finding.year) == ("warning", 2024)
        and "5,05%" in finding.message
        and "1.466" in finding.message
    )
    total = of("11.1", "1.466 hộ", id="T", criterion="", indicator="", item="Tổng số hộ", kind="other")
    assert len(checked(folder, in_results(of("11.1", "74 hộ, chiếm 4,90%"), total), "share-total")) == 1


@pytest.mark.parametrize("text", ["74 hộ, chiếm 5,05%", "74/1.510 hộ, đạt 4,90%", "4,90%", "74 hộ"])
def test_what_agrees_or_has_its_own_total_is_no_finding(folder, text):
    assert checked(folder, in_results(of("11.1", text)), "share-total", profile=households(1466)).empty


@few
@given(counts=st.lists(st.integers(1, 200), min_size=2, max_size=6), off=st.sampled_from((0, 0, 1, -1, 90)))
def test_villages_add_up_to_the_commune(folder, counts, off):
    names = [f"Thôn {i}" for i in range(len(counts))]
    rows = [
        of("17.8a", f"{grouped(c)} hộ", id=f"V{n}", village=name)
        for n, (name, c) in enumerate(zip(names, counts, strict=True))
    ]
    whole = of("17.8a", f"{grouped(sum(counts) + off)}/{grouped(sum(counts) + 500)} hộ", id="X")
    register = {"villages.csv": [{"id": f"L{n}", "village": name} for n, name in enumerate(names)]}
    found = checked(folder, in_results(*rows, whole) | register, "villages-sum")
    assert len(found) == (off != 0)
    some = checked(folder, in_results(*rows[:-1], whole) | register, "villages-sum")
    assert len(some) == (len(counts) > 2 and sum(counts[:-1]) > sum(counts) + off)


def test_two_villages_of_many_are_no_more_than_all(folder):
    rows = [
        of("17.8a", "90 hộ", village="Đình"),
        of("17.8a", "100 hộ", id="R2", village="Bàu"),
        of("17.8a", "180/1.413 hộ", id="R3"),
    ]
    finding = checked(folder, in_results(*rows), "villages-sum").iloc[0]
    assert finding.severity == "error" and "190" in finding.message and "180" in finding.message


@pytest.mark.parametrize("name", ["Cộng", "Tổng cộng", "Cộng các thôn", "TỔNG SỐ", "Toàn xã", "Cộng:"])
def test_the_row_that_adds_up_is_no_village(folder, name):
    files = {"villages.csv": [{"id": "V1", "village": "Đình"}]} | in_results(of("17.8a", "90 hộ", village=name))
    found = checked(folder, files)
    assert found.code.tolist().count("village-total") == 1 and "village" not in found.code.tolist()
    assert len(checked(folder, {"villages.csv": [{"id": "V1", "village": name}]}, "village-total")) == 1


@pytest.mark.parametrize("name", ["Cộng Hòa", "Chung Sơn", "Tổng Đội", "Xã Tắc"])
def test_a_village_whose_name_begins_so_is_one(folder, name):
    assert checked(folder, {"villages.csv": [{"id": "V1", "village": name}]}, "village-total").empty


def test_the_households_of_the_villages_are_those_of_the_commune(folder):
    register = {
        "villages.csv": [
            {"id": "V1", "village": "Đình", "households": "600"},
            {"id": "V2", "village": "Bàu", "households": "800"},
        ]
    }
    assert "1.400" in checked(folder, register, "villages-sum", profile=households(1413)).iloc[0].message
    assert checked(folder, register, "villages-sum", profile=households(1400)).empty
    assert checked(folder, register, "villages-sum").empty


@few
@given(whole=st.integers(800, 3000), part=st.integers(60, 400), out=st.integers(1, 50), other=st.integers(0, 9))
def test_households_that_leave_both_numbers_are_found(folder, whole, part, out, other):
    before = of("11.1", f"{part}/{grouped(whole)} hộ", year="2023")
    gone = of("11.1", f"{part - out}/{grouped(whole - out)} hộ", id="R2")
    stayed = of("11.1", f"{part - out}/{grouped(whole + other)} hộ", id="R2")
    finding = checked(folder, in_results(before, gone), "vanished").iloc[0]
    assert f": {out} hộ mất" in finding.message and finding.year == 2024
    assert checked(folder, in_results(before, stayed), "vanished").empty


def declared(id: str, criterion: str, value: str, **more) -> dict:
    return {
        "id": id,
        "year": "2024",
        "criterion": criterion,
        "indicator": "",
        "item": "",
        "value": value,
        "kind": "declared",
        **more,
    }


@few
@given(met=st.integers(0, 19), named=st.integers(1, 19))
def test_a_published_count_is_held_against_the_criteria_named(folder, met, named):
    rows = [
        declared("A", "all", f"{met}/19 tiêu chí"),
        *(declared(f"U{i}", str(i), "chưa đạt") for i in range(1, named + 1)),
    ]
    found = checked(folder, in_results(*rows))
    told = found[found["code"].isin(["list-count", "list-rest"])]
    wanted = ["error"] if named > 19 - met else ["warning"] if named < 19 - met else ["info"]
    assert told.severity.tolist() == wanted


@pytest.mark.parametrize(
    ("count", "severity", "words"),
    [("17/19 tiêu chí", "error", "nêu tên 3: 5, 10, 17"), ("16/19 tiêu chí", "info", "khớp với 3")],
)
def test_three_named_beside_seventeen_and_beside_sixteen(folder, count, severity, words):
    rows = [declared("A", "all", count), *(declared(f"U{c}", c, "chưa đạt") for c in ("5", "10", "17"))]
    found = checked(folder, in_results(*rows))
    told = found[found["code"].isin(["list-count", "list-rest"])].iloc[0]
    assert told.severity == severity and words in told.message


def test_met_and_unmet_make_the_whole(folder):
    rows = [
        declared("A", "all", "14/19 tiêu chí"),
        declared("B", "all", "4 tiêu chí", item="Số tiêu chí chưa đạt", kind="other"),
    ]
    assert "không thành 19" in checked(folder, in_results(*rows), "list-count").iloc[0].message
    assert checked(folder, in_results(rows[0], rows[1] | {"value": "05 tiêu chí"}), "list-count").empty


def test_two_counts_by_two_sources_are_found(folder):
    rows = [declared("A", "all", "9/19 tiêu chí", document="X"), declared("B", "all", "13/19 tiêu chí", document="Y")]
    finding = checked(folder, in_results(*rows), "two-counts").iloc[0]
    assert finding.observation == "A;B" and "9/19" in finding.message and "Y" in finding.message
    assert checked(folder, in_results(rows[0], rows[1] | {"value": "9/19 tiêu chí"}), "two-counts").empty
    assert checked(folder, in_results(rows[0], rows[1] | {"rule_set": "ntm-nang-cao-2021-2025"}), "two-counts").empty


# False alarms.


def test_men_and_women_shares_and_parts_are_no_second_total(folder):
    rows = [
        of("12.1", "1.200/2.400 người", item="nam"),
        of("12.1", "2.400/4.800 người", id="R2"),
        of("11.1", "1.466 hộ", id="R3", criterion="", indicator="", item="Tổng số hộ", kind="other"),
        of("11.1", "0,6% hộ", id="R4", criterion="", indicator="", item="Tỷ lệ hộ nghèo", kind="other"),
        of("11.1", "74 hộ", id="R5", criterion="", indicator="", item="Số hộ nghèo", kind="other"),
        of("10.1", "97,4 tỷ đồng", id="R6", criterion="", indicator="", item="Thu ngân sách", kind="other"),
        of("10.1", "104 tỷ đồng", id="R7", criterion="", indicator="", item="Chi ngân sách", kind="other"),
    ]
    assert checked(folder, in_results(*rows), "denominator").empty


def test_women_named_in_words_are_half_of_the_insured(folder):
    rows = [
        of("15.1", "1.100/1.200 người", item="Nữ tham gia bảo hiểm y tế"),
        of("15.1", "2.300/2.400 người", id="R2", item="Người tham gia bảo hiểm y tế"),
    ]
    found = checked(folder, in_results(*rows))
    assert not {"two-values", "denominator"} & {*found.code}


def test_a_part_beside_its_whole_is_told_to_be_one(folder):
    rows = [
        of("10.1", "47,5 triệu đồng/người/năm"),
        of("10.1", "20 triệu đồng/người/năm", id="R2", item="- trong đó: nông nghiệp"),
    ]
    assert checked(folder, in_results(*rows), "two-values").empty
    assert "một phần" in checked(folder, in_results(*rows), "ambiguous").iloc[0].message


@pytest.mark.parametrize("text", ["105,8% kế hoạch", "đạt 104% so với cùng kỳ", "97,4/92 tỷ đồng"])
def test_a_plan_outdone_is_no_share_over_100(folder, text):
    row = of("10.1", text, criterion="", indicator="", item="Thu ngân sách", kind="other")
    assert checked(folder, in_results(row), "over-100").empty


@pytest.mark.parametrize("text", ["trên 100%", "> 100%", "101,5%", "1.414/1.413 hộ", "hơn 100%"])
def test_a_share_of_an_indicator_is_not_over_100(folder, text):
    found = checked(folder, in_results(of("17.8a", text)))
    told = found[found["code"].isin(["over-100", "ambiguous"])]  # a bound over all that can be is no value at all
    assert told.severity.tolist() == ["error"]
    assert checked(folder, in_results(of("17.8a", "100%")), "over-100").empty


def test_a_row_that_stands_twice_is_told(folder):
    twice = [of("17.8a", "90,3%"), of("17.8a", "90,3%", id="R2")]
    assert "2 lần" in checked(folder, in_results(*twice), "same-row").iloc[0].message
    assert checked(folder, in_results(twice[0], twice[1] | {"document": "khác"}), "same-row").empty


def test_an_indicator_without_its_criterion_is_told_once(folder):
    rows = [of("17.8a", "90,3%", criterion=""), of("11.1", "2,5%", id="R2", criterion="")]
    found = checked(folder, in_results(*rows), "criterion-empty")
    assert len(found) == 1 and "2, 3" in found.iloc[0].message


@pytest.mark.parametrize(
    ("value", "rule_set", "told"),
    [("16/19 tiêu chí", "", True), ("14 tiêu chí", "", True), ("16/19 tiêu chí", "ntm-2021-2025", False)],
)
def test_a_published_count_says_by_which_set_it_was_made(folder, value, rule_set, told):
    row = result(criterion="all", indicator="", item="Số tiêu chí đạt", value=value, kind="declared", rule_set=rule_set)
    assert checked(folder, {"results.csv": [row]}, "count-set").empty != told
