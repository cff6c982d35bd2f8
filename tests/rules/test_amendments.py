"""Amendments in running prose become lines of a proposal; what is not wholly understood is doubtful, nothing is passed over."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake.files.xlsx import read_xlsx
from ntm_lib.rules.check import check_rules
from ntm_lib.rules.decisions.accepting import accept
from ntm_lib.rules.decisions.annex_import import Proposal, read_annex
from ntm_lib.rules.decisions.proposal_page import HEADINGS, write_proposal
from ntm_lib.rules.sets import load_set
from tests.rules import annexes

SET, DAY = "ntm-2021-2025", "2024-06-01"
START = """THỦ TƯỚNG CHÍNH PHỦ
Số: 77/QĐ-TTg
QUYẾT ĐỊNH
Sửa đổi, bổ sung một số nội dung của Bộ tiêu chí quốc gia về xã nông thôn mới và xã nông thôn mới nâng cao giai đoạn 2021-2025
Căn cứ Luật Tổ chức Chính phủ; Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ;
Điều 1. Sửa đổi, bổ sung một số nội dung của Bộ tiêu chí quốc gia về xã nông thôn mới ban hành kèm theo Quyết định số 318/QĐ-TTg như sau:
"""
ALL = ("chung", "tdmnpb", "dbsh", "btb", "dhntb", "tn", "dnb", "dbscl")
HOUSES = "9.2. Tỷ lệ hộ có nhà ở kiên cố hoặc bán kiên cố"


def read(folder: Path, *sentences: str, kind: str = "txt", day: str = DAY, start: str = START) -> Proposal:
    """The proposal of a decision that says these sentences in its first article."""
    lines = [f"{n}. {text}" for n, text in enumerate(sentences, 1)]
    text = "\n".join([*start.splitlines(), *"\n".join(lines).splitlines(), "Điều 2. Tổ chức thực hiện."])
    path = folder / f"quyet-dinh.{kind}"
    if kind == "txt":
        path.write_text(text, "utf-8")
    else:
        annexes.WRITERS[kind](path, text)
    return read_annex(path, read_xlsx, SET, day=day)


def understood(proposal: Proposal) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Indicator, part, column → operator and amount of the lines without a doubt."""
    lines = (line for line in proposal.lines if line.level.column and line.state != "doubtful")
    return {
        (one.level.indicator, one.level.part, one.level.column): (one.level.operator, one.level.threshold)
        for one in lines
    }


@pytest.mark.parametrize("kind", ["txt", "docx", "html", "pdf"])
def test_the_same_sentences_are_read_of_every_kind_of_file(tmp_path, kind):
    proposal = read(
        tmp_path,
        "Sửa đổi chỉ tiêu 15.4 thuộc tiêu chí số 15 về Y tế tại Phụ lục I như sau:\n“15.4. Xã triển khai tốt sổ khám chữa bệnh điện tử: Đạt”.",
        "Thay cụm từ “quy hoạch chung xây dựng xã” bằng cụm từ “quy hoạch chung xã” tại chỉ tiêu 1.1.",
        f"Sửa đổi chỉ tiêu 9.2 như sau: “{HOUSES}: Đồng bằng sông Hồng, Đông Nam Bộ: ≥ 92%; Trung du miền núi phía Bắc: ≥ 77%; các vùng còn lại: ≥ 85%”.",
        kind=kind,
    )
    rest = ("btb", "dhntb", "tn", "dbscl")
    wanted = {("15.4", "", c): ("=", "met") for c in ALL} | {("9.2", "", c): (">=", "85") for c in rest}
    assert understood(proposal) == wanted | {("9.2", "", "tdmnpb"): (">=", "77")} | {
        ("9.2", "", c): (">=", "92") for c in ("dbsh", "dnb")
    }
    (name,) = [line for line in proposal.lines if line.level.indicator == "1.1"]
    assert name.name.startswith("Có quy hoạch chung xã còn") and name.state == "different"
    assert proposal.source.document == "77/QĐ-TTg"
    assert proposal.rows[name.place].startswith("2. Thay cụm từ")


