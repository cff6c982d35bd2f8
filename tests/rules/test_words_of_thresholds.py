"""A word that is none of its column's is told with its cell, wherever rules are read; never a fault of the program."""

import shutil

import pytest

from ntm_lib import paths
from ntm_lib.cli import main
from ntm_lib.errors import NtmError
from ntm_lib.rules.sets import load_set, province_thresholds

SET = "ntm-2021-2025"


@pytest.fixture
def rules(tmp_path, monkeypatch):
    shutil.copytree(paths.rules_folder(), tmp_path / "data/raw/rules")
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return tmp_path / "data/raw/rules"


@pytest.mark.parametrize(("old", "new"), [("unverified", "chắc chắn"), (",>=,", ",=1+1,"), (",<=,", ",≤,")])
def test_a_wrong_word_is_told_with_its_cell(rules, capsys, old, new):
    path = rules / SET / "thresholds.csv"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(NtmError, match=r"thresholds.csv, dòng \d+, cột (operator|confidence)"):
        load_set(SET)
    assert main(["rules", f"RULES={SET}"]) == 1
    said = capsys.readouterr().err
    assert "Cho phép:" in said and "Lỗi của chương trình" not in said


def test_a_provinces_wrong_word_too(rules):
    path = rules / "provinces/tuyen-quang" / f"{SET}.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text(
        "\n".join([lines[0], lines[1].replace(",>=,", ",=1+1,", 1).replace(",<=,", ",=1+1,", 1), *lines[2:]]), "utf-8"
    )
    with pytest.raises(NtmError, match=r"dòng 2, cột operator.*\n.*=1\+1"):
        province_thresholds(rules, "tuyen-quang", SET, "vi")


@pytest.mark.parametrize("line", ["when: true", "to: true", "from: 2024", "when: [a]", "when: 1"])
def test_a_word_of_another_kind_in_set_yml_is_a_fault_of_the_file(rules, capsys, line):
    path = rules / SET / "set.yml"
    key = line.partition(":")[0]
    lines = path.read_text("utf-8").splitlines()
    place = next(i for i, text in enumerate(lines) if text.strip().startswith(f"{key}:"))
    lines[place] = lines[place].partition(key)[0] + line
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert main(["rules", "CHECK=1"]) == 1
    said = capsys.readouterr()
    assert "Lỗi của chương trình" not in said.err + said.out
