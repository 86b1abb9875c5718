"""`python -m models size`: a process held to a share, and what is made of its figures."""

import os
import subprocess
import sys
import time

import pytest

from model_folder import ModelFolder
from models.measured_size import Measured, measure, sentences_of, table
from models.share import Share
from tests.running import MODELS, ROOT

SPIN = [sys.executable, "-c", "while True: pass"]
GROW = [sys.executable, "-c", "import time; a = b'x' * 300_000_000; time.sleep(60)"]


@pytest.mark.parametrize("cpus", [0.2, 0.6])
def test_a_process_has_its_share_of_a_cpu_and_no_more(cpus):
    with Share(SPIN, dict(os.environ), cpus, 2**30) as share:
        time.sleep(0.5)  # its start
        before, started = share.cpu_seconds, time.monotonic()
        time.sleep(2)
        used = (share.cpu_seconds - before) / (time.monotonic() - started)
    assert 0 < used < cpus + 0.1
    assert share.process.returncode is not None


def test_a_process_that_needs_more_memory_ends():
    with Share(GROW, dict(os.environ), 1.0, 100_000_000) as share:
        share.process.wait(60)
    assert share.is_out_of_memory
    assert share.peak > 100_000_000


def test_the_container_s_own_process_is_measured():
    folder = ModelFolder(MODELS / "en_pt")
    found = measure(folder, 1024, ["Good morning!", "Thank you."], 0.5)
    assert found.why == "", found
    assert found.p95 > 0 and found.alone > 0 and found.together > 0 and found.start > 0
    assert 50e6 < found.peak < 1024 * 2**20
    assert measure(folder, 1024 * 1769, ["Hello"], 0.1).why.startswith("not measured: it takes")


def test_a_model_that_cannot_be_loaded_has_no_figures(tmp_path):
    (tmp_path / "en_de").mkdir()
    found = measure(ModelFolder(tmp_path / "en_de"), 1024, ["Hello"], 0.1)
    assert found.why == "no answer (it ended at its start)"


FIGURES = [
    Measured(1024, 0.58, p95=1.5, alone=1000.0, together=2000.0, start=3.0, peak=100 * 2**20),
    Measured(2048, 1.16, p95=0.8, alone=1800.0, together=4000.0, start=2.0, peak=100 * 2**20),
    Measured(3072, 1.74, p95=0.6, alone=2500.0, together=6000.0, start=2.0, peak=100 * 2**20),
    Measured(4096, 2.32, "not measured: it takes 3 CPUs, and here are 2"),
]


def test_the_price_is_that_of_the_seconds_that_it_takes():
    assert FIGURES[1].dollars(1800.0) == pytest.approx(2 * 0.00002 * 1e6 / 1800)


def test_the_cheapest_that_is_fast_enough_is_named():
    lines = table(FIGURES, 1.0)
    assert lines[0].split()[:3] == ["MB", "vCPU", "start"]
    assert lines[2].split()[:4] == ["2048", "1.16", "2.0", "800"]
    assert lines[4] == " 4096  2.32 not measured: it takes 3 CPUs, and here are 2"
    cheapest = "is the cheapest of the 3 sizes with figures, with a p95 of"
    assert lines[5] == f"memory: 2048 {cheapest} 1 s or less."
    assert table(FIGURES, 2.0)[5] == f"memory: 1024 {cheapest} 2 s or less."
    assert table(FIGURES, 0.1)[5] == "None of the 3 sizes with figures has a p95 of 0.1 s or less."
    assert table(FIGURES[:3], 1.0)[4] == "memory: 2048 is the cheapest with a p95 of 1 s or less."
    assert table(FIGURES[:3], 0.1)[4] == "None of them has a p95 of 0.1 s or less."


def test_a_model_without_a_canary_needs_texts(tmp_path):
    (tmp_path / "en_en-XA").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "models", "size", str(tmp_path / "en_en-XA")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "no texts to measure with, for no manifest has a canary from en" in done.stderr


def test_a_model_without_a_canary_borrows_its_neighbour_s_sentences():
    found = sentences_of(ModelFolder(MODELS / "en_de"))
    assert len(found) == 20
    assert found == sentences_of(ModelFolder(MODELS / "en_pt"))


def test_the_command_prints_its_table(tmp_path):
    texts = tmp_path / "texts"
    texts.write_text("Good morning!\n\nThank you.\n")
    command = [sys.executable, "-m", "models", "size", "models/en_de", "--texts", str(texts)]
    command += ["--memory", "1024", "6144", "--seconds", "0.1", "--p95", "60"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[1] == "  fits a serverless endpoint with memory: 1024"
    assert [line.split()[0] for line in lines[2:5]] == ["MB", "1024", "6144"]
    assert lines[5].startswith("memory: ")
