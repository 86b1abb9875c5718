"""Where the models lie: a private bucket, an object per archive, and who read it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.bucket import PrivateBucket
from infra.models import ModelSettings
from infra.place import Place
from infra.settings import Settings


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
        self._name, self._place = name, place
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
            expire_days=settings.log_retention_days,
            opts=child,
        )
        self.bucket = PrivateBucket(
            f"{name}-models",
            kms_key=settings.kms_key,
            protect=settings.protect,
            logs_to=self.logs,
            opts=child,
        )
        self.register_outputs({"bucket": self.bucket.name})

    def add(self, model: ModelSettings) -> StoredModel:
        """Upload the model's archive, unless the settings name one that is in S3 already."""
        if model.built is None:
            bucket, key = model.bucket_and_key
            return StoredModel(model.location, self._place.s3(bucket), key)
        uploaded = aws.s3.BucketObjectv2(
            f"{self._name}-{model.label}",
            bucket=self.bucket.name,
            key=f"models/{model.pair}/{model.built.digest[:16]}/model.tar.gz",
            source=pulumi.FileAsset(str(model.built.path)),
            content_type="application/gzip",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.bucket]),
        )
        url = pulumi.Output.concat("s3://", uploaded.bucket, "/", uploaded.key)
        return StoredModel(url, self.bucket.arn, f"models/{model.pair}/*")
