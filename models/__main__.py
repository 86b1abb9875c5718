"""`python -m models`: search, add, list, remove, verify, hash and pack translation models."""

import argparse
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from handlers import ModelError, ModelFolder
from model_folder.archive import shipped_files, write_archive
from model_folder.manifest import find_manifest
from model_folder.pair import parse_pair
from model_folder.sizes import SIZES, smallest_size
from models import catalogue, manifest
from models.add import Request
from models.by_name import add_by_name
from models.calibrate import calibrate
from models.masks import SETS, best_masks, try_masks
from models.measured_size import measure_all, sentences_of, table
from models.refresh import INDEXED, refresh
from models.smoke import Smoke, load

EMBEDDED = Path(__file__).parent
FACTS = ("license", "name", "version", "attribution", "source_prefix", "target_prefix")


def own_models() -> Path:
    """Where models are put, beside the embedded ones."""
    return Path(os.environ.get("MODELS_DIR") or EMBEDDED.parent / "models-local")


def main(arguments: Sequence[str] | None = None, prog: str = "python -m models") -> int:
    """Run one command; 0 when all is well, 1 with one sentence on stderr when not."""
    options = _parser(prog).parse_args(arguments)
    try:
        options.run(options)
    except ModelError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("models: Interrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # of `… | head`
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
        return 1
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[..., None], help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help)
        made.set_defaults(run=run)
        return made

    searching = command("search", _search, "list the models that can be added by name")
    searching.add_argument("words", nargs="?", default="", help="a pair, a language or a source")
    _add_options(command("add", _add, "download or convert a model, and try it out"))
    refreshing = command("catalogue", _refresh, "write models/sources.json anew")
    refreshing.add_argument("action", choices=["refresh"])
    refreshing.add_argument("sources", nargs="*", metavar="SOURCE", help="default: firefox argos")
    refreshing.add_argument(
        "--hashes",
        default="",
        metavar="hf:ORGANISATION/NAME",
        help="a mirror of Firefox's models, whose hashes are taken where the weights are the same",
    )
    command("list", _list, "list the models that are here")
    removing = command("remove", _remove, "delete a model that was added")
    removing.add_argument("pair")
    verifying = command("verify", _verify, "compare model folders with their manifests")
    verifying.add_argument("folders", nargs="*", type=Path, help="default: every pair")
    command("hash", _hash, "list every file in a folder's manifest anew").add_argument(
        "folder", type=Path
    )
    calibrating = command("calibrate", _calibrate, "fit a model's confidence")
    calibrating.add_argument("folder", type=Path)
    calibrating.add_argument("source", type=Path, help="a file of sentences, one a line")
    calibrating.add_argument("target", type=Path, help="their translations")
    calibrating.add_argument(
        "--check",
        nargs=2,
        type=Path,
        metavar=("SOURCE", "TARGET"),
        help="to check on (default: every other sentence of the first two)",
    )
    trying = command("try-masks", _try_masks, "find the words that a model copies")
    trying.add_argument("model", help="a pair that is here, or a folder")
    sizing = command("size", _size, "measure a model on each size of endpoint, and its price")
    sizing.add_argument("folder", type=Path)
    sizing.add_argument("--texts", type=Path, metavar="FILE", help="sentences, one a line")
    sizing.add_argument("--memory", type=int, nargs="+", choices=SIZES, metavar="MB",
                        help="only these sizes")  # fmt: skip
    sizing.add_argument("--seconds", type=float, default=10.0, help="for each figure (10)")
    sizing.add_argument("--p95", type=float, default=1.0, help="seconds for a sentence (1)")
    packing = command("pack", _pack, "write a model folder as an archive for SageMaker")
    packing.add_argument("folder", type=Path)
    packing.add_argument("archive", type=Path, nargs="?", default=Path("model.tar.gz"))
    return parser


def _add_options(command: argparse.ArgumentParser) -> None:
    option = command.add_argument
    option("what", help="a pair, as en_fr; or a folder, .pt, .argosmodel, .zip or .tar.gz, an "
           "https:// address or hf:ORGANISATION/NAME; docs/models.md")  # fmt: skip
    option("--from", dest="place", default="", metavar="SOURCE",
           help="firefox, argos, opus, or where it is (default: the best)")  # fmt: skip
    option("--trust-first-use", action="store_true", help="where no hash is published")
    option("--sha256", default="", help="of what lies at the address")
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
    option("--models", type=Path, default=None,
           help="where to put it (default: MODELS_DIR, else models-local/)")  # fmt: skip


def _search(options: argparse.Namespace) -> None:
    found = catalogue.search(options.words)
    if not found:
        raise ModelError(f"No model for {options.words!r} is known.")
    for entry in found:
        quality = f"COMET {entry.comet:.3f}" if entry.comet else " " * 11
        size = f"{entry.size / 1e6:4.0f} MB" if entry.size else "       "
        print(f"{entry.pair:12} {entry.source:8} {quality}  {size}  {entry.license}")


