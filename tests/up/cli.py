"""Pulumi's CLI: the one on PATH, else one built from its Go module and kept in the user's cache.

python -m tests.up.cli            make sure that there is one; build it if need be
python -m tests.up.cli --at-hand  exit 1 unless there is one already
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VERSION = "3.274.1"  # what is built
PACKAGE = "github.com/pulumi/pulumi/pkg/v3"
HOST = "pulumi-language-python"
GO = (1, 26)  # what its module asks for
# `go install` refuses modules that replace others, as Pulumi's does: hence a module around it.
MODULE = f"""module pulumi

go {GO[0]}.{GO[1]}

require (
	{PACKAGE} v{VERSION}
	github.com/pulumi/pulumi/sdk/v3 v{VERSION}
)
"""
IMPORT = f"""//go:build tools

package tools

import _ "{PACKAGE}/cmd/pulumi"
"""


class MissingError(Exception):
    """There is no CLI, and none can be built; the text says what to install."""


def find() -> Path | None:
    """The CLI that is at hand."""
    on_path = shutil.which("pulumi")
    built = _cache() / "pulumi"
    return Path(on_path) if on_path else built if built.exists() else None


def find_language_host(cli: Path) -> Path | None:
    """The CLI's own host of Python programs."""
    beside, on_path = cli.resolve().parent / HOST, shutil.which(HOST)
    return beside if beside.exists() else Path(on_path) if on_path else None


def build() -> Path:
    """Build the CLI unless it is there. Raises MissingError without a Go that can."""
    go = shutil.which("go")
    if go is None or _version(go) < GO:
        raise MissingError(
            "Pulumi's CLI is not on PATH. Install it (https://www.pulumi.com/docs/install/), or"
            f" Go {GO[0]}.{GO[1]} or newer (https://go.dev/dl/), from which it is then built"
        )
    print(f"Building Pulumi's CLI {VERSION} into {_cache()} (once; about 10 minutes) ...",
          file=sys.stderr)  # fmt: skip
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "go.mod").write_text(MODULE)
        Path(folder, "tools.go").write_text(IMPORT)
        part = _cache() / f"pulumi.{os.getpid()}"
        version = (
            f"-ldflags=-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{VERSION}"
        )
        build = ["build", version, "-o", str(part), f"{PACKAGE}/cmd/pulumi"]
        for command in (["mod", "tidy"], build):
            subprocess.run([go, *command], cwd=folder, check=True)
    part.replace(_cache() / "pulumi")
    print(f"Built in {time.monotonic() - started:.0f} s.", file=sys.stderr)
    return _cache() / "pulumi"


def _version(go: str) -> tuple[int, ...]:
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True)
    numbers = re.findall(r"\d+", said.stdout)
    return tuple(int(number) for number in numbers[:2])


def _cache() -> Path:
    caches = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return caches / "serverless-translation" / f"pulumi-{VERSION}"


def main() -> int:
    if find():
        return 0
    if "--at-hand" in sys.argv:
        return 1
    try:
        build()
    except (MissingError, subprocess.CalledProcessError) as error:
        print(f"make test-up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
