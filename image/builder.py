"""The builders we know: Docker's buildx, or buildah where there is no Docker engine.

SageMaker takes Docker v2 schema 2 manifests only and refuses OCI manifests, indexes and
attestations ("Unsupported manifest media type"), so both are told to write that.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from image import command
from image.errors import ImageError

PLATFORM = "linux/amd64"  # what serverless endpoints run
MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


class Docker:
    """Docker with buildx."""

    def build(
        self, tag: str, arguments: Mapping[str, str], secrets: Mapping[str, Path], target: str = ""
    ) -> None:
        """Build the Dockerfile of the current folder, or a stage of it, into the engine's store."""
        options = ["--platform", PLATFORM, "--provenance=false", "--sbom=false"]
        output = ["--output", f"type=docker,oci-mediatypes=false,name={tag}"]
        lent = _secrets(secrets) + _arguments(arguments) + _target(target)
        command.show(["docker", "buildx", "build", *options, *output, *lent, "."])

    def base_digest(self, base: str) -> str:
        """The digest that the registry has for `base` now."""
        return command.output(
            ["docker", "buildx", "imagetools", "inspect", base, "--format", "{{.Manifest.Digest}}"]
        )

    def login(self, registry: str, user: str, password: str) -> None:
        """Log in for the pushes that follow."""
        line = ["docker", "login", "--username", user, "--password-stdin", registry]
        command.output(line, stdin=password)

    def push(self, tag: str, target: str) -> str:
        """Push, and return the digest of the manifest in the registry."""
        command.output(["docker", "tag", tag, target])
        command.show(["docker", "push", "--quiet", target])
        line = ["docker", "buildx", "imagetools", "inspect", target, "--format"]
        media_type, digest = command.output(
            [*line, "{{.Manifest.MediaType}} {{.Manifest.Digest}}"]
        ).split()
        if media_type != MEDIA_TYPE:
            raise ImageError(
                f"{target} was pushed as {media_type}, which SageMaker refuses. Turn off Docker's"
                " containerd image store, or push with buildah."
            )
        return digest


class Buildah:
    """buildah; needs no engine and, with chroot isolation, no rights over the network."""

    def build(
        self, tag: str, arguments: Mapping[str, str], secrets: Mapping[str, Path], target: str = ""
    ) -> None:
        """Build the Dockerfile of the current folder, or a stage of it, into containers-storage."""
        options = ["--isolation", "chroot", "--format", "docker", "--layers"]
        lent = _secrets(secrets) + _arguments(arguments) + _target(target)
        platform = ["--platform", PLATFORM, "--tag", tag]
        command.show(["buildah", "build", *options, *platform, *lent, "."])

    def base_digest(self, base: str) -> str:
        """The digest of `base` as pulled, or as it lies in the local store."""
        command.output(["buildah", "pull", "--quiet", "--policy", "missing", base])
        line = ["buildah", "inspect", "--type", "image", "--format", "{{.FromImageDigest}}"]
        return command.output([*line, base])

    def login(self, registry: str, user: str, password: str) -> None:
        """Log in for the pushes that follow."""
        line = ["buildah", "login", "--username", user, "--password-stdin", registry]
        command.output(line, stdin=password)

    def push(self, tag: str, target: str) -> str:
        """Push, and return the digest of the manifest in the registry."""
        line = ["buildah", "push", "--quiet", "--format", "v2s2", "--digestfile", "/dev/stdout"]
        return command.output([*line, tag, f"docker://{target}"])


Builder = Docker | Buildah


def find(name: str | None = None) -> Builder:
    """The builder of that name; without one Docker if its engine answers, else buildah.

    Raises ImageError if there is none.
    """
    if name != "buildah" and shutil.which("docker") and _answers(["docker", "version"]):
        return Docker()
    if name != "docker" and shutil.which("buildah"):
        return Buildah()
    raise ImageError(
        f"{name or 'No builder'} was not found. Start Docker (https://docs.docker.com/engine/install/),"
        " or install buildah (apt-get install buildah)."
    )


def _answers(line: list[str]) -> bool:
    try:
        command.output(line)
    except ImageError:
        return False
    return True


def _secrets(secrets: Mapping[str, Path]) -> list[str]:
    return [f"--secret=id={name},src={path}" for name, path in secrets.items()]


def _target(stage: str) -> list[str]:
    return [f"--target={stage}"] if stage else []


def _arguments(arguments: Mapping[str, str]) -> list[str]:
    return [f"--build-arg={name}={value}" for name, value in arguments.items()]
