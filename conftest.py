"""What every test starts from: no variable of whoever runs them, and the notebooks in their order."""

import os
import sys
import tempfile

import pytest

from ntm_lib.cli.catalogue import VARIABLES

OURS = ("NTM_ROOT", "NTM_PROCESSED", "NTM_GIVEN", "NTM_GOALS", *(f"NTM_{name}" for name in VARIABLES))

PAPERS = ("tests/golden/test_words.py", "tests/report/test_papers.py", "tests/report/test_one_conclusion.py")

for _name in (*OURS, "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(_name, None)
sys.dont_write_bytecode = False  # as with make: else every process that a test starts compiles the project again


# What takes ten seconds or more, the longest first: begun last, one of them would leave the other cores idle.
LONG = (
    "pipeline/test_soak", "report/test_published", "report/test_browser", "pipeline/test_real", "report/test_difference", "rules/test_rule_book",
    "template/test_template_survives", "test_workshop", "pipeline/test_cli", "stages/test_clean_stage", "report/test_money_page",
    "template/test_village_forms", "report/test_explorer_browser", "report/test_browser_overview", "judge/test_properties",
    "test_second_judge", "report/test_docx", "rules/test_accepting", "pipeline/test_cluster", "plan/test_scenario_raw",
)  # fmt: skip


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A module's tests stay together; so do the notebooks, in their order, since each needs what the last one wrote, and the
    modules that read the same papers, which are made once (``tests/report/papers.py``).
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByModule(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith("notebooks/"):
                return "notebooks"
            return "papers" if nodeid.startswith(PAPERS) else nodeid.partition("::")[0]

    config.option.loadscopereorder = False  # by the number of tests; here by LONG
    return ByModule(config, log)


def pytest_collection_modifyitems(items) -> None:
    """The notebooks and the long modules first; all else as it stands."""
    places = {f"tests/{name}.py": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: -1 if _is_cell(item) else places.get(item.nodeid.partition("::")[0], len(places)))


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything must be there (.ci/run), a test that misses a program is a failure, and none is left out unseen."""
    report = yield
    if report.skipped and os.environ.get("NTM_REQUIRE_BROWSER") == "1" and "not installed" in str(report.longrepr):
        report.outcome, report.longrepr = "failed", str(report.longrepr)
    return report


def _is_cell(item) -> bool:
    return item.path.suffix == ".ipynb"


_tables = tempfile.TemporaryDirectory(prefix="ntm-notebooks-")