@pytest.mark.parametrize(
    ("sentence", "indicator", "told"),
    [
        ("Bãi bỏ chỉ tiêu 16.3.", "16.3", "bãi bỏ"),
        ("Bãi bỏ nội dung “không có ở đó” tại chỉ tiêu 1.1.", "1.1", "không có"),
        ("Bổ sung chỉ tiêu 18.7 sau chỉ tiêu 18.6 như sau: “18.7. Xã có mô hình thân thiện: Đạt”.", "18.7", "indicators_total"),
        ("Sửa đổi chỉ tiêu 15.1 như sau: “15.1. Tỷ lệ người dân tham gia bảo hiểm y tế: ≥ 95%” đối với xã khu vực III.", "15.1", "chưa hiểu hết"),
        ("Sửa đổi chỉ tiêu 15.1 đối với xã khu vực III như sau: “15.1. Tỷ lệ người dân tham gia bảo hiểm y tế: ≥ 95%”.", "15.1", "khu vực III"),
        ("Sửa đổi chỉ tiêu 15.1 từ năm 2025 như sau: “15.1. Tỷ lệ người dân tham gia bảo hiểm y tế: ≥ 95%”.", "15.1", "2025"),
        ("Thay cụm từ “≥ 70%” bằng cụm từ “≥ 95%” tại chỉ tiêu 15.1.", "15.1", "ghi mức khác"),
        ("Thay cụm từ “≥ 75%” bằng cụm từ “≥ 76%” tại chỉ tiêu 9.2.", "9.2", "một số vùng"),
        ("Sửa đổi chỉ tiêu 9.2 như sau: “" + HOUSES + ": ≥ 80%”.", "9.2", "một mức cho mọi vùng"),
        ("Sửa đổi chỉ tiêu 15.1 như sau: “15.1. Tỷ lệ người dân tham gia bảo hiểm y tế: ≥ 9%”.", "15.1", "chữ số"),
        ("Sửa đổi chỉ tiêu 15.3 như sau: “15.3. Tỷ lệ trẻ em dưới 5 tuổi bị suy dinh dưỡng thể thấp còi: ≥ 24%”.", "15.3", "in nhầm dấu"),
        ("Sửa đổi chỉ tiêu 15.1 như sau: “15.1. Tỷ lệ người dân tham gia bảo hiểm y tế: ≥ 95% vào năm 2025”.", "15.1", "chưa hiểu hết"),
        ("Sửa đổi chỉ tiêu 2.1 như sau: “2.1. Tỷ lệ đường xã: ≥ 80%; riêng xã khu vực III ≥ 60%”.", "2.1", "chưa hiểu hết"),
        ("Sửa đổi chỉ tiêu 7.1 như sau: “7.1. Xã có chợ nông thôn: Đạt hoặc không yêu cầu”.", "7.1", "chưa hiểu hết"),
        ("Sửa đổi chỉ tiêu 9.1 như sau: “9.1. Nhà tạm, dột nát: Không quá 01 nhà”.", "9.1", "không hợp"),
        ("Sửa đổi chỉ tiêu 10.1 năm 2024 từ ≥ 45 lên ≥ 46 triệu đồng/người.", "10.1", "2024"),
        ("Nâng mức chỉ tiêu 15.1 lên cao hơn.", "15.1", "chưa hiểu hết"),
        ("Chỉ tiêu 15.1 áp dụng theo hướng dẫn của Bộ Y tế.", "15.1", "chưa hiểu hết"),
        ("Sửa đổi đoạn mở đầu Phụ lục I như sau: “Xã khu vực II áp dụng cột miền núi”.", "", "chỉ tiêu nào"),
    ],
)  # fmt: skip
def test_what_is_not_wholly_understood_is_doubtful(tmp_path, sentence, indicator, told):
    proposal = read(tmp_path, sentence)
    assert understood(proposal) == {}
    doubtful = [line for line in proposal.lines if line.state == "doubtful"]
    assert {line.level.indicator for line in doubtful} == {indicator}
    assert told in " ".join(why for line in doubtful for why in line.why)


