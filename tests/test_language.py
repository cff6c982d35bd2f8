"""Every text exists in both languages, and the translations keep the places for figures."""

import ast
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from ntm_lib import language

ROOT = Path(__file__).resolve().parent.parent
PLACE = re.compile(r"{\w*[^}]*}")


def texts_of(path: Path) -> set[str]:
    """First arguments of t("…") and of x.t("…")."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name == "t":
                found.add(node.args[0].value)
    return found


def prose_of(path: Path) -> set[str]:
    """Markdown cells of a notebook: they are translated as a whole."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {"".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"}


def all_texts() -> set[str]:
    code = (texts_of(path) for path in sorted((ROOT / "ntm_lib").rglob("*.py")))
    prose = (prose_of(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb")))
    return set().union(*code, *prose)


def test_every_text_has_an_english_translation():
    missing = sorted(text for text in all_texts() if not language.catalogue().get(text))
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("text", sorted(text for text in all_texts() if PLACE.search(text)))
def test_translations_keep_the_places_for_figures(text):
    names = [sorted(set(re.findall(r"{(\w*)", form))) for form in (text, language.catalogue()[text])]
    assert set(names[1]) <= set(names[0])


def test_numbers_and_dates_follow_the_language():
    assert language.number("8321.7", "vi") == "8.321,7"
    assert language.number("8321.7", "en") == "8,321.7"
    assert language.percent("12.1727", "vi") == "12,17%"
    assert language.percent("12.1727", "en") == "12.17%"
    assert language.date("2024-02-05", "vi") == "05/02/2024"
    assert language.number("-0.5", "vi", 1) == "−0,5"


def test_vietnamese_sorts_as_in_a_dictionary():
    words = ["đá", "da", "dê", "đa", "ơn", "ôn", "on", "Dõm", "Đình", "Rõm", "Rôm"]
    assert sorted(words, key=language.collation_key) == ["da", "dê", "Dõm", "đa", "đá", "Đình", "on", "ôn", "ơn", "Rõm", "Rôm"]


def test_no_text_has_two_translations():
    """Each part of the catalogue has its own file: the one read last would win unseen."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(language.CATALOGUES.rglob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                found.setdefault(message.id, {})[path.name] = message.string
    del found[""]
    assert not {text: forms for text, forms in found.items() if len(set(forms.values())) > 1}


def test_a_date_of_which_the_day_is_not_known():
    assert (language.date("2023-07", "vi"), language.date("2023-07", "en")) == ("tháng 7/2023", "July 2023")
    assert (language.date("2019", "vi"), language.date("2019", "en")) == ("2019", "2019")
    with pytest.raises(ValueError):
        language.date("hôm qua", "vi")


def test_a_unit_stands_behind_its_number_a_percent_sign_at_it():
    assert [language.amount(value, unit, "vi") for value, unit in ((1413, "hộ"), ("9.5", "%/năm"), (3, ""))] == ["1.413 hộ", "9,5%/năm", "3"]
    assert language.amount("9.5", "%/năm", "en").startswith("9.5%")
