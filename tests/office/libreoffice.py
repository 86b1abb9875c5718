"""LibreOffice without a window: it opens a document as its user would, and writes another of it."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

SECONDS = 100  # for all documents of one call


class CannotOpenError(Exception):
    """LibreOffice did not open a document; with a window it would offer to repair it."""


class LibreOffice:
    """With a profile of its own in ``folder``, so that no other LibreOffice is disturbed."""

    def __init__(self, folder: Path) -> None:
        self._profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"

    def convert(
        self, documents: Sequence[Path], kind: str, folder: Path, reader: str = ""
    ) -> list[Path]:
        """The documents, whose names differ, as files of another kind in ``folder``."""
        command = ["soffice", self._profile, "--headless", "--norestore", "--convert-to", kind]
        command += [f"--infilter={reader}"] if reader else []
        command += ["--outdir", str(folder), *map(str, documents)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        made = [folder / f"{document.stem}.{kind}" for document in documents]
        if missing := [path.name for path in made if not path.exists()]:
            raise CannotOpenError(f"{missing}: {run.stdout}{run.stderr}")
        return made


def pages_of(pdf: Path) -> int:
    found = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True)
    (pages,) = re.findall(r"^Pages: +(\d+)", found.stdout, re.MULTILINE)
    return int(pages)


def text_of(pdf: Path) -> str:
    """As it stands on the pages, line by line."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
