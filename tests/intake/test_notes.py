"""Reviewers' notes: a day in any form is read; a state, answer or day that is none stops the run and is named."""

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.intake import read_commune

NOTE = {"target": "17.8", "author": "Bình", "date": "2024-03-15", "text": "đã xem sổ", "state": "open", "answer": ""}


def documents() -> dict:
    return {"documents.csv": "document,title,kind,issuer,date,address,note\n"}


@pytest.mark.parametrize("written", ["15/3/2024", "15-03-2024", "2024-03-15", "ngày 15 tháng 3 năm 2024"])
def test_a_day_is_read_however_it_is_written(folder, written):
    folder(documents() | {"notes.csv": [NOTE | {"date": written}]})
    assert read_commune("thu").tables["notes"][0].cells["date"] == "2024-03-15"


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("state", "xong", "được phép: open, settled"),
        ("answer", "đồng ý", "được phép: accepted, corrected, explained"),
        ("date", "hôm qua", "không phải là một ngày"),
        ("date", "tháng 3/2024", "không phải là một ngày"),
        ("date", "31/02/2024", "không phải là một ngày"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_cell(folder, column, value, told):
    folder(documents() | {"notes.csv": [NOTE, NOTE | {column: value}]})
    with pytest.raises(NtmError) as refused:
        read_commune("thu")
    for word in ("notes.csv", "dòng 3", f"cột «{column}»", f"«{value}»", told):
        assert word in str(refused.value)


def test_every_fault_is_told_at_once(folder):
    folder(documents() | {"notes.csv": [NOTE | {"state": "x", "answer": "y", "date": "z"}]})
    with pytest.raises(NtmError) as refused:
        read_commune("thu")
    assert str(refused.value).count("dòng 2") == 3
