"""The CPU budget, from control groups as the kernel shows them."""

import os

import pytest

from handlers import ModelError, cpus
from handlers.engine.budget import Budget


def v2(folder, line):
    (folder / "cpu.max").write_text(f"{line}\n")


def v1(folder, quota, period):
    (folder / "cpu").mkdir()
    (folder / "cpu" / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (folder / "cpu" / "cpu.cfs_period_us").write_text(f"{period}\n")


@pytest.fixture(autouse=True)
def eight_cpus_allowed(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("max 100000", 8),
        ("200000 100000", 2),
        ("250000 100000", 2),
        ("50000 100000", 1),
        ("1600000 100000", 8),
    ],
)
def test_the_quota_of_cgroup_v2(tmp_path, line, expected):
    v2(tmp_path, line)
    assert cpus(tmp_path) == expected


@pytest.mark.parametrize(
    ("quota", "period", "expected"),
    [(-1, 100_000, 8), (300_000, 100_000, 3), (10_000, 100_000, 1)],
)
def test_the_quota_of_cgroup_v1(tmp_path, quota, period, expected):
    v1(tmp_path, quota, period)
    assert cpus(tmp_path) == expected


def test_no_control_groups(tmp_path):
    assert cpus(tmp_path) == 8


def test_the_engine_gets_one_worker_more_than_cpus(monkeypatch):
    monkeypatch.setattr("handlers.engine.budget.cpus", lambda: 4)
    arguments = Budget().arguments()
    assert (arguments["inter_threads"], arguments["intra_threads"]) == (5, 1)
    assert arguments["compute_type"] == "int8_float32"


def test_every_part_of_the_budget_can_be_set():
    budget = Budget.from_environment(
        {"ENGINE_WORKERS": "3", "ENGINE_THREADS": "2", "ENGINE_COMPUTE_TYPE": "float32"}
    )
    assert budget.arguments() == {
        "inter_threads": 3,
        "intra_threads": 2,
        "compute_type": "float32",
    }


def test_a_budget_that_does_not_read_is_refused():
    with pytest.raises(ModelError, match="ENGINE_WORKERS='two' is not a whole number"):
        Budget.from_environment({"ENGINE_WORKERS": "two"})
