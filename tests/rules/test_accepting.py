"""What a person accepted of a proposal is written with its source; nothing else is, and what was is kept."""

import csv
import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.intake.files.xlsx import read_xlsx
from ntm_lib.language import translator
from ntm_lib.parameters import Parameters
from ntm_lib.report.states import difference, state_of_files
from ntm_lib.rules.check import check_rules
from ntm_lib.rules.decisions.accepting import Files, accept, refused_before, without_refused
from ntm_lib.rules.decisions.annex_import import Proposal, read_annex
from ntm_lib.rules.decisions.proposal_page import HEADINGS, write_proposal
from ntm_lib.rules.sets import load_set
from tests.rules import annexes
from tests.rules.annexes import Box, Grid

SET = "ntm-2021-2025"
HUNG_MY = Path(__file__).resolve().parents[2] / "data/raw/communes/hung-my"


def rows(name: str) -> list[dict[str, str]]:
    with (paths.rules_folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def proposal_of(folder: Path, changes: dict[str, tuple[str, str]], rule_set: str = SET) -> Proposal:
    """The proposal of our own set in which, for an indicator, one text of its cells is another."""
    rules = load_set(rule_set)
    grid = annexes.annex_of(rules)
    for number, (before, after) in changes.items():
        at = next(r for r, line in enumerate(grid) if (box := line[2]) and box.text.startswith(f"{number}."))
        grid[at] = [box and replace(box, text=box.text.replace(before, after)) for box in grid[at]]
    path = annexes.write_docx(folder / "phu-luc.docx", annexes.title_of(rules), grid)
    return read_annex(path, read_xlsx, rule_set)


def marked(proposal: Proposal, marks: dict[str, str], column: str = "tdmnpb", **cells: str) -> Path:
    """The proposal's CSV file with a mark for each indicator's row of one column ("" the indicator itself)."""
    path = write_proposal(proposal)[2]
    lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    for line in lines:
        if line[HEADINGS["indicator"]] in marks and re.sub(r".*\((\w+)\)$", r"\1", line[HEADINGS["column"]]) == column:
            line[HEADINGS["accept"]] = marks[line[HEADINGS["indicator"]]]
            line |= {HEADINGS[name]: value for name, value in cells.items()}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(HEADINGS.values()), delimiter=";")  # as Excel saves it
        writer.writeheader()
        writer.writerows(lines)
    return path


def take(path: Path, person: str = "Nguyễn Văn A", official: bool = False) -> Files:
    return accept(path, person, official, "2026-11-28")


def held(indicator: str, column: str = "tdmnpb") -> list[dict[str, str]]:
    return [r for r in rows(f"{SET}/thresholds.csv") if (r["indicator"], r["column"]) == (indicator, column)]


def test_an_accepted_row_says_where_it_stands_and_who_compared_it(broken, tmp_path):
    before, faults = rows(f"{SET}/thresholds.csv"), check_rules(broken)
    proposal = proposal_of(tmp_path, {"15.1": ("≥ 90", "≥ 95")})
    done = take(marked(proposal, {"15.1": "x"}), official=True)
    (row,) = held("15.1")
    assert (row["threshold"], row["document"], row["confidence"]) == ("95", "318/QĐ-TTg", "official")
    assert "Phụ lục I, bảng 1, hàng" in row["article"] and proposal.source.sha256 in row["source"]
    assert "Nguyễn Văn A, 2026-11-28" in row["note"]
    assert (done.written, check_rules(broken)) == (1, faults)
    after = rows(f"{SET}/thresholds.csv")
    assert [r for r in after if r not in before] == [row] and len(after) == len(before)
    (kept,) = rows(f"history/{SET}.csv")
    assert (kept["threshold"], kept["replaced_on"], kept["replaced_by"]) == ("90", "2026-11-28", "Nguyễn Văn A")


