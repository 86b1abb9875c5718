"""Installations as a newcomer makes them, in a clone of their own, from the package index."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import blocks
from tests.running import ROOT, fetch

pytestmark = [pytest.mark.install, pytest.mark.timeout(900)]
UV = Path(sys.executable).with_name("uv")
PAGE = ROOT / "docs" / "self-host.md"
FIRST, KEYS, _, _, SERVICE = blocks(PAGE, "sh")
INSTALL, TRANSLATE = FIRST.splitlines()
INJECT = "pipx inject serverless-translation boto3"
NOWHERE = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_MAX_ATTEMPTS": "1",
}
GLOBAL = {
    "PIPX_GLOBAL_HOME": "opt/pipx",
    "PIPX_GLOBAL_BIN_DIR": "usr/local/bin",
    "PIPX_GLOBAL_MAN_DIR": "usr/local/share/man",
}
LARGEST = 270  # MB, of what `make run` installs


@pytest.fixture
def clone(tmp_path):
    """What git has of this checkout, changes included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    folder = tmp_path / "clone"
    folder.mkdir()
    archive = ["tar", "--null", "--create", "--files-from=-"]
    packed = subprocess.run(archive, cwd=ROOT, input=listed, capture_output=True, check=True)
    subprocess.run(["tar", "--extract"], cwd=folder, input=packed.stdout, check=True)
    return folder


@pytest.fixture
def home(tmp_path):
    """A user's empty home, with pipx on the path and the package index as it is here."""
    (tmp_path / "home" / ".local" / "bin").mkdir(parents=True)
    (tmp_path / "pipx").mkdir()
    pipx = tmp_path / "pipx" / "pipx"
    pipx.write_text(f'#!/bin/sh\nexec {UV} tool run --from pipx==1.18.4 pipx "$@"\n')
    pipx.chmod(0o755)
    path = f"{tmp_path}/home/.local/bin:{tmp_path}/pipx:{UV.parent}:{os.environ['PATH']}"
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("TRANSLATE_", "SERVING_"))}
    caches = {"UV_CACHE_DIR": str(tmp_path / "uv"), "UV_TOOL_DIR": str(tmp_path / "tools")}
    return {**kept, "HOME": str(tmp_path / "home"), "PATH": path, **caches}


def megabytes(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


@pytest.mark.parametrize("install", [INSTALL, INSTALL.replace("pipx", "uv tool")])
def test_two_commands_lead_to_a_translation(clone, home, install, capsys):
    assert TRANSLATE == "translate 'Hello world!'"
    for command in (install, TRANSLATE):
        done = subprocess.run(
            ["bash", "-c", command], cwd=clone, env=home, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert done.stdout == "Hallo Welt!\n"
    if "pipx" in install:
        assert INJECT in PAGE.read_text("utf-8")
        subprocess.run(INJECT.split(), env=home, check=True, capture_output=True)
        command = ["translate", "--endpoint", "none", "Hello"]
        asked = subprocess.run(command, env={**home, **NOWHERE}, capture_output=True, text=True)
        assert asked.returncode == 3, asked.stderr


def test_a_service_of_the_system_is_installed_and_its_command_serves(clone, home, tmp_path):
    """In folders of our own; where systemd would begin, what the unit says is done by hand."""
    root = tmp_path / "root"
    (root / "etc" / "systemd" / "system").mkdir(parents=True)
    places = {name: str(root / place) for name, place in GLOBAL.items()}
    said = tmp_path / "pipx" / "systemctl"
    said.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/said\n')
    said.chmod(0o755)
    script = KEYS + SERVICE.replace(" /etc/", f" {root}/etc/")
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=clone,
        env={**home, **places},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "said").read_text() == "enable --now translate\n"
    unit = (root / "etc/systemd/system/translate.service").read_text()
    program = re.search(r"^ExecStart=(\S+)$", unit, re.MULTILINE)[1]
    variables = dict(re.findall(r"^Environment=(\w+)=(\S*)$", unit, re.MULTILINE))
    state, keys = str(root / "var/lib/translate"), f"{root}/etc/translate/keys.json"
    own = {name: value.replace("/var/lib/translate", state) for name, value in variables.items()}
    own |= {"GATEWAY_API_KEYS_FILE": keys, "SERVING_PORT": "0", "HOME": "/proc"}
    with subprocess.Popen(
        [f"{root}{program}"], env=own, stdout=subprocess.PIPE, text=True
    ) as server:
        address = re.search(r"http://\S+:\d+", server.stdout.readline())[0]
        key = re.search(r"Your key: (\S+)", done.stdout)[1]
        assert fetch(f"{address}/v2/usage").status == 403
        assert fetch(f"{address}/v2/usage", None, {"X-API-Key": key}).status == 200
        server.terminate()
    assert server.returncode == 0


def test_make_run_installs_no_more_than_it_says(clone, home, capsys):
    process = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env={**home, "SERVING_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    shown = process.stderr.readline()
    assert "Installing requirements-run.lock" in shown
    told = []
    for line in process.stderr:
        told.append(line)
        if "Successfully installed" in line:
            break
    assert any(re.search(r"Collecting|Downloading", line) for line in told)
    assert " on http://127.0.0.1:" in process.stdout.readline()
    process.terminate()
    process.communicate(timeout=60)
    size = megabytes(clone / ".venv")
    with capsys.disabled():
        print(f"\n  `make run` installed {size:.0f} MB")
    assert size <= LARGEST
