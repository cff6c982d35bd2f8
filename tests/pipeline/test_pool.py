"""Ctrl-C ends a batch whenever it strikes."""

import os
import signal

import pytest

from ntm_lib.pipeline.job import MADE
from ntm_lib.pipeline.pool import run_all


class Struck:
    """Ctrl-C strikes while Python takes an object away, where an error goes no further."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        [None for _ in range(1000)]  # gives Python the moment in which it calls the handler


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_that_python_swallows_still_ends_the_batch(job):
    before, outcomes = signal.getsignal(signal.SIGINT), []
    with pytest.raises(KeyboardInterrupt):
        for outcome in run_all(iter([job, job, job]), 1):
            outcomes.append(outcome.state)
            struck = Struck()
            del struck
    assert outcomes == [MADE]
    assert signal.getsignal(signal.SIGINT) is before