def _add(options: argparse.Namespace) -> None:
    models = options.models or own_models()
    try:
        models.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"{models} cannot be made: {error.strerror}.") from error
    facts: dict[str, Any] = {key: getattr(options, key) for key in FACTS}
    request = Request(
        source=Path(options.what),
        models=models,
        pair=options.pair,
        facts={key: value for key, value in facts.items() if value is not None},
        quantization=options.quantization,
        sentencepiece=options.sentencepiece,
        sample=options.sample,
        replace=options.replace,
    )
    found, smoke = add_by_name(
        options.what, options.place, request, options.sha256, options.trust_first_use
    )
    _report(found, smoke, options.sample)


def _refresh(options: argparse.Namespace) -> None:
    sources = options.sources or INDEXED
    if unknown := set(sources) - set(INDEXED):
        raise ModelError(f"{min(unknown)} has no index; {' and '.join(INDEXED)} have.")
    for sentence in refresh(catalogue.catalogue_file(), sources, options.hashes):
        print(sentence)


def _list(options: argparse.Namespace) -> None:
    for folder in _folders():
        found = ModelFolder(folder)
        facts = [found.pair, found.name, found.manifest.get("license", "no licence stated")]
        facts += ["a demonstration"] if found.demonstration else []
        print("  ".join([*facts, _shown(folder)]))


def _remove(options: argparse.Namespace) -> None:
    folder = own_models() / options.pair
    if parse_pair(options.pair) is None or not folder.is_dir():
        raise ModelError(f"{_shown(folder)} is not there; `python -m models list` shows what is.")
    shutil.rmtree(folder)
    print(f"{_shown(folder)}: removed")


def _verify(options: argparse.Namespace) -> None:
    failed = []
    for folder in options.folders or _folders():
        found = ModelFolder(folder)
        if not options.folders and found.manifest.get("files") is None:
            print(f"{_shown(folder)}: no list of files to compare with; python -m models hash")
            continue
        try:
            _report_files(manifest.verify(folder))
        except ModelError as error:
            failed.append(str(error))
    if failed:
        raise ModelError("\nmodels: ".join(failed))


def _folders() -> list[Path]:
    """Of every pair here, with and without manifest; models that were added go first."""
    return [
        folder
        for place in (own_models(), EMBEDDED)
        if place.is_dir()
        for folder in sorted(place.iterdir())
        if folder.is_dir() and (parse_pair(folder.name) or find_manifest(folder))
    ]


def _hash(options: argparse.Namespace) -> None:
    _report_files(manifest.list_files(options.folder))


def _report_files(folder: ModelFolder) -> None:
    files = len(folder.manifest["files"])
    print(f"{_shown(folder.path)}: {folder.name} {folder.version}, {files} files as listed")


def _calibrate(options: argparse.Namespace) -> None:
    found, effects = calibrate(options.folder, (options.source, options.target), options.check)
    print(f"{_shown(options.folder)}: unsure below a confidence of {found.threshold:.2f}")
    for effect in effects:
        print(f"  {effect}")


def _try_masks(options: argparse.Namespace) -> None:
    places = [own_models() / options.model, EMBEDDED / options.model, Path(options.model)]
    folder = next((place for place in places if place.is_dir()), None)
    if folder is None:
        raise ModelError(f"{options.model} is not here; `python -m models list` shows what is.")
    found = ModelFolder(folder)
    shares = try_masks(load(found), found.source)
    for name, share in sorted(shares.items(), key=lambda item: -item[1]):
        print(f"{share:6.0%}  {' '.join(SETS[name])}")
    masks = list(best_masks(shares))
    if masks:
        manifest.note(folder, masks=masks)
    print(f"{_shown(folder)}: {'masks ' + ' '.join(masks) if masks else 'the usual words do'}")


def _size(options: argparse.Namespace) -> None:
    found = ModelFolder(options.folder)
    _report_size(found.size, found.peak_memory)
    texts = sentences_of(found)
    if options.texts:
        texts = [line for line in options.texts.read_text("utf-8").splitlines() if line.strip()]
    smallest = smallest_size(found.peak_memory) or SIZES[-1]
    sizes = options.memory or [size for size in SIZES if size >= smallest]
    for line in table(measure_all(found, texts[:100], options.seconds, sizes), options.p95):
        print(line)


def _pack(options: argparse.Namespace) -> None:
    found = ModelFolder(options.folder)
    write_archive(found.path, shipped_files(found), options.archive)
    size = options.archive.stat().st_size / 1e6
    with options.archive.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    print(f"{options.archive}: {size:.1f} MB, sha256 {digest}")


def _report(found: ModelFolder, smoke: Smoke, sample: str) -> None:
    print(f"{_shown(found.path)}: {found.name} {found.version}, {found.manifest['license']}")
    print(f"  {sample} -> {smoke.text}")
    disk = sum(facts["size"] for facts in found.manifest["files"].values())
    _report_size(disk, smoke.peak)


def _report_size(disk: int, peak: int) -> None:
    print(f"  {disk / 1e6:.1f} MB on disk, {peak / 1e6:.0f} MB in memory under load")
    size = smallest_size(peak)
    fits = f"a serverless endpoint with memory: {size}" if size else "no serverless endpoint"
    print(f"  fits {fits}")


def _shown(path: Path) -> str:
    """As one would type it here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


if __name__ == "__main__":
    sys.exit(main())
