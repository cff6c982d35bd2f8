"""A scenario file as plain text with the line of every entry, so that a message can point at it."""

from pathlib import Path

from ntm_lib import yaml_text
from ntm_lib.yaml_text import Entry

__all__ = ["Entry", "read_lines"]


def read_lines(path: Path, language: str = "vi") -> Entry:
    """The content of a YAML file without references. Raises NtmError, naming file and line, for what is no plain YAML."""
    return yaml_text.read(path, language, references=False)
