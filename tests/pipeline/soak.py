"""Kills runs and looks at what is left: ``make soak``; a dozen moments of it are part of the tests.

A commune goes back and forth between two states of its raw data. Each time the run that should
publish the new state is killed. Then the report is the old one or the new one, whole, and the next
run gives the same bytes as a run that nobody disturbed.
"""

import argparse
import contextlib
import importlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ntm_lib.pipeline.job import MADE, UNCHANGED, Job
from ntm_lib.pipeline.pool import Running, run_all
from tests.pipeline.helpers import ROOT, copy_of_the_project, files_of, write_checkout, write_text

PARTS = ("outputs", "data/processed")
# Function, call of it, and side of the call at which the worker kills itself: every border between two steps.
BORDERS = [
    *(("make.execute", call, "after") for call in (1, 2, 3)),
    ("make.export", 1, "before"),
    ("make.export", 1, "after"),
    ("manifest.write", 1, "before"),
    ("manifest.write", 1, "after"),
    *(("publish._to_disk", call, side) for call in (1, 2) for side in ("before", "after")),
    *(("publish._exchange", call, side) for call in (1, 2) for side in ("before", "after")),
    *(("make.publish", call, "after") for call in (1, 2)),
    ("make._made_from_one_state", 1, "after"),
]


class Torn(AssertionError):
    """A killed run left a report that is neither the old nor the new one, or the next run did not heal it."""


class Soak:
    """One commune, its two states, and the bytes that belong to each."""

    def __init__(self, job: Job):
        self.job = job
        self.raw = job.root / "data" / "raw" / "communes" / job.parameters.commune / "results.csv"
        self.states = [self.raw.read_text("utf-8"), self.raw.read_text("utf-8").replace(",23", ",32")]
        self.bytes = [self._undisturbed(state) for state in self.states]
        self.now = 1
        if self.bytes[0] == self.bytes[1]:
            raise Torn("the two states give the same report")

    def _undisturbed(self, state: str) -> dict[str, dict[str, bytes]]:
        write_text(self.raw, state)
        (outcome,) = run_all([self.job], 1)
        if outcome.state != MADE:
            raise Torn(outcome.message)
        return self.published()

    def published(self) -> dict[str, dict[str, bytes]]:
        return {part: files_of(self.job.root / part) for part in PARTS}

    def trial(self, disturbed: Callable[[Job], None]) -> str:
        """Changes the data, lets ``disturbed`` run and kill a run, and looks. Says which report was found."""
        old, self.now = self.bytes[self.now], 1 - self.now
        new = self.bytes[self.now]
        write_text(self.raw, self.states[self.now])
        disturbed(self.job)
        found = self.published()
        for part in PARTS:
            if found[part] not in (old[part], new[part]):
                raise Torn(f"{part}: {sorted(found[part])}")
        (outcome,) = run_all([self.job], 1)
        if outcome.state not in (MADE, UNCHANGED) or self.published() != new:
            raise Torn(f"not healed: {outcome.state} {outcome.message}")
        left = [path.name for part in PARTS for path in (self.job.root / part).rglob(".*.building")]
        if left and outcome.state == MADE:
            raise Torn(f"left over: {left}")
        return "new" if found == new else "old"

    @cached_property
    def duration(self) -> float:
        """Seconds of one undisturbed run by a worker."""
        start = time.monotonic()
        list(run_all([replace(self.job, force=True)], 1))
        return time.monotonic() - start


def killed_after(seconds: float) -> Callable[[Job], None]:
    """``kill -9`` of the worker after some time."""

    def disturbed(job: Job) -> None:
        worker = Running(job)
        time.sleep(seconds)
        worker.kill()

    return disturbed


def all_killed_after(seconds: float) -> Callable[[Job], None]:
    """``kill -9`` of the command and everything it has started, as when a machine goes down."""

    def disturbed(job: Job) -> None:
        process = multiprocessing.get_context("spawn").Process(target=_report_in_own_session, args=(job,))
        process.start()
        time.sleep(seconds)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:  # not yet at the head of a session of its own
            process.kill()
        process.join()

    return disturbed


def _report_in_own_session(job: Job) -> None:
    os.setsid()
    os.environ["NTM_ROOT"] = str(job.root)
    list(run_all([job], 1))


def killed_at(border: tuple[str, int, str]) -> Callable[[Job], None]:
    """The worker kills itself at a border between two steps."""

    def disturbed(job: Job) -> None:
        process = multiprocessing.get_context("forkserver").Process(target=_die_at, args=(job, border))
        process.start()
        process.join()
        if process.exitcode != -signal.SIGKILL:
            raise Torn(f"{border} was never reached: {process.exitcode}")

    return disturbed


def _die_at(job: Job, border: tuple[str, int, str]) -> None:
    name, wanted, side = border
    module_name, function_name = name.split(".")
    module = importlib.import_module(f"ntm_lib.pipeline.{module_name}")
    function, calls = getattr(module, function_name), []

    def deadly(*arguments, **named):
        calls.append(1)
        if len(calls) == wanted and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if len(calls) == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(module, function_name, deadly)
    os.environ["NTM_ROOT"] = str(job.root)
    from ntm_lib.pipeline.make import make

    make(job)


