"""AWS on the loopback interface: moto's server, one request at a time."""

import threading
from typing import Any

import boto3
from botocore.config import Config
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

REGION = "eu-west-1"


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


class MotoServer:
    """``with MotoServer("s3", "sqs") as aws: aws.client("s3"); … aws.environment``"""

    def __init__(self, *services: str) -> None:
        self._services = services

    def __enter__(self) -> Any:
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
            **{f"AWS_ENDPOINT_URL_{service.upper()}": self.url for service in self._services},
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(retries={"total_max_attempts": 1}),
        )
