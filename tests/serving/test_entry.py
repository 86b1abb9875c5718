"""What a container's runtime starts: `python3 -m serving serve`, and `train`."""

import subprocess
import sys

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
