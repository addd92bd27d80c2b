"""Many cases over processes: order, lost workers, failures."""

import os
import sys
import threading
from multiprocessing import active_children

import pytest

from allocator.errors import SolverError, UsageError
from allocator.what_if import pool
from allocator.what_if.pool import packed, run_cases, unpacked
from tests.helpers import pool_work


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_stand_in_the_order_of_the_cases(jobs):
    assert run_cases(pool_work.double, 3, [5, 1, 4, 2], jobs=jobs) == (15, 3, 12, 6)


def test_no_cases_have_no_results():
    assert run_cases(pool_work.double, 3, [], jobs=2) == ()


def test_each_case_is_told_as_it_ends_and_the_order_stays():
    ended = []
    found = run_cases(pool_work.slow_first, None, [0, 1, 2], jobs=2, each=lambda number, _: ended.append(number))
    assert found == (0, 1, 2)
    assert sorted(ended) == [0, 1, 2]
    assert ended[0] != 0


def test_it_is_told_how_many_of_how_many_have_ended():
    told = []
    run_cases(pool_work.double, 3, [5, 1, 4], done=lambda ended, total: told.append((ended, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_without_a_number_there_is_a_process_a_core(monkeypatch):
    monkeypatch.setattr("allocator.what_if.pool.cores", lambda: 1)
    here = [os.getpid()] * 2
    assert [*run_cases(lambda _shared, _case: os.getpid(), None, [1, 2], jobs=None)] == here  # no other could take it


def test_a_lost_process_costs_its_cases_again_and_nothing_else(tmp_path):
    told = []
    found = run_cases(
        pool_work.die_once,
        str(tmp_path),
        list(range(6)),
        jobs=2,
        each=lambda number, result: told.append((number, result)),
    )
    assert found == (0, 10, 20, 30, 40, 50)
    assert (tmp_path / "died").exists()
    assert sorted(told) == [(n, 10 * n) for n in range(6)]  # each is told once


def test_processes_that_are_lost_again_and_again_are_no_answer():
    with pytest.raises(SolverError) as lost:
        run_cases(pool_work.always_die, None, [1, 2], jobs=2)
    assert lost.value.place == "workers"


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised_here(jobs):
    with pytest.raises(UsageError) as refused:
        run_cases(pool_work.refuse, None, [0, 1, 2], jobs=jobs)
    assert refused.value.place == "case 1"


def test_less_than_one_process_is_refused():
    with pytest.raises(UsageError):
        run_cases(pool_work.double, 3, [1], jobs=0)


def test_no_scheduler_at_an_address_is_a_usage_error(monkeypatch):
    monkeypatch.setattr(pool, "CONNECTING", 1)
    with pytest.raises(UsageError) as refused:
        run_cases(pool_work.double, 3, [1, 2], scheduler="tcp://127.0.0.1:9")
    assert refused.value.place == "scheduler"


def test_what_is_shared_is_unpacked_as_it_was():
    assert unpacked(packed({"a": (1, 2.5)})) == {"a": (1, 2.5)}


def test_a_process_never_hears_ctrl_c_from_its_first_moment_on():
    assert run_cases(pool_work.interrupt_itself, None, [1, 2], jobs=2) == ((True, 1), (True, 2))


def test_no_process_outlives_an_error():
    with pytest.raises(UsageError):
        run_cases(pool_work.refuse_or_sleep, None, [0, 1], jobs=2)
    for process in active_children():
        process.join(timeout=10)
    assert active_children() == []


def test_a_process_looks_for_no_module_in_the_working_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", ["", *sys.path])  # as in a notebook
    for safe, path in run_cases(pool_work.where_modules_are_sought, None, [1, 2], jobs=2):
        assert safe
        assert not {"", str(tmp_path)} & set(path)
    assert sys.path[0] == ""
    assert "PYTHONSAFEPATH" not in os.environ


def test_no_thread_of_a_pool_is_left_for_the_end_of_the_process():
    before = set(threading.enumerate())
    run_cases(pool_work.double, 3, [5, 1, 4], jobs=2)
    with pytest.raises(UsageError):
        run_cases(pool_work.refuse, None, [0, 1, 2], jobs=2)
    assert set(threading.enumerate()) <= before
