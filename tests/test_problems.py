"""The catalogue of what can be wrong: whole, in both languages, and said from the same record."""

import ast
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import parameters, problems
from ntm_lib.checks import CHECKS
from ntm_lib.dictionary import TABLES
from ntm_lib.intake import clean, read_commune
from ntm_lib.stages.clean_stage import check_run
from ntm_lib.tables import SEVERITIES
from ntm_lib.wording.problem_words import list_codes, worded

ROOT = Path(__file__).resolve().parents[1] / "ntm_lib"
FIELD = re.compile(r"{(\w+)}")


def _calls(names: tuple[str, ...]):
    """(code, names of the fields or None where they are not written out) of each call with a code that is written out."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names and node.args:
                codes = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant) and n.value]
                given = {word.arg for word in node.keywords}
                if not isinstance(node.args[0], ast.Constant | ast.IfExp) or not all(isinstance(c, str) for c in codes):
                    continue
                yield from ((code, None if None in given else given - {"at"}) for code in codes)


def test_every_entry_is_whole():
    for code, entry in problems.catalogue().items():
        assert entry.severity in SEVERITIES and entry.text, code
        assert entry.action or code.startswith("unreadable/"), code


def test_every_check_tells_what_the_catalogue_holds_and_fills_its_fields():
    calls = list(_calls(("problem",)))
    assert len(calls) > 80
    for code, given_fields in calls:
        if code in problems.catalogue() and given_fields is not None:
            entry = problems.catalogue()[code]
            assert set(FIELD.findall(entry.text + entry.action)) <= given_fields, code
    unknown = {code for code, _ in calls} - problems.catalogue().keys()
    assert not unknown


def test_words_inside_a_text_are_those_of_the_catalogue():
    for code, fields in _calls(("say",)):
        assert problems.show(problems.say(code, **dict.fromkeys(fields or (), "x")), "vi"), code


def test_the_checks_are_found_by_their_names():
    names = [check.__name__ for check in CHECKS]
    assert len(names) == len(set(names)) > 55 and {"check_share", "check_reading", "check_village_as_place"} <= set(
        names
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_names_every_code(language):
    listed = list_codes(language)
    assert all(f"\n{code}  " in listed for code in problems.catalogue())


def test_the_tables_hold_no_words():
    assert not {"message", "action", "reason"} & {*TABLES["findings"][1], *TABLES["rejects"][1]}


def test_one_record_is_said_in_both_languages():
    cleaned = {language: clean(read_commune("hung-my", language), language) for language in ("vi", "en")}
    found = {
        language: check_run(cleaned[language], parameters.check({"COMMUNE": "hung-my", "LANGUAGE": language}))
        for language in cleaned
    }
    assert found["vi"].equals(found["en"])
    vietnamese, english = (worded(found["vi"], language) for language in ("vi", "en"))
    assert not (vietnamese["message"] == english["message"]).any()


values = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.fractions(max_denominator=10**6),
    st.builds(problems.number, st.fractions(max_denominator=1000), st.none() | st.integers(0, 4)),
    st.builds(problems.quantity, st.fractions(max_denominator=1000), st.sampled_from(["hộ", "%", "km", ""])),
    st.builds(problems.listed, st.lists(st.text(max_size=5) | st.fractions(max_denominator=99)), st.integers(1, 5)),
    st.builds(problems.both, st.text(max_size=9), st.text(max_size=9)),
    st.builds(problems.place, st.text(max_size=9), st.text(max_size=9), st.integers(1), st.text(max_size=9)),
)


@settings(max_examples=60, deadline=None)
@given(values, st.sampled_from(sorted(problems.catalogue())), st.sampled_from(["vi", "en"]))
def test_fields_written_into_a_table_say_the_same_when_read_back(value, code, language):
    entry = problems.catalogue()[code]
    fields = problems.given(dict.fromkeys(FIELD.findall(entry.text + entry.action), value))
    written = problems.as_text(fields)
    assert "\n" not in written
    assert problems.words(code, problems.from_text(written), language) == problems.words(code, fields, language)


def test_numbers_are_written_as_each_language_does():
    assert problems.show(problems.number(Fraction(2765, 2)), "vi") == "1.382,5"
    assert problems.show(problems.number(Fraction(2765, 2)), "en") == "1,382.5"
    assert problems.show(problems.number("90.3", 2), "vi") == "90,30"


def test_a_message_shows_no_pages_of_what_was_read():
    most = problems.LONGEST
    assert len(problems.show("x" * 20_000, "vi")) == most and problems.show("x" * most, "vi") == "x" * most
