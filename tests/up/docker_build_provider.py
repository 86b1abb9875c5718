"""A `pulumi-resource-docker-build` for tests, without Docker: an image is a manifest in moto's ECR.

What counts as a change is what pulumi-docker-build 0.0.22 counts: places, tags, exports, and the
contents, names and modes of what .dockerignore lets into the build, but no registry's password.
Two machines do not build the same bytes: the digest is one of the contents and of DOUBLES_MACHINE.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from tests.up.plugin import Provider, difference, serve
from tests.up.wire import UNKNOWN, Values, is_known, split_urn, to_python, to_struct

COMPARED = ("buildArgs", "builder", "cacheFrom", "cacheTo", "context", "dockerfile", "exports",
            "labels", "load", "network", "noCache", "platforms", "pull", "push", "secrets", "ssh",
            "tags", "target")  # fmt: skip
MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG_TYPE = "application/vnd.docker.container.image.v1+json"


class DockerBuild(Provider):
    version = "0.0.22"

    def Check(self, request: Any, context: Any) -> Any:
        place, failures = to_python(request.news)["context"]["location"], []
        if place is not UNKNOWN and not Path(place).is_dir():
            reason = f'"{place}": not a valid directory or URL'
            failures = [provider_pb2.CheckFailure(property="context.location", reason=reason)]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def Diff(self, request: Any, context: Any) -> Any:
        olds, news = to_python(request.olds), to_python(request.news)
        pairs = {key: (olds.get(key) or None, news.get(key) or None) for key in COMPARED}
        changes = {key: "UPDATE" for key, (was, now) in pairs.items() if was != now}
        if olds.get("contextHash") != _context_hash(news):
            changes["contextHash"] = "UPDATE"
        if _logins(olds) != _logins(news):
            changes["registries"] = "UPDATE"
        return difference(changes)

    def Create(self, request: Any, context: Any) -> Any:
        inputs = to_python(request.properties)
        outputs = self._build(inputs, request.preview)
        identifier = "" if request.preview else split_urn(request.urn)[1]
        return provider_pb2.CreateResponse(id=identifier, properties=to_struct(outputs))

    def Update(self, request: Any, context: Any) -> Any:
        outputs = self._build(to_python(request.news), request.preview)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Read(self, request: Any, context: Any) -> Any:
        olds = to_python(request.properties)
        # The real plugin looks for tags only: it takes what was pushed by digest for there.
        found = [Repository(tag).find(imageDigest=olds["digest"]) for tag in olds.get("tags") or []]
        if found and not any(found):
            return provider_pb2.ReadResponse()
        return super().Read(request, context)

    def Delete(self, request: Any, context: Any) -> Any:
        olds = to_python(request.properties)
        for tag in olds.get("tags") or []:
            Repository(tag).delete(olds["digest"])
        return empty_pb2.Empty()

    def _build(self, inputs: Values, preview: bool) -> Values:
        built = {**inputs, "contextHash": _context_hash(inputs), "digest": UNKNOWN, "ref": UNKNOWN}
        if preview or not is_known(inputs):
            return built
        if refusal := os.environ.get("DOUBLES_BUILD_FAILS"):
            raise RuntimeError(refusal)
        machine = os.environ.get("DOUBLES_MACHINE", "")
        config = hashlib.sha256((machine + _context_hash(inputs, modes=False)).encode()).hexdigest()
        manifest = {
            "schemaVersion": 2,
            "mediaType": MEDIA_TYPE,
            "config": {"mediaType": CONFIG_TYPE, "size": 1, "digest": f"sha256:{config}"},
            "layers": [],
        }
        for tag in inputs.get("tags") or _names(inputs):
            built["digest"] = Repository(tag).push(json.dumps(manifest))
            built["ref"] = f"{tag}@{built['digest']}"
        return built


def _names(inputs: Values) -> list[str]:
    """Where to push by digest."""
    registries = [export["registry"] for export in inputs["exports"]]
    return [name for one in registries if one.get("pushByDigest") for name in one["names"]]


class Repository:
    """The one of ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:LABEL; by digest there is no LABEL."""

    def __init__(self, tag: str) -> None:
        place, _, self._label = tag.partition(":")
        host, _, self._name = place.partition("/")
        self._tag = tag
        self._ecr = boto3.client("ecr", region_name=host.split(".")[3])

    def find(self, **image: str) -> list[Any]:
        found = self._ecr.batch_get_image(repositoryName=self._name, imageIds=[image])
        return list(found["images"])

    def push(self, manifest: str) -> str:
        """The digest of what was pushed, under the label if there is one."""
        digest = f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"
        label = {"imageTag": self._label} if self._label else {}
        if not label and self.find(imageDigest=digest):
            return digest  # a registry takes again what it has; moto knows images by tags only
        try:
            self._ecr.put_image(
                repositoryName=self._name,
                imageManifest=manifest,
                imageManifestMediaType=MEDIA_TYPE,
                imageDigest=digest,
                **label,
            )
        except self._ecr.exceptions.RepositoryNotFoundException:
            raise RuntimeError(f"failed to push {self._tag}: name unknown: no repository") from None
        except self._ecr.exceptions.ClientError as error:
            reason = f"unexpected status from PUT request: 400 Bad Request: tag invalid: {error}"
            raise RuntimeError(f"failed to push {self._tag}: {reason}") from None
        return digest

    def delete(self, digest: str) -> None:
        """The real plugin ignores what comes of it."""
        try:
            images = [{"imageDigest": digest}]
            self._ecr.batch_delete_image(repositoryName=self._name, imageIds=images)
        except self._ecr.exceptions.RepositoryNotFoundException:
            pass


def _logins(values: Values) -> Any:
    found = values.get("registries") or []
    return [
        (login.get("address"), login.get("username")) if isinstance(login, dict) else login
        for login in found
    ]


def _context_hash(inputs: Values, modes: bool = True) -> str:
    root = Path(inputs["context"]["location"])
    dockerfile = (inputs.get("dockerfile") or {}).get("location") or str(root / "Dockerfile")
    digest = hashlib.sha256(Path(dockerfile).read_bytes())
    for path in context_files(root):
        name = path.relative_to(root).as_posix()
        mode = oct(path.stat().st_mode) if modes else ""
        digest.update(f"{name}\0{mode}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def context_files(root: Path) -> Iterator[Path]:
    """What the build gets to see: all that .dockerignore does not keep out."""
    ignored = root / ".dockerignore"
    lines = ignored.read_text("utf-8").splitlines() if ignored.exists() else []
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - {".venv", ".git", ".cache"})
        for path in sorted(Path(folder, file) for file in files):
            if not _is_ignored(path.relative_to(root).as_posix(), patterns):
                yield path


def _is_ignored(name: str, patterns: list[str]) -> bool:
    """Docker's rule: the last pattern that matches the path, or a folder above it, decides."""
    parts = name.split("/")
    above = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
    deciding = [p for p in patterns if any(_glob(p.lstrip("!")).fullmatch(path) for path in above)]
    return bool(deciding) and not deciding[-1].startswith("!")


def _glob(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern.strip("/"))
    for written, meant in (
        (r"\*\*/", "(?:.*/)?"),
        (r"\*\*", ".*"),
        (r"\*", "[^/]*"),
        (r"\?", "[^/]"),
    ):
        escaped = escaped.replace(written, meant)
    return re.compile(escaped)


if __name__ == "__main__":
    serve(DockerBuild())
