"""Each check on a small faulty case, and silent on the case that is right."""

import pandas as pd
import pytest

from ntm_lib.checks import check
from ntm_lib.intake import clean, read_commune
from ntm_lib.wording.problem_words import list_findings, worded
from tests.checks.checked import in_results
from tests.intake.raw_rows import planned, result

NAMES = [
    ("9", "9.1", "", "none", "Nhà tạm, dột nát"),
    ("10", "10.1", "", "number", "Thu nhập bình quân đầu người"),
    ("11", "11.1", "", "share", "Tỷ lệ nghèo đa chiều"),
    ("17", "17.8", "", "share", "Tỷ lệ hộ có nhà tiêu, nhà tắm hợp vệ sinh"),
    ("17", "17.8", "a", "share", "Tỷ lệ hộ có nhà tiêu hợp vệ sinh"),
    ("17", "17.8", "b", "share", "Tỷ lệ hộ có nhà tắm hợp vệ sinh"),
    ("17", "17.9", "", "share", "Tỷ lệ cơ sở chăn nuôi bảo đảm vệ sinh thú y"),
    ("19", "19.2", "", "status", "Không có khiếu kiện đông người"),
]
INDICATORS = pd.DataFrame(
    [
        dict(zip(("criterion", "indicator", "part", "kind", "name_vi"), row, strict=True), unit="", applies_if="")
        for row in NAMES
    ]
)
THRESHOLDS = pd.DataFrame(
    [
        {
            "year": 2024, "indicator": "17.8", "part": "", "kind": "share", "operator": ">=", "threshold": "70",
            "unit": "%",
        },
        {
            "year": 2024, "indicator": "11.1", "part": "", "kind": "share", "operator": "<=", "threshold": "13",
            "unit": "%",
        },
        {
            "year": 2024, "indicator": "10.1", "part": "", "kind": "number", "operator": ">=", "threshold": "45",
            "unit": "triệu đồng/người/năm",
        },
    ]
)  # fmt: skip
DOCUMENTS = [{"document": "KH", "title": "Kế hoạch", "kind": "kế hoạch", "address": "sources/kh.txt"}]


@pytest.fixture
def found(folder):
    """``found(files, code)``: the findings with that code in a commune made of these files."""

    def run(files: dict, code: str = "", thresholds=THRESHOLDS, profile=None, language="vi"):
        folder(files)
        findings = check(
            clean(read_commune("thu", language), language), {"profile": profile or {}}, INDICATORS, language, thresholds
        )
        findings = worded(findings, language)
        return findings if not code else findings[findings["code"] == code].reset_index(drop=True)

    return run


@pytest.mark.parametrize(
    "text",
    [
        "1.276/1.413 hộ đạt 90,3%",
        "172/1.413 hộ=12,17%",
        "767/878 hộ chăn nuôi, đạt 87,4%",
        "1/8 hộ=12,5%",
        "1/8 hộ = 13%",
    ],
)
def test_a_share_that_is_its_counts_rounded_half_up_is_no_finding(found, text):
    assert found(in_results(result(value=text)), "share").empty


def test_a_share_that_does_not_fit_its_counts_is_found(found):
    finding = found(in_results(result(value="1.276/1.413 hộ đạt 93,0%")), "share").iloc[0]
    assert (finding.severity, finding.file, finding.row, finding.column) == (
        "error",
        "communes/thu/results.csv",
        "2",
        "value",
    )
    assert "90,30" in finding.message and "1.276/1.413" in finding.message


def test_a_share_that_was_cut_and_not_rounded_is_a_warning(found):
    finding = found(in_results(result(value="767/878 hộ đạt 87,3%")), "share").iloc[0]
    assert (finding.severity, "cắt bớt" in finding.message) == ("warning", True)


def works(*quantities, total="1,08 km"):
    rows = [
        {"id": "W0", "quantity": total, "part_of": ""},
        *({"id": f"W{i}", "quantity": q, "part_of": "W0"} for i, q in enumerate(quantities, 1)),
    ]
    return {"works.csv": [row | {"year": "2024", "criterion": "2", "item": "đường"} for row in rows]}


def test_parts_that_add_up_are_no_finding(found):
    assert found(works("0,31 km", "770 m"), "parts").empty
    assert found(
        {
            "plan.csv": [
                planned("K1", "giảm 30 hộ"),
                planned("K2", "giảm 23 hộ", "split", part_of="K1"),
                planned("K3", "07 hộ", "split", part_of="K1"),
            ]
        },
        "parts",
    ).empty


