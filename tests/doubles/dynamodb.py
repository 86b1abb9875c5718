"""DynamoDB on the loopback interface: moto's, one request at a time, as a partition's items are."""

import threading
from typing import Any

import boto3
from botocore.config import Config
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

REGION = "eu-west-1"
KEYS = [("counter", "HASH"), ("period", "RANGE")]


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


class DynamoDb:
    """``with DynamoDb() as database: database.make_table(); … database.url``"""

    def __enter__(self) -> "DynamoDb":
        app = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, app, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def environment(self) -> dict[str, str]:
        """What makes the real boto3 talk to this, and to nothing else."""
        return {
            "AWS_ENDPOINT_URL_DYNAMODB": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    @property
    def client(self) -> Any:
        return boto3.client(
            "dynamodb",
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def make_table(self, name: str) -> str:
        """As the stack makes it (infra/counts.py)."""
        self.client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in KEYS],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in KEYS],
        )
        return name

    def drop_table(self, name: str) -> None:
        self.client.delete_table(TableName=name)
