"""Which files a run is made from. Nothing is read here but what names other files."""

import os
from collections.abc import Iterator
from pathlib import Path

from ntm_lib import paths
from ntm_lib.parameters import SLUG, Parameters, national_sets, rule_set_meta, rule_sets
from ntm_lib.places import named

NOTEBOOKS = ("1_clean", "2_status", "3_report")
COMPARISON, MONTHLY = "scenario", "month"
LIBRARY = Path(__file__).resolve().parents[1]


def notebooks_of(parameters: Parameters) -> tuple[str, ...]:
    """Notebooks of a run in their order; a comparison and a monthly report end in another than the yearly one."""
    *first, report = NOTEBOOKS
    return (*first, COMPARISON if parameters.compared else MONTHLY if parameters.month else report)


def input_files(parameters: Parameters) -> dict[str, Path]:
    """Name → file of everything that the reports of ``parameters`` depend on. Names are the same on every machine.

    The commune's raw files (of the scenarios only the one applied), the rules that apply to it, the
    notebooks, the library with its templates, fonts and texts, and the locked versions.
    """
    return dict(sorted((run_files(parameters) | library_files()).items()))


def run_files(parameters: Parameters) -> dict[str, Path]:
    """Those of them that are not the same for every run."""
    root = paths.root()
    return _named(root, [*_raw_files(parameters), *_notebooks(root, parameters)])


def library_files() -> dict[str, Path]:
    """Those that are: code, texts, templates, fonts, and the locked versions."""
    checkout = LIBRARY.parent
    return _named(checkout, [*_files_below(LIBRARY), checkout / "requirements.lock"])


def _named(folder: Path, files: list[Path]) -> dict[str, Path]:
    """Name below ``folder``, with ``/``, → file. (``relative_to`` would take most of a check that nothing has changed.)"""
    start = len(str(folder)) + 1
    return {str(path)[start:].replace(os.sep, "/"): path for path in files}


def _raw_files(parameters: Parameters) -> Iterator[Path]:
    commune = paths.communes_folder() / parameters.commune
    scenarios = commune / "scenarios"
    yield commune / "commune.yml"  # without it the run cannot be: it is missed by name
    yield from _files_below(commune, leave_out="scenarios")
    yield from (scenarios / f"{name}.yml" for name in parameters.scenario_names)
    for name in ("registry.csv", "traits.csv"):  # by which code and region are checked; traits by public lists
        if (path := paths.communes_folder() / name).is_file():
            yield path
    yield from _of_predecessors(parameters.commune)
    if (layouts := paths.raw() / "layouts").is_dir():
        yield from _files_below(layouts)
    rules = paths.rules_folder()
    yield from (path for path in _files_in(rules))  # what holds for all sets: traits, crosswalks
    province = province_of(parameters.commune)
    for rule_set in _rule_sets_read(parameters):
        yield from _files_below(rules / rule_set)
        override = rules / "provinces" / province / f"{rule_set}.csv"
        if province and override.exists():
            yield override


def _of_predecessors(commune: str) -> Iterator[Path]:
    """What the history of a commune formed from others is made of."""
    if not named.was_formed(commune):
        return
    folder = paths.communes_folder()
    # Its description alone can make a commune a predecessor.
    yield from sorted(folder.glob("*/commune.yml"))
    for slug in named.predecessors_of(commune):
        yield from (path for path in _files_below(folder / slug) if folder / slug / "scenarios" not in path.parents)


def _rule_sets_read(parameters: Parameters) -> list[str]:
    """The set judged by, the basic sets (each year is judged by that of its time), and those that these refer to.

    A scenario may judge by any set.
    """
    if parameters.scenario_names:
        return rule_sets()
    wanted, read = [parameters.rule_set, *national_sets()], []
    while wanted:
        if (rule_set := wanted.pop()) not in read:
            read.append(rule_set)
            meta = rule_set_meta(rule_set)
            referred = (meta.get("extends"), meta.get("next"), (meta.get("same_as") or {}).get("set"))
            wanted += [name for name in referred if name in rule_sets()]
    return sorted(read)


def province_of(commune: str) -> str:
    """Slug of the commune's province by its ``commune.yml``; empty where there is none, or no slug."""
    province = named.line_of(commune, "province_slug")
    return province if SLUG.fullmatch(province) else ""


def _notebooks(root: Path, parameters: Parameters) -> Iterator[Path]:
    yield from (root / "notebooks" / f"{name}.ipynb" for name in notebooks_of(parameters))


def _files_below(folder: Path, leave_out: str = "") -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != leave_out and paths.counts(name))
        yield from (Path(place, name) for name in sorted(names) if paths.counts(name))


def _files_in(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.iterdir()) if path.is_file() and paths.counts(path.name))