def test_parts_that_do_not_add_up_are_found(found):
    assert "1,07" in found(works("0,31 km", "0,76 km"), "parts").iloc[0].message
    assert "15" in found(works("15 hộ", total="14 hộ"), "parts").iloc[0].message


def priced(*costs, column="cost", planned="100"):
    rows = [
        {"id": f"W{i}", "part_of": "W0" if i else "", column: cost, "source": "dtts"} for i, cost in enumerate(costs)
    ]
    fund = {"id": "F1", "year": "2024", "source": "dtts", "name": "DTTS", "amount": planned}
    return {
        "works.csv": [row | {"year": "2024", "criterion": "2", "item": "đường", "quantity": ""} for row in rows],
        "funding.csv": [fund],
    }


def test_what_lies_inside_a_work_costs_and_owes_no_more_than_it(found):
    assert found(priced("90", "40", "50"), "works-cost").empty
    assert found(priced("", "40", "50"), "works-cost").empty
    assert (
        "ghi 90 triệu đồng, các phần bên trong cộng lại 91 triệu đồng"
        in found(priced("90", "40", "51"), "works-cost").iloc[0].message
    )
    assert found(priced("0", "5", column="debt"), "works-debt").iloc[0].severity == "error"


def test_works_cost_no_more_than_their_source_has(found):
    assert found(priced("100", "40", "50"), "works-source").empty  # the parts are inside the hundred
    assert (
        "lấy 101 triệu đồng từ nguồn này, kế hoạch của nguồn là 100"
        in found(priced("", "51", "50"), "works-source").iloc[0].message
    )
    assert found(priced("101", planned=""), "works-source").empty


def test_one_part_named_out_of_several_is_no_finding(found):
    assert found(works("06 hộ nghèo", total="14 hộ"), "parts").empty


def test_whom_a_work_serves_is_no_part_of_its_quantity(found):
    assert found(works("0,31 km", "31 hộ", "0,77 km"), "parts").empty


def test_parts_of_nothing_and_in_other_units_are_found(found):
    assert "khác đơn vị" in found(works("0,31 km", "2 cầu"), "parts").iloc[0].message
    assert "không có dòng R9" in found({"plan.csv": [planned(part_of="R9")]}, "parts").iloc[0].message


def test_a_total_that_is_not_printed_is_told_with_the_sum(found):
    assert "= 3 " in found(works("1 loa", "2 loa", total="(không ghi)"), "parts-no-total").iloc[0].message


def funding(total, *amounts):
    rows = [
        {"id": "F0", "source": "total", "amount": total},
        *({"id": f"F{i}", "source": "other", "amount": a} for i, a in enumerate(amounts, 1)),
    ]
    return {"funding.csv": [row | {"year": "2024", "name": row["id"]} for row in rows]}


def test_funding_that_adds_up_is_no_finding(found):
    assert found(funding("8.321,7 tr.đồng", "8 tỷ", "321,7 triệu đồng"), "funding-sum").empty


def test_funding_that_does_not_add_up_is_found_with_the_difference(found):
    assert "lệch -0,1" in found(funding("8.321,7 tr.đồng", "8 tỷ", "321,6 triệu đồng"), "funding-sum").iloc[
        0
    ].message.replace("−", "-")


def test_funding_without_a_total_is_said(found):
    rows = funding("2 tỷ", "1 tỷ", "1 tỷ")["funding.csv"]
    assert "0 dòng tổng" in found({"funding.csv": rows[1:]}, "funding-sum").iloc[0].message
    assert found({"funding.csv": rows[:2]}, "funding-sum").empty


def status(id, criterion, value, **more):
    return {
        "id": id,
        "year": "2021",
        "criterion": criterion,
        "indicator": "",
        "item": "",
        "value": value,
        "kind": "declared",
        **more,
    }


def test_eight_criteria_of_which_seven_are_named(found):
    rows = [
        status("A", "all", "8 tiêu chí", item="Số tiêu chí chưa đạt", kind="other"),
        *(status(f"U{i}", str(i), "chưa đạt") for i in range(1, 8)),
    ]
    assert "chỉ nêu tên 7" in found(in_results(*rows), "list-count").iloc[0].message


