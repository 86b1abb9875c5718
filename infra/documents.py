"""Documents in the cloud: a bucket that forgets after a day, and the queue of those that wait.

What lies where in the bucket is told in gateway/document_bucket.py, whose calls, and those of
gateway/document_queue.py, are all that is allowed.
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.bucket import PrivateBucket, expire
from infra.policies import Statement, allow, as_json, deny_plain_http, document
from infra.settings import Settings
from infra.timeouts import WORKER_TIMEOUT

DAYS = 1  # for which anything of a document is kept
TRIES = 3  # of a message: gateway/worker_entry.py
_DAY = 86_400
_FAILED_KEPT = 14 * _DAY  # seconds, SQS's maximum


class Documents(pulumi.ComponentResource):
    """`bucket` has no versions: what is deleted is gone. Messages hold an id and nothing else;
    one that fails three times goes to the queue `failed`, of which an alarm tells."""

    def __init__(
        self,
        name: str,
        *,
        settings: Settings,
        logs: PrivateBucket,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:Documents", name, None, opts)
        self._settings = settings
        self._child = pulumi.ResourceOptions(parent=self)
        self.bucket = PrivateBucket(
            f"{name}-documents",
            kms_key=settings.kms_key,
            protect=False,
            versions=False,
            logs_to=logs,
            rules=[expire(DAYS)],
            opts=self._child,
        )
        self.failed = self._make_queue(f"{name}-documents-failed", _FAILED_KEPT)
        redrive = {"deadLetterTargetArn": self.failed.arn, "maxReceiveCount": TRIES}
        # Lambda gives a message back by letting its time pass, which has to be the function's.
        self.queue = self._make_queue(
            f"{name}-documents", DAYS * _DAY, as_json(redrive), WORKER_TIMEOUT + 60
        )
        self.register_outputs({"queue": self.queue.name})

    def _make_queue(
        self,
        name: str,
        kept: int,
        redrive: pulumi.Input[str] | None = None,
        visibility: int | None = None,
    ) -> aws.sqs.Queue:
        key = self._settings.kms_key
        queue = aws.sqs.Queue(
            name,
            name=name,
            message_retention_seconds=kept,
            visibility_timeout_seconds=visibility,
            redrive_policy=redrive,
            kms_master_key_id=key or None,
            sqs_managed_sse_enabled=None if key else True,
            opts=self._child,
        )
        aws.sqs.QueuePolicy(
            name,
            queue_url=queue.url,
            policy=document(deny_plain_http("sqs:*", [queue.arn])),
            opts=self._child,
        )
        return queue

    @property
    def environment(self) -> dict[str, pulumi.Input[str]]:
        """What both functions are told."""
        return {
            "GATEWAY_DOCUMENTS": pulumi.Output.concat("s3://", self.bucket.name, "/"),
            "GATEWAY_DOCUMENTS_QUEUE": self.queue.url,
        }

    @property
    def rights(self) -> list[Statement]:
        """Of the function that takes documents in and gives them out: it reads none."""
        return [
            self._objects("TakeDocuments", "Put", ("state", "in", "unfinished")),
            self._objects("GiveDocuments", "Get", ("state", "out")),
            self._objects("ForgetDocuments", "Delete", ("state", "in", "out", "unfinished")),
            self._list(),
            allow("QueueDocuments", ["sqs:SendMessage"], [self.queue.arn]),
        ]

    @property
    def worker_rights(self) -> list[Statement]:
        actions = (
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        )
        return [
            self._objects("ReadDocuments", "Get", ("state", "in", "chunks")),
            self._objects("WriteDocuments", "Put", ("state", "out", "chunks")),
            self._objects("EndDocuments", "Delete", ("in", "chunks", "unfinished")),
            self._list(),
            allow("WorkOnQueue", actions, [self.queue.arn]),
        ]

    def _objects(self, sid: str, verb: str, prefixes: Sequence[str]) -> Statement:
        arns = [pulumi.Output.concat(self.bucket.arn, f"/{prefix}/*") for prefix in prefixes]
        return allow(sid, [f"s3:{verb}Object"], arns)

    def _list(self) -> Statement:
        """Of a bucket that one may not list, S3 does not say what is missing."""
        return allow("ListDocuments", ["s3:ListBucket"], [self.bucket.arn])


def make_documents(
    name: str, *, settings: Settings, logs: PrivateBucket, opts: pulumi.ResourceOptions
) -> Documents | None:
    """None where the stack wants none."""
    return Documents(name, settings=settings, logs=logs, opts=opts) if settings.documents else None