def test_only_the_file_that_is_the_decision_makes_a_value_official(broken, tmp_path):
    take(marked(proposal_of(tmp_path, {}), {"15.1": "x"}))
    assert held("15.1")[0]["confidence"] == "one-source"


def test_a_second_reader_is_noted_beside_the_first(broken, tmp_path):
    path = marked(proposal_of(tmp_path, {}), {"15.1": "x"})
    take(path, official=True)
    take(path, "Trần Thị B", official=True)
    (row,) = held("15.1")
    assert "Nguyễn Văn A" in row["note"] and "người thứ hai: Trần Thị B" in row["note"]
    assert take(path, "Trần Thị B", official=True).written == 0


def test_what_another_layer_set_keeps_its_document_and_gains_a_second_source(broken, tmp_path):
    path = marked(proposal_of(tmp_path, {}), {"6.3": "x"})
    done = take(path)
    (row,) = held("6.3")
    assert (row["set_by"], row["confidence"], done.confirmed) == ("ministry", "two-sources", 1)
    take(path)  # once more changes nothing
    assert held("6.3") == [row]


def test_from_a_day_on_the_old_value_ends_the_day_before(broken, tmp_path):
    rules = load_set(SET)
    grid = annexes.annex_of(rules)
    at = next(r for r, line in enumerate(grid) if (box := line[2]) and box.text.startswith("15.1."))
    few: Grid = [*grid[:2], [Box("15"), Box("Y tế"), *grid[at][2:5], Box("≥ 95%"), *grid[at][6:]]]
    title = "Phụ lục I\nSửa đổi, bổ sung (Ban hành kèm theo Quyết định số 211/QĐ-TTg)"
    path = annexes.write_html(tmp_path / "sua-doi.html", title, few)
    take(marked(read_annex(path, read_xlsx, SET, day="2024-03-01"), {"15.1": "x"}, "dbsh"))
    old, new = held("15.1", "dbsh")
    assert (old["threshold"], old["valid_to"]) == ("90", "2024-02-29")
    assert (new["threshold"], new["valid_from"], new["valid_to"]) == ("95", "2024-03-01", "2025-12-31")
    assert new["document"] == "211/QĐ-TTg"


def test_a_refused_row_does_not_come_back_unasked(broken, tmp_path):
    proposal = proposal_of(tmp_path, {"15.1": ("≥ 90", "≥ 95")})
    take(marked(proposal, {"15.1": "k"}, reason="bản in sai"))
    assert held("15.1")[0]["threshold"] == "90"
    again = without_refused(proposal, refused_before(SET), translator("vi"))
    (line,) = [line for line in again.lines if (line.level.indicator, line.level.column) == ("15.1", "tdmnpb")]
    assert line.state == "refused-before" and "bản in sai" in line.why[0]


@pytest.mark.parametrize(
    ("changes", "cells", "person", "told"),
    [
        ({"15.3": ("≤", "≥")}, {}, "A", "lý do"),
        ({}, {}, "", "BY="),
        ({}, {"accept": "ừ"}, "A", "không hiểu dấu"),
        ({}, {"amount": "91"}, "A", "không đúng như văn bản ghi"),
        ({}, {"amount": ""}, "A", "không đúng như văn bản ghi"),
        ({}, {"amount": "90%"}, "A", "không đúng như văn bản ghi"),
        ({}, {"sign": "≤"}, "A", "không đúng như văn bản ghi"),
        ({}, {"indicator": "15.9", "reason": "đổi số"}, "A", "15.9 chưa có trong indicators.csv"),
        ({}, {"document": ""}, "A", "số văn bản"),
        ({}, {"read": "≥ 91%", "amount": "91"}, "A", "không còn khớp nhau"),
        ({}, {"standing": "≥ 93 %"}, "A", "không còn khớp nhau"),
        ({}, {"valid_from": "2020-01-01"}, "A", "không còn khớp nhau"),
    ],
)
def test_a_mark_that_cannot_be_followed_stops_everything(broken, tmp_path, changes, cells, person, told):
    before = rows(f"{SET}/thresholds.csv")
    path = marked(proposal_of(tmp_path, changes), {"15.3" if changes else "15.1": "x"}, **cells)
    with pytest.raises(NtmError, match=told):
        take(path, person)
    assert rows(f"{SET}/thresholds.csv") == before and not (broken / "history").exists()