def test_two_criteria_of_which_two_are_named_and_none_unmet(found):
    rows = [
        status("A", "all", "2/19 tiêu chí"),
        status("B", "1", "đạt"),
        status("C", "2", "đạt"),
        status("D", "all", "Không", item="Số tiêu chí chưa đạt", kind="other"),
    ]
    assert found(in_results(*rows), "list-count").empty


def test_a_count_without_a_list_is_said_to_be_unchecked(found):
    findings = found(in_results(status("A", "all", "11/19 tiêu chí")), "not-checked")
    assert "list-count" in " ".join(findings.message)


def test_twelve_villages_of_which_one_is_named(found):
    files = in_results(status("A", "", "12 thôn", kind="other")) | {"villages.csv": [{"id": "V1", "village": "Đình"}]}
    assert "có 1: Đình" in found(files, "village-count").iloc[0].message


def provisions(*annexes):
    return {
        "provisions.csv": [
            {"id": f"A{i}", "kind": "annex", "item": "", "value": a, "document": "KH"} for i, a in enumerate(annexes)
        ]
    }


def test_an_annex_that_is_never_cited_is_found(found):
    assert "không nhắc Biểu 02" in found(provisions("Biểu 01", "Biểu 03"), "annex-gap").iloc[0].message
    assert found(provisions("Biểu 01, Biểu 02", "Biểu 03"), "annex-gap").empty


def test_annexes_named_in_several_ways_are_found(found):
    assert len(found(provisions("Biểu 01", "biểu số 02"), "annex-spelling")) == 1
    assert found(provisions("Biểu 01", "Biểu 02"), "annex-spelling").empty


def test_two_totals_of_households_in_one_year(found):
    rows = [result(), status("T", "", "1.411 hộ", year="2023", kind="other", document="báo")]
    message = found(in_results(*rows), "denominator").iloc[0].message
    assert "1.411" in message and "1.413" in message
    assert found(in_results(result(), status("T", "", "1413 hộ", year="2023", kind="other")), "denominator").empty
    without = [row | {"document": ""} for row in rows]
    assert "1.411 (T); 1.413 (R1)" in found(in_results(*without), "denominator").iloc[0].message


def test_another_base_is_no_second_total(found):
    assert found(in_results(result(), result("R2", "767/878 hộ chăn nuôi, đạt 87,4%")), "denominator").empty


def test_workers_and_the_insured_are_no_second_count_of_residents(found):
    rows = [result(value="2.415/2.472 người", indicator="11.1"), result("R2", "3.516/4.048 người", indicator="17.9")]
    assert found(in_results(*rows), "denominator").empty


def test_the_profile_is_a_source_too(found):
    assert (
        len(
            found(
                in_results(result()),
                "denominator",
                profile={"households": {"value": 1400, "year": 2023, "document": "X"}},
            )
        )
        == 1
    )


def test_a_total_that_jumps_between_years(found):
    rows = [
        status("T1", "", "1.413 hộ", year="2023", kind="other"),
        status("T2", "", "1.300 hộ", year="2024", kind="other"),
    ]
    assert "8,0%" in found(in_results(*rows), "denominator-change").iloc[0].message


def test_two_values_for_one_indicator_and_year_are_both_kept(found):
    finding = found(in_results(result(value="90,3%"), result("R2", "95,1%")), "two-values").iloc[0]
    assert finding.observation == "R1;R2"
    assert found(in_results(result(value="90,3%"), result("R2", "90,3%")), "two-values").empty


@pytest.mark.parametrize("text", ["1.414/1.413 hộ", "101,5%"])
def test_a_share_over_100_is_found(found, text):
    assert len(found(in_results(result(value=text)), "over-100")) == 1


def test_a_plan_that_adds_more_than_there_are_is_found(found):
    files = in_results(result(value="1.400/1.413 hộ")) | {"plan.csv": [planned()]}
    assert "1.456" in found(files, "over-100").iloc[0].message


def test_a_target_worse_than_the_result_is_found_in_the_direction_of_the_rule(found):
    lower = in_results(result(value="90,3%")) | {"plan.csv": [planned(value="85%", kind="target")]}
    assert len(found(lower, "target-worse")) == 1
    poverty = {"indicator": "11.1", "criterion": "11"}
    better = in_results(result(value="12,17%", **poverty)) | {
        "plan.csv": [planned(value="10%", kind="target", **poverty)]
    }
    assert found(better, "target-worse").empty


