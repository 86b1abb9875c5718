"""Add a model that may have to be found and downloaded first."""

import hashlib
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from handlers import ModelError, ModelFolder
from models.add import Request, add
from models.fetching import Found, fetch, find
from models.smoke import Smoke

_NON_COMMERCIAL = re.compile(r"\bnc\b|non-?commercial", re.IGNORECASE)


def add_by_name(
    what: str, place: str, request: Request, sha256: str, trust: bool
) -> tuple[ModelFolder, Smoke]:
    """As `models.add.add`, for whatever `models.fetching.find` understands.

    Licence and size are shown before anything is downloaded; a download that broke off is gone
    on with by the same command. Raises ModelError.
    """
    key = hashlib.sha256(f"{what} {place}".encode()).hexdigest()[:16]
    kept = request.models / ".downloads" / key
    found = find(what, place, sha256, kept)
    facts = found.facts | request.facts
    pair = request.pair or found.pair
    if found.remotes:
        _refuse_early(pair, request)
        _announce(found, facts)
    with TemporaryDirectory(dir=request.models, prefix=".adding-") as scratch:
        path, hashes = fetch(found, trust, Path(scratch) / "files")
        if hashes:
            facts["downloads"] = hashes
        for url, digest in hashes.items() if trust else ():
            print(f"{url}: sha256 {digest}")
        done = add(replace(request, source=path, pair=pair, facts=facts))
    if found.remotes:
        shutil.rmtree(kept, ignore_errors=True)
    return done


def _refuse_early(pair: str, request: Request) -> None:
    final = request.models / pair
    if pair and final.exists() and not request.replace:
        raise ModelError(f"{final} exists. Add --replace to put the new model in its place.")


def _announce(found: Found, facts: dict[str, str]) -> None:
    license = facts.get("license", "")
    size = f"{found.size / 1e6:.0f} MB" if found.size else "a size that is not published"
    name = facts.get("name", found.remotes[0].name)
    print(f"{name}: licence {license or 'in the package'}, {size} to download", flush=True)
    if _NON_COMMERCIAL.search(license):
        print(f"models: {license} FORBIDS COMMERCIAL USE of {name}.", file=sys.stderr)
