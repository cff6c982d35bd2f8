"""A small checkout of its own for each test."""

from pathlib import Path

import pytest

from ntm_lib.parameters import check
from ntm_lib.pipeline.job import Job
from tests.pipeline.helpers import EXPORTS, NOTEBOOKS, write_commune, write_notebook, write_rule_set, write_text


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """The root of a small checkout, and the one that this process works on."""
    root = tmp_path / "xã thử"
    write_commune(root, "hung-my")
    write_rule_set(root, "ntm-2021-2025", [2021, 2025], next="ntm-2026-2030")
    write_rule_set(root, "ntm-2026-2030", [2026, 2030])
    write_rule_set(root, "ntm-nang-cao-2021-2025", [2021, 2025], extends="ntm-2021-2025")
    write_text(root / "data/raw/rules/traits.yml", "{}")
    write_text(root / "data/raw/rules/provinces/tuyen-quang/ntm-2021-2025.csv", "x\n")
    write_text(root / "data/raw/rules/provinces/ha-giang/ntm-2021-2025.csv", "y\n")
    (root / "notebooks").mkdir()
    for name, cells in NOTEBOOKS.items():
        write_notebook(root / "notebooks" / f"{name}.ipynb", cells)
    monkeypatch.setenv("NTM_ROOT", str(root))
    return root


@pytest.fixture
def job(checkout) -> Job:
    return Job(check({"COMMUNE": "hung-my"}), checkout, exports=EXPORTS)
