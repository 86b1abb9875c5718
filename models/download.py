"""Download one file: resumed where it broke off, hashed before it is used, whole or not at all."""

import gzip
import hashlib
import http.client
import json
import os
import shutil
import ssl
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from handlers import ModelError

MAX_BYTES = 20 * 10**9  # as of what is unpacked
MAX_UNPACKED = 2 * 10**9  # bytes of one compressed file
_MAX_ANSWER = 1 << 26  # bytes of an index; Mozilla's and Argos' have some 100 kB
_CHUNK = 1 << 18
_AGENT = "serverless-translation-models"


@dataclass(frozen=True)
class Remote:
    """A file somewhere else. An empty `sha256` says that its publisher gives none."""

    url: str
    sha256: str = ""
    size: int = 0
    git_sha1: str = ""
    """A git blob's name, which hubs give for small files: a hash of size and content."""
    unpacked_sha256: str = ""
    """Of a `.gz`'s content, where its publisher gives no hash of the file itself."""

    @property
    def name(self) -> str:
        return urlsplit(self.url).path.rpartition("/")[2]

    @property
    def is_pinned(self) -> bool:
        return bool(self.sha256 or self.git_sha1 or self.unpacked_sha256)


def download(remote: Remote, path: Path) -> str:
    """Write the file to `path`; returns its sha256.

    What is left of a broken download, beside it as `.part`, is gone on with. Raises ModelError
    for an address that cannot be used, a failing connection, a full disk, and for content that
    is not what `remote` says: that is thrown away.
    """
    part = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    local = _mirrored(remote.url)
    try:
        if path.is_file() and remote.is_pinned:
            path.replace(part)  # from before; looked at again
        elif isinstance(local, Path):
            shutil.copyfile(local, part)
        else:
            _fetch(remote, local, part)
        digest = _check(remote, part)
        part.replace(path)
    except HTTPError as error:
        error.close()
        raise _failed(remote, f"the server answers {error.code} {error.reason}") from error
    except URLError as error:
        raise _failed(remote, _reason(error.reason)) from error
    except (http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise _failed(remote, f"{_reason(error)}. The same command goes on from here") from error
    except OSError as error:
        raise _failed(remote, f"{error.filename or part}: {error.strerror}") from error
    return digest


def read_json(url: str) -> Any:
    """What an index or an API answers, from `MODELS_MIRROR` if that is set.

    Raises ModelError.
    """
    place = _mirrored(url)
    try:
        if isinstance(place, Path):
            return json.loads(place.read_bytes())
        with open_url(place) as answer:
            return json.loads(answer.read(_MAX_ANSWER))
    except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
        raise ModelError(
            f"{url} cannot be read: {' '.join(str(error).split())}. Check the name, and whether "
            "this machine is online; MODELS_MIRROR and HF_ENDPOINT name mirrors."
        ) from error


def check_address(url: str) -> None:
    """Raises ModelError unless it is https, or http on this machine."""
    address = urlsplit(url)
    if address.scheme == "https" and address.hostname:
        return
    if address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost", "::1"):
        return
    raise ModelError(f"{url} is not read: only https:// is.")


def _mirrored(url: str) -> str | Path:
    """Below `MODELS_MIRROR`, if it is set: an address or a folder, then host and path."""
    mirror = os.environ.get("MODELS_MIRROR", "")
    if not mirror:
        check_address(url)
        return url
    below = f"{urlsplit(url).netloc}{urlsplit(url).path}"
    if "://" in mirror:
        check_address(mirror)
        return f"{mirror.rstrip('/')}/{below}"
    if ".." in below.split("/"):
        raise ModelError(f"{url} would be read from outside of {mirror}.")
    return Path(mirror, below)


class _SafeRedirects(HTTPRedirectHandler):
    """As `check_address`, for where a server sends us."""

    def redirect_request(
        self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any
    ) -> Any:
        check_address(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def open_url(url: str, headers: dict[str, str] | None = None) -> Iterator[Any]:
    """The answer; proxies and certificates are those of the environment."""
    request = Request(url, headers={"User-Agent": _AGENT, **(headers or {})})  # noqa: S310 - checked
    with build_opener(_SafeRedirects()).open(request, timeout=_patience()) as answer:
        yield answer


def _patience() -> float:
    """Seconds without a byte."""
    told = os.environ.get("MODELS_TIMEOUT") or "30"
    try:
        return max(0.1, float(told))
    except ValueError:
        raise ModelError(f"MODELS_TIMEOUT is {told!r}, but must be a number of seconds.") from None


def _fetch(remote: Remote, url: str, part: Path) -> None:
    have = part.stat().st_size if part.is_file() and remote.is_pinned else 0
    if remote.size and have >= remote.size:
        return
    with open_url(url, {"Range": f"bytes={have}-"} if have else {}) as answer:
        resumed = answer.status == http.client.PARTIAL_CONTENT and _begins_at(answer, have)
        with part.open("ab" if resumed else "wb") as file:
            _copy(remote, answer, file, have if resumed else 0)


def _begins_at(answer: Any, have: int) -> bool:
    return str(answer.headers.get("Content-Range", "")).startswith(f"bytes {have}-")


def _copy(remote: Remote, answer: Any, file: IO[bytes], have: int) -> None:
    limit = remote.size or MAX_BYTES
    promised = have + int(answer.headers.get("Content-Length") or 0)
    with _progress(remote, promised or remote.size, have) as bar:
        while chunk := answer.read(_CHUNK):
            have += file.write(chunk)
            bar.update(len(chunk))
            if have > limit:
                raise _failed(remote, f"it is larger than the {limit} bytes that were announced")
    if promised and have < promised:
        raise http.client.IncompleteRead(b"", promised - have)


def _progress(remote: Remote, total: int, have: int) -> Any:
    from tqdm import tqdm  # not where the server's packages alone are installed

    return tqdm(
        total=total or None, initial=have, unit="B", unit_scale=True, desc=remote.name,
        disable=not sys.stderr.isatty(), leave=False,
    )  # fmt: skip


def _check(remote: Remote, part: Path) -> str:
    """The file's sha256; of what is not the file that was asked for, nothing is left."""
    digest = hashlib.sha256()
    blob = hashlib.sha1(b"blob %d\0" % part.stat().st_size, usedforsecurity=False)
    with part.open("rb") as file:
        while chunk := file.read(1 << 22):
            digest.update(chunk)
            blob.update(chunk)
    found, wanted = digest.hexdigest(), remote.sha256
    if remote.git_sha1 and not wanted:
        found, wanted = blob.hexdigest(), remote.git_sha1
    if remote.unpacked_sha256 and not wanted:
        found, wanted = _unpacked_digest(part), remote.unpacked_sha256
    if wanted and found != wanted:
        part.unlink()
        raise _failed(
            remote,
            f"its hash is {found}, but should be {wanted}: it was damaged on its way, or it is "
            "another file than the one that was reviewed. Nothing of it was kept",
        )
    return digest.hexdigest()


def _unpacked_digest(part: Path) -> str:
    """Empty for what cannot be unpacked, or is too large: no file has that hash."""
    digest, left = hashlib.sha256(), MAX_UNPACKED
    try:
        with gzip.open(part) as packed:
            while chunk := packed.read(1 << 20):
                digest.update(chunk)
                left -= len(chunk)
                if left < 0:
                    return ""
    except (OSError, EOFError, zlib.error):
        return ""
    return digest.hexdigest()


def _failed(remote: Remote, why: str) -> ModelError:
    return ModelError(f"{remote.url} cannot be downloaded: {why}.")


def _reason(error: object) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{error.verify_message}; SSL_CERT_FILE names other certificates"
    if isinstance(error, http.client.IncompleteRead):
        return "the connection broke off"
    if isinstance(error, TimeoutError):
        return f"no byte came for {_patience():g} seconds"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}. Is this machine online? MODELS_MIRROR names a mirror or a folder"
    return " ".join(str(error).split()) or type(error).__name__
