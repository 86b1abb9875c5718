"""Where the models lie: a private bucket, an object per archive, and who read it."""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra import old_archives
from infra.bucket import PrivateBucket, expire, expire_unused
from infra.model_settings import ModelSettings
from infra.place import Place
from infra.settings import Settings
from model_folder.archive import Archive


@dataclass(frozen=True)
class StoredModel:
    """An archive in S3: its URL, and the prefix below which its role may read."""

    url: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    prefix: str


class ModelStore(pulumi.ComponentResource):
    """`bucket` holds models/PAIR/HASH/model.tar.gz; `logs` holds the log of its accesses."""

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        place: Place,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:ModelStore", name, None, opts)
        self._name, self._place, self._kms_key = name, place, settings.kms_key
        self._urls: list[pulumi.Input[str]] = []
        child = pulumi.ResourceOptions(parent=self)
        writer = {
            "Sid": "TakeAccessLogs",
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": "s3/*",
            "Condition": {"StringEquals": {"aws:SourceAccount": place.account}},
        }
        # Amazon's log delivery cannot encrypt with a key of ours, hence no kms_key.
        self.logs = PrivateBucket(
            f"{name}-logs",
            kms_key="",
            protect=settings.protect,
            statements=[writer],
            rules=[expire(settings.log_retention_days)],
            opts=child,
        )
        self.bucket = PrivateBucket(
            f"{name}-models",
            kms_key=settings.kms_key,
            protect=settings.protect,
            logs_to=self.logs,
            rules=[expire_unused()],
            opts=child,
        )
        self.register_outputs({"bucket": self.bucket.name})

    def add(self, model: ModelSettings) -> StoredModel:
        """Upload the model's archive, unless the settings name one that is in S3 already.

        An old archive stays in the bucket: for a rollback, and because an endpoint that is being
        updated may still start another server from it. See `sort_out`.
        """
        if model.built is None:
            bucket, key = model.bucket_and_key
            self._urls.append(model.location)
            return StoredModel(model.location, self._place.s3(bucket), key)
        uploaded = aws.s3.BucketObjectv2(
            f"{self._name}-{model.label}",
            bucket=self.bucket.name,
            key=f"models/{model.pair}/{self._folder(model.built)}/model.tar.gz",
            source=pulumi.FileAsset(str(model.built.path)),
            content_type="application/gzip",
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[self.bucket], retain_on_delete=True
            ),
        )
        url = pulumi.Output.concat("s3://", uploaded.bucket, "/", uploaded.key)
        self._urls.append(url)
        return StoredModel(url, self.bucket.arn, f"models/{model.pair}/*")

    def sort_out(self, serving: Iterable[pulumi.Output[str]]) -> None:
        """Let the archives go that nothing uses once the endpoints `serving` are known to serve."""
        needed = pulumi.Output.all(pulumi.Output.all(*self._urls), *serving)
        self.sorted_out: pulumi.Output[str] = pulumi.Output.all(self.bucket.name, needed).apply(
            lambda both: self._sort_out(*both)
        )

    async def _sort_out(self, bucket: str, needed: Sequence[Any]) -> str:
        if not pulumi.runtime.is_dry_run():
            own = f"s3://{bucket}/"
            used = {url.removeprefix(own) for url in needed[0] if url.startswith(own)}
            await asyncio.to_thread(old_archives.sort_out, self._place.region, bucket, used)
        return bucket

    def _folder(self, archive: Archive) -> str:
        """Names the archive by its content, and by the key that it is encrypted with.

        With another key it is uploaded anew: who reads it may use the stack's present key only.
        """
        if not self._kms_key:
            return archive.digest[:16]
        return hashlib.sha256(f"{archive.digest} {self._kms_key}".encode()).hexdigest()[:16]
