"""AWS as the stacks find it: moto's server with its gaps filled, and the life of endpoints, which
moto does not have. What goes wrong is steered by the attributes of `Cloud`."""

import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
import requests
from moto.applicationautoscaling.models import applicationautoscaling_backends
from moto.awslambda.models import lambda_backends
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse
from moto.sagemaker.responses import SageMakerResponse
from moto.server import ThreadedMotoServer
from moto.servicequotas.responses import ServiceQuotasResponse

from tests.infra.moto_gaps import fill_gaps
from tests.infra.moto_reading import fill_reading_gaps
from tests.infra.recorded import REGION

REASON = "The container of variant AllTraffic did not pass the ping health check."
NOT_ALLOWED = "User is not authorized to perform: "


class Refusal(JsonRESTError):
    code = 400


@dataclass
class Event:
    """A call that changed something of SageMaker's; `serving` are the endpoints that use it.

    Of an endpoint's deletion `asked` tells whether a function still asks it, and `quiet` for how
    many seconds none has been told to ask another.
    """

    action: str
    name: str
    serving: list[str] = field(default_factory=list)
    scaled: bool = False
    asked: bool = False
    quiet: float = 0


@dataclass
class Cloud:
    """Patterns of endpoint names that fail, or are rolled back, and how long each change takes."""

    url: str = ""
    failing: str = ""
    rolling_back: str = ""
    seconds: float = 0
    quota: float = 200  # of the concurrency of all serverless endpoints
    told: float = 0  # when a function was last told what to ask
    denied: set[str] = field(default_factory=set)  # such as sagemaker:CreateModel
    events: list[Event] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)  # of every service, such as s3:PutObject

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION, endpoint_url=self.url)

    def endpoint(self, name: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.client("sagemaker").describe_endpoint(EndpointName=name)
        return answer

    def names(self, start: str) -> list[str]:
        """What is there of a stack, by the start of its names."""
        listed = {
            ("s3", "list_buckets"): ("Buckets", "Name"),
            ("ecr", "describe_repositories"): ("repositories", "repositoryName"),
            ("iam", "list_roles"): ("Roles", "RoleName"),
            ("logs", "describe_log_groups"): ("logGroups", "logGroupName"),
            ("lambda", "list_functions"): ("Functions", "FunctionName"),
            ("apigatewayv2", "get_apis"): ("Items", "Name"),
            ("cloudwatch", "describe_alarms"): ("MetricAlarms", "AlarmName"),
            ("cloudwatch", "list_dashboards"): ("DashboardEntries", "DashboardName"),
            ("sns", "list_topics"): ("Topics", "TopicArn"),
            ("sagemaker", "list_endpoints"): ("Endpoints", "EndpointName"),
            ("sagemaker", "list_endpoint_configs"): ("EndpointConfigs", "EndpointConfigName"),
            ("sagemaker", "list_models"): ("Models", "ModelName"),
        }
        found = [n for n in self.client("dynamodb").list_tables()["TableNames"] if start in n]
        for (service, operation), (items, key) in listed.items():
            answer = getattr(self.client(service), operation)()
            found += [item[key] for item in answer[items] if start in item[key]]
        return found


@contextmanager
def running() -> Iterator[Cloud]:
    cloud = Cloud()
    with pytest.MonkeyPatch.context() as patch:
        fill_gaps(patch)
        fill_reading_gaps(patch)
        _give_endpoints_a_life(patch, cloud)
        _watch(patch, cloud)
        answer = lambda _: json.dumps({"Quota": {"Value": cloud.quota}})  # noqa: E731
        patch.setattr(ServiceQuotasResponse, "get_service_quota", answer)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line a request
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        cloud.url = f"http://{host}:{port}"
        requests.post(f"{cloud.url}/moto-api/reset", timeout=10).raise_for_status()
        yield cloud
        server.stop()


def _watch(patch: pytest.MonkeyPatch, cloud: Cloud) -> None:
    call = BaseResponse.call_action

    def call_if_allowed(self: Any) -> Any:
        action = f"{self.service_name}:{self._get_action()}"
        if action in cloud.denied:
            raise Refusal("AccessDeniedException", NOT_ALLOWED + action)
        cloud.calls.append(action)
        if action == "awslambda:UpdateFunctionConfiguration":
            cloud.told = time.monotonic()
        return call(self)

    patch.setattr(BaseResponse, "call_action", call_if_allowed)


def _give_endpoints_a_life(patch: pytest.MonkeyPatch, cloud: Cloud) -> None:
    life = _Endpoints(cloud)
    own = ("create_endpoint", "update_endpoint", "describe_endpoint", "delete_endpoint")
    for name in own:
        was, now = getattr(SageMakerResponse, name, None), getattr(life, name)
        patch.setattr(SageMakerResponse, name, _method(now, was), raising=False)
    for kind in ("Model", "EndpointConfig"):
        for verb in ("Create", "Delete"):
            name = f"{verb}{kind}"
            method = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()
            was, now = getattr(SageMakerResponse, method), life.logged(name, f"{kind}Name")
            patch.setattr(SageMakerResponse, method, _method(now, was))


def _method(now: Any, was: Any) -> Any:
    return lambda self: now(self, was)


class _Endpoints:
    """SageMaker's rules, from its documentation: an endpoint is Creating or Updating for a while,
    then InService, or Failed; an update that fails leaves the old configuration serving."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._pending: dict[str, tuple[float, dict[str, Any]]] = {}  # until when, then what

    def create_endpoint(self, call: Any, create: Any) -> Any:
        name = call._get_param("EndpointName")
        if found := call.sagemaker_backend.endpoints.get(name):
            message = f'Cannot create already existing endpoint "{found.arn}".'
            raise Refusal("ValidationException", message)
        answer = create(call)
        failed = {"endpoint_status": "Failed", "failure_reason": REASON}
        served = {"endpoint_status": "InService"}
        fails = self._cloud.failing and re.search(self._cloud.failing, name)
        self._begin(call, name, "Creating", failed if fails else served)
        self._cloud.events.append(Event("CreateEndpoint", name))
        return answer

    def update_endpoint(self, call: Any, _: Any) -> Any:
        name, configuration = call._get_param("EndpointName"), call._get_param("EndpointConfigName")
        endpoint = self._settled(call, name)
        if endpoint is None:
            raise Refusal("ValidationException", f'Could not find endpoint "{name}".')
        if endpoint.endpoint_status != "InService":
            state = "in status Failed" if endpoint.endpoint_status == "Failed" else "in-progress"
            message = f'Cannot update {state} endpoint "{endpoint.arn}".'
            raise Refusal("ValidationException", message)
        if configuration not in call.sagemaker_backend.endpoint_configs:
            message = f'Could not find endpoint configuration "{configuration}".'
            raise Refusal("ValidationException", message)
        kept = {"endpoint_status": "InService", "failure_reason": REASON}
        taken = {"endpoint_config_name": configuration, "failure_reason": None}
        rolls_back = self._cloud.rolling_back and re.search(self._cloud.rolling_back, name)
        outcome = kept if rolls_back else {"endpoint_status": "InService", **taken}
        self._begin(call, name, "Updating", outcome)
        scaled = any(f"endpoint/{name}/" in target for target in _scaled(call))
        self._cloud.events.append(Event("UpdateEndpoint", name, scaled=scaled))
        return ActionResult({"EndpointArn": endpoint.arn})

    def describe_endpoint(self, call: Any, describe: Any) -> Any:
        self._settled(call, call._get_param("EndpointName"))
        return describe(call)

    def delete_endpoint(self, call: Any, delete: Any) -> Any:
        name, quiet = call._get_param("EndpointName"), time.monotonic() - self._cloud.told
        asked = f'"{name}"' in "".join(_told(call))
        self._cloud.events.append(Event("DeleteEndpoint", name, asked=asked, quiet=quiet))
        return delete(call)

    def logged(self, action: str, key: str) -> Any:
        def log(call: Any, was: Any) -> Any:
            name = call._get_param(key)
            endpoints = call.sagemaker_backend.endpoints.values()
            using = [e.endpoint_name for e in endpoints if name in _used(call, e)]
            self._cloud.events.append(Event(action, name, using))
            return was(call)

        return log

    def _begin(self, call: Any, name: str, status: str, outcome: dict[str, Any]) -> None:
        endpoint = call.sagemaker_backend.endpoints[name]
        endpoint.endpoint_status, endpoint.last_modified_time = status, datetime.now(UTC)
        self._pending[name] = (time.monotonic() + self._cloud.seconds, outcome)

    def _settled(self, call: Any, name: str) -> Any:
        """The endpoint as it is by now."""
        endpoint = call.sagemaker_backend.endpoints.get(name)
        until, outcome = self._pending.get(name, (0.0, {}))
        if endpoint is not None and time.monotonic() >= until:
            for key, value in outcome.items():
                setattr(endpoint, key, value)
            self._pending.pop(name, None)
        return endpoint


def _used(call: Any, endpoint: Any) -> set[str]:
    """The names of an endpoint's configuration and models."""
    configuration = call.sagemaker_backend.endpoint_configs.get(endpoint.endpoint_config_name)
    variants = configuration.production_variants if configuration else []
    return {endpoint.endpoint_config_name, *(variant["ModelName"] for variant in variants)}


def _told(call: Any) -> list[str]:
    """What the functions are told to ask, each a JSON text of pairs and endpoints."""
    functions = lambda_backends[call.current_account][call.region].list_functions()
    return [function.environment_vars.get("GATEWAY_ENDPOINTS", "") for function in functions]


def _scaled(call: Any) -> list[str]:
    backend = applicationautoscaling_backends[call.current_account][call.region]
    return [target.resource_id for by in backend.targets.values() for target in by.values()]
