"""A private bucket: encrypted, TLS only, nothing public; its old versions are kept and expire."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.policies import Statement, deny_plain_http, document

OLD_VERSION_DAYS = 30
UNUSED, UNUSED_DAYS = "unused", 30  # the tag of objects that nothing needs, and how long they stay

Rule = aws.s3.BucketLifecycleConfigurationRuleArgs


class PrivateBucket(pulumi.ComponentResource):
    """`statements` join the bucket's policy, `rules` its lifecycle; without `versions`, what is
    deleted is gone.

    A protected bucket is never emptied by `pulumi destroy`; any other one is.
    """

    def __init__(
        self,
        name: str,
        *,
        kms_key: str,
        protect: bool,
        versions: bool = True,
        statements: Sequence[Statement] = (),
        logs_to: "PrivateBucket | None" = None,
        rules: Sequence[Rule] = (),
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:PrivateBucket", name, None, opts)
        self._name = name
        self._child = pulumi.ResourceOptions(parent=self)
        keep = pulumi.ResourceOptions(parent=self, protect=protect)
        self.bucket = aws.s3.Bucket(name, force_destroy=not protect, opts=keep)
        self.name = self.bucket.bucket
        self.arn = self.bucket.arn
        self._close()
        self._encrypt(kms_key)
        self._expire(rules, self._keep_versions() if versions else None)
        self._permit(statements)
        if logs_to is not None:
            self._log(logs_to)
        self.register_outputs({"name": self.name})

    def _close(self) -> None:
        self._block = aws.s3.BucketPublicAccessBlock(
            self._name,
            bucket=self.name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )
        aws.s3.BucketOwnershipControls(
            self._name,
            bucket=self.name,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._child,
        )

    def _encrypt(self, kms_key: str) -> None:
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(  # noqa: E501
            sse_algorithm="aws:kms" if kms_key else "AES256", kms_master_key_id=kms_key or None
        )
        rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
            apply_server_side_encryption_by_default=default, bucket_key_enabled=bool(kms_key)
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            self._name, bucket=self.name, rules=[rule], opts=self._child
        )

    def _keep_versions(self) -> aws.s3.BucketVersioning:
        enabled = aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled")
        return aws.s3.BucketVersioning(
            self._name, bucket=self.name, versioning_configuration=enabled, opts=self._child
        )

    def _expire(self, rules: Sequence[Rule], versioning: aws.s3.BucketVersioning | None) -> None:
        aws.s3.BucketLifecycleConfiguration(
            self._name,
            bucket=self.name,
            rules=[_expire_old_versions(), *rules],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning] if versioning else []),
        )

    def _permit(self, statements: Sequence[Statement]) -> None:
        deny = deny_plain_http("s3:*", [self.arn, pulumi.Output.concat(self.arn, "/*")])
        theirs = [
            {**statement, "Resource": pulumi.Output.concat(self.arn, "/", statement["Resource"])}
            for statement in statements
        ]
        aws.s3.BucketPolicy(
            self._name,
            bucket=self.name,
            policy=document(deny, *theirs),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._block]),
        )

    def _log(self, target: "PrivateBucket") -> None:
        aws.s3.BucketLogging(
            self._name,
            bucket=self.name,
            target_bucket=target.name,
            target_prefix="s3/",
            # S3 refuses to log to a bucket whose policy does not let it write yet.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[target]),
        )


def _expire_old_versions() -> Rule:
    return Rule(
        id="expire-old-versions",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=OLD_VERSION_DAYS
        ),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=7
        ),
    )


def expire(days: int) -> Rule:
    """Delete every object some days after it was written."""
    every = aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="")
    return _expire("expire", every, days)


def expire_unused() -> Rule:
    """Delete what is tagged as unused, UNUSED_DAYS after it was written with that tag."""
    tag = aws.s3.BucketLifecycleConfigurationRuleFilterTagArgs(key=UNUSED, value="yes")
    unused = aws.s3.BucketLifecycleConfigurationRuleFilterArgs(tag=tag)
    return _expire("expire-unused", unused, UNUSED_DAYS)


def _expire(name: str, which: aws.s3.BucketLifecycleConfigurationRuleFilterArgs, days: int) -> Rule:
    return Rule(
        id=name,
        status="Enabled",
        filter=which,
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
    )
