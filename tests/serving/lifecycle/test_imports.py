"""What a start imports: each module is time before the first request."""

import json
import subprocess
import sys

import pytest

from tests.running import MODELS, ROOT

# Of the engine's package, only what runs models; of the others, nothing that only tools need.
UNWANTED = (
    "asyncio",
    *("ctranslate2.converters", "ctranslate2.specs", "numpy", "yaml", "torch"),
    *("boto3", "botocore", "requests", "pkg_resources", "setuptools", "pip"),
    *("unittest", "multiprocessing", "xml", "sqlite3", "pydoc"),
)
SCRIPT = """
import json, sys
from serving.lifecycle.command import load
from serving.lifecycle.process import Process
from serving.settings import Settings
load(Settings(models=sys.argv[1]))
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def imported():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(MODELS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", UNWANTED)
def test_a_start_does_not_import(imported, name):
    assert name not in imported


def test_a_start_imports_no_more_than_it_did(imported):
    # 318 when this was written, with Python 3.11. More modules: look at -X importtime.
    assert "serving.lanes.batcher" in imported
    assert len(imported) < 400


def test_what_is_imported_late_is_there_when_it_is_asked_for():
    script = (
        "import sys, handlers.default, ctranslate2.extensions as engine\n"
        "late = 'asyncio' not in sys.modules, engine.asyncio.Queue\n"
        "import asyncio\n"
        "print(late == (True, asyncio.Queue), engine.asyncio.run is asyncio.run)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True True\n", "")


def test_what_is_imported_late_may_be_asked_for_at_once():
    """By whatever else is imported meanwhile, in this thread or another."""
    script = (
        "import sys, threading, handlers.engine.library as library\n"
        "late = library._Late('asyncio')\n"
        "sys.modules['asyncio'] = late\n"
        "found = []\n"
        "thread = threading.Thread(target=lambda: found.append(late.Queue))\n"
        "thread.start(), thread.join()\n"
        "import asyncio\n"
        "late.step_aside()\n"
        "print(found == [asyncio.Queue], asyncio is not late, sys.modules['asyncio'] is asyncio)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True True True\n", "")
