"""`python -m models`: verify, pack and add translation models."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from models import archive, manifest
from models.errors import ModelError

MODELS = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 with one sentence on stderr when not."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ModelError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="compare model folders with their manifests")
    verify.add_argument("folders", nargs="*", type=Path, help="default: every pair in models/")
    verify.set_defaults(run=_verify)
    pack = commands.add_parser("pack", help="write a model folder as an archive for SageMaker")
    pack.add_argument("folder", type=Path)
    pack.add_argument("archive", type=Path, nargs="?", default=Path("model.tar.gz"))
    pack.set_defaults(run=_pack)
    return parser


def _verify(options: argparse.Namespace) -> None:
    for folder in options.folders or sorted(path.parent for path in MODELS.glob("*/model.json")):
        found = manifest.verify(folder)
        print(f"{folder}: {found.name} {found.version}, {len(found.files)} files as listed")


def _pack(options: argparse.Namespace) -> None:
    found = manifest.verify(options.folder)
    archive.pack(options.folder, [*found.files, manifest.NAME], options.archive)
    size = options.archive.stat().st_size / 1e6
    print(f"{options.archive}: {size:.1f} MB, sha256 {manifest.file_sha256(options.archive)}")


if __name__ == "__main__":
    sys.exit(main())
