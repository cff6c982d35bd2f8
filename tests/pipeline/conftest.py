"""A small checkout of its own for each test."""

from pathlib import Path

import pytest

from ntm_lib.pipeline.job import Job
from tests.pipeline.helpers import write_checkout


@pytest.fixture
def job(tmp_path, monkeypatch) -> Job:
    """The report of the one commune of a small checkout, on which this process works."""
    root = tmp_path / "xã thử"
    monkeypatch.setenv("NTM_ROOT", str(root))
    return write_checkout(root)


@pytest.fixture
def checkout(job) -> Path:
    return job.root
