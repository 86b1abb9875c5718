"""The arithmetic of the benchmark: what is a goal met, and what a million characters cost."""

import copy
import csv
import json
import statistics

import pytest

from benchmarks import __main__ as bench
from benchmarks import history, machine, price, report
from benchmarks.figures import Comparison, Figure, _steadiness, figures
from tests.running import ROOT


@pytest.mark.parametrize(
    ("value", "at_least", "met"), [(1.0, True, True), (0.9, True, False), (0.9, False, True)]
)
def test_a_goal_is_a_floor_or_a_ceiling(value, at_least, met):
    assert Figure("f", value, 1.0, at_least).is_met is met


def test_steadiness_is_the_worst_fall_from_2_clients_on():
    rates = {1: 900, 2: 100, 4: 200, 8: 180, 16: 210}
    rows = [{"clients": c, "ours": [{"rate": r}, {"rate": r - 1}]} for c, r in rates.items()]
    assert _steadiness(rows).value == pytest.approx(0.9)


def test_the_price_does_not_depend_on_the_memory():
    # 1769 MB are one vCPU: 1000 characters a second take 1000 s for a million.
    expected = 1769 / 1024 * 0.00002 * 1000
    for gigabytes in (1, 6):
        assert price.dollars(gigabytes, 1000) == pytest.approx(expected)


def test_a_figure_of_rounds_is_their_median_with_its_spread():
    rounds = [{"a": value, "b": 2} for value in (1, 4, 3)]
    figure = Comparison("a ÷ b", "part", "a", "b", 0.95).figure({"part": rounds})
    assert (figure.value, figure.lowest, figure.highest) == (1.5, 0.5, 2.0)


LATEST = json.loads((ROOT / "benchmarks" / "results" / "latest.json").read_text())
LOAD = {"rate": 80.0, "p50": 9.0, "p95": 12.0, "p99": 20.0}
MORE = {"raw_array": 100.0, "array": 97.0, "very_many": LOAD, "replay": 100.0}
LARGE = {"raw_lone_ms": 6.0, "lone": LOAD, "lone_threaded": {**LOAD, "p50": 6.3}}


def test_each_part_that_is_measured_has_its_figures():
    found = copy.deepcopy(LATEST)
    found["speed"]["rounds"] = [{**row, **MORE} for row in found["speed"]["rounds"]]
    found["large"]["rounds"] = [{**row, **LARGE} for row in found["large"]["rounds"]]
    real = {"raw_document": 200.0, "document": 190.0, "document_beam_1": 280.0}
    found["real"] = {"rounds": [{**real, **MORE, "raw_lone_ms": 8.0, "lone": LOAD}]}
    names = {figure.name: figure.value for figure in figures(found)}
    assert names["small model, 50 short texts in a request ÷ raw"] == pytest.approx(0.97)
    assert names["real model, document ÷ raw"] == pytest.approx(0.95)
    assert names["real model, lone sentence, p50 − raw p50, ms"] == pytest.approx(1.0)
    many = statistics.median(row["many"]["rate"] for row in LATEST["speed"]["rounds"])
    replayed = names["32 clients ÷ the engine replaying their batches"]
    assert replayed == pytest.approx(many / 100)
    lone = "large model, lone sentence, {} ÷ raw with its best number of threads"
    assert names[lone.format("one thread, the default")] == pytest.approx(1.5)
    assert names[lone.format("a thread a CPU")] == pytest.approx(1.05)
    assert {"128 clients ÷ raw", "large model, document ÷ raw"} <= set(names)
    table = list(report._price(found))
    assert "real model, beam 2, sentences/s" in table[0]
    assert "real model, beam 1, sentences/s" in table[0]
    assert len(table) == 8
    assert len({line.count("|") for line in table}) == 1


def test_runs_are_added_to_the_table_of_their_machine(tmp_path):
    path = tmp_path / "history.csv"
    for _ in range(2):
        history.add(path, LATEST, figures(LATEST))
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert len(rows) == 2 * len(figures(LATEST))
    assert {row["machine"] for row in rows} == {machine.kind(LATEST["machine"])}
    assert rows[0]["figure"] == rows[len(rows) // 2]["figure"]
    assert float(rows[0]["lowest"]) <= float(rows[0]["median"]) <= float(rows[0]["highest"])


@pytest.mark.parametrize(
    ("load", "used", "steal", "said"),
    [
        (0.1, 1.0, 0.0, ""),
        (3.0, 1.0, 0.0, "The load average is 3.00, above 0.5."),
        (0.1, 60.0, 0.0, "Other programs use 60 % of the CPUs."),
        (0.1, 1.0, 3.0, "Other machines take 30 % of the CPUs."),
    ],
)
def test_a_busy_machine_is_said_to_be_one(monkeypatch, load, used, steal, said):
    times = iter([(0.0, 0.0), (steal, 10.0)])
    monkeypatch.setattr("os.getloadavg", lambda: (load, 0, 0))
    monkeypatch.setattr("psutil.cpu_percent", lambda interval: used)
    monkeypatch.setattr(machine, "stolen", lambda: next(times))
    assert machine.busy() == said


def test_on_a_busy_machine_nothing_is_measured_unless_told(monkeypatch, capsys):
    def fail(*_):
        raise AssertionError("measured")

    monkeypatch.setattr("sys.argv", ["benchmarks"])
    monkeypatch.setattr(machine, "busy", lambda: "The machine is busy.")
    monkeypatch.setattr(bench, "measure", fail)
    assert bench.main() == 2
    assert "The machine is busy. Nothing was measured; --busy" in capsys.readouterr().out
