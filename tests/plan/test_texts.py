"""Every text of the planning package has its English, with the same gaps to fill."""

import ast
import re
from pathlib import Path

import pytest

from ntm_lib import plan
from ntm_lib.language import catalogue

MODULES = sorted(Path(plan.__file__).parent.glob("*.py"))


def texts(path):
    """Texts handed to ``t`` or ``translator(...)``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) or getattr(getattr(node.func, "func", None), "id", "")
            if name == "t" or (name == "translator" and isinstance(node.func, ast.Call)):
                yield node.args[0].value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_text_has_its_english(path):
    for text in texts(path):
        assert text in catalogue(), text
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", catalogue()[text])), text


def test_texts_are_found_at_all():
    assert sum(len(list(texts(path))) for path in MODULES) > 100
