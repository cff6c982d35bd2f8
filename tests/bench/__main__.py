"""``make bench``: what a report costs by the stock commands, by ours, and by plain Python, on one machine in one go."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

import psutil

from ntm_lib.cli.shared import number_of_jobs
from ntm_lib.parameters import check
from ntm_lib.pipeline.inputs import NOTEBOOKS
from ntm_lib.pipeline.job import EXPORTS
from tests.bench.generate import SOURCE, write_communes

CHECKOUT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time (per commune and core where many are made), and bytes of the largest process.

    ``processor``: seconds of computing, where they are known; on a machine that does other work too they tell more.
    """

    seconds: float
    memory: int
    processor: float = 0.0


def measured(*commands: list[str]) -> Cost:
    """Runs the commands one after another. Memory is sampled: kernels and fork servers are nobody's waited-for children."""
    start, peak = time.monotonic(), 0
    for command in commands:
        process = psutil.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        complaints: list[bytes] = []
        reader = threading.Thread(target=lambda stream=process.stderr: complaints.append(stream.read()))
        reader.start()
        while process.poll() is None:
            peak = max(peak, largest(process))
            time.sleep(0.02)
        reader.join()
        if process.returncode:
            sys.exit(f"{' '.join(command)}\n{complaints[0].decode()}")
    return Cost(time.monotonic() - start, peak)


def largest(process: psutil.Process) -> int:
    try:
        return max(one.memory_info().rss for one in (process, *process.children(recursive=True)))
    except psutil.Error:  # it ended meanwhile
        return 0


def best(times: int, run: Callable[[], Cost]) -> Cost:
    costs = [run() for _ in range(times)]
    return Cost(min(cost.seconds for cost in costs), max(cost.memory for cost in costs))


def stock(folder: Path) -> Cost:
    """(a) papermill for each notebook and nbconvert for each file, as anybody would type them."""
    os.environ["NTM_PROCESSED"] = str(folder)
    parameters = check({"COMMUNE": SOURCE})
    given = [
        word
        for name, value in parameters.for_notebooks().items()
        if name != "strict"
        for word in ("-y", f"{name}: {json.dumps(value)}")
    ]
    python = [sys.executable, "-m"]
    run = [
        [*python, "papermill", f"notebooks/{name}.ipynb", str(folder / f"{name}.ipynb"), "--cwd", "notebooks", *given]
        for name in NOTEBOOKS
    ]
    convert = [
        [
            *python,
            "jupyter",
            "nbconvert",
            "--to",
            wanted.exporter,
            "--output",
            wanted.file,
            str(folder / f"{wanted.notebook}.ipynb"),
        ]
        for wanted in EXPORTS
    ]
    try:
        return measured(*run, *convert)
    finally:
        del os.environ["NTM_PROCESSED"]


def make(*words: str) -> Cost:
    return measured(["make", "--no-print-directory", *words])


def batch(communes: list[str], jobs: int) -> tuple[Cost, list[int]]:
    """(c) Seconds per commune and core, and the peak of each worker in the order in which they ended."""
    done = told("tests.bench.batch", str(jobs), *communes)
    return Cost(done["seconds"] * jobs / len(communes), max(done["memory"]), done["processor"] / len(communes)), done[
        "memory"
    ]


def plain(communes: list[str]) -> Cost:
    """(d)"""
    return Cost(**told("tests.bench.plain", *communes))


