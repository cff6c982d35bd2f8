"""A plan and a report are read as they are written: how much of them, and how much of it is right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ntm_lib import paths
from ntm_lib.office.opening import read_pieces
from ntm_lib.reading.whole_text import Reading, read_plan
from ntm_lib.text.tokens import tidy, tokenise
from tests.reading.documents import CASES, WRITERS
from tests.reading.measure import facts_of_case, facts_of_commune, measure

PLAN = "hung-my/sources/05-KH-BCD-2024.txt"


def read(folder: Path, text: str, kind: str) -> Reading:
    return read_plan(read_pieces(WRITERS[kind](folder / f"van-ban.{kind}", text)))


@pytest.mark.parametrize("kind", ["docx", "html", "txt"])
def test_the_plan_of_hung_my_gives_what_people_took_out_of_it(tmp_path, kind):
    """187 facts and the document itself, entered by hand; floors just below what was measured (91,0 % and 98,6 %)."""
    facts = facts_of_commune(paths.communes_folder() / "hung-my", "05/KH-BCĐ")
    text = (paths.communes_folder() / PLAN).read_text("utf-8")
    measured = measure(read(tmp_path, text, kind).rows, facts)
    assert (len(facts), measured.recall > 0.9, measured.precision > 0.98) == (188, True, True)


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_a_report_in_other_words_gives_its_facts(tmp_path, kind):
    """Another order, other units, tables in place of lists, results before plans."""
    text = (CASES / "bao-cao.md").read_text("utf-8")
    measured = measure(read(tmp_path, text, kind).rows, facts_of_case(CASES / "bao-cao.csv"))
    assert measured.recall >= RECALL and measured.precision >= PRECISION


RECALL, PRECISION = 0.79, 0.91  # of the report


def numbers_untold(reading: Reading) -> Iterator[str]:
    """Numbers of statements that give no row and are not told as unread; those of headings (criteria, years, names) aside."""
    told = {id(s) for s, _ in reading.unread} | {id(row.statement) for row in reading.rows}
    for s in reading.statements:
        if s.part == "body" and id(s) not in told and s.text not in s.heads:
            text = tidy(s.text)
            yield from (f"{t.text}: {text}" for t in tokenise(text) if t.kind == "number" and "iêu chí" not in text)


@pytest.mark.parametrize("text", [PLAN, "bao-cao.md"])
def test_no_sentence_with_a_number_is_left_unmentioned(tmp_path, text):
    path = CASES / text if text.endswith("md") else paths.communes_folder() / text
    reading = read(tmp_path, path.read_text("utf-8"), "docx")
    assert [line for line in numbers_untold(reading) if "20" not in line and "3 sạch" not in line] == []