def test_a_change_against_the_direction_of_the_rule_is_found(found):
    more_poor = {"plan.csv": [planned(value="tăng 30 hộ", indicator="11.1", criterion="11")]}
    assert len(found(more_poor, "target-worse")) == 1


def test_a_negative_level_is_found(found):
    assert len(found(in_results(result(value="-0,91%")), "negative")) == 1


def test_a_jump_is_found(found):
    assert len(found(in_results(result(value="50%", year="2022"), result("R2", "90%")), "jump")) == 1
    assert found(in_results(result(value="80%", year="2022"), result("R2", "90%")), "jump").empty


def test_an_unknown_indicator_part_or_criterion_is_found(found):
    rows = [result(indicator="17.99"), result("R2", part="z"), result("R3", criterion="9")]
    assert len(found(in_results(*rows), "unknown-indicator")) == 3


PENS = {"value": "767/878 hộ chăn nuôi, đạt 87,4%", "item": "Hộ chăn nuôi có chuồng gia súc hợp vệ sinh"}


def test_pens_under_the_latrines_are_found(found):
    finding = found(in_results(result(**PENS), result("R2", part="a", item="Nhà tiêu hợp vệ sinh")), "wrong-indicator")
    assert finding.observation.tolist() == ["R1"]
    assert "17.9" in finding.iloc[0].message


def test_words_that_only_brush_another_indicator_are_no_finding(found):
    assert found(in_results(result(value="4,6km", item="Đường trục xã, chăn nuôi")), "wrong-indicator").empty


def test_a_correction_answers_the_finding(found):
    correction = {
        "id": "C1", "file": "results.csv", "row_id": "R1", "column": "indicator", "expect": "17.8", "action": "set",
        "value": "17.9",
    }  # fmt: skip
    files = in_results(result(**PENS)) | {
        "corrections.csv": [correction | {"reason": "in nhầm", "decided_by": "An", "decided_on": "2024-03-01"}]
    }
    findings = found(files)
    assert found(files, "wrong-indicator").iloc[0][["answer", "answered_by", "indicator"]].tolist() == [
        "corrected",
        "An",
        "17.8",
    ]
    assert "correction" not in findings.code.tolist()


@pytest.mark.parametrize("day", ["2024-03-01", "23.11.2026", "tháng 11/2026"])
def test_other_corrections_are_shown(found, day):
    correction = {
        "id": "C1", "file": "results.csv", "row_id": "R1", "column": "value", "expect": "90,3", "action": "flag",
        "reason": "cần hỏi lại",
    }  # fmt: skip
    files = in_results(result(value="90,3")) | {
        "corrections.csv": [correction | {"decided_by": "An", "decided_on": day}]
    }
    assert found(files, "correction").iloc[0][["severity", "message", "text"]].tolist() == [
        "warning",
        "cần hỏi lại",
        "90,3",
    ]


def test_a_bound_stricter_than_the_rule_is_told_and_an_opposite_one_is_wrong(found):
    assert found({"plan.csv": [planned(value=">90%", kind="target")]}, "operator").iloc[0].severity == "info"
    assert found({"plan.csv": [planned(value="dưới 90%", kind="target")]}, "operator").iloc[0].severity == "error"
    assert found({"plan.csv": [planned(value="từ 70% trở lên", kind="target")]}, "operator").empty
    assert found(in_results(result(value=">90%", year="2024")), "operator").empty


def test_a_target_of_the_commune_is_not_the_threshold(found):
    assert "≥ 70%" in found({"plan.csv": [planned(value="≥83%", kind="target")]}, "local-target").iloc[0].message
    assert found({"plan.csv": [planned(value="70%", kind="target")]}, "local-target").empty


def test_a_check_without_thresholds_says_so(found):
    assert {"not-checked:operator", "not-checked:target-worse"} <= set(
        found({"plan.csv": [planned()]}, thresholds=None).finding
    )


def test_a_criterion_that_the_plan_leaves_out_is_found(found):
    plan = {"plan.csv": [planned(document="KH")], "documents.csv": DOCUMENTS}
    assert found(plan, "criteria-covered").criterion.tolist() == ["9", "10", "11", "19"]
    newspaper = {"documents.csv": [DOCUMENTS[0] | {"kind": "báo chí"}]}
    assert found(plan | newspaper, "criteria-covered").empty


