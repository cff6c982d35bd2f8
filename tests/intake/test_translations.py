"""Every text of intake has its English, with the same fields."""

import ast
import re
from pathlib import Path

import ntm_lib.intake
from ntm_lib.language import translator

FOLDER = Path(ntm_lib.intake.__file__).parent


def texts():
    """Texts in ``t("…")``, ``context.t("…")``, ``N_("…")`` and ``translator(language)("…")``."""
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _translates(node.func):
                yield from (c.value for c in ast.walk(node.args[0]) if isinstance(c, ast.Constant) and isinstance(c.value, str))


def _translates(function) -> bool:
    if isinstance(function, ast.Call):
        return getattr(function.func, "id", "") == "translator"
    return getattr(function, "id", getattr(function, "attr", "")) in ("t", "N_")


def test_every_text_has_its_english_with_the_same_fields():
    english, found = translator("en"), sorted(set(texts()))
    assert len(found) > 150
    for text in found:
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english(text))), text
