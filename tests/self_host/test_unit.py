"""The systemd unit, judged by systemd."""

import shutil
import subprocess

import pytest

from tests.self_host.conftest import FOLDER, program

UNIT = FOLDER / "translate.service"
HIGHEST = 15  # tenths of systemd's exposure level, of 100


def analyze(*words):
    line = [program("systemd-analyze", "systemd"), *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True)


def test_systemd_understands_every_line(tmp_path):
    copy = tmp_path / UNIT.name
    there = UNIT.read_text().replace("/usr/local/bin/translate-server", shutil.which("true"))
    copy.write_text(there)
    found = analyze("verify", copy)
    assert (found.returncode, found.stderr) == (0, "")


def test_a_line_that_is_none_would_be_found(tmp_path):
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace("ProtectClock=yes", "ProtectClocks=yes"))
    assert "ProtectClocks" in analyze("verify", copy).stderr


def test_it_is_as_closed_as_the_page_says():
    found = analyze("security", "--offline=true", f"--threshold={HIGHEST}", UNIT)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("setting", ["DynamicUser=yes", "TimeoutStopSec=25", "Restart=on-failure"])
def test_what_the_server_needs_of_it(setting):
    assert setting in UNIT.read_text().splitlines()
