"""Stands in for the gateway until there is one: POST /translate, text in, translation out.

Delete this folder, and its mention in function_code.py, once gateway/lambda_entry.py ships.
"""

import base64
import hashlib
import hmac
import json
import os
from typing import Any

import boto3
from botocore.config import Config

READ_TIMEOUT = 27  # seconds: longer than the container's 25, shorter than the function's 28


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one event of an HTTP API (payload format 2.0)."""
    route = event["requestContext"]["http"]
    if (route["method"], route["path"]) != ("POST", "/translate"):
        return _answer(404, "Send the text to POST /translate.")
    if not _may_call(event.get("headers", {}).get("authorization", "")):
        return _answer(403, "Send an API key as Authorization: Bearer NAME.SECRET.")
    endpoints = json.loads(os.environ["GATEWAY_ENDPOINTS"])
    pair = event.get("queryStringParameters", {}).get("pair") or sorted(endpoints)[0]
    if pair not in endpoints:
        return _answer(422, f"No model for {pair}: use one of {', '.join(sorted(endpoints))}.")
    return _answer(200, _translate(endpoints[pair], _body(event)))


def _may_call(authorization: str) -> bool:
    if os.environ["GATEWAY_AUTH"] == "none":
        return True
    key = authorization.removeprefix("Bearer ")
    known = json.loads(os.environ["GATEWAY_API_KEYS"]).get(key.split(".")[0], "")
    return hmac.compare_digest(known, hashlib.sha256(key.encode()).hexdigest())


def _body(event: dict[str, Any]) -> bytes:
    body: str = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def _translate(endpoint: str, text: bytes) -> str:
    config = Config(read_timeout=READ_TIMEOUT, retries={"total_max_attempts": 1})
    runtime = boto3.client("sagemaker-runtime", config=config)
    answer = runtime.invoke_endpoint(
        EndpointName=endpoint, Body=text, ContentType="text/plain", Accept="text/plain"
    )
    return str(answer["Body"].read().decode())


def _answer(status: int, text: str) -> dict[str, Any]:
    headers = {"content-type": "text/plain; charset=utf-8"}
    return {"statusCode": status, "headers": headers, "body": text}
