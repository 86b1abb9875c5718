"""A model repository on Hugging Face: its files, pinned to the commit they are of."""

import os
import re
from typing import Any
from urllib.parse import quote

from handlers import ModelError
from models.download import Remote, read_json

_NAME = re.compile(r"hf:([\w.-]+/[\w.-]+?)(?:@([\w.-]+))?")
_LEFT_OUT = (".h5", ".ot", ".msgpack", ".onnx", ".gitattributes")
"""The same weights for other frameworks."""


def is_hub(source: str) -> bool:
    """Whether it is written as `hf:ORGANISATION/NAME`, maybe with `@REVISION`."""
    return source.startswith("hf:")


def look_up(source: str) -> tuple[list[Remote], str]:
    """The repository's files, and its card's licence ("" for none). Raises ModelError."""
    files, license = _describe(source)
    kept = [
        remote for name, remote in files.items() if not name.endswith(_LEFT_OUT) and "/" not in name
    ]
    return kept, license


def hashes(source: str) -> dict[str, str]:
    """The sha256 of each large file, by its path in the repository. Raises ModelError."""
    files, _ = _describe(source)
    return {name: remote.sha256 for name, remote in files.items() if remote.sha256}


def _describe(source: str) -> tuple[dict[str, Remote], str]:
    match = _NAME.fullmatch(source)
    if match is None:
        raise ModelError(f"{source!r} is no repository. Write hf:ORGANISATION/NAME.")
    name, revision = match[1], match[2] or "main"
    home = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    about = read_json(f"{home}/api/models/{name}/revision/{quote(revision)}?blobs=true")
    try:
        base = f"{home}/{name}/resolve/{about['sha']}/"
        files = {
            file["rfilename"]: _remote(base + quote(file["rfilename"]), file)
            for file in about["siblings"]
        }
        return files, str((about.get("cardData") or {}).get("license") or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{home} describes {name} in a way that is not known here.") from error


def _remote(url: str, file: dict[str, Any]) -> Remote:
    large = file.get("lfs") or {}
    size = int(large.get("size") or file.get("size") or 0)
    return Remote(url, str(large.get("sha256") or ""), size, str(file.get("blobId") or ""))
