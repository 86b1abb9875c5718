"""DynamoDB on the loopback interface: moto's, one request at a time, as a partition's items are."""

from typing import Any

from tests.doubles.moto_server import MotoServer

KEYS = [("counter", "HASH"), ("period", "RANGE")]


class DynamoDb(MotoServer):
    """``with DynamoDb() as database: database.make_table(); … database.url``"""

    def __init__(self) -> None:
        super().__init__("dynamodb")

    @property
    def dynamodb(self) -> Any:
        return self.client("dynamodb")

    def make_table(self, name: str) -> str:
        """As the stack makes it (infra/counts.py)."""
        self.dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in KEYS],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in KEYS],
        )
        return name

    def drop_table(self, name: str) -> None:
        self.dynamodb.delete_table(TableName=name)
