"""Where the API keeps its callers' glossaries: below a prefix of the stack's bucket."""

from dataclasses import dataclass

import pulumi

from infra.bucket import PrivateBucket
from infra.policies import Statement, allow

PREFIX = "glossaries/"
OBJECTS = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")  # gateway/s3_glossaries.py's calls


@dataclass(frozen=True)
class Glossaries:
    """One object each; deleted ones are old versions of the bucket until these expire."""

    bucket: PrivateBucket

    @property
    def place(self) -> pulumi.Output[str]:
        """As the gateway is told."""
        return pulumi.Output.concat("s3://", self.bucket.name, "/", PREFIX)

    def rights(self, kms_key: str) -> list[Statement]:
        """What the function may do: nothing above the prefix."""
        arn = self.bucket.arn
        listed = {"StringLike": {"s3:prefix": [f"{PREFIX}*"]}}
        encrypt = [allow("Encrypt", ["kms:GenerateDataKey"], [kms_key])] if kms_key else []
        return [
            allow("KeepGlossaries", OBJECTS, [pulumi.Output.concat(arn, "/", PREFIX, "*")]),
            allow("ListGlossaries", ["s3:ListBucket"], [arn], listed),
            *encrypt,
        ]
