"""What every test starts from: no variable of whoever runs them, and the notebooks in their order."""

import os
import tempfile

import pytest

from ntm_lib.cli.catalogue import VARIABLES

OURS = ("NTM_ROOT", "NTM_PROCESSED", "NTM_GIVEN", "NTM_GOALS", *(f"NTM_{name}" for name in VARIABLES))

for _name in (*OURS, "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"):
    os.environ.pop(_name, None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """With xdist, a module's tests stay together; so do the notebooks, each of which needs what the last one wrote."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group("notebooks" if _is_cell(item) else item.path.as_posix()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """nbval starts a kernel when the first cell of a notebook is set up. What the analyst has processed stays as it is."""
    if not _is_cell(item):
        return (yield)
    os.environ["NTM_PROCESSED"] = _tables.name
    try:
        return (yield)
    finally:
        del os.environ["NTM_PROCESSED"]


def _is_cell(item) -> bool:
    return item.path.suffix == ".ipynb"


_tables = tempfile.TemporaryDirectory(prefix="ntm-notebooks-")
