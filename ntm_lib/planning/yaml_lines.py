"""YAML as plain text with the line of every entry, so that a message can point at it.

Nothing is guessed: ``10.10``, ``no`` and ``2024-02-22`` stay as written.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import translator

_NOTHING = ("", "~", "null")
_DEEPEST = 20


@dataclass(frozen=True)
class Entry:
    """A value in a YAML file with its line: ``text``, or ``items`` of a mapping, or ``members`` of a list.

    ``items`` keeps each key with its own line; exactly one of the three is not None.
    """

    line: int
    text: str | None = None
    items: tuple[tuple[str, int, "Entry"], ...] | None = None
    members: tuple["Entry", ...] | None = None

    @property
    def is_empty(self) -> bool:
        return self.text in _NOTHING


def read_lines(path: Path, language: str = "vi") -> Entry:
    """The content of a YAML file. Raises NtmError, naming file and line, for what is no plain YAML."""
    t = translator(language)
    if not path.is_file():
        raise NtmError(t("Thiếu tệp {file}.").format(file=paths.shown(path)))
    try:
        text = path.read_text(encoding="utf-8-sig")
        fault = _fault(text, language)
        node = None if fault else yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        fault = line, t("không đọc được YAML. Hãy kiểm tra thụt dòng, dấu hai chấm và bảng mã UTF-8.")
        raise _refusal(path, fault, language) from error
    if fault:
        raise _refusal(path, fault, language)
    return Entry(1, text="") if node is None else _entry(node, path, language)


def _fault(text: str, language: str) -> tuple[int, str] | None:
    """(line, message) of what makes a short file huge or slow to read: a reference, or entries inside entries without end."""
    t = translator(language)
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            return event.start_mark.line + 1, t("không dùng được ký hiệu * của YAML; hãy viết lại nội dung.")
        if depth > _DEEPEST:
            return event.start_mark.line + 1, t("các mục lồng nhau quá nhiều lớp.")
    return None


def _refusal(path: Path, fault: tuple[int, str], language: str) -> NtmError:
    line, message = fault
    return NtmError(translator(language)("{file}, dòng {line}: ").format(file=paths.shown(path), line=line) + message)


def _entry(node: yaml.Node, path: Path, language: str) -> Entry:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Entry(line, text=node.value.strip())
    if isinstance(node, yaml.SequenceNode):
        return Entry(line, members=tuple(_entry(n, path, language) for n in node.value))
    items = tuple((str(k.value), k.start_mark.line + 1, _entry(v, path, language)) for k, v in node.value)
    seen: set[str] = set()
    for key, key_line, _ in items:
        if key in seen:
            raise _refusal(path, (key_line, translator(language)("“{key}” được ghi hai lần.").format(key=key)), language)
        seen.add(key)
    return Entry(line, items=items)
