"""The commands of docs/models.md that need the extra; a tiny model lies where they download."""

import subprocess
import sys

from tests.models.convert.test_convert import EXTRA as PYTHON
from tests.models.convert.test_convert import HERE
from tests.models.page import EXTRA, copy_project, run
from tests.running import ROOT


def test_an_opus_model_is_downloaded_converted_and_added(tmp_path):
    install, download, add = EXTRA
    assert install == "make models-extra", "which `make test-convert` did"
    program, name, folder = download.split()[0], download.split()[2], download.split()[4]
    assert (name, folder) == ("Helsinki-NLP/opus-mt-en-fr", "opus-mt-en-fr")
    options = subprocess.run([ROOT / program, "download", "--help"], capture_output=True, text=True)
    assert "--local-dir" in options.stdout and "--exclude" in options.stdout
    project = copy_project(tmp_path / "project")
    subprocess.run([PYTHON, HERE / "tiny.py", tmp_path / "tiny"], check=True, capture_output=True)
    (tmp_path / "tiny" / folder).rename(project / folder)
    assert run(add, project).startswith("models-local/en_fr: opus-mt-en-fr ")
    done = subprocess.run(
        [sys.executable, "-m", "models", "verify"], cwd=project, capture_output=True, text=True
    )
    assert "models-local/en_fr: opus-mt-en-fr" in done.stdout
