"""The function that translates documents: the gateway's archive, fed by the queue."""

import pulumi
import pulumi_aws as aws

from infra.documents import Documents
from infra.function_code import WORKER_HANDLER
from infra.lambda_function import Gateway, make_function
from infra.timeouts import WORKER_TIMEOUT

WORKERS = 2  # at once, Lambda's least: each asks an endpoint one chunk after the other
MEMORY = 1024  # MB


class DocumentWorker(pulumi.ComponentResource):
    """`function` has a document for at most a quarter of an hour, then another takes it up."""

    def __init__(
        self,
        name: str,
        *,
        gateway: Gateway,
        documents: Documents,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:DocumentWorker", name, None, opts)
        name = f"{name}-documents"
        self.function = make_function(
            name,
            gateway=gateway,
            handler=WORKER_HANDLER,
            memory=MEMORY,
            timeout=WORKER_TIMEOUT,
            reserved=WORKERS if gateway.settings.reserved_concurrency else 0,
            rights=[
                *gateway.uses.glossaries.reading,
                *documents.worker_rights,
            ],
            parent=self,
        )
        aws.lambda_.EventSourceMapping(
            name,
            event_source_arn=documents.queue.arn,
            function_name=self.function.name,
            batch_size=1,
            scaling_config=aws.lambda_.EventSourceMappingScalingConfigArgs(
                maximum_concurrency=WORKERS
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"name": self.function.name})
