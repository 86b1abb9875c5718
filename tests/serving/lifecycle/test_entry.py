"""What a container's runtime starts: `python3 -m serving serve`, and `train`."""

import os
import signal
import subprocess
import sys
import tomllib
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


def test_another_command_is_refused_in_one_line():
    found = run("shell")
    assert found.returncode == 2
    assert found.stderr.startswith("serving: Argument command: invalid choice: 'shell'")
    assert found.stderr.endswith(". See python -m serving --help.\n")
    assert found.stderr.count("\n") == 1


def test_the_version_is_the_projects():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert run("--version").stdout == f"python -m serving {version}\n"


@pytest.mark.parametrize("name", ["SERVING_PROT", "GATEWAY_AUHT", "ENGINE_THREAD"])
def test_a_misspelt_setting_stops_the_start_in_one_line(name):
    found = run("--port", "0", **{name: "1"})
    assert found.returncode == 1
    assert f"{name} is no setting. Did you mean {name[:7]}" in found.stderr
    assert [line for line in found.stderr.splitlines() if line[0] != "{"] == [
        line for line in found.stderr.splitlines() if line.startswith("serving: ")
    ]


def test_settings_come_from_files_too(tmp_path):
    (tmp_path / "serverless-translation").mkdir()
    own = tmp_path / "serverless-translation" / "settings.env"
    own.write_text("SERVING_PORT=70000\nSERVING_MODELS=/nonexistent\n")
    found = run("--list", XDG_CONFIG_HOME=str(tmp_path))
    assert found.stderr.startswith("serving: /nonexistent is no folder.")
    found = run("--list", XDG_CONFIG_HOME=str(tmp_path), SERVING_MODELS="/other")
    assert found.stderr.startswith("serving: /other is no folder.")
    found = run("serve", XDG_CONFIG_HOME=str(tmp_path), SERVING_MODELS="/other", SERVING_PORT="0")
    assert "/other is no folder." in found.stderr


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
