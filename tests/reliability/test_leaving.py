"""The server's end: handlers hear of it, and every signal that ends it loses nothing."""

import json
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.handlers.firefox import make_folder
from tests.reliability.conftest import PLUGIN
from tests.running import ROOT, Server

LANGUAGES = ("de", "en", "es", "fr", "it", "pt")
FAILED, LATE = "a handler failed to close", "a handler did not close in time"


@pytest.fixture(autouse=True)
def hangups_are_heard():
    """In the background of a shell they may be ignored, and so would what is started here."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def said(folder, source):
    return (folder / f"{source}_qac" / "said").read_text().split()


def serve(folder, *sources, **environment):
    for source in sources:
        (folder / f"{source}_qac").mkdir()
    return Server(folder, PYTHONPATH=f"{PLUGIN}:{ROOT}", **environment)


@pytest.mark.slow
def test_each_handler_is_told_once_after_the_last_answer(tmp_path):
    with serve(tmp_path, *LANGUAGES) as server:
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(server.translate("slow", target="qac"))
        )
        asking.start()
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        asking.join()
        answered = time.monotonic()
        assert server.process.wait(10) == 0
        assert time.monotonic() - answered < 4  # one never closes, which takes 2
        assert [answer.status for answer in answers] == [200]
        log = server.log
        words = json.dumps(log) + "\n".join(server.errors)
    assert said(tmp_path, "en") == ["translated", "closed"]
    assert [said(tmp_path, source) for source in LANGUAGES if source != "en"] == [["closed"]] * 5
    failed = {line["pair"]: line["traceback"][-1] for line in log if line["message"] == FAILED}
    assert failed == {
        "de_qac": "ValueError",
        "es_qac": "HandlerError: Closing.close raised SystemExit.",
        "fr_qac": "HandlerError: Closing.close raised KeyboardInterrupt.",
        "it_qac": "HandlerError: Closing.close raised Panic.",
    }
    assert [line["pair"] for line in log if line["message"] == LATE] == ["pt_qac"]
    assert log[-1]["message"] == "stopped"
    assert "secret" not in words


@pytest.mark.slow
def test_who_only_lists_models_closes_them_too(tmp_path):
    server = serve(tmp_path, "en", "es")
    done = subprocess.run(
        [*server.command, "--list"],
        cwd=ROOT,
        env=server.environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.count("Closing")) == (0, 2), done.stderr
    assert [said(tmp_path, source) for source in ("en", "es")] == [["closed"]] * 2


def test_firefoxs_processes_have_ended_before_the_server(tmp_path):
    make_folder("en_pt", tmp_path)
    with Server(tmp_path) as server:
        listed = subprocess.run(
            ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True
        )
        assert listed.stdout
        assert server.stop() == 0
        for pid in listed.stdout.split():
            assert subprocess.run(["ps", "-p", pid], stdout=subprocess.DEVNULL).returncode == 1


def test_a_terminal_that_closes_loses_nothing(scripted):
    with scripted() as server:
        statuses = []
        asking = threading.Thread(
            target=lambda: statuses.append(server.translate("sleep 1", target="qaa").status)
        )
        asking.start()
        time.sleep(0.3)
        server.process.send_signal(signal.SIGHUP)
        asking.join()
        assert server.process.wait(10) == 0
        assert statuses == [200]
        assert [line["message"] for line in server.log][-2:] == ["request", "stopped"]


def test_under_nohup_it_outlives_its_terminal(scripted):
    server = scripted()
    server.command = ["nohup", *server.command]
    with server:
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        assert server.translate("hello", target="qaa").status == 200
        assert server.stop() == 0


def test_a_list_that_a_closed_terminal_breaks_off_is_no_success(tmp_path):
    script = (
        "import os, signal; from serving.lifecycle.command import _end_by_signals; "
        "_end_by_signals(); os.kill(os.getpid(), signal.SIGHUP)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT)
    assert done.returncode == -signal.SIGHUP
