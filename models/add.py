"""Bring a model into `models/`: unpack, convert, describe, try out, put in place."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handlers import ModelError, ModelFolder
from model_folder.files import hash_files, list_files
from model_folder.firefox import find_firefox
from model_folder.layout import ENGINE, find_engine, read_config, source_suffix
from model_folder.manifest import read_manifest
from model_folder.pair import Pair, parse_pair
from models import converted, manifest, opennmt, opus, transformers_model
from models.card import read_license, take_papers
from models.language_tokens import prefixes
from models.pieces import take_pieces
from models.smoke import Smoke, smoke
from models.unpack import is_archive, unpack


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the user asks for; `facts` are keys of the manifest, which win over those found."""

    source: Path
    models: Path
    pair: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    quantization: str = "int8"
    sentencepiece: Path | None = None
    sample: str = "Hello world!"
    replace: bool = False


def add(request: Request) -> tuple[ModelFolder, Smoke]:
    """The new folder in `request.models`, and what its model did. Raises ModelError.

    The folder appears whole and tried out, or not at all.
    """
    if not request.source.exists():
        raise ModelError(f"{request.source} does not exist. Download the model first.")
    with TemporaryDirectory(dir=request.models, prefix=".adding-") as scratch:
        place = _opened(request.source, Path(scratch) / "unpacked")
        folder = Path(scratch) / "model"
        folder.mkdir()
        _check_license(place, request)
        _fill(folder, place, request)
        found = manifest.write(folder, _facts(folder, place, request))
        result = smoke(folder, request.sample)
        manifest.note(folder, peak_memory=result.peak)
        if result.masks and "masks" not in found.manifest:
            manifest.note(folder, masks=list(result.masks))
        return ModelFolder(_put(found, request, Path(scratch))), result


def _opened(source: Path, scratch: Path) -> Path:
    """The source itself or, of an archive, the folder it holds."""
    if opennmt.is_checkpoint(source) or not is_archive(source):
        return source
    unpack(source, scratch)
    inside = sorted(scratch.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else scratch


def _fill(folder: Path, place: Path, request: Request) -> None:
    take_papers(place, folder)
    if files := find_firefox(place):
        for path in files.all:
            shutil.copyfile(path, folder / path.name)
    else:
        _convert(folder, place, request)


def _convert(folder: Path, place: Path, request: Request) -> None:
    """For CTranslate2, unless it is converted already; its SentencePiece models beside it."""
    if opennmt.is_checkpoint(place):
        opennmt.convert(place, folder, request.quantization)
    elif model := find_engine(place):
        converted.take_model(model, folder)
    elif opus.is_opus(place):
        opus.convert(place, folder, request.quantization)
    elif transformers_model.is_transformers(place):
        transformers_model.convert(place, folder, request.quantization)
    else:
        raise ModelError(
            f"{place.name} is no model that can be added. Name a folder converted for CTranslate2, "
            "a Firefox model, an OPUS-MT zip, an OPUS-MT, M2M-100 or NLLB folder in Transformers "
            "format, an OpenNMT-py checkpoint (.pt) or an Argos package (.argosmodel)."
        )
    home = place if place.is_dir() else place.parent
    inner = find_engine(home) or home
    take_pieces([request.sentencepiece] if request.sentencepiece else [home, inner], folder)


def _facts(folder: Path, place: Path, request: Request) -> dict[str, Any]:
    own = _own_facts(place)
    pair = _pair(request, own)
    source, target = pair.source, pair.target
    facts = {
        "name": _stem(request.source),
        "version": _version(folder),
        "source": source,
        "target": target,
        "license": read_license(place),
        "attribution": "",
    }
    given = own | request.facts
    if (folder / ENGINE).is_dir():
        facts |= _engine_facts(folder, pair, given)
    return facts | given | {"source": source, "target": target}


def _engine_facts(folder: Path, pair: Pair, given: dict[str, Any]) -> dict[str, Any]:
    """What CTranslate2 has to be told, of a model of its own."""
    facts: dict[str, Any] = {
        "decoding": {"beam_size": 2},
        "source_suffix": source_suffix(read_config(folder / ENGINE)),
    }
    if "source_prefix" not in given and "target_prefix" not in given:
        facts |= prefixes(converted.vocabulary(folder), pair.source, pair.target)
    return facts


def _version(folder: Path) -> str:
    """Of the weights' hash: those are the largest file."""
    largest = max(list_files(folder), key=lambda name: (folder / name).stat().st_size)
    return hash_files(folder)[largest][:12]


def _check_license(place: Path, request: Request) -> None:
    """Before anything is converted: that takes minutes."""
    told = request.facts.get("license") or _own_facts(place).get("license")
    if not (told or read_license(place)):
        raise ModelError(f"{place}: a manifest needs 'license'. Give it with --license.")


def _own_facts(place: Path) -> dict[str, Any]:
    """Of its manifest, ours or Argos'."""
    if not place.is_dir():
        return {}
    return {k: v for k, v in read_manifest(place).items() if k not in manifest.MEASURED}


def _pair(request: Request, own: dict[str, Any]) -> Pair:
    """What the user says, else the source's manifest, else its name."""
    if request.pair:
        told = request.pair
        if parse_pair(told) is None:
            raise ModelError(f"--pair {told!r} is no pair. Write source_target: en_fr.")
    elif "source" in own and "target" in own:
        told = f"{own['source']}_{own['target']}"
    else:
        told = request.source.absolute().name
    pair = parse_pair(told)
    if pair is None:
        raise ModelError(f"{request.source} does not say its languages. Add --pair, as in en_fr.")
    return pair


def _stem(source: Path) -> str:
    return source.resolve().name.removesuffix(".tar.gz").removesuffix(source.suffix)


def _put(found: ModelFolder, request: Request, scratch: Path) -> Path:
    final = request.models / found.pair
    if final.exists():
        if not request.replace and final.resolve() != request.source.resolve():
            raise ModelError(f"{final} exists. Add --replace to put the new model in its place.")
        final.rename(scratch / "replaced")
    return found.path.rename(final)
