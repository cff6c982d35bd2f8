"""Every text of verdicts and sentences has its English, with the same fields."""

import ast
import re
from pathlib import Path

import ntm_lib.report
import ntm_lib.judge
from ntm_lib.language import translator

REPORT = Path(ntm_lib.report.__file__).parent
MODULES = [*Path(ntm_lib.judge.__file__).parent.glob("*.py"), *(REPORT / f"{name}.py" for name in ("words", "quantities", "sentences", "outlook"))]


def texts():
    for path in sorted(MODULES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and _translates(node.func):
                yield node.args[0].value


def _translates(function) -> bool:
    if isinstance(function, ast.Call):
        return getattr(function.func, "id", "") == "translator"
    return getattr(function, "id", "") == "t"


def test_every_text_has_its_english_with_the_same_fields():
    english, found = translator("en"), sorted(set(texts()))
    assert len(found) > 150
    for text in found:
        assert set(re.findall(r"\{\w+\}", english(text))) == set(re.findall(r"\{\w+\}", text)), text
