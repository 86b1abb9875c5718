"""Python's bytecode for the function, so that no cold start compiles its sources."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from shutil import which

# Version 2 of marshal writes no references, of which the memory of the compiling process decides:
# so the same source gives the same bytes. Flag 1: the source's hash is there and not checked.
_SCRIPT = r"""
import marshal, sys
from importlib.util import MAGIC_NUMBER, source_hash
for line in sys.stdin:
    path, name, target = line.rstrip("\n").split("\t")
    with open(path, "rb") as file:
        source = file.read()
    code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    with open(target, "wb") as file:
        file.write(MAGIC_NUMBER + b"\1\0\0\0" + source_hash(source) + marshal.dumps(code, 2))
"""


def interpreter(version: str) -> str | None:
    """A Python of this version, such as 3.12: another's bytecode is of no use.

    What the path has under its name is asked: pyenv leaves names there that lead nowhere.
    """
    for command in (sys.executable, which(f"python{version}")):
        if command and _version(command) == version:
            return command
    return None


def bytecode(files: Mapping[str, Path], python: str, version: str, root: str) -> dict[str, bytes]:
    """Of the .py files among `files`, by the names at which a Python of `version` looks for them.

    `python` is its command; a traceback names a source by `root` and its name.
    """
    sources = {name: path for name, path in files.items() if name.endswith(".py")}
    with tempfile.TemporaryDirectory() as folder:
        targets = {name: Path(folder, str(number)) for number, name in enumerate(sources)}
        lines = [f"{path}\t{root}{name}\t{targets[name]}\n" for name, path in sources.items()]
        subprocess.run(  # noqa: S603
            [python, "-I", "-S", "-W", "ignore", "-c", _SCRIPT],
            input="".join(lines).encode(),
            check=True,
        )
        return {_cached(name, version): target.read_bytes() for name, target in targets.items()}


def _version(command: str) -> str:
    script = "import sys; print('{}.{}'.format(*sys.version_info))"
    asked = [command, "-I", "-S", "-c", script]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip()


def _cached(name: str, version: str) -> str:
    path = PurePosixPath(name)
    return str(path.parent / "__pycache__" / f"{path.stem}.cpython-{version.replace('.', '')}.pyc")
