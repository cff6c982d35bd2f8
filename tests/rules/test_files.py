"""YAML without guesses, CSV as text, and messages that name file and line."""

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.rules.files import read_csv, read_yaml


def test_yaml_keeps_codes_dates_decimals_and_no_as_text(tmp_path):
    file = tmp_path / "a.yml"
    file.write_text(
        "code: 02314\nno: no\nrate: 9.5\nday: 2024-03-01\nyears: [2021, 2025]\nkey: true\nnone: null\nblank:\n",
        encoding="utf-8",
    )
    assert read_yaml(file) == {
        "code": "02314",
        "no": "no",
        "rate": "9.5",
        "day": "2024-03-01",
        "years": [2021, 2025],
        "key": True,
        "none": None,
        "blank": None,
    }


def test_a_broken_yaml_file_is_named_with_its_line(tmp_path):
    (tmp_path / "a.yml").write_text("a: 1\nb: [2\nc: 3", encoding="utf-8")
    with pytest.raises(NtmError, match=r"a\.yml, dòng 3"):
        read_yaml(tmp_path / "a.yml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,y\n1\n", "dòng 2: có 1 ô, cần 2"),
        ("x\n1\n", r"thiếu cột \[y\]"),
        ("x,y,z\n1,2,3\n", r"thừa cột \[z\]"),
        ('x,y\n"1,2\n', "không đọc được"),
    ],
)
def test_a_broken_csv_file_says_what_is_wrong_with_it(tmp_path, text, words):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(NtmError, match=words):
        read_csv(tmp_path / "a.csv", ("x", "y"))


def test_csv_cells_are_text_with_their_line(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\r\n02314, no \r\n\r\n1.50,\r\n", encoding="utf-8-sig")
    assert read_csv(tmp_path / "a.csv", ("x", "y")).to_dict("records") == [
        {"x": "02314", "y": "no", "row": 2},
        {"x": "1.50", "y": "", "row": 4},
    ]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(NtmError, match="Thiếu tệp a.csv"):
        read_csv(tmp_path / "a.csv", ("x",))
