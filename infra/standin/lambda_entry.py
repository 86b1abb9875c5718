"""Stands in for the gateway until there is one: POST /translate, text in, translation out.

Delete this folder, and its mention in function_code.py, once gateway/lambda_entry.py ships.
"""

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
        return _answer(404, error="Send the text to POST /translate.")
    asked = json.loads(event.get("body") or "{}")
    if not _may_call(asked.get("api_key", "")):
        return _answer(403, error="Send an API key as api_key.")
    endpoints = json.loads(os.environ["GATEWAY_ENDPOINTS"])
    pair = f"{asked.get('source')}_{asked.get('target')}"
    if pair not in endpoints:
        return _answer(400, error=f"No model for {pair}: use one of {', '.join(endpoints)}.")
    languages = f"source={asked['source']};target={asked['target']}"
    return _answer(200, translatedText=_translate(endpoints[pair], languages, str(asked["q"])))


def _may_call(key: str) -> bool:
    if os.environ["GATEWAY_AUTH"] == "none":
        return True
    known = json.loads(os.environ["GATEWAY_API_KEYS"]).get(key.partition(".")[0], "")
    return hmac.compare_digest(known, hashlib.sha256(key.encode()).hexdigest())


def _translate(endpoint: str, languages: str, text: str) -> str:
    config = Config(read_timeout=READ_TIMEOUT, retries={"total_max_attempts": 1})
    runtime = boto3.client("sagemaker-runtime", config=config)
    answer = runtime.invoke_endpoint(
        EndpointName=endpoint,
        Body=text.encode(),
        ContentType="text/plain",
        Accept="text/plain",
        CustomAttributes=languages,
    )
    return str(answer["Body"].read().decode())


def _answer(status: int, **fields: str) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(fields)}