def test_a_part_without_figure_is_found(found):
    assert found(in_results(result(part="a")), "part-missing").iloc[0][["indicator", "part"]].tolist() == ["17.8", "b"]
    assert found(in_results(result(part="a"), result("R2", part="b")), "part-missing").empty


def test_a_target_without_base_and_a_change_without_base(found):
    assert (
        found(
            {"plan.csv": [planned(value="49 triệu đồng/người/năm", kind="target", indicator="10.1", criterion="10")]},
            "base-missing",
        )
        .iloc[0]
        .severity
        == "warning"
    )
    assert found({"plan.csv": [planned()]}, "base-missing").iloc[0].severity == "error"
    assert found(in_results(result()) | {"plan.csv": [planned()]}, "base-missing").empty


def test_a_declared_criterion_without_figures(found):
    assert "11.1" in found(in_results(status("A", "11", "đạt")), "figures-missing").iloc[0].message
    assert found(
        in_results(status("A", "11", "đạt", year="2023"), result(indicator="11.1", criterion="11")), "figures-missing"
    ).empty


def test_works_without_cost_are_counted(found):
    assert "2/2" in found(works("0,31 km", total="0,31 km"), "works-no-cost").iloc[0].message


def test_criteria_without_anybody_responsible(found):
    files = {"assignments.csv": [{"id": "G1", "who": "Ma Đình Sắc", "duty": "phụ trách", "criterion": "17"}]}
    assert "4 tiêu chí: 9, 10, 11, 19" in found(files, "no-person").iloc[0].message
    files["assignments.csv"][0]["criterion"] = "17; 19"
    assert "3 tiêu chí: 9, 10, 11" in found(files, "no-person").iloc[0].message


TEXT = """I. MỤC ĐÍCH
1. Mục đích
2. Yêu cầu
II. NỘI DUNG
1. Kết quả
1.1. Đạt
1.3. Chưa đạt
2. Kế hoạch của BCD huyện Chiêm Hoá, xã Chiêm Hóa
2.1. Một
2.1. Hai
- 17.5. Mai táng
- 17.3. Cảnh quan
5. Hỗ trợ
4.1. Về vốn
IV. TỔ CHỨC
"""


def with_text(text):
    return {"documents.csv": DOCUMENTS, "sources/kh.txt": text}


def test_faults_of_numbering_are_found_with_the_line(found):
    findings = found(with_text(TEXT), "numbering").set_index("row").message.to_dict()
    assert "II.1.2" in findings["7"]
    assert "hai lần" in findings["10"]
    assert "17.3 đứng sau mục 17.5" in findings["12"]
    assert "II.3, II.4" in findings["13"]
    assert "4.1 nằm trong mục 5" in findings["14"] and "4.2" in findings["14"]
    assert "III" in findings["15"]
    assert len(findings) == 6


def test_good_numbering_is_no_finding(found):
    assert found(
        with_text("I. A\n1. B\n1.1. C\n1.2. D\n2. E\n2.1. F\nII. G\n1. H\n- 17.1. x\n- 17.8. y\n08/3/2022. z\n"),
        "numbering",
    ).empty


def test_fixed_terms_and_tone_marks_are_found_on_their_line(found):
    assert found(with_text(TEXT), "term").iloc[0][["file", "row"]].tolist() == ["communes/thu/sources/kh.txt", "8"]
    assert "hoá" in found(with_text(TEXT), "tone-mark").iloc[0].message
    assert found(with_text("BCĐ huyện Chiêm Hóa, Chiêm Hóa"), "tone-mark").empty


def test_two_forms_of_one_term(found):
    assert len(found(with_text("Vốn CTMTQG\nVốn CT MTQG"), "mixed-term")) == 1


def villages(*names, **cells):
    return {"villages.csv": [{"id": f"V{i}", "village": n, "variants": cells.get(n, "")} for i, n in enumerate(names)]}


def test_villages_are_matched_and_the_match_is_shown(found):
    rows = [
        result(village="Rôm"),
        result("R2", village="Cao Bìn"),
        result("R3", village="Lạ"),
        result("R4", village="Rõm"),
    ]
    findings = (
        found(in_results(*rows) | villages("Rõm", "Cao Bình", Rõm="Rôm"), "village")
        .set_index("observation")
        .severity.to_dict()
    )
    assert findings == {"R1": "info", "R2": "warning", "R3": "error"}


