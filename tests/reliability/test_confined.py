"""As a container runs it at worst: any user, nothing writable but /tmp."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT, Server

UID = "54321"
CONFINE = f"""
mount --make-rprivate / && mount --bind {ROOT} {ROOT} && mount -o remount,ro,bind {ROOT} \\
&& mount -o remount,ro,bind / && mount -t tmpfs none /tmp && exec "$@"
"""


def confinement():
    """The command that confines, or None where this machine does not allow it."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        return None
    is_root = os.geteuid() == 0
    user = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups"] if is_root else []
    command = ["unshare", "-m" if is_root else "-rm", "sh", "-c", CONFINE, "sh", *user]
    works = subprocess.run(
        [*command, sys.executable, "-c", ""], cwd=ROOT, check=False, capture_output=True
    )
    return command if works.returncode == 0 else None


@pytest.mark.bar
def test_any_user_and_a_read_only_file_system(record):
    if (command := confinement()) is None:
        pytest.skip("needs unshare, setpriv and an interpreter that other users may run")
    server = Server(HOME="/nonexistent")
    server.command = [*command, *server.command]
    with server:
        if os.geteuid() == 0:
            status = Path(f"/proc/{server.process.pid}/status").read_text()
            assert f"Uid:\t{UID}" in status
        assert server.text("Hello world!").body == b"Hallo Welt!"
        assert server.stop() == 0
        assert not server.errors
    record(
        "random uid, read-only file system but /tmp",
        "starts, serves, drains",
        "started, served, drained with exit code 0",
    )
