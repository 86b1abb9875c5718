"""What the gateway's functions use of the stack, and may therefore do."""

from collections.abc import Collection
from dataclasses import dataclass

import pulumi_aws as aws

from infra.counts import ACTIONS
from infra.documents import Documents
from infra.endpoint import TranslationEndpoint
from infra.glossaries import Glossaries
from infra.policies import Statement, allow


@dataclass(frozen=True)
class Uses:
    """The endpoints, and where there are any: the table of counts, and documents."""

    endpoints: Collection[TranslationEndpoint]
    counts: aws.dynamodb.Table | None
    glossaries: Glossaries
    documents: Documents | None

    @property
    def rights(self) -> list[Statement]:
        """To ask exactly these endpoints, and to count in exactly this table."""
        arns = [arn for endpoint in self.endpoints for arn in endpoint.arns]
        count = [allow("Count", ACTIONS, [self.counts.arn])] if self.counts else []
        return [allow("Translate", ["sagemaker:InvokeEndpoint"], arns), *count]
