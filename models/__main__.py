"""`python -m models`: verify, pack and add translation models."""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handlers import ModelError, ModelFolder
from model_folder.archive import shipped_files, write_archive
from model_folder.manifest import MANIFEST
from model_folder.sizes import smallest_size
from models import manifest
from models.add import Request, add
from models.smoke import Smoke

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
    hashing = commands.add_parser("hash", help="list every file in a folder's manifest anew")
    hashing.add_argument("folder", type=Path)
    hashing.set_defaults(run=_hash)
    pack = commands.add_parser("pack", help="write a model folder as an archive for SageMaker")
    pack.add_argument("folder", type=Path)
    pack.add_argument("archive", type=Path, nargs="?", default=Path("model.tar.gz"))
    pack.set_defaults(run=_pack)
    _add_options(commands.add_parser("add", help="convert a model and put it into models/"))
    return parser


def _add_options(command: argparse.ArgumentParser) -> None:
    option = command.add_argument
    option("source", type=Path, help="folder, .pt, .argosmodel or .tar.gz; docs/models.md")
    option("--pair", default="", help="such as en_fr; Argos packages know their own")
    option("--license", help="as its makers state it; found in a Hugging Face card")
    option("--name", help="default: the source's name")
    option("--version", help="default: the package's, else of the model's hash")
    option("--attribution", help="whom its licence asks to be named")
    option("--source-prefix", nargs="+", metavar="TOKEN", help="default: by the pair")
    option("--target-prefix", nargs="+", metavar="TOKEN", help="default: by the pair")
    option("--sentencepiece", type=Path, metavar="FILE", help="default: the one beside the model")
    option("--quantization", default="int8", help="of a conversion (default %(default)s)")
    option("--sample", default="Hello world!", help="what to translate as a test")
    option("--replace", action="store_true", help="an existing folder of the pair")
    option("--models", type=Path, default=MODELS, help="where to put it (default models/)")
    command.set_defaults(run=_add)


def _verify(options: argparse.Namespace) -> None:
    for folder in options.folders or sorted(path.parent for path in MODELS.glob(f"*/{MANIFEST}")):
        _report_files(manifest.verify(folder))


def _hash(options: argparse.Namespace) -> None:
    _report_files(manifest.list_files(options.folder))


def _report_files(folder: ModelFolder) -> None:
    files = len(folder.manifest["files"])
    print(f"{_shown(folder.path)}: {folder.name} {folder.version}, {files} files as listed")


def _pack(options: argparse.Namespace) -> None:
    found = ModelFolder(options.folder)
    write_archive(found.path, shipped_files(found), options.archive)
    size = options.archive.stat().st_size / 1e6
    with options.archive.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    print(f"{options.archive}: {size:.1f} MB, sha256 {digest}")


def _add(options: argparse.Namespace) -> None:
    keys = ("license", "name", "version", "attribution", "source_prefix", "target_prefix")
    facts: dict[str, Any] = {key: getattr(options, key) for key in keys}
    found, smoke = add(
        Request(
            source=options.source,
            models=options.models,
            pair=options.pair,
            facts={key: value for key, value in facts.items() if value is not None},
            quantization=options.quantization,
            sentencepiece=options.sentencepiece,
            sample=options.sample,
            replace=options.replace,
        )
    )
    _report(found, smoke, options.sample)


def _report(found: ModelFolder, smoke: Smoke, sample: str) -> None:
    print(f"{_shown(found.path)}: {found.name} {found.version}, {found.manifest['license']}")
    print(f"  {sample} -> {smoke.text}")
    disk = sum(facts["size"] for facts in found.manifest["files"].values())
    print(f"  {disk / 1e6:.1f} MB on disk, {smoke.peak / 1e6:.0f} MB in memory under load")
    size = smallest_size(smoke.peak)
    fits = f"a serverless endpoint with memory: {size}" if size else "no serverless endpoint"
    print(f"  fits {fits}")


def _shown(path: Path) -> str:
    """As one would type it here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


if __name__ == "__main__":
    sys.exit(main())