def test_every_numbered_line_is_a_sentence_of_its_own_wherever_its_verb_stands(tmp_path):
    proposal = read(
        tmp_path,
        "Tại tiêu chí số 15 về Y tế:\na) Chỉ tiêu 15.1 được sửa đổi như sau: \"15.1. Tỷ lệ người dân tham gia bảo hiểm y tế (áp dụng đạt cho cả nam và nữ) đạt từ 95% trở lên\";\n"
        "b) Thay thế cụm từ \"≤ 24%\" thành \"≤ 22%\" tại chỉ tiêu 15.3 cột Trung du miền núi phía Bắc;\nc) Bãi bỏ chỉ tiêu 15.2 và 15.4.",
        "Tại tiêu chí số 17 về Môi trường, sửa đổi chỉ tiêu 17.11, 17.12 như sau:\n\"17.11. Tỷ lệ hộ gia đình thực hiện phân loại chất thải rắn tại nguồn: ≥ 35%\n"
        "17.12. Tỷ lệ chất thải nhựa phát sinh trên địa bàn được thu gom, tái sử dụng, tái chế, xử lý theo quy định: ≥ 60%\"",
        "Chỉ tiêu 9.2 vùng Đồng bằng sông Hồng nâng từ 90% lên 95%.",
    )  # fmt: skip
    wanted = {("15.3", "", "tdmnpb"): ("<=", "22")} | {("15.1", "", c): (">=", "95") for c in ALL}
    assert understood(proposal) == wanted | {
        (n, "", c): (">=", v) for n, v in (("17.11", "35"), ("17.12", "60")) for c in ALL
    }
    doubtful = {(line.level.indicator, line.level.column) for line in proposal.lines if line.state == "doubtful"}
    assert doubtful == {("15.2", ""), ("15.4", ""), ("9.2", "dbsh")}


def test_a_sentence_about_another_set_is_told_and_makes_no_line(tmp_path):
    sentence = "Sửa đổi chỉ tiêu 14.2 của Bộ tiêu chí quốc gia về xã nông thôn mới nâng cao như sau: “14.2. Xã triển khai: Đạt”."
    proposal = read(tmp_path, "Thay cụm từ “≥ 90%” bằng cụm từ “≥ 92%” tại chỉ tiêu 15.1.", sentence)
    assert {line.level.indicator for line in proposal.lines} == {"15.1"}
    assert "14.2" in proposal.left[0] and "bộ tiêu chí khác" in proposal.left[0]


def test_two_sentences_about_one_indicator_are_both_questioned_and_the_second_goes_on_from_the_first(tmp_path):
    lines = read(
        tmp_path,
        "Thay cụm từ “quy hoạch chung xây dựng xã” bằng cụm từ “quy hoạch chung xã” tại chỉ tiêu 1.1.",
        "Bỏ cụm từ “còn thời hạn hoặc” tại chỉ tiêu 1.1.",
    ).lines
    assert [line.state for line in lines] == ["doubtful", "doubtful"]
    assert lines[1].name.startswith("Có quy hoạch chung xã đã được rà soát")


def test_another_day_than_the_decision_names_is_questioned(tmp_path):
    start = START + "Điều 1a. Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 3 năm 2024.\n"
    proposal = read(tmp_path, "Thay cụm từ “≥ 90%” bằng cụm từ “≥ 92%” tại chỉ tiêu 15.1.", start=start)
    assert understood(proposal) == {}
    assert "2024-03-01" in proposal.lines[0].why[-1]


