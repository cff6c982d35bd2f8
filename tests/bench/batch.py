"""``report-all`` as a library call, so that the memory of each worker can be told. Prints JSON.

``python -m tests.bench.batch JOBS HOW COMMUNE…``; HOW: empty (this machine), ``local`` (a Dask cluster of JOBS workers, whose
start does not count), ``stale`` (only what has to be made).
"""

import contextlib
import json
import os
import sys
import time
from functools import partial
from pathlib import Path

from ntm_lib.parameters import check
from ntm_lib.pipeline import cluster, pool
from ntm_lib.pipeline.job import FAILED, MADE, Job, run


def main(root: Path, at_a_time: int, how: str, communes: list[str]) -> None:
    jobs = [Job(check({"COMMUNE": commune}), root, force=how != "stale") for commune in communes]
    with contextlib.ExitStack() as stack:
        runner = partial(pool.run_all, at_a_time=at_a_time, many=True)
        if how == "local":
            from distributed import LocalCluster

            workers = stack.enter_context(
                LocalCluster(n_workers=at_a_time, threads_per_worker=1, dashboard_address=None)
            )
            address = workers.scheduler_address
            list(run(jobs[:at_a_time], lambda stale: cluster.run_all(stale, address, str)))  # each loads the library
            runner = partial(cluster.run_all, address=address, t=str)
        start = time.monotonic()
        outcomes = list(run(jobs, runner))
        seconds = time.monotonic() - start
    if failed := [outcome.message for outcome in outcomes if outcome.state == FAILED]:
        sys.exit(failed[0])
    made = [outcome for outcome in outcomes if outcome.state == MADE]
    memory, processor = [outcome.memory for outcome in made], sum(outcome.processor for outcome in made)
    print(json.dumps({"seconds": seconds, "memory": memory, "processor": processor}))


if __name__ == "__main__":
    main(Path(os.environ["NTM_ROOT"]), int(sys.argv[1]), sys.argv[2], sys.argv[3:])
