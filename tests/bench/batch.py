"""``report-all`` as a library call, so that the memory of each worker can be told. Prints JSON."""

import json
import os
import sys
import time
from pathlib import Path

from ntm_lib.parameters import check
from ntm_lib.pipeline.job import MADE, Job
from ntm_lib.pipeline.pool import run_all
from ntm_lib.pipeline.settling import run


def main(root: Path, at_a_time: int, communes: list[str]) -> None:
    start = time.monotonic()
    jobs = [Job(check({"COMMUNE": commune}), root, force=True) for commune in communes]
    outcomes = list(run(jobs, lambda stale: run_all(stale, at_a_time, many=True)))
    failed = [outcome.message for outcome in outcomes if outcome.state != MADE]
    if failed:
        sys.exit(failed[0])
    memory, processor = [outcome.memory for outcome in outcomes], sum(outcome.processor for outcome in outcomes)
    print(json.dumps({"seconds": time.monotonic() - start, "memory": memory, "processor": processor}))


if __name__ == "__main__":
    main(Path(os.environ["NTM_ROOT"]), int(sys.argv[1]), sys.argv[2:])
