"""The account and region that a stack is deployed to."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True)
class Place:
    """What an ARN is made of, and the host of the account's ECR, `registry`."""

    account: pulumi.Output[str]
    partition: pulumi.Output[str]
    registry: pulumi.Output[str]
    region: str

    def arn(
        self, service: str, resource: pulumi.Input[str], account: str = ""
    ) -> pulumi.Output[str]:
        """arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, of this account if no other is named."""
        owner: pulumi.Input[str] = account or self.account
        return pulumi.Output.concat(
            "arn:", self.partition, f":{service}:{self.region}:", owner, ":", resource
        )

    def s3(self, path: pulumi.Input[str]) -> pulumi.Output[str]:
        """The ARN of a bucket, or of BUCKET/KEY."""
        return pulumi.Output.concat("arn:", self.partition, ":s3:::", path)


def make_provider(name: str, region: str, tags: dict[str, str]) -> aws.Provider:
    """The AWS of this stack: one region, and the tags that every resource gets."""
    tags = {"project": pulumi.get_project(), "stack": pulumi.get_stack(), **tags}
    tagged = aws.ProviderDefaultTagsArgs(tags=dict(sorted(tags.items())))
    return aws.Provider(name, region=region, default_tags=tagged)


def find_place(region: str, provider: aws.Provider) -> Place:
    """Asks AWS whose account this is."""
    options = pulumi.InvokeOptions(provider=provider)
    account = aws.get_caller_identity_output(opts=options).account_id
    partition = aws.get_partition_output(opts=options)
    registry = pulumi.Output.concat(account, f".dkr.ecr.{region}.", partition.dns_suffix)
    return Place(account, partition.partition, registry, region)
