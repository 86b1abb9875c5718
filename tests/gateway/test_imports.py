"""What the function's cold start pays for: nothing that the request does not need."""

import json
import os
import subprocess
import sys

from tests.running import ROOT

HEAVY = ("boto3", "botocore", "py3langid", "numpy", "requests")
SCRIPT = """
import json, os, sys
os.environ.update(GATEWAY_AUTH="none", GATEWAY_ENDPOINTS='{"en_de": "x"}')
from gateway.lambda_entry import handler
sys.path.insert(0, ".")
from tests.doubles.lambda_events import http_api_event
for path in ("/", "/languages", "/frontend/settings", "/spec", "/docs"):
    assert handler(http_api_event("GET", path, {}), None)["statusCode"] == 200, path
print(json.dumps(sorted(name.partition(".")[0] for name in sys.modules)), file=sys.stderr)
"""


INIT = """
import json, sys
import gateway.lambda_entry
from gateway.aws_http import _tls
from gateway.detection import _model
loaded = sorted(name.partition(".")[0] for name in sys.modules)
print(json.dumps([loaded, _model.cache_info().currsize, _tls.cache_info().currsize]))
"""


CLIENTS = """
import json
import gateway.aws_client as module
made, make = [], module.make_client
module.make_client = lambda name, *rest, **more: made.append(name) or make(name, *rest, **more)
import gateway.lambda_entry
print(json.dumps(made))
"""


def in_lambda(script: str, **settings: str):
    """What a script prints where the function starts."""
    aws = {"AWS_LAMBDA_FUNCTION_NAME": "ours", "AWS_REGION": "eu-west-1",
           "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}  # fmt: skip
    settings |= {"GATEWAY_AUTH": "none", "GATEWAY_ENDPOINTS": '{"en_de": "x"}'}
    environment = {**os.environ, **aws, **settings, "AWS_DEFAULT_REGION": "eu-west-1"}
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, cwd=ROOT, env=environment, check=True
    )
    return json.loads(run.stdout)


def test_in_lambda_all_is_loaded_before_the_first_request():
    loaded, models, certificates = in_lambda(INIT)
    assert not {*HEAVY} & set(loaded)
    assert certificates == 1
    assert models == 1


def test_with_documents_their_clients_are_made_before_the_first_request_too():
    queue = "https://sqs.eu-west-1.amazonaws.com/1/documents"
    made = in_lambda(CLIENTS, GATEWAY_DOCUMENTS="s3://documents/", GATEWAY_DOCUMENTS_QUEUE=queue)
    assert made == ["s3", "sqs"]


def test_the_page_and_the_lists_load_neither_boto3_nor_the_detector():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, cwd=ROOT, env=environment, check=True
    )
    loaded = set(json.loads(run.stderr))
    assert "bottle" in loaded
    assert not loaded & {*HEAVY, "serving", "handlers", "infra"}
