"""A start that fails ends the process: nothing may hang half started."""

import subprocess
import sys

from tests.running import ROOT

SCRIPT = """
from concurrent.futures import Future
from serving.log import set_up_logging
from serving.process import Process
from serving.settings import Settings
set_up_logging()
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
