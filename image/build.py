"""`python -m image.build TAG`: the image from this checkout, with Docker or buildah."""

import argparse
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from image import builder, command
from image.errors import ImageError

ROOT = Path(__file__).parents[1]
# Lent to the build and kept out of every layer: a proxy that re-signs TLS needs them.
SECRETS = {
    "certificates": ["/etc/ssl/certs/ca-certificates.crt"],
    "pip": ["/etc/pip.conf", "~/.config/pip/pip.conf"],
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Build; 0 when all is well, 1 with one sentence on stderr when not."""
    parser = argparse.ArgumentParser(prog="python -m image.build", description=__doc__)
    parser.add_argument("tag", help="for example serverless-translation:0.1.0")
    parser.add_argument("--base", help="default: the one that the Dockerfile names")
    parser.add_argument("--target", default="", help="server: with page and API (default: neither)")
    parser.add_argument("--builder", choices=["docker", "buildah"], help="default: either")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    try:
        base = options.base or default_base()
        _build(builder.find(options.builder), options.tag, base, options.target)
    except ImageError as error:
        print(f"image: {error}", file=sys.stderr)
        return 1
    return 0


def _build(chosen: builder.Builder, tag: str, base: str, target: str) -> None:
    facts = {**labels(), "BASE": base, "BASE_DIGEST": _digest(chosen, base)}
    chosen.build(tag, facts, secrets(), target)


def _digest(chosen: builder.Builder, base: str) -> str:
    """The base's digest for the image's label, or "unknown": never an invented one."""
    try:
        found = chosen.base_digest(base)
    except ImageError as error:
        print(f"image: the digest of {base} could not be resolved ({error})", file=sys.stderr)
        return "unknown"
    print(f"image: {base} is {found}", file=sys.stderr)
    return found


def default_base() -> str:
    """The base that the Dockerfile names."""
    found = re.search(r"^ARG BASE=(\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    if found is None:
        raise ImageError("The Dockerfile has no line `ARG BASE=...`. Put it back.")
    return found[1]


def labels() -> dict[str, str]:
    """Version and git revision, for the image's OCI labels."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {"VERSION": project["version"], "REVISION": _revision()}


def _revision() -> str:
    try:
        return command.output(["git", "-C", str(ROOT), "rev-parse", "HEAD"])
    except (ImageError, FileNotFoundError):  # an unpacked release has no git history
        return "unknown"


def secrets() -> dict[str, Path]:
    """Those of SECRETS that this machine has; the first path of each wins."""
    found = {}
    for name, candidates in SECRETS.items():
        paths = [path for text in candidates if (path := Path(text).expanduser()).is_file()]
        if paths:
            found[name] = paths[0]
    return found


if __name__ == "__main__":
    sys.exit(main())