def test_what_a_decision_only_cites_makes_it_no_amendment(tmp_path):
    cites = "QUYẾT ĐỊNH\nBan hành Bộ tiêu chí quốc gia về xã nông thôn mới\nCăn cứ Luật sửa đổi, bổ sung một số điều;\nPhụ lục I\nBỘ TIÊU CHÍ"
    path = annexes.write_html(tmp_path / "318.html", cites, annexes.annex_of(load_set(SET))[:-1])
    with pytest.raises(NtmError, match="Thiếu"):  # a whole set that lacks an indicator
        read_annex(path, read_xlsx, SET)


@settings(max_examples=25, deadline=None)
@given(
    amounts=st.lists(st.integers(60, 99), min_size=2, max_size=4, unique=True),
    chance=st.randoms(use_true_random=False),
    sign=st.sampled_from(["≥ ", ">= ", "từ ", "tối thiểu "]),
)
def test_whatever_is_understood_of_a_sentence_is_what_it_says(tmp_path_factory, amounts, chance, sign):
    names = {
        "tdmnpb": "Trung du miền núi phía Bắc",
        "dbsh": "ĐBSH",
        "btb": "Bắc Trung Bộ",
        "tn": "Tây Nguyên",
        "dnb": "vùng Đông Nam Bộ",
    }
    codes = chance.sample(sorted(names), len(amounts))
    wanted = dict(zip(codes, amounts, strict=True))
    forms = (
        lambda c, a: f"{names[c]}: {sign}{a}%",
        lambda c, a: f"{sign}{a}% đối với {names[c]}",
        lambda c, a: f"{names[c]} đạt {sign}{a}%",
    )
    told = "; ".join(chance.choice(forms)(code, amount) for code, amount in wanted.items())
    proposal = read(tmp_path_factory.mktemp("prose"), f"Sửa đổi chỉ tiêu 9.2 như sau: “{HOUSES}: {told}”.")
    values = {
        line.level.column: line.level.threshold for line in proposal.lines if line.level.column and line.level.threshold
    }
    assert values in ({code: str(amount) for code, amount in wanted.items()}, {})
    assert values or all(line.state == "doubtful" for line in proposal.lines)


def test_an_accepted_change_of_kind_makes_a_row_of_its_own_from_its_day(broken, tmp_path):
    faults = check_rules(broken)
    text = "Sửa đổi chỉ tiêu 15.2 như sau: “15.2. Xã triển khai thực hiện quản lý sức khỏe: Đạt”."
    file = write_proposal(read(tmp_path, text))[2]
    lines = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert {line[HEADINGS["kind"]] for line in lines} == {"đạt hay chưa"} and "status" not in file.read_text(
        "utf-8-sig"
    )
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(lines[0]))
        writer.writeheader()
        writer.writerows(line | {HEADINGS["accept"]: "x", HEADINGS["reason"]: "đúng như văn bản"} for line in lines)
    accept(file, "Nguyễn Văn A", True, "2026-11-28")
    table = csv.DictReader((paths.rules_folder() / SET / "indicators.csv").read_text("utf-8").splitlines())
    before, after = (row for row in table if row["indicator"] == "15.2")
    assert (before["valid_to"], after["valid_from"], after["kind"]) == ("2024-05-31", DAY, "status")
    assert check_rules(broken) == faults


@pytest.mark.parametrize(
    ("cells", "told"), [({}, "chưa rõ của chỉ tiêu nào"), ({"indicator": "16.3"}, "không có nội dung")]
)
def test_a_sentence_without_its_indicator_cannot_be_accepted_as_it_is(broken, tmp_path, cells, told):
    file = write_proposal(read(tmp_path, "Sửa đổi đoạn mở đầu Phụ lục I như sau: “Xã khu vực II”."))[2]
    (line,) = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    marked = line | {HEADINGS["accept"]: "x", HEADINGS["reason"]: "đã đọc"} | {HEADINGS[c]: v for c, v in cells.items()}
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(line))
        writer.writeheader()
        writer.writerow(marked)
    with pytest.raises(NtmError, match=told):
        accept(file, "Nguyễn Văn A", True, "2026-11-28")
