"""What a start imports: each module is time before the first request."""

import json
import subprocess
import sys

import pytest

from tests.running import MODELS, ROOT

# Of the engine's package, only what runs models; of the others, nothing that only tools need.
# asyncio is here to stay: the engine's package imports it by itself.
UNWANTED = (
    *("ctranslate2.converters", "ctranslate2.specs", "numpy", "yaml", "torch"),
    *("boto3", "botocore", "requests", "pkg_resources", "setuptools", "pip"),
    *("unittest", "multiprocessing", "xml", "sqlite3", "pydoc"),
)
SCRIPT = """
import json, sys
from serving.__main__ import load
from serving.process import Process
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
    # 329 when this was written, with Python 3.11. More modules: look at -X importtime.
    assert "serving.batcher" in imported
    assert len(imported) < 400
