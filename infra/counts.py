"""What all instances of the gateway count together, in a table: what each key has used."""

import pulumi
import pulumi_aws as aws

from infra.settings import Settings

ACTIONS = ("dynamodb:GetItem", "dynamodb:UpdateItem")  # all that gateway/dynamodb_counters.py calls


class CountsTable(pulumi.ComponentResource):
    """`table` has an item for each counter and period; DynamoDB deletes it after `kept_until`.

    On demand: it costs nothing while nobody asks.
    """

    def __init__(self, name: str, *, settings: Settings, opts: pulumi.ResourceOptions) -> None:
        super().__init__("serverless-translation:index:CountsTable", name, None, opts)
        self.table = aws.dynamodb.Table(
            name,
            name=f"{name}-counts",
            billing_mode="PAY_PER_REQUEST",
            hash_key="counter",
            range_key="period",
            attributes=[
                aws.dynamodb.TableAttributeArgs(name="counter", type="S"),
                aws.dynamodb.TableAttributeArgs(name="period", type="S"),
            ],
            ttl=aws.dynamodb.TableTtlArgs(attribute_name="kept_until", enabled=True),
            # DynamoDB encrypts everything; this says with a key of KMS, ours or the account's.
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=True, kms_key_arn=settings.kms_key or None
            ),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(
                enabled=settings.counts_backup
            ),
            opts=pulumi.ResourceOptions(parent=self, protect=settings.protect),
        )
        self.register_outputs({"table": self.table.name})
