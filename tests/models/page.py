"""The commands of docs/models.md, in a copy of the project that they may change."""

import os
import shutil
import subprocess

from tests.docs.blocks import blocks
from tests.running import ROOT

_BLOCKS = blocks(ROOT / "docs" / "models.md", "sh")
FIRST, SECOND, SEARCH, EXTRA, CHECK, CALIBRATE = (block.splitlines() for block in _BLOCKS)
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__")


def copy_project(folder):
    """A clone in which `make run` has run: the environments are the real ones."""
    shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
    for environment in ROOT.glob(".venv*"):
        (folder / environment.name).symlink_to(environment)
    return folder


def run(line, folder, **environment):
    done = subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{line}: {done.stderr}"
    return done.stdout
