"""The container image that SageMaker runs: built and pushed by `pulumi up`, or one in ECR."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_docker_build as docker

from infra.cache import move_in
from infra.place import Place
from infra.policies import as_json
from infra.settings import Settings

# What the Dockerfile copies; .dockerignore lets nothing else into the build.
CONTEXT = ("Dockerfile", ".dockerignore", "serving", "handlers", "model_folder")
CACHE = Path(".cache", "image")
KEPT_IMAGES = 20
_URI = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/(?P<repository>[^@]+)@.+"
)


@dataclass(frozen=True)
class Image:
    """`uri` ends in a digest, never in a tag, so that a push changes nothing that runs."""

    uri: pulumi.Output[str]
    repository_arn: pulumi.Output[str]


def find_image(
    name: str,
    *,
    settings: Settings,
    place: Place,
    root: Path,
    provider: aws.Provider,
    opts: pulumi.ResourceOptions,
) -> Image:
    """The image that the settings name, else that of the checkout at `root`, built and pushed."""
    if settings.image:
        return _existing_image(settings.image, place)
    built = BuiltImage(
        name, settings=settings, place=place, root=root, provider=provider, opts=opts
    )
    return built.image


def _existing_image(uri: str, place: Place) -> Image:
    """An image that somebody else built, such as CI, in this account or another."""
    match = _URI.fullmatch(uri)
    assert match, uri  # noqa: S101  the settings are checked
    repository = place.arn("ecr", f"repository/{match['repository']}", match["account"])
    return Image(pulumi.Output.from_input(uri), repository)


class BuiltImage(pulumi.ComponentResource):
    """A repository and the image of this checkout in it, `image`."""

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        place: Place,
        root: Path,
        provider: aws.Provider,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:BuiltImage", name, None, opts)
        self._name, self._provider = name, provider
        self._child = pulumi.ResourceOptions(parent=self)
        self._repository = self._make_repository(settings.kms_key, settings.protect)
        self._expire_old_images()
        built = self._build(root, pulumi.Output.concat(place.registry, "/", name))
        uri = pulumi.Output.concat(self._repository.repository_url, "@", built.digest)
        self.image = Image(uri, self._repository.arn)
        self.register_outputs({"uri": uri})

    def _make_repository(self, kms_key: str, protect: bool) -> aws.ecr.Repository:
        encryption = aws.ecr.RepositoryEncryptionConfigurationArgs(
            encryption_type="KMS" if kms_key else "AES256", kms_key=kms_key or None
        )
        return aws.ecr.Repository(
            self._name,
            name=self._name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(
                scan_on_push=True
            ),
            encryption_configurations=[encryption],
            force_delete=not protect,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=protect,
                delete_before_replace=True,
                # ECR cannot change it, and a new repository would be an empty one.
                ignore_changes=["encryptionConfigurations"],
            ),
        )

    def _expire_old_images(self) -> None:
        keep = {
            "rulePriority": 1,
            "description": f"Keep the last {KEPT_IMAGES} images, for a rollback",
            "selection": {
                "tagStatus": "any",
                "countType": "imageCountMoreThan",
                "countNumber": KEPT_IMAGES,
            },
            "action": {"type": "expire"},
        }
        aws.ecr.LifecyclePolicy(
            self._name,
            repository=self._repository.name,
            policy=as_json({"rules": [keep]}),
            opts=self._child,
        )

    def _build(self, root: Path, repository: pulumi.Input[str]) -> docker.Image:
        # SageMaker takes Docker's media types only, and a manifest rather than an index:
        # hence one platform, no OCI types, and no attestations (the provider adds none).
        # Without a tag, no build meets the tag of an earlier one, which never moves.
        registry = docker.ExportRegistryArgs(
            names=[repository], oci_media_types=False, push=True, push_by_digest=True
        )
        context = lay_out_context(root)
        return docker.Image(
            self._name,
            context=docker.BuildContextArgs(location=context),
            dockerfile=docker.DockerfileArgs(location=f"{context}/Dockerfile"),
            platforms=[docker.Platform.LINUX_AMD64],  # what serverless endpoints run
            push=False,
            exports=[docker.ExportArgs(registry=registry)],
            registries=[self._login()],
            build_on_preview=False,
            opts=self._child,
        )

    def _login(self) -> docker.RegistryArgs:
        token = aws.ecr.get_authorization_token_output(
            registry_id=self._repository.registry_id,
            opts=pulumi.InvokeOptions(provider=self._provider),
        )
        return docker.RegistryArgs(
            address=self._repository.repository_url,
            username=token.user_name,
            password=pulumi.Output.secret(token.password),
        )


def lay_out_context(root: Path) -> str:
    """Copy what goes into the image into a folder of its own, and answer its path below `root`.

    The provider takes path and modes of the files for a part of what is built; here they are the
    same in every checkout and under every umask.
    """
    folder = CACHE / context_digest(root)[:16]
    if not (root / folder).exists():
        (root / CACHE).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root / CACHE) as scratch:
            _copy_context(root, Path(scratch, "context"))
            move_in(Path(scratch, "context"), root / folder)
    return folder.as_posix()


def _copy_context(root: Path, target: Path) -> None:
    for path in _context_files(root):
        copy = target / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        copy.chmod(0o644)
    for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def context_digest(root: Path) -> str:
    """Of everything that goes into the image: its build must change with it."""
    digest = hashlib.sha256()
    for path in sorted(_context_files(root)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _context_files(root: Path) -> Iterator[Path]:
    for name in CONTEXT:
        found = [root / name] if (root / name).is_file() else (root / name).rglob("*")
        for path in found:
            below = path.relative_to(root / name).parts
            ignored = path.suffix == ".pyc" or any(part.startswith(".") for part in below)
            if path.is_file() and not ignored and "__pycache__" not in below:
                yield path
