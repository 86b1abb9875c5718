"""What `add` is told (a pair's name, an address, a repository, a path) as files on this disk."""

import gzip
import shutil
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handlers import ModelError
from model_folder.pair import parse_pair
from models import catalogue, hub
from models.download import MAX_UNPACKED, Remote, download

SOURCES = ("firefox", "argos", "opus")


@dataclass(frozen=True)
class Found:
    """A model on this disk, or the files that it will be made of."""

    path: Path
    pair: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    """Keys of the manifest that its publisher or the catalogue says."""
    remotes: tuple[Remote, ...] = ()

    @property
    def size(self) -> int:
        return sum(remote.size for remote in self.remotes)


def find(what: str, source: str, sha256: str, scratch: Path) -> Found:
    """Where the model is; nothing is downloaded yet. Raises ModelError.

    `source` is one of SOURCES, a repository (`hf:…`), an address or a path; empty: `what` is one
    of these itself, or a pair of the catalogue.
    """
    pair = what if source and source not in SOURCES else ""
    place = source if pair else what
    if hub.is_hub(place):
        return _in_hub(place, pair, scratch)
    if "://" in place:
        return _at_address(place, pair, sha256, scratch)
    if not source and (Path(place).exists() or parse_pair(place) is None):
        return Found(Path(place))
    if pair:
        return Found(Path(place), pair)
    entry = catalogue.best(what, source)
    facts = {key: getattr(entry, key) for key in ("name", "version", "license", "attribution")}
    facts["origin"] = entry.files[0].url
    return Found(scratch, entry.pair, facts, entry.files)


def fetch(found: Found, trust: bool, scratch: Path) -> tuple[Path, dict[str, str]]:
    """Download what has to be; the model's file or folder, and the hash of every file.

    What was downloaded stays in `found.path`, for the case that the rest fails; its files,
    uncompressed, are put into `scratch`. Raises ModelError; without a published hash, too,
    unless `trust`.
    """
    if not found.remotes:
        return found.path, {}
    for remote in found.remotes:
        if not (remote.is_pinned or trust):
            raise ModelError(
                f"{remote.url}: its publisher gives no hash, so nobody can tell whether it "
                "comes as it was published. Add --trust-first-use to take it as it comes: its "
                "hash is then shown and kept."
            )
    scratch.mkdir()
    hashes = {remote.url: download(remote, found.path / remote.name) for remote in found.remotes}
    files = [_uncompressed(found.path / remote.name, scratch) for remote in found.remotes]
    return (files[0] if len(files) == 1 else scratch), hashes


def _in_hub(place: str, pair: str, scratch: Path) -> Found:
    remotes, license = hub.look_up(place)
    name = place.removeprefix("hf:").partition("@")[0].rpartition("/")[2]
    facts = {"name": name, "license": license, "origin": place}
    return Found(scratch, pair, {k: v for k, v in facts.items() if v}, tuple(remotes))


def _at_address(url: str, pair: str, sha256: str, scratch: Path) -> Found:
    remote = Remote(url, sha256)
    if not remote.name:
        raise ModelError(f"{url} names no file. Name an archive: .zip, .tar.gz or .argosmodel.")
    return Found(scratch, pair, {"origin": url}, (remote,))


def _uncompressed(path: Path, folder: Path) -> Path:
    """The file in `folder`; a lone one without its `.gz`, an archive as it is."""
    if path.suffix != ".gz" or path.name.endswith(".tar.gz"):
        target = folder / path.name
        try:
            target.hardlink_to(path)
        except OSError:  # a file system that knows no links
            shutil.copyfile(path, target)
        return target
    target = folder / path.name.removesuffix(".gz")
    left = MAX_UNPACKED
    try:
        with gzip.open(path) as packed, target.open("wb") as file:
            while chunk := packed.read(1 << 20):
                left -= file.write(chunk)
                if left < 0:
                    raise ModelError(f"{path.name} unpacks to more than {MAX_UNPACKED} bytes.")
    except (OSError, EOFError, zlib.error) as error:
        raise ModelError(f"{path.name} cannot be unpacked ({error}). Download it again.") from error
    return target
