"""A commune's folder in a temporary checkout, written by the test that needs it."""

import pytest

from ntm_lib import paths
from tests.intake.raw_rows import as_csv

LAYOUTS = paths.raw() / "layouts"
RESULTS = "id,year,criterion,indicator,part,item,village,value,kind,rule_set,document,section,quote,note"
COMMUNE = 'code: "02314"\nslug: thu\nname: Thử\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """``folder({"results.csv": text or [row, …], …})`` writes the files of commune ``thu`` and gives its folder."""
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    place = tmp_path / "data" / "raw" / "communes" / "thu"
    place.parent.mkdir(parents=True, exist_ok=True)
    if not (layouts := tmp_path / "data" / "raw" / "layouts").exists():
        layouts.symlink_to(LAYOUTS)

    def write(files: dict):
        place.mkdir(parents=True, exist_ok=True)
        for name, content in {"commune.yml": COMMUNE, "results.csv": RESULTS + "\n", **files}.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, list):
                content = as_csv(content)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    return write