def test_a_proposal_older_than_the_file_is_refused(broken, tmp_path):
    path = marked(proposal_of(tmp_path, {"15.1": ("≥ 90", "≥ 95")}), {"15.1": "x"})
    file = broken / SET / "thresholds.csv"
    file.write_text(file.read_text("utf-8").replace("15.1,,tdmnpb,>=,90,", "15.1,,tdmnpb,>=,93,"), "utf-8")
    with pytest.raises(NtmError, match="chạy lại IMPORT"):
        take(path)


def test_a_provinces_file_keeps_values_only_and_says_so(broken, tmp_path):
    path = annexes.write_html(
        tmp_path / "479.html",
        "UBND TỈNH TUYÊN QUANG, Quyết định số 479/QĐ-UBND",
        [
            [Box(text) for text in ("TT", "Nội dung", "Chỉ tiêu")],
            [Box("2"), Box("2.1. Tỷ lệ đường xã được cứng hóa"), Box("≥ 85%")],
        ],
    )
    proposal = read_annex(path, read_xlsx, SET, "tuyen-quang", "tdmnpb", "2022-08-04")
    rows_ = {line.level.column: line for line in proposal.lines}
    assert rows_["tdmnpb"].level.threshold == "85"
    done = take(marked(proposal, {"2.1": "x"}, "", reason="đã so"))
    assert (done.names, done.written) == (1, 0)


def test_marks_are_not_overwritten_by_another_import(broken, tmp_path):
    proposal = proposal_of(tmp_path, {})
    marked(proposal, {"15.1": "x"})
    with pytest.raises(NtmError, match="dấu của người đối chiếu"):
        write_proposal(proposal)


def test_another_wording_is_taken_over_with_its_source(broken, tmp_path):
    proposal = proposal_of(tmp_path, {"15.1": ("Tỷ lệ người dân", "Tỷ lệ người dân trong xã")})
    path = marked(proposal, {"15.1": "x"}, column="")
    assert (take(path, official=True).written, take(path, official=True).written) == (1, 0)
    (row,) = [r for r in rows(f"{SET}/indicators.csv") if r["indicator"] == "15.1"]
    assert "trong xã" in row["name_vi"] and row["name_confidence"] == "official"


def annex_of_groups(count: int = 47) -> Grid:
    """An annex of the set of 2026–2030, invented: its indicators are not known to our files yet."""
    grid: Grid = [[Box(text) for text in ("TT", "Tiêu chí", "Nội dung tiêu chí", "Nhóm 1", "Nhóm 2", "Nhóm 3")]]
    known = {"3.1": "Tốc độ tăng thu nhập bình quân đầu người"}
    totals = [3, 8, 10, 4, 5, 3, 3, 5, 3, 3]
    for criterion, total in enumerate(totals, start=1):
        for n in range(1, total + 1):
            number = f"{criterion}.{n}"
            values = ["≥ 95%", "≥ 90%", "≥ 80%"] if n % 2 == 0 else ["Đạt"] * 3
            text = known.get(number, f"Nội dung thử số {'abcdefghijk'[criterion]}{'xyzuvwrstq'[n - 1]} của xã")
            grid.append([Box(str(criterion)), Box(""), Box(f"{number}. {text}"), *map(Box, values)])
    return grid