def told(module: str, *words: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def line(name: str, cost: Cost, ratio: str = "", goal: str = "", reached: bool | None = None) -> str:
    mark = {None: "", True: "yes", False: "NO"}[reached]
    memory = f"{cost.memory / MEGABYTE:,.0f} MB" if cost.memory else ""
    return f"| {name:<58} | {cost.seconds:>8.2f} s | {memory:>7} | {ratio:<22} | {goal:<12} | {mark:<3} |"


def share(part: Cost, whole: Cost) -> str:
    return f"1/{whole.seconds / part.seconds:.1f}"


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sizes", type=int, nargs="+", default=[20, 200, 2000])
    sizes = arguments.parse_args().sizes
    jobs = number_of_jobs({}, str)
    print(
        f"{platform.system()} {platform.machine()}, {jobs} cores, Python {platform.python_version()}, {psutil.virtual_memory().total // MEGABYTE:,} MB",
        flush=True,
    )
    print(
        f"| {'':<58} | {'time':>10} | {'memory':>7} | {'ratio':<22} | {'goal':<12} | {'':<3} |\n|{'-' * 60}|{'-' * 12}|{'-' * 9}|{'-' * 24}|{'-' * 14}|{'-' * 5}|"
    )
    with tempfile.TemporaryDirectory(prefix="ntm-bench-") as folder:
        root = Path(folder) / "checkout"
        communes = write_communes(CHECKOUT, root, max(sizes))
        os.environ["NTM_ROOT"] = str(root)
        table(Path(folder), communes, sizes, jobs)
    return 0


def table(folder: Path, communes: list[str], sizes: list[int], jobs: int) -> None:
    (folder / "stock").mkdir()
    one = best(2, lambda: stock(folder / "stock"))
    say(line("(a) papermill and nbconvert, one commune", one))
    cold = best(3, lambda: make("report", f"COMMUNE={SOURCE}", "FORCE=1"))
    say(
        line(
            "(b) make report, cold, one commune",
            cold,
            f"{share(cold, one)} of (a)",
            "<= 1/5",
            cold.seconds <= one.seconds / 5,
        )
    )
    loops = [plain(communes[:40])]
    costs = {size: batch(communes[:size], jobs) for size in sizes}
    loops.append(plain(communes[:40]))  # before and after: the speed of a shared machine drifts
    loop = Cost(*(sum(values) / len(loops) for values in zip(*map(astuple, loops), strict=True)))
    many, peaks = costs[200 if 200 in costs else sizes[-1]]
    say(
        line(
            f"(c) make report-all, per commune and core, {len(peaks)} communes",
            many,
            f"{share(many, one)} of (a)",
            "<= 1/25",
            many.seconds <= one.seconds / 25,
        )
    )
    ratio = f"(c) is {many.seconds / loop.seconds:.2f} x (d)"
    say(
        line(
            "(d) the same functions in a plain loop, per commune",
            loop,
            ratio,
            "<= 1.3 x",
            many.seconds <= 1.3 * loop.seconds,
        )
    )
    say(
        line(
            "    computing alone: (c), per commune",
            Cost(many.processor, 0),
            f"{many.processor / loop.processor:.2f} x that of (d)",
        )
    )
    idle = best(5, lambda: make("report", f"COMMUNE={SOURCE}"))
    say(line("(e) nothing changed, one commune", idle, "", "< 0.3 s", idle.seconds < 0.3))
    make("report-all")
    idle_all = best(3, lambda: make("report-all"))
    say(
        line(
            f"(e) nothing changed, {len(communes) + 1} communes",
            idle_all,
            "",
            "< 2 s / 200",
            idle_all.seconds < 2 * max(1, len(communes) / 200),
        )
    )
    grown = peaks[-1] / peaks[min(19, len(peaks) - 1)]
    say(
        line(
            "    memory of a worker, last against 20th",
            Cost(0, max(peaks)),
            f"{grown:.3f} x",
            "< 400 MB",
            max(peaks) < 400 * MEGABYTE and grown < 1.05,
        )
    )
    base = costs[sizes[0]][0].seconds
    for size, (cost, memory) in costs.items():
        say(
            line(
                f"    {size} communes, per commune and core",
                Cost(cost.seconds, max(memory)),
                f"{cost.seconds / base:.2f} x that of {sizes[0]}",
                "within 10 %",
                cost.seconds <= 1.1 * base,
            )
        )


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
