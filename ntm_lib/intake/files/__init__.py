"""Readers of the files that a commune hands in."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ntm_lib.intake.files.readers import Grid


def all_sheets(path: Path, language: str = "vi") -> "list[Grid]":
    """The sheets of a workbook as they are stored, the hidden ones marked; XLSX or ODS by what the file is, not by its name."""
    from ntm_lib.intake.files import ods, xlsx  # the front door imports this package and must start light
    from ntm_lib.intake.files.packages import Package

    package = Package(path, language)
    return ods.read_sheets(package, language) if package.is_ods else xlsx.read_sheets(package, language)
