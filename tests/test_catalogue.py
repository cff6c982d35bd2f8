"""The one catalogue: every text has its English, with the same fields, and pybabel can read and compile it."""

import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ntm_lib import language
from tools.texts import all_texts

ROOT = Path(__file__).resolve().parents[1]
PATH = ROOT / "ntm_lib" / "locale" / "en.po"
FIELD = re.compile(r"{(\w*)[^}]*}")


@pytest.fixture(scope="module")
def messages():
    with PATH.open("rb") as file:
        return read_po(file, abort_invalid=True)


@pytest.fixture(scope="module")
def texts() -> set[str]:
    return all_texts(ROOT)


def test_every_text_has_its_english(texts):
    assert len(texts) > 1500
    missing = sorted(text for text in texts if not language.catalogue().get(text))
    assert not missing, "\n".join(missing)


def test_the_catalogue_holds_no_text_that_nothing_says(texts):
    assert not sorted(set(language.catalogue()) - texts)


def test_translations_keep_the_places_for_figures(messages):
    """The English may leave a field out, never name one that the code does not fill."""
    for message in messages:
        ids, strings = (form if isinstance(form, tuple) else (form,) for form in (message.id, message.string))
        for english in strings if message.id else ():
            assert set(FIELD.findall(english)) <= set(FIELD.findall(ids[0])), ids[0]


def test_texts_with_fields_are_checked_as_such(messages):
    for message in messages:
        if message.id and "python-brace-format" in message.flags:
            assert FIELD.search(message.id if isinstance(message.id, str) else message.id[0])
    assert sum("python-brace-format" in message.flags for message in messages) > 500


def test_pybabel_compiles_it(messages, tmp_path):
    with (tmp_path / "en.mo").open("wb") as file:
        write_mo(file, messages)
    assert not [message.id for message in messages if message.fuzzy]
    assert not [message.id for message in messages.obsolete.values()]


def test_one_of_a_thing_is_told_in_the_singular():
    assert language.amount(1, "hộ", "en") == "1 household"
    assert language.amount(2, "hộ", "en") == "2 households"
    assert language.amount(1, "hộ", "vi") == "1 hộ"
