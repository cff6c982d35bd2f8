"""Extracts the texts of the catalogue, for pybabel (``babel.cfg``).

pybabel's own extractor misses ``translator(language)("…")``, whose function is itself a call, the summaries of the
commands, the prose of the notebooks, and words that only data hold.
"""

import ast
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

Text = tuple[int, str, str | tuple[str, ...], list[str]]
MARKS = ("t", "N_", "term")


def code(file: IO[bytes], *_: Any, **__: Any) -> Iterator[Text]:
    """Texts in ``t("…")``, ``N_("…")`` and ``translator(language)("…")``, conditional ones too; all of a table of commands."""
    for node in ast.walk(ast.parse(file.read().decode("utf-8"))):
        if isinstance(node, ast.Call) and node.args and _translates(node.func):
            yield from _texts(node.args[0])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Command":
            yield from _texts(node.args[2])
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Dict) and _is_variables(node):
            for value in node.value.values:
                yield from _texts(value)


def _translates(function: ast.expr) -> bool:
    if isinstance(function, ast.Call):
        return getattr(function.func, "id", "") == "translator"
    return getattr(function, "id", getattr(function, "attr", "")) in MARKS


def _is_variables(node: ast.AnnAssign | ast.Assign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(getattr(target, "id", "") == "VARIABLES" for target in targets)


def _texts(node: ast.expr) -> Iterator[Text]:
    """Text constants that a call may be given, not those that are compared or used as a key on the way."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value.strip():
            yield node.lineno, "gettext", node.value, []
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from _texts(node.left)
        yield from _texts(node.right)
    elif isinstance(node, ast.Subscript):
        yield from _texts(node.value)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, ast.Tuple | ast.List):
        for value in node.elts:
            yield from _texts(value)
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "format", "join")
    ):
        yield from _texts(node.func.value)
        for value in node.args[1:]:
            yield from _texts(value)


def notebooks(file: IO[bytes], *_: Any, **__: Any) -> Iterator[Text]:
    """Prose of a notebook: each cell is one text."""
    for number, cell in enumerate(json.load(file)["cells"], start=1):
        if cell["cell_type"] == "markdown":
            yield number, "gettext", "".join(cell["source"]), []


def words(file: IO[bytes], *_: Any, **__: Any) -> Iterator[Text]:
    """One word of the data a line: units, ratings, places in documents. ``=`` before a word that is counted."""
    for number, line in enumerate(file.read().decode("utf-8").splitlines(), start=1):
        word = line.strip()
        if word.startswith("="):
            yield number, "ngettext", (word[1:], word[1:]), []
        elif word and not word.startswith("#"):
            yield number, "gettext", word, []


def problems(file: IO[bytes], *_: Any, **__: Any) -> Iterator[Text]:
    """Texts of the catalogue of what can be wrong."""
    import yaml

    held = yaml.safe_load(file)
    if lost := [name for name, text in held["words"].items() if not isinstance(text, str)]:
        raise SystemExit(f"problems.yml: {', '.join(lost)} stands below words:, a problem belongs below problems:")
    for entry in held["problems"].values():
        yield from ((1, "gettext", entry[key], []) for key in ("text", "action") if key in entry)
    yield from ((1, "gettext", text, []) for text in held["words"].values())


def all_texts(root: Path) -> set[str]:
    """Every text that the catalogue must hold, as a test asks for them."""
    found: set[str] = set()
    for extract, paths in (
        (code, (root / "ntm_lib").rglob("*.py")),
        (notebooks, (root / "notebooks").glob("*.ipynb")),
        (problems, [root / "ntm_lib" / "problems.yml"]),
        (words, [root / "ntm_lib" / "locale" / "words.txt"]),
    ):
        for path in paths:
            with path.open("rb") as file:
                found |= {text if isinstance(text, str) else text[0] for _, _, text, _ in extract(file)}
    return found


HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def main() -> None:
    """Brings en.po up to date as ``pybabel extract`` and ``update`` do, without their dates: new texts come in empty, unsaid ones go."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir
    from babel.messages.frontend import parse_mapping_cfg
    from babel.messages.pofile import read_po, write_po

    root = Path(__file__).resolve().parents[1]
    path = root / "ntm_lib" / "locale" / "en.po"
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")
    template = Catalog()
    for place, _, text, *_ in extract_from_dir(root, methods, options):
        template.add(text, locations=[(place, 0)])
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    catalogue.update(template, no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(
        written, catalogue, width=120, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    path.write_text(HEADER + written.getvalue().decode("utf-8"), "utf-8")


if __name__ == "__main__":
    main()