def test_villages_whose_names_differ_by_one_letter(found):
    assert len(found(villages("Rõm", "Dõm", "Ngâu 1", "Ngâu 2"), "village-alike")) == 1


def test_a_village_used_as_a_place_in_another(found):
    row = {
        "id": "W1", "year": "2024", "criterion": "17", "item": "nước", "quantity": "", "village": "Rõm",
        "place": "Bàu 1-Bàu 2 thôn Rõm",
    }  # fmt: skip
    assert len(found(villages("Rõm", "Bàu") | {"works.csv": [row]}, "village-as-place")) == 1


@pytest.mark.parametrize("text", ["1,413 hộ", "1.413%", "7-9 hộ", "khoảng 9%"])
def test_an_ambiguous_value_is_a_finding_and_no_guess(found, text):
    findings = found(in_results(result(value=text)), "ambiguous")
    assert (findings.iloc[0].severity, findings.iloc[0].text) == ("error", text)


def test_none_under_a_yes_no_indicator_is_ambiguous(found):
    assert len(found(in_results(result(value="không", indicator="19.2", criterion="19")), "ambiguous")) == 1
    assert found(in_results(result(value="không", indicator="9.1", criterion="9")), "ambiguous").empty


def test_words_latex_and_a_decimal_point_are_told(found):
    assert len(found({"plan.csv": [planned(value="vững mạnh", kind="target")]}, "words-only")) == 1
    assert "≥ 83%" in found({"plan.csv": [planned(value="$\\geq 83\\%$", kind="target")]}, "latex").iloc[0].message
    assert len(found(in_results(result(value="90.3%")), "decimal-point")) == 1
    assert found(in_results(result(value="1.413/1.500 hộ")), "decimal-point").empty


def test_mixed_ways_of_writing_are_told(found):
    assert len(found(in_results(result(value="1.137/1413 hộ đạt 80,5%")), "mixed-grouping")) == 1
    assert found(in_results(result(), status("T", "", "2024", kind="other")), "mixed-grouping").empty
    assert len(found(works("1,0 km", "3,5km", "12 km"), "mixed-unit")) == 1
    assert len(found(works("15,30 ha", "9,0 ha", "12 ha"), "mixed-precision")) == 1


def test_two_forms_of_dates_in_one_document(found):
    assert len(found(provisions("318/QĐ-TTg ngày 08/3/2022", "ngày 22 tháng 02 năm 2022"), "mixed-date")) == 1


def test_an_answer_stays_until_the_cell_changes(found):
    files = in_results(result(value="101,5%"))
    target = found(files, "over-100").iloc[0].finding
    notes = {
        "notes.csv": [
            {
                "target": target, "author": "Bình", "date": "2024-03-02", "text": "đúng", "state": "settled",
                "answer": "explained",
            }
        ]
    }  # fmt: skip
    answered = found(files | notes, "over-100").iloc[0]
    assert answered[["answer", "answered_by", "answered_on", "answer_text"]].tolist() == [
        "explained",
        "Bình",
        "2024-03-02",
        "đúng",
    ]
    changed = in_results(result(value="102,5%")) | notes
    assert found(changed, "over-100").iloc[0].answer == ""
    assert found(changed, "note-target").iloc[0].text == target
    assert found(files | notes, "note-target").empty


def test_the_listing_names_place_fault_remedy_and_answer(found):
    findings = found(in_results(result(value="101,5%")))
    text = list_findings(findings)
    assert "communes/thu/results.csv, dòng 2, cột «value»: «101,5%»" in text
    assert "SAI  over-100:R1" in text and "→" in text
    assert text.index("SAI") < text.index("LƯU Ý")


@pytest.mark.parametrize("count", [1, 2, 3, 11, 40])
def test_a_long_list_is_folded_and_counted(found, count):
    """Errors up to ten, warnings up to two, notes one; the rest is a number, and all of them are there when asked for."""
    findings = found(in_results(*(result(f"R{n}", f"1{n:02d},5%") for n in range(count))))
    text, full = list_findings(findings), list_findings(findings, find="over-100")
    assert text.count("lớn hơn 100%") == min(count, 10) and full.count("lớn hơn 100%") == count
    assert (f"… và {count - 10} dòng nữa" in text) == (count > 10)
    assert f"SAI: {sum(findings.severity == 'error')};" in text
    notes = findings[(findings.severity == "info") & (findings.code != "not-checked")]
    assert text.count("LƯU Ý  ") == notes.groupby(["code", "action"]).ngroups


