"""The line that docs/image.md adds to `handlers/requirements.txt` brings its package along."""

import os
import shutil
import subprocess
import sys

import pytest

from infra.image import CONTEXT
from tests.docs.blocks import blocks
from tests.image.built.container import buildah, mounted
from tests.running import ROOT

SHIPPED = (*CONTEXT, "pyproject.toml", "image")
TAG = "localhost/serverless-translation:with-package"


@pytest.mark.timeout(600)
def test_one_line_brings_a_package_into_the_image(tmp_path):
    for name in SHIPPED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, tmp_path / name)
    (line,) = [b for b in blocks(ROOT / "docs" / "image.md", "") if "--hash" in b]
    with (tmp_path / "handlers" / "requirements.txt").open("a") as requirements:
        requirements.write(line)
    command = [sys.executable, "-m", "image.build", TAG, "--builder", "buildah"]
    base = ["--base", os.environ["IMAGE_BASE"]]
    done = subprocess.run([*command, *base], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with mounted(TAG) as root:
        assert list(root.glob("opt/venv/lib/python3*/site-packages/text_unidecode/__init__.py"))
    buildah("rmi", TAG)
