"""A start that fails ends the process: nothing may hang half started."""

import socket
import subprocess
import sys

import pytest

from tests.running import MODELS, ROOT, Server

SCRIPT = """
from concurrent.futures import Future
from serving.contract.log import set_up_logging
from serving.lifecycle.process import Process
from serving.settings import Settings
set_up_logging(Settings())
loading = Future()
loading.set_result([{}])  # no model at all
Process(Settings(host="127.0.0.1", port=0)).run(loading, print)
"""


def test_what_fails_after_loading_ends_the_process():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 1
    assert '"message": "start failed"' in done.stderr
    assert "StartError: Start failed: AttributeError. The log says where." in done.stderr


REFUSED = {
    "a port too large": (("--port", "70000"), "There is no port 70000."),
    "a negative port": (("--port", "-1"), "There is no port -1."),
    "an unknown host": (("--host", "nowhere.invalid"), "'nowhere.invalid' is no address"),
    "no name at all": (("--host", "a" * 300), f"'{'a' * 300}' is no address"),
    "another machine": (("--host", "192.0.2.1"), "'192.0.2.1' is no address"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED)
def test_an_address_it_cannot_have_is_refused_in_one_sentence(case):
    arguments, sentence = REFUSED[case]
    done = subprocess.run(
        [sys.executable, "-m", "serving", "--models", str(MODELS), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 1
    # Before it, in the log, that others would reach it: no public API without keys.
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert line.startswith(f"serving: {sentence}")


def _has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")
def test_an_ipv6_address_is_shown_as_a_url():
    server = Server(MODELS, "--host", "::1")
    server.start()
    url = server.wait_for_log("loading")["url"]
    assert url.startswith("http://[::1]:")
    server.wait_for_log("ready")
    assert server.get("/ping").status == 200
    assert server.stop() == 0
    server.__exit__()
