"""What each command does. Every import of something heavy stands inside the command that needs it."""

import os
import sys
from collections.abc import Mapping

from ntm_lib import paths
from ntm_lib.cli.catalogue import help_text
from ntm_lib.cli.shared import _is_count, count_of, make_and_tell, number_of_jobs, run_script
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate


def show_help(values: Mapping[str, str], t: Translate) -> int:
    print(help_text(t))
    return 0


def report(values: Mapping[str, str], t: Translate) -> int:
    """The reports of one commune, of a year or of a month."""
    from ntm_lib import parameters

    return make_and_tell(parameters.check(values), values, t)


def scenario(values: Mapping[str, str], t: Translate) -> int:
    """Scenarios of one commune side by side with the present."""
    from ntm_lib import parameters

    return make_and_tell(parameters.check(values, comparing=True), values, t)


def documents(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.documents_command import documents

    return documents(values, t)


def explore(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.explore_command import explore

    return explore(values, t)


def report_all(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.batch import report_all

    return report_all(values, t)


def overview(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.overview_command import overview

    return overview(values, t)


def diff(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.diff_command import diff

    return diff(values, t)


def list_communes(values: Mapping[str, str], t: Translate) -> int:
    if values.get("FIND", "").strip():
        from ntm_lib.cli.data import find_communes

        return find_communes(values, t)
    from ntm_lib.cli.passed_over import choose, twins, why_no_year
    from ntm_lib.parameters import years_with_rows
    from ntm_lib.pipeline.inputs import province_of

    language = values.get("LANGUAGE") or "vi"
    chosen = choose(values.get("PROVINCE", ""), t, language)
    for commune in chosen.communes:
        years = " ".join(map(str, years_with_rows(commune))) or f"– {why_no_year(commune, (), t, language)[0]}"
        print(f"{commune:<28} {province_of(commune):<16} {years}")
    for commune, fault in {**chosen.unread, **twins(chosen.communes, t)}.items():
        print(f"{commune}: {fault}", file=sys.stderr)
    return 1 if chosen.unread else 0


def rules(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.data import show_rules

    return show_rules(values, t)


def check(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.data import check_data

    return check_data(values, t)


def template(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.data import make_template

    return make_template(values, t)


def notebook(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.cli.data import refresh_notebooks

    return refresh_notebooks(values, t)


def clean(values: Mapping[str, str], t: Translate) -> int:
    """Removes what was generated; the folders themselves stay, as in a fresh checkout."""
    import shutil

    for folder in (paths.outputs(), paths.root() / "data" / "processed"):
        for path in folder.iterdir() if folder.is_dir() else []:
            if path.name == ".gitkeep":
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        print(t("Đã dọn {folder}.").format(folder=paths.shown(folder)))
    return 0


def run_tests(values: Mapping[str, str], t: Translate) -> int:
    """pytest over the library and, through nbval, the notebooks, spread over the cores."""
    import subprocess

    jobs = str(number_of_jobs(values, t))
    chosen = values.get("TESTS", "").split() or ["tests", "notebooks"]
    command = [sys.executable, "-m", "pytest", "--numprocesses", jobs, "--nbval", *chosen]
    return subprocess.run(command, cwd=paths.root(), check=False).returncode


def fuzz(values: Mapping[str, str], t: Translate) -> int:
    """Damaged files, as many as COUNT says: none may end in a traceback or lose a row."""
    import subprocess

    count = count_of(values, t, "10000")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--numprocesses",
        str(number_of_jobs(values, t)),
        "tests/intake/test_fuzz.py",
    ]
    return subprocess.run(command, cwd=paths.root(), env=os.environ | {"FUZZ": count}, check=False).returncode


def soak(values: Mapping[str, str], t: Translate) -> int:
    """Kills runs, at every border between two steps and at random moments, and looks at what is left."""
    return run_script("tests.pipeline.soak", "--moments", count_of(values, t, "100"))


def bench(values: Mapping[str, str], t: Translate) -> int:
    """What a report costs, beside the stock commands and plain Python."""
    sizes = (values.get("SIZES") or "20 200 2000").split()
    if not all(_is_count(size) for size in sizes):
        raise NtmError(t('SIZES: phải là các số nguyên từ 1 trở lên.\n    Cần làm: viết lại, ví dụ SIZES="20 200"'))
    return run_script("tests.bench", "--sizes", *sizes)