# What each command leaves, of the real project: name → words, and the folder that it publishes.
COMMANDS = {
    "report": (("report", "COMMUNE=hung-my"), "outputs/hung-my/2024"),
    "month": (("report", "COMMUNE=hung-my", "MONTH=9"), "outputs/hung-my/2024-thang-09"),
    "scenario": (("scenario", "COMMUNE=hung-my", "SCENARIO=nua-ke-hoach,nang-cao"), ""),
    "documents": (("documents", "COMMUNE=hung-my"), "outputs/hung-my/2024-van-ban"),
    "overview": (("overview",), "outputs/overview-all"),
    "report-all": (("report-all", "JOBS=2"), "outputs/hung-my/2024"),
}


class Commands:
    """The project with Hùng Mỹ, two states of its raw data, and what each command publishes of each."""

    def __init__(self, root: Path):
        self.root, self.temporary = copy_of_the_project(root), root.with_name("tmp")
        self.temporary.mkdir()
        self.raw = root / "data" / "raw" / "communes" / "hung-my" / "results.csv"
        text = self.raw.read_text("utf-8")
        self.states = [text, text.replace("1.276/1.413", "1.275/1.413")]
        self.now, self.whole = 0, [self._undisturbed(number) for number in (1, 0)][::-1]

    def _undisturbed(self, state: int) -> dict[str, dict[str, bytes]]:
        write_text(self.raw, self.states[state])
        for name in COMMANDS:
            self.healed(name)
        return self.published()

    def started(self, name: str) -> subprocess.Popen:
        environment = os.environ | {"NTM_ROOT": str(self.root), "TMPDIR": str(self.temporary)}
        command = [sys.executable, "-m", "ntm_lib", *COMMANDS[name][0]]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def healed(self, name: str) -> float:
        """Seconds of the command, which nobody disturbs."""
        start, process = time.monotonic(), self.started(name)
        _, complaint = process.communicate()
        if process.returncode:
            raise Torn(f"{name}: {complaint.decode()}")
        return time.monotonic() - start

    def published(self) -> dict[str, dict[str, bytes]]:
        """Folder → its files, of everything published."""
        places = {file.parent for part in PARTS for file in (self.root / part).rglob("*") if file.is_file()}
        inside = {place for place in places if ".ntm" not in place.parts}
        return {place.relative_to(self.root).as_posix(): files_of(place) for place in sorted(inside)}

    def trial(self, name: str, seconds: float) -> str:
        """Changes the data, kills the command and all it has started, looks, and lets it run again."""
        self.now = 1 - self.now
        write_text(self.raw, self.states[self.now])
        if name == "overview":  # it shows the reports that there are
            self.healed("report-all")
        process = self.started(name)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        found = {place: files for place, files in self.published().items() if ".building" not in place}
        for place, files in found.items():
            if files not in (self.whole[0].get(place), self.whole[1].get(place)):
                raise Torn(f"{name}, {place} after {seconds:.2f} s: {sorted(files)}")
        for left in self.temporary.iterdir():
            os.utime(left, (1, 1))
        self.healed(name)
        place = COMMANDS[name][1]
        if place and self.published()[place] != self.whole[self.now][place]:
            raise Torn(f"{name} not healed after {seconds:.2f} s")
        hidden = [path for part in PARTS for path in (self.root / part).rglob(".*.building")]
        if hidden or list(self.temporary.iterdir()):
            raise Torn(f"{name} left {hidden or list(self.temporary.iterdir())} after {seconds:.2f} s")
        return "new" if place and found.get(place) == self.whole[self.now].get(place) else "old"


def killed_building(checkout: Path, seconds: float) -> None:
    """Kills the first building of the environment; the next run must make it whole."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(checkout)], check=True)
    first = subprocess.Popen(
        ["make", "communes"], cwd=checkout, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        first.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    second = subprocess.run(["make", "communes"], cwd=checkout, capture_output=True, text=True, check=False)
    if second.returncode:
        raise Torn(f"environment killed after {seconds:.1f} s: {second.stderr[-500:]}")


def main() -> int:
    """Every border, then as many random moments as asked for: a worker, a small command with all it started, and every
    command of the real project in turn; of each two hundred moments one kills the first building of the environment.
    """
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--moments", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="ntm-soak-") as folder:
        root = Path(folder) / "checkout"
        os.environ["NTM_ROOT"] = str(root)
        soak = Soak(write_checkout(root))
        found = {"old": 0, "new": 0}
        for border in BORDERS:
            found[soak.trial(killed_at(border))] += 1
        worker, real, names = soak.duration, Commands(Path(folder) / "project"), list(COMMANDS)
        seconds = {name: real.healed(name) + 4 for name in names}
        for moment in range(options.moments):
            if moment % 3 < 2:
                kill, longest = (killed_after, worker) if moment % 3 else (all_killed_after, worker + 4)
                found[soak.trial(kill(chance.uniform(0, longest * 1.1)))] += 1
            else:
                name = names[moment // 3 % len(names)]
                found[real.trial(name, chance.uniform(0, seconds[name]))] += 1
            if moment % 200 == 199:
                killed_building(Path(folder) / f"clone-{moment}", chance.uniform(0, 70))
            print(f"\r{moment + 1}/{options.moments}", end="", file=sys.stderr)
    print(
        f"\n{len(BORDERS)} borders and {options.moments} moments, seed {options.seed}: old report {found['old']}, new {found['new']}, torn 0, left over 0"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
