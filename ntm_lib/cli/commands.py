"""What each command does. Every import of something heavy stands inside the command that needs it."""

import os
import sys
from collections.abc import Mapping

from ntm_lib import paths
from ntm_lib.cli.catalogue import help_text
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate


def show_help(values: Mapping[str, str], t: Translate) -> int:
    print(help_text(t))
    return 0


def run_tests(values: Mapping[str, str], t: Translate) -> int:
    """pytest over the library and, through nbval, the notebooks, spread over the cores."""
    import subprocess

    jobs = str(number_of_jobs(values, t))
    chosen = values.get("TESTS", "").split() or ["tests", "notebooks"]
    command = [sys.executable, "-m", "pytest", "--numprocesses", jobs, "--dist", "loadgroup", "--nbval", *chosen]
    return subprocess.run(command, cwd=paths.root(), check=False).returncode


def number_of_jobs(values: Mapping[str, str], t: Translate) -> int:
    """JOBS, or the cores that this process may use."""
    text = values.get("JOBS", "")
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1024):
        raise NtmError(t("JOBS: phải là số nguyên từ 1 trở lên.\n    Cần làm: viết lại, ví dụ JOBS=2"))
    if text:
        return int(text)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