def test_rejects_are_folded_too(folder):
    from ntm_lib.wording.problem_words import list_rejects

    folder(in_results(*(result(f"R{n}", "1.27.6/1.413") for n in range(25))))
    text = list_rejects(clean(read_commune("thu")))
    assert text.count("KHÔNG ĐỌC ĐƯỢC") == 20 and text.startswith("25 dòng") and "… và 5 dòng nữa" in text


def test_checking_changes_nothing(folder):
    folder(in_results(result(), result("R2", **PENS)) | {"plan.csv": [planned()]})
    cleaned = clean(read_commune("thu"))
    before = cleaned.observations.copy()
    check(cleaned, {}, INDICATORS)
    pd.testing.assert_frame_equal(cleaned.observations, before)


def test_figures_of_men_and_women_are_no_two_values_of_one_thing(found):
    assert found(in_results(result(value="70%", item="Nam"), result("R2", "50%", item="nữ")), "two-values").empty


def test_nineteen_of_nineteen_beside_one_unmet_is_found(found):
    rows = [status("A", "all", "19/19 tiêu chí"), status("B", "5", "chưa đạt")]
    finding = found(in_results(*rows), "list-count").iloc[0]
    assert (finding.severity, finding.observation) == ("error", "A;B") and "tiêu chí 5" in finding.message
    assert found(in_results(status("A", "all", "18/19 tiêu chí"), rows[1]), "list-count").empty
    assert found(in_results(rows[0], rows[1] | {"rule_set": "ntm-2016-2020"}), "list-count").empty


def test_a_figure_at_a_criterion_is_said_not_to_be_judged(found):
    row = result(value="45 triệu đồng/người/năm", criterion="10", indicator="")
    assert "tiêu chí 10" in found(in_results(row), "criterion-value").iloc[0].message
    assert found(in_results(row | {"indicator": "10.1"}, status("A", "10", "đạt")), "criterion-value").empty


def test_a_deadline_or_document_date_that_is_no_date_is_told(found):
    works = [{"id": f"W{i}", "year": "2024", "criterion": "2", "item": "Đường", "quantity": "2 km", "deadline": date}
             for i, date in enumerate(["31/9/2024", "cuối năm", "T10/2024", "quý IV/2024", "30/9/2024", ""])]  # fmt: skip
    documents = [
        {"document": "KH", "title": "Kế hoạch", "date": "31/11/2023"},
        {"document": "QĐ", "title": "Quyết định", "date": "2023-11-30"},
    ]
    tables = {"works.csv": works, "documents.csv": documents}
    assert sorted(found(tables, "works-deadline")["text"]) == ["31/9/2024", "cuối năm"]
    assert found(tables, "document-date")["text"].tolist() == ["31/11/2023"]


@pytest.mark.parametrize("share", ["93,0%", "93,0 phần trăm"])
def test_a_wrong_share_beside_its_fraction_is_told_however_it_is_written(found, share):
    for text in (f"1.276/1.413 hộ đạt {share}", f"{share} (1.276/1.413 hộ)", f"1.276 hộ/1.413 hộ ({share})"):
        assert found({"results.csv": [result(value=text)]}, "share")["text"].tolist() == [text]
    assert found({"results.csv": [result(value="1.276 hộ/1.413 hộ")]}, "share").empty


def test_what_a_cell_says_beside_its_number_is_told_with_its_reason(found):
    for text, words in (
        ("95% kế hoạch", "kế hoạch"),
        ("95% (dự kiến)", "dự kiến"),
        ("xóa 14/14 nhà", "phần đã làm"),
        ("trên 100%", "tỷ lệ"),
    ):
        row = found({"results.csv": [result(value=text, part="a", year="2024")]}, "ambiguous").iloc[0]
        assert (row.severity, text in row.message, words in row.message) == ("error", True, True)


def test_a_work_takes_no_unit_of_its_indicator(folder):
    folder(
        {
            "works.csv": [
                {
                    "id": "W1",
                    "year": "2024",
                    "criterion": "17",
                    "indicator": "17.8",
                    "item": "Nhà tiêu",
                    "quantity": "0,51",
                }
            ]
        }
    )
    assert clean(read_commune("thu")).works[["quantity", "unit"]].values.tolist() == [["0.51", ""]]