def test_a_set_whose_indicators_are_not_known_is_filled(broken, tmp_path):
    faults = len(check_rules(broken))
    path = annexes.write_html(
        tmp_path / "a.html", "Phụ lục I\nBỘ TIÊU CHÍ (Quyết định số 51/2025/QĐ-TTg)", annex_of_groups()
    )
    proposal = read_annex(path, read_xlsx, "ntm-2026-2030")
    chosen = {"1.1", "2.2"}
    assert {line.state for line in proposal.lines if line.level.indicator in chosen} == {"new"}
    file = write_proposal(proposal)[1]
    book = openpyxl.load_workbook(file)
    for line in book.worksheets[0].iter_rows(min_row=2):
        if line[4].value in chosen:
            line[0].value = "x"
    book.save(file)
    take(file, official=True)
    named = {r["indicator"]: r for r in rows("ntm-2026-2030/indicators.csv")}
    assert (named["1.1"]["kind"], named["2.2"]["kind"], named["2.2"]["unit"]) == ("status", "share", "%")
    assert {"1.x", "2.x"} & named.keys() == {"2.x"} - ({"2.x"} - named.keys())
    values = {r["column"]: r["threshold"] for r in rows("ntm-2026-2030/thresholds.csv") if r["indicator"] == "2.2"}
    assert values == {"nhom1": "95", "nhom2": "90", "nhom3": "80"}
    assert len(check_rules(broken)) == faults


def test_after_a_full_import_the_report_rests_on_checked_levels_and_the_difference_names_what_turned(broken, tmp_path):
    """Hùng Mỹ 2023 by the whole annex taken over as the decision, in which poverty may be 11 % at most."""
    root, run = broken.parents[2], Parameters("hung-my", 2023, SET)
    shutil.copytree(HUNG_MY, root / "data/raw/communes/hung-my")
    before = state_of_files(run, root)
    proposal = proposal_of(tmp_path, {"11.1": ("≤ 13%", "≤ 11%")})
    stated = {
        (line.level.indicator, line.level.part)
        for line in proposal.lines
        if line.level.column == "tdmnpb" and line.level.threshold
    }
    for column in ("", "tdmnpb"):
        marks = {
            line.level.indicator: "x"
            for line in proposal.lines
            if line.level.column == column and line.state != "missing"
        }
        path = marked(proposal, marks, column, reason="đã so")
        take(path, official=True)
        path.unlink()
    after = state_of_files(run, root)
    now = {key[1:]: row for key, row in after.thresholds.items() if key[0] == "2023"}
    unchecked = {key for key in stated if now[key]["set_by"] in ("nation", "") and now[key]["confidence"] != "official"}
    assert len(stated) > 40 and not unchecked
    found = difference(before, after)
    turned = [(c.key, c.before["verdict"], c.after["verdict"], c.cause) for c in (*found.criteria, *found.indicators)]
    assert [t for t in turned if t[0][0] == "2023" and t[1] != t[2]] == [
        (("2023", "11"), "met", "unmet", "rule"), (("2023", "11.1", ""), "met", "unmet", "rule"),
    ]  # fmt: skip


def test_the_page_shows_the_row_of_the_source_over_what_was_understood(broken, tmp_path):
    proposal = proposal_of(tmp_path, {"15.1": ("≥ 90", "≥ 95")})
    page = write_proposal(proposal)[0].read_text("utf-8")
    line = next(line for line in proposal.lines if line.level.indicator == "15.1" and line.level.column == "tdmnpb")
    row = proposal.rows[line.place]
    assert row.startswith("15.1. Tỷ lệ người dân") or "| 15.1. Tỷ lệ người dân" in row
    assert "≥ 95%" in row and "Hàng trong văn bản:" in page
    import nbformat

    notebook = nbformat.read(paths.outputs() / "rules" / SET / "phu-luc" / "proposal.ipynb", as_version=4)
    nbformat.validate(notebook)
    told = "\n".join(cell.source for cell in notebook.cells)
    assert "≥ 95%" in told and told.count("Hàng trong văn bản:") == page.count("Hàng trong văn bản:")
