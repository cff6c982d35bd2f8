"""Reads a YAML file as text with the line of every entry, within limits: the only parser of the project.

Nothing is guessed: ``02314``, ``no``, ``9.5`` and ``2024-03-01`` stay text, where YAML 1.1 would make them
octal 1228, False, a float and a date. Light on purpose: a name or a province is looked up before a run is started.
"""

import codecs
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate, translator

MAX_BYTES = 1_000_000
DEEPEST = 20  # entries within entries
MOST = 50_000  # entries, what a reference stands for counted each time
_NOTHING = ("", "~", "null")
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_TAGS = {
    None,
    "!",
    *(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")),
}
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser where there is one: ten times faster


@dataclass(frozen=True)
class Entry:
    """A value in a YAML file with its line: ``scalar``, or ``items`` of a mapping, or ``members`` of a list.

    ``items`` keeps each key with its own line; exactly one of the three is not None. ``plain``: written
    without quotes, so that ``null``, ``true`` and whole numbers are meant as such. ``size``: entries in it.
    """

    line: int
    scalar: str | None = None
    items: tuple[tuple[str, int, "Entry"], ...] | None = None
    members: tuple["Entry", ...] | None = None
    plain: bool = True
    size: int = 1

    @property
    def text(self) -> str | None:
        """The scalar without blanks around it; None for a mapping or a list."""
        return None if self.scalar is None else self.scalar.strip()

    @property
    def is_empty(self) -> bool:
        return self.text in _NOTHING

    @property
    def value(self) -> Any:
        """What is written, as dict, list, text, whole number, True, False or None."""
        if self.items is not None:
            return {_typed(key): entry.value for key, _, entry in self.items}
        if self.members is not None:
            return [member.value for member in self.members]
        return _typed(str(self.scalar)) if self.plain else self.scalar

    def at(self, *keys: str | int) -> "Entry | None":
        """The entry below these keys and places in lists; None where there is none."""
        found: Entry | None = self
        for key in keys:
            below: Iterable = ()
            if found is not None:
                below = (
                    ((k, e) for k, _, e in found.items) if found.items is not None else enumerate(found.members or ())
                )
            found = next((entry for name, entry in below if name == key), None)
        return found


def read(path: Path, language: str = "vi", references: bool = True) -> Entry:
    """The content of a YAML file. ``references``: whether ``*name`` may stand for what ``&name`` marks.

    Raises NtmError, naming file and line, for what cannot be read, is written twice, or is too large, too deep
    or of a type that is none of ours.
    """
    t, file = translator(language), paths.shown(path)
    try:
        status = os.stat(path)
        if os.path.isfile(path) and status.st_size <= MAX_BYTES:
            return _read(path, (status.st_mtime_ns, status.st_ctime_ns, status.st_size), language, references)
    except FileNotFoundError:
        raise NtmError(t("Thiếu tệp {file}.").format(file=file)) from None
    except OSError as error:
        raise NtmError(t("Không mở được tệp {file}: {error}.").format(file=file, error=error.strerror)) from None
    if os.path.isfile(path):
        raise NtmError(
            t("Tệp {file} quá lớn ({size} MB; tối đa {limit} MB).").format(
                file=file, size=status.st_size // 1_000_000, limit=MAX_BYTES // 1_000_000
            )
        )
    raise NtmError(
        t("{file} phải là một tệp, không phải thư mục, thiết bị hay liên kết hỏng. Hãy đổi tên hoặc chuyển đi.").format(
            file=file
        )
    )


@cache
def _read(path: Path, version: tuple, language: str, references: bool) -> Entry:
    t, data = translator(language), path.read_bytes()
    try:
        return parsed(_decoded(data), t, references)
    except _Fault as error:
        line, message = error.args
    except yaml.YAMLError as error:
        line, message = (
            _line_of(error, data),
            t("không đọc được YAML. Hãy kiểm tra thụt dòng, dấu hai chấm và bảng mã UTF-8."),
        )
    except UnicodeDecodeError as error:
        line, message = (
            data[: error.start].count(b"\n") + 1,
            t("không đọc được YAML. Hãy kiểm tra thụt dòng, dấu hai chấm và bảng mã UTF-8."),
        )
    raise NtmError(t("Tệp {file}, dòng {line}: ").format(file=paths.shown(path), line=line) + message)


def parsed(text: str, t: Translate, references: bool = True) -> Entry:
    """The content of ``text``. Raises YAMLError, or _Fault with line and message."""
    builder = _Builder(t, references)
    for event in yaml.parse(text, _PARSER):
        builder.take(event)
    return builder.root or Entry(1, scalar="")


class _Fault(Exception):
    """``args``: line, message."""


class _Builder:
    """Makes entries of parser events, one after the other and never one within the other: no file is deep enough to break it."""

    def __init__(self, t: Translate, references: bool):
        self.t, self.references = t, references
        self.root: Entry | None = None
        self.open: list[tuple[yaml.Event, list[Entry]]] = []
        self.named: dict[str, Entry] = {}
        self.size = 0

    def take(self, event: yaml.Event) -> None:
        t, line = self.t, event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _Fault(line, t("tệp chỉ được có một phần; hãy bỏ dòng --- ở giữa."))
        if getattr(event, "tag", None) not in _TAGS:
            raise _Fault(
                line,
                t("không dùng được nhãn {tag} của YAML; hãy viết giá trị như chữ thường.").format(tag=event.tag[-40:]),
            )
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self.open) >= DEEPEST:
                raise _Fault(line, t("các mục lồng nhau quá nhiều lớp."))
            self.open.append((event, []))
        elif isinstance(event, yaml.CollectionEndEvent):
            start, below = self.open.pop()
            self.close(start, self.collection(start, below))
        elif isinstance(event, yaml.ScalarEvent):
            plain = event.style in (None, "") and event.tag not in _TEXT_TAGS
            self.close(event, Entry(line, scalar=event.value, plain=plain))
        elif isinstance(event, yaml.AliasEvent):
            self.close(event, self.referred(event.anchor, line))

    def referred(self, name: str, line: int) -> Entry:
        if not self.references or name not in self.named:
            raise _Fault(line, self.t("không dùng được ký hiệu * của YAML; hãy viết lại nội dung."))
        return self.named[name]

    def close(self, event: yaml.Event, entry: Entry) -> None:
        """Puts a finished entry into the one around it."""
        self.size += entry.size if isinstance(event, yaml.AliasEvent) else 1
        if self.size > MOST:
            raise _Fault(event.start_mark.line + 1, self.t("tệp có quá nhiều mục (tối đa {limit}).").format(limit=MOST))
        if not isinstance(event, yaml.AliasEvent) and event.anchor:
            self.named[event.anchor] = entry
        if self.open:
            self.open[-1][1].append(entry)
        else:
            self.root = entry

    def collection(self, start: yaml.Event, below: list[Entry]) -> Entry:
        t, line, size = self.t, start.start_mark.line + 1, 1 + sum(entry.size for entry in below)
        if isinstance(start, yaml.SequenceStartEvent):
            return Entry(line, members=tuple(below), size=size)
        items, seen = [], set()
        for key, entry in zip(below[::2], below[1::2], strict=True):
            if key.scalar is None or key.scalar == "<<":
                raise _Fault(key.line, t("tên mục phải là chữ, viết trên một dòng."))
            if key.scalar in seen:
                raise _Fault(key.line, t("“{key}” được ghi hai lần.").format(key=key.scalar[:60]))
            seen.add(key.scalar)
            items.append((key.scalar, key.line, entry))
        return Entry(line, items=tuple(items), size=size)


def _typed(text: str) -> Any:
    """Only ``true``, ``false``, ``null`` and whole numbers of a usual length are not text."""
    if text in _NOTHING:
        return None
    if text in ("true", "false"):
        return text == "true"
    return int(text) if _WHOLE.fullmatch(text) else text


def _decoded(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")


def _line_of(error: yaml.YAMLError, data: bytes) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return mark.line + 1
    position = getattr(error, "position", None)  # of a character that no text has
    return _decoded(data)[:position].count("\n") + 1 if isinstance(position, int) else 1
