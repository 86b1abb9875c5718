"""The models served: found by their folders, checked, loaded, warmed up."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from handlers import Handler, ModelError, ModelFolder, Options
from model_folder.manifest import find_manifest
from model_folder.pair import parse_pair
from serving.errors import HandlerError, StartError
from serving.plugins.claims import Claim, Plugins
from serving.plugins.guest import Guest

_WARM_UP = "Hello world!"


@dataclass(frozen=True)
class Model:
    """A model folder and the handler that serves it."""

    folder: ModelFolder
    claim: Claim
    handler: Handler

    @cached_property
    def guest(self) -> Guest:
        """The handler as all but its own plugin see it. Raises `HandlerError`."""
        return Guest(self.handler)

    def describe(self) -> dict[str, str | bool]:
        """The facts that `GET /models` and ``--list`` show of the model."""
        return {
            "pair": self.folder.pair,
            "source": self.folder.source,
            "target": self.folder.target,
            "handler": type(self.handler).__name__,
            "plugin": self.claim.plugin,
            "origin": self.claim.origin,
            "name": self.folder.name,
            "version": self.folder.version,
            "sha256": self.folder.sha256,
            "demonstration": self.folder.demonstration,
        }


def find_folders(path: Path, pair: str = "", own: str = "") -> list[ModelFolder]:
    """The model folders at ``path``: itself, or those in it. Raises `StartError`.

    SageMaker unpacks one archive to ``/opt/ml/model``; on a laptop there is a
    folder for each pair. Those in the folder ``own``, if it is there, go before
    those of the same pair.
    """
    if not path.is_dir():
        raise StartError(f"{path} is no folder. Name one with --models or SERVING_MODELS.")
    try:
        folders = _folders(path, pair)
    except ModelError as error:
        raise StartError(str(error)) from error
    _refuse_twins(folders)
    if not own or not Path(own).is_dir() or not any(map(_may_be_model, Path(own).iterdir())):
        return folders
    mine = find_folders(Path(own))
    taken = {folder.pair.lower() for folder in mine}
    return [*mine, *(folder for folder in folders if folder.pair.lower() not in taken)]


def _folders(path: Path, pair: str) -> list[ModelFolder]:
    inside = [folder for folder in sorted(path.iterdir()) if _may_be_model(folder)]
    models = [folder for folder in inside if parse_pair(folder.name) or find_manifest(folder)]
    if find_manifest(path) or (not models and (pair or parse_pair(path.name))):
        return [ModelFolder(path, pair or None)]
    if not inside:
        raise StartError(
            f"{path} holds no model folder. Put one there, named source_target (en_de)."
        )
    if pair and len(models) > 1:
        raise StartError(
            f"SERVING_PAIR={pair!r}, but {path} holds {len(models)} model folders. Unset it."
        )
    return [ModelFolder(folder, pair or None) for folder in (models if pair else inside)]


def _may_be_model(path: Path) -> bool:
    """Whether a path is a folder, and no hidden one, cache or Python package beside the models."""
    return path.is_dir() and path.name[0] not in "._" and not any(path.glob("*.py"))


def _refuse_twins(folders: list[ModelFolder]) -> None:
    seen: dict[str, ModelFolder] = {}
    for folder in folders:
        if twin := seen.get(folder.pair.lower()):
            raise StartError(
                f"{twin.path} and {folder.path} are both {folder.pair}. Remove one of them."
            )
        seen[folder.pair.lower()] = folder


def load_models(folders: list[ModelFolder], plugins: Plugins) -> list[Model]:
    """All models, side by side; demonstrations come last, else the order stays.

    Raises `StartError` for the first that fails.
    """
    with ThreadPoolExecutor(max_workers=len(folders)) as pool:
        models = list(pool.map(lambda folder: load_model(folder, plugins), folders))
    return sorted(models, key=lambda model: model.folder.demonstration)


def load_model(folder: ModelFolder, plugins: Plugins) -> Model:
    """Check the hashes, load the model, translate once. Raises `StartError`."""
    try:
        folder.verify()
        claim = plugins.claim(folder)
    except ModelError as error:
        raise StartError(str(error)) from error
    try:
        model = Model(folder, claim, claim.factory(folder))
        model.guest.translate([_WARM_UP], Options())
    except ModelError as error:
        raise StartError(str(error)) from error
    except BaseException as error:
        said = error if isinstance(error, HandlerError) else f"{type(error).__name__}: {error}."
        raise StartError(
            f"Plugin {claim.plugin} ({claim.origin}) cannot serve {folder.path}: {said}"
        ) from error
    return model
