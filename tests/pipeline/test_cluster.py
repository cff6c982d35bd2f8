"""The same jobs by Dask: a lost worker costs a second try, not a report."""

import contextlib
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.parameters import check
from ntm_lib.pipeline import cluster
from ntm_lib.pipeline.job import FAILED, MADE, UNCHANGED, Outcome, run
from ntm_lib.pipeline.pool import run_all
from tests.pipeline.helpers import published, write_commune, write_notebook

T = translator("vi")


@pytest.fixture(scope="module")
def workers():
    """A scheduler and two worker processes, each with its nanny, on this machine."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", memory_limit=0
    ) as started:
        yield started


def on(workers):
    return lambda jobs: cluster.run_all(jobs, workers.scheduler_address, T)


def test_a_cluster_publishes_the_bytes_of_one_machine(job, workers):
    years = [replace(job, parameters=check({"COMMUNE": "hung-my", "YEAR": year})) for year in ("2021", "2023", "2024")]
    assert [outcome.state for outcome in run(years, on(workers))] == [MADE] * 3
    there = published(job.root)
    assert [outcome.state for outcome in run(years, on(workers))] == [UNCHANGED] * 3
    assert [outcome.state for outcome in run_all([replace(job, force=True) for job in years], 2)] == [MADE] * 3
    assert published(job.root) == there


def test_a_worker_lost_in_the_middle_costs_a_second_try(job, workers, checkout):
    """The first commune kills the Dask worker that has it made, once: the parent of the server that forked this process."""
    mark = checkout / "killed"
    killing = f"""
import os, psutil
from pathlib import Path
mark = Path({str(mark)!r})
if commune == 'hung-my' and not mark.exists():
    mark.write_text('x')
    psutil.Process(os.getppid()).parent().kill()
"""
    write_notebook(checkout / "notebooks" / "2_status.ipynb", [killing])
    write_notebook(checkout / "notebooks" / "3_report.ipynb", ["print(commune)"])
    for commune in ("bang-coc", "kim-ngoc"):
        write_commune(checkout, commune)
    jobs = [replace(job, parameters=check({"COMMUNE": commune})) for commune in ("hung-my", "bang-coc", "kim-ngoc")]
    outcomes = {outcome.run_name: outcome.state for outcome in run(jobs, on(workers))}
    assert mark.exists()
    assert set(outcomes) == {"hung-my/2024", "bang-coc/2024", "kim-ngoc/2024"}
    assert set(outcomes.values()) <= {MADE, UNCHANGED}
    assert {name for name in published(checkout) if name.endswith("report.md")} == {
        f"outputs/{name}/report.md" for name in outcomes
    }


@pytest.fixture
def lost_once(monkeypatch):
    """Clients of a scheduler that is lost while its first job is being made; the addresses that were connected to."""
    connected: list[str] = []

    def ended(client, jobs):
        for number, one in enumerate(jobs):
            is_lost = len(connected) == 1 and number == 0
            outcome = Outcome(one.parameters.run_name, MADE)
            yield one, SimpleNamespace(status="cancelled" if is_lost else "finished", result=lambda o=outcome: o)

    def client(address, t):
        connected.append(address)
        return contextlib.nullcontext()

    monkeypatch.setattr(cluster, "connected", client)
    monkeypatch.setattr(cluster, "_ended", ended)
    return connected


def test_what_had_not_ended_when_the_scheduler_was_lost_is_sent_again(job, lost_once):
    years = [replace(job, parameters=check({"COMMUNE": "hung-my", "YEAR": year})) for year in ("2021", "2023")]
    assert [(o.run_name, o.state) for o in cluster.run_all(years, "tcp://a:1", T)] == [
        ("hung-my/2023", MADE), ("hung-my/2021", MADE),
    ]  # fmt: skip
    assert lost_once == ["tcp://a:1"] * 2


def test_a_scheduler_that_does_not_come_back_fails_what_it_had_and_says_so(job, lost_once, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0)
    (outcome,) = cluster.run_all([job], "tcp://a:1", T)
    assert outcome.state == FAILED and "Mất liên lạc với bộ điều phối tcp://a:1" in outcome.message


def test_a_scheduler_that_does_not_answer_is_told():
    start = time.monotonic()
    with pytest.raises(NtmError, match="SCHEDULER: không kết nối được với tcp://127.0.0.1:9"):
        list(cluster.run_all(iter([]), "tcp://127.0.0.1:9", T))
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("address", ["x", "http://a:1", "tcp://", "$(touch x)"])
def test_an_address_that_cannot_be_one_is_told(address):
    with pytest.raises(NtmError, match="SCHEDULER"):
        list(cluster.run_all(iter([]), address, T))
