"""Tests of this folder share rule_rows; ``broken`` is a copy of the real rules that a test may spoil."""

import shutil
from pathlib import Path

import pytest

from ntm_lib import paths


@pytest.fixture
def broken(tmp_path, monkeypatch) -> Path:
    """A copy of ``data/raw/rules`` inside its own checkout, which ``paths`` then point to."""
    copy = tmp_path / "data" / "raw" / "rules"
    shutil.copytree(paths.rules_folder(), copy)
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    return copy
