"""What a container's runtime starts: `python3 -m serving serve`, and `train`."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import MODELS, ROOT, Server


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "serving", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_train_says_that_there_is_nothing_to_train():
    found = run("train")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == (
        "train: nothing to do: models are served as they come, embedded in the archive.\n"
    )


def test_serve_takes_the_containers_defaults():
    found = run("serve", "--port", "0", SERVING_MODELS="/nonexistent")
    assert found.returncode == 1
    assert "serving: /nonexistent is no folder." in found.stderr


def test_serve_obeys_sagemakers_port():
    with Server(MODELS / "en_de") as other:
        found = run("serve", SAGEMAKER_BIND_TO_PORT=str(other.port))
    assert found.returncode == 1
    assert f"Cannot listen on 0.0.0.0:{other.port}: Address already in use." in found.stderr


def test_another_command_is_refused():
    found = run("shell")
    assert found.returncode == 2
    assert "invalid choice: 'shell'" in found.stderr


def test_a_wrong_setting_stops_the_start():
    found = run("serve", SERVING_TIMEOUT="0")
    assert found.returncode == 1
    assert found.stderr == (
        "serving: SERVING_TIMEOUT='0' is not a whole number of at least 1. "
        "Correct it or unset it (default 25).\n"
    )


def test_help_names_the_commands():
    found = run("--help")
    assert found.returncode == 0
    assert "{serve,train}" in found.stdout


EARLY = (
    "serving/lifecycle/command",
    "serving/lifecycle/process",
    "gateway/settings",
    "ctranslate2/__init__",
)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("first", [False, True], ids=["child", "first process"])
def test_a_signal_while_it_imports_ends_it_with_0(number, first):
    """From its first module on: what Python itself takes to start comes before."""
    command = [sys.executable, "-v", "-m", "serving", "--port", "0", "--models", str(MODELS)]
    if first:
        command = [
            *["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"],
            *command,
        ]
        if subprocess.run([*command[:6], "true"], capture_output=True).returncode:
            pytest.skip("this system gives no process namespaces")
    for module in EARLY:
        found = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for line in found.stderr:
            if module in line:
                break
        target = child_of(found.pid) if first else found.pid
        os.kill(target, number)
        found.stderr.read()
        assert (module, found.wait(10)) == (module, 0)
        found.stderr.close()


def child_of(parent):
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(children[0])


@pytest.mark.slow
def test_a_list_that_is_broken_off_is_no_success():
    command = [sys.executable, "-v", "-m", "serving", "--list", "--models", str(MODELS)]
    found = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    next(line for line in found.stderr if "ctranslate2/__init__" in line)
    found.terminate()
    found.stderr.read()
    assert found.wait(10) == -signal.SIGTERM
    found.stderr.close()
