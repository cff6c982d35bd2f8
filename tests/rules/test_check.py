"""``make rules CHECK=1``: the real rules are sound, and each kind of fault is found where it was put."""

import re

import pytest

from ntm_lib import paths
from ntm_lib.rules.check import check_rules

SET = "ntm-2021-2025"
THRESHOLDS, INDICATORS, YML, CROSSWALK = (
    f"{SET}/thresholds.csv",
    f"{SET}/indicators.csv",
    f"{SET}/set.yml",
    "crosswalk.csv",
)
PROVINCE = "provinces/tuyen-quang/ntm-2021-2025.csv"
HERE = r"(?m)^(4\.2,,tdmnpb,)>=,95,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,\"trí nhớ, chưa đối chiếu\",unverified"

# (file, pattern, replacement, column reported, words of the report)
FAULTS = [
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,,unverified",
     "source", "thiếu nguồn"),
    (THRESHOLDS, HERE, r'\1>=,95,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,"trí nhớ, chưa đối chiếu",official',
     "confidence", "không thể chắc"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,một tờ báo,one-source",
     "source", "không có địa chỉ"),
    (INDICATORS, r"Kế hoạch 05/KH-BCĐ ngày", "Một kế hoạch ngày", "name_source", "không có địa chỉ"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,sure",
     "confidence", "mức tin cậy"),
    (THRESHOLDS, HERE, r"\1>=,,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "confidence", "để trống"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unknown",
     "confidence", "có mức chuẩn"),
    (THRESHOLDS, HERE, r"\1=,95,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "operator", "không hợp với loại share"),
    (THRESHOLDS, HERE, r"\1≥,95,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "operator", "phép so sánh"),
    (THRESHOLDS, HERE, r'\1>=,"95,5",%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified',
     "threshold", "không hợp với loại share"),
    (THRESHOLDS, HERE, r"\1>=,950,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "threshold", "không hợp với loại share"),
    (THRESHOLDS, HERE, r"\1>=,met,%,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "threshold", "không hợp với loại share"),
    (THRESHOLDS, HERE, r"\1>=,95,hộ,2021-01-01,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "unit", "đơn vị khác"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-01-01,31/12/2025,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "valid_to", "không phải một ngày"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-02-30,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "valid_from", "không phải một ngày"),
    (THRESHOLDS, HERE, r"\1>=,95,%,,2025-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified", "valid_from", "thiếu ngày"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2025-12-31,2021-01-01,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "valid_to", "trước ngày có hiệu lực"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-01-01,2023-12-31,nation,318/QĐ-TTg,Phụ lục I,x,unverified",
     "valid_to", "thiếu mức của các năm 2024, 2025"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-01-01,2025-12-31,district,318/QĐ-TTg,Phụ lục I,x,unverified",
     "set_by", "cấp quy định"),
    (THRESHOLDS, HERE, r"\1>=,95,%,2021-01-01,2025-12-31,nation,,Phụ lục I,x,unverified", "document", "thiếu văn bản"),
    (THRESHOLDS, r"(?m)^4\.2,,tdmnpb,", "4.9,,tdmnpb,", "indicator", "không có trong indicators.csv"),
    (THRESHOLDS, r"(?m)^4\.2,,tdmnpb,", "4.2,z,tdmnpb,", "part", "không có nội dung này"),
    (THRESHOLDS, r"(?m)^4\.2,,tdmnpb,", "4.2,,nhom1,", "column", "không có cột này"),
    (THRESHOLDS, r"(?m)^(10\.1,,tdmnpb,>=,42,[^,]*),2023-01-01", r"\1,2022-07-01", "valid_from", "chồng lên dòng"),
    (THRESHOLDS, r"(?m)^(4\.2,,tdmnpb,.*)$", r"\1\n\1", "valid_from", "chồng lên dòng"),
    (THRESHOLDS, r"(?m)^10\.1,,tdmnpb,>=,42,.*\n", "", "valid_to", "cột tdmnpb: thiếu mức của các năm 2023"),
    (THRESHOLDS, r"(?m)^9\.1,,tdmnpb,<=,0,", "9.1,,tdmnpb,<=,3,", "threshold", "loại none"),
    (THRESHOLDS, r"(?m)^18\.2,,tdmnpb,>=,[^,]*,", "18.2,,tdmnpb,>=,giỏi,", "threshold", "loại rating"),
    (THRESHOLDS, r"(?m)^1\.1,,tdmnpb,=,met,", "1.1,,tdmnpb,>=,met,", "operator", "loại status"),
    (THRESHOLDS, "indicator,part,column", "indicator,part,cot", "", r"thiếu cột \[column\], thừa cột \[cot\]"),
    (INDICATORS, r"(?m)^4,4\.1,.*\n", "", "indicator", "không có trong indicators.csv"),
    (INDICATORS, r"(?m)^4,4\.1,.*\n", "", "indicators_total", "đếm được 56"),
    (INDICATORS, r"(?m)^(4,4\.1,.*)$", r"\1\n\1", "valid_from", "chồng lên dòng"),
    (INDICATORS, r"(?m)^5,5\.1,,.*\n", "", "part", "không có chỉ tiêu của nó"),
    (INDICATORS, r"(?m)^5,5\.1,,all,", "5,5.1,,,", "join", "không nói cách gộp"),
    (INDICATORS, r"(?m)^4,4\.1,,,", "4,4.1,,all,", "join", "không có nội dung nào"),
    (INDICATORS, r"(?m)^4,4\.1,,,status", "4,4.1,,,boolean", "kind", "không được phép"),
    (INDICATORS, r"(?m)^4,4\.1,,", "40,4.1,,", "criterion", "không được phép"),
    (INDICATORS, r"schools>3 or", "schools>nhiều or", "applies_if", "không đọc được điều kiện"),
    (INDICATORS, r"craft_village=yes", "craft_town=yes", "applies_if", "không có đặc điểm craft_town"),
    (INDICATORS, r"craft_village=yes", "craft_village=co", "applies_if", "không có giá trị co"),
    (INDICATORS, r"Hệ thống điện đạt chuẩn", "", "name_vi", "thiếu tên"),
    (INDICATORS, r"Power system meets the standard", "", "name_en", "thiếu bản dịch"),
    (YML, r"indicators_total: 57", "indicators_total: 58", "indicators_total", "đếm được 57"),
    (YML, r"years: \[2021, 2025\]", "years: 2021", "years", "phải là"),
    (YML, r"next: ntm-2026-2030", "next: ntm-2031", "next", "không có bộ tiêu chí này"),
    (YML, r"when: area=II\|III", "when: area=IV", "column_rules: 4", "không có giá trị IV"),
    (YML, r"to: 2024-02-29", "to: 29/02/2024", "column_rules: 2", "không phải một ngày"),
    (YML, r"(?s)withdrawal:.*?amendments:", "amendments:", "withdrawal", "thiếu mục"),
    (YML, r"id: ntm-2021-2025", "id: [ntm", "", "không đọc được YAML"),
    (YML, r'  - \{id: "7".*\n', "", "criterion", "không được phép"),
    (PROVINCE, r"(?m)^(2\.1,,tdmnpb,.*),province,", r"\1,nation,", "set_by", "tỉnh quy định"),
    (PROVINCE, r"(?m)^(2\.1,,tdmnpb,.*)$", r"\1\n\1", "valid_from", "chồng lên dòng"),
    (CROSSWALK, r"(?m)^ntm-2021-2025,9\.2,,.*\n", "", "from_indicator", "thiếu dòng từ ntm-2021-2025 sang"),
    (CROSSWALK, r",15\.1,,ntm-nang-cao-2021-2025,14\.1,", ",15.1,,ntm-nang-cao-2021-2025,14.9,",
     "to_indicator", "không có chỉ tiêu này"),
    (CROSSWALK, r",14\.1,,same,", ",14.1,,none,", "relation", "không hợp"),
]  # fmt: skip


def test_the_rules_of_the_project_are_sound():
    assert [p.in_words("vi") for p in check_rules(paths.rules_folder())] == []


@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "column", "words"),
    FAULTS,
    ids=[f"{f[3]}: {f[4]} ({n})" for n, f in enumerate(FAULTS)],
)
def test_a_fault_is_found_where_it_is(broken, file, pattern, replacement, column, words):
    text = (broken / file).read_text(encoding="utf-8")
    spoilt, count = re.subn(pattern, replacement, text, count=1)
    assert count == 1, "the test no longer spoils anything"
    (broken / file).write_text(spoilt, encoding="utf-8")
    problems = check_rules(broken)
    found = [p for p in problems if p.column == column and re.search(words, p.in_words("vi"), re.IGNORECASE)]
    assert found, [p.in_words("vi") for p in problems]
    if file.endswith("csv") and found[0].row:
        assert found[0].file.endswith(".csv") and int(found[0].row) > 1


def test_a_fault_names_file_line_column_what_was_read_and_what_to_do(broken):
    file = broken / THRESHOLDS
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, start=1) if text.startswith("4.2,,tdmnpb"))
    lines[line - 1] = lines[line - 1].replace(",95,", ",950,")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (problem,) = check_rules(broken)
    assert (problem.file, problem.row, problem.column, problem.read) == (
        f"data/raw/rules/{THRESHOLDS}",
        str(line),
        "threshold",
        "950",
    )
    assert problem.in_words("vi") == (
        f"data/raw/rules/{THRESHOLDS}, dòng {line}, cột «threshold»: «950» Mức chuẩn không hợp với loại share. "
        "Hãy ghi một số từ 0 đến 100, dấu thập phân là dấu chấm."
    )
    assert problem.in_words("en").endswith("with a decimal point.")


def test_many_faults_are_told_together(broken):
    for file, pattern, replacement in (
        (THRESHOLDS, r"(?m)^4\.2,,tdmnpb,", "4.9,,tdmnpb,"),
        (INDICATORS, "craft_village=yes", "x=y"),
        (YML, "indicators_total: 57", "indicators_total: 1"),
    ):
        (broken / file).write_text(
            re.sub(pattern, replacement, (broken / file).read_text(encoding="utf-8")), encoding="utf-8"
        )
    assert {p.column for p in check_rules(broken)} >= {"indicator", "applies_if", "indicators_total"}


def test_a_folder_without_rules_is_a_fault(tmp_path):
    assert [p.code for p in check_rules(tmp_path) if p.code == "rules-none"]
