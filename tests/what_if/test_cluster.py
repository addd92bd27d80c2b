"""A sweep on a real Dask cluster: scheduler and workers of their own processes, one of them killed on the way."""

import json
import signal
import subprocess
import sys
import time

import pytest

from allocator import api
from allocator.analyses.sweep.grid import parse_axis, sweep_scenario
from tests.helpers.builders import tiny_scenario, tiny_tables, write_tables

pytestmark = pytest.mark.slow
PATIENCE = 60  # seconds for a process to come up


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler on loopback, and its two workers as processes without a nanny."""
    pytest.importorskip("distributed")
    contact = tmp_path / "scheduler.json"
    begun = []

    def begin(program, *words):
        command = [sys.executable, "-m", f"distributed.cli.{program}", *words]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)
        begun.append(process)
        return process

    begin("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(contact))
    try:
        wait_for(lambda: contact.exists() and contact.read_text().strip().endswith("}"))
        address = json.loads(contact.read_text())["address"]
        words = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        workers = [begin("dask_worker", address, *words) for _ in range(2)]
        wait_for(lambda: workers_of(address) == 2)
        yield address, workers
    finally:
        for process in reversed(begun):
            process.kill()
            process.wait()


def wait_for(ready):
    until = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < until, "it did not come up"
        time.sleep(0.2)


def workers_of(address):
    import distributed

    with distributed.Client(address, timeout=PATIENCE, set_as_default=False) as client:
        return len(client.scheduler_info()["workers"])


def opened(folder):
    write_tables(folder / "tables", tiny_tables())
    return api.open_scenario(tiny_scenario(folder, "[grants]\nfloor = 0.9"))


# Half of them without a plan. The discount rate is in the costs, so that each of its values is a programme of its own.
VARY = ("goal.discount_rate=0:0.19:20", "budget.scale=0.6,0.95,1.0")


def test_a_killed_worker_costs_its_cases_again_and_the_rows_are_those_of_one_machine(cluster, tmp_path):
    address, workers = cluster
    scenario, data = opened(tmp_path)
    axes = [parse_axis(text) for text in VARY]
    told = []

    def done(ended, total):
        told.append((ended, total))
        if ended == 5:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()

    there = sweep_scenario(scenario, data, axes, scheduler=address, done=done)
    assert workers[0].returncode == -signal.SIGKILL
    assert workers_of(address) == 1
    assert told[-1] == (60, 60)
    here = sweep_scenario(scenario, data, axes)
    assert {row.status for row in here.rows} == {"optimal", "infeasible"}
    for row, other in zip(there.rows, here.rows, strict=True):
        assert (row.values, row.status, row.reason) == (other.values, other.status, other.reason)
        if other.goal is None:
            assert row.goal is None
            continue
        assert row.goal == pytest.approx(other.goal, rel=1e-7)
        assert row.reductions == pytest.approx(other.reductions, rel=1e-6)
        assert row.spent == pytest.approx(other.spent, rel=1e-6)


def test_the_reference_data_go_to_a_cluster_and_back(cluster):
    address, _ = cluster
    scenario, data = api.open_scenario("settlement")
    axes = [parse_axis("budget.scale=1.0,1.02"), parse_axis("local.min_reduction=0.05,0.08")]
    found = sweep_scenario(scenario, data, axes, scheduler=address)
    assert [round(row.goal) for row in found.rows[:2]] == [87_361, 87_361]
    assert found.rows[2].goal > found.rows[0].goal
