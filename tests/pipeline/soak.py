"""Kills runs and looks at what is left: ``make soak``; a dozen moments of it are part of the tests.

A commune goes back and forth between two states of its raw data. Each time the run that should
publish the new state is killed. Then the report is the old one or the new one, whole, and the next
run gives the same bytes as a run that nobody disturbed.
"""

import argparse
import importlib
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ntm_lib.pipeline.job import MADE, UNCHANGED, Job
from ntm_lib.pipeline.pool import Running, run_all
from tests.pipeline.helpers import files_of, write_checkout, write_text

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


def main() -> int:
    """Every border, then as many random moments as asked for: half of them kill the worker, half the whole command."""
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
        worker = soak.duration()
        for moment in range(options.moments):
            kill, longest = (killed_after, worker) if moment % 2 else (all_killed_after, worker + 4)
            found[soak.trial(kill(chance.uniform(0, longest * 1.1)))] += 1
            print(f"\r{moment + 1}/{options.moments}", end="", file=sys.stderr)
    print(
        f"\n{len(BORDERS)} borders and {options.moments} moments: old report {found['old']}, new {found['new']}, torn 0"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
