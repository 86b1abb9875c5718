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

    @property
    def rights(self) -> list[Statement]:
        """What the function may do: nothing above the prefix."""
        return [allow("KeepGlossaries", OBJECTS, [self._objects]), self._list]

    @property
    def reading(self) -> list[Statement]:
        """What the worker of documents may do."""
        return [allow("ReadGlossaries", ["s3:GetObject"], [self._objects]), self._list]

    @property
    def _list(self) -> Statement:
        listed = {"StringLike": {"s3:prefix": [f"{PREFIX}*"]}}
        return allow("ListGlossaries", ["s3:ListBucket"], [self.bucket.arn], listed)

    @property
    def _objects(self) -> pulumi.Output[str]:
        return pulumi.Output.concat(self.bucket.arn, "/", PREFIX, "*")
