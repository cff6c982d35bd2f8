"""Commands of the workshop: ``clean``, ``notebook``, ``test``, ``fuzz``, ``soak``, ``bench``."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ntm_lib import paths
from ntm_lib.cli.shared import count_of, is_count, number_of_jobs, run_script
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate

OURS = re.compile(
    r"\.ntm|\.?[a-z0-9]+(-[a-z0-9]+)*(\.building|\.old)?"
)  # notes; communes and overviews, also half built ones


def clean(values: Mapping[str, str], t: Translate) -> int:
    """Removes what was generated; the folders themselves stay, as in a fresh checkout, and so does what lies behind a link."""
    folders = paths.outputs(), paths.root() / "data" / "processed"
    here = os.path.realpath(paths.root())
    for folder in folders:
        if os.path.realpath(folder) != os.path.join(here, folder.relative_to(paths.root())):
            text = t(
                "{folder} là liên kết đến nơi khác nên không được dọn.\n    Cần làm: tự xóa những gì không cần ở nơi đó, hoặc xóa liên kết"
            )
            raise NtmError(text.format(folder=folder.relative_to(paths.root()).as_posix()))
    for folder in folders:
        kept = sorted(path.name for path in _emptied(folder))
        said = t("Đã dọn {folder}.").format(folder=paths.shown(folder))
        print(
            said
            + (
                " " + t("Giữ lại, vì không do chương trình tạo ra: {names}").format(names=", ".join(kept))
                if kept
                else ""
            )
        )
    return 0


def _emptied(folder: Path) -> Iterator[Path]:
    """Removes the folders of runs and our own notes; yields what somebody else has put there: files, and links."""
    import shutil

    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name == ".gitkeep":
            continue
        if path.is_symlink() or not path.is_dir() or not OURS.fullmatch(path.name):
            yield path
            continue
        for place in path.iterdir():
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            elif path.name == ".ntm" or path.name.startswith("overview-"):
                place.unlink()
        if not any(path.iterdir()):
            path.rmdir()
        else:
            yield path


def run_tests(values: Mapping[str, str], t: Translate) -> int:
    """pytest over the library and, through nbval, the notebooks, spread over the cores."""
    import subprocess

    jobs = str(number_of_jobs(values, t))
    chosen = values.get("TESTS", "").split() or ["tests", "notebooks"]
    command = [sys.executable, "-m", "pytest", "--numprocesses", jobs, "--nbval", *chosen]
    return subprocess.run(command, cwd=paths.root(), check=False).returncode


def fuzz(values: Mapping[str, str], t: Translate) -> int:
    """Damaged files, as many as COUNT says, and a tenth as many spoiled annexes: no traceback, no row or value lost untold."""
    import subprocess

    count = count_of(values, t, "10000")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-s",
        "tests/intake/test_fuzz.py",
        "tests/rules/test_spoiled_annexes.py",
    ]  # -s: its progress is shown
    return subprocess.run(command, cwd=paths.root(), env=os.environ | {"FUZZ": count}, check=False).returncode


def soak(values: Mapping[str, str], t: Translate) -> int:
    """Kills runs, at every border between two steps and at random moments, and looks at what is left."""
    return run_script("tests.pipeline.soak", "--moments", count_of(values, t, "100"))


def bench(values: Mapping[str, str], t: Translate) -> int:
    """What a report costs, beside the stock commands and plain Python."""
    sizes = (values.get("SIZES") or "20 200").split()
    if not all(is_count(size) for size in sizes):
        raise NtmError(t('SIZES: phải là các số nguyên từ 1 trở lên.\n    Cần làm: viết lại, ví dụ SIZES="20 200"'))
    return run_script("tests.bench", "--sizes", *sizes)


def refresh_notebooks(values: Mapping[str, str], t: Translate) -> int:
    """Makes the reports that the committed notebooks name in their parameters, and puts their outputs into them."""
    from ntm_lib import parameters
    from ntm_lib.cli.shared import make_and_tell
    from ntm_lib.pipeline.inputs import COMPARISON, MONTHLY, NOTEBOOKS
    from ntm_lib.pipeline.notebooks import refresh

    given = {name: values[name] for name in ("FORCE", "DEBUG") if name in values}
    changed = []
    for names in (NOTEBOOKS, (COMPARISON,), (MONTHLY,)):
        written = written_parameters(paths.root() / "notebooks" / f"{names[-1]}.ipynb")
        run = parameters.check(written, comparing=names == (COMPARISON,))
        make_and_tell(run, given, t)
        changed += refresh(run, names)
    print(
        t("Các sổ tay trong notebooks đã đúng với báo cáo này.")
        if not changed
        else t("Đã cập nhật: {names}.").format(names=", ".join(changed))
    )
    return 0


def written_parameters(notebook: Path) -> dict[str, str]:
    """The variables that mean what the notebook's cell of parameters says."""
    import ast
    import json

    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", []))
    written = {
        ast.unparse(line.targets[0]): ast.literal_eval(line.value)
        for line in ast.parse(source).body
        if isinstance(line, ast.Assign)
    }
    names = {
        "commune": "COMMUNE",
        "year": "YEAR",
        "month": "MONTH",
        "rule_set": "RULES",
        "region": "REGION",
        "compared": "SCENARIO",
        "language": "LANGUAGE",
    }
    return {variable: str(written[name]) for name, variable in names.items() if name in written}
