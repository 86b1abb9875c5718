"""What moto 5.2.5 lacks of the AWS that the stack uses. Each is a double of ours: what is checked
through it is checked against our reading of AWS's documentation, not against moto."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
from moto.applicationautoscaling import models, responses
from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.core.exceptions import JsonRESTError
from moto.iam import access_control
from moto.iam.policy_conditions import CONDITION_OPERATIONS
from moto.sagemaker.models import FakeEndpointConfig
from moto.sagemaker.responses import SageMakerResponse
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse
from moto.servicequotas.responses import ServiceQuotasResponse
from moto.sqs.models import Queue

from tests.infra.canaries import answer

PROVISIONED = "sagemaker:variant:DesiredProvisionedConcurrency"


def fill_gaps(patch: pytest.MonkeyPatch) -> None:
    _know_provisioned_concurrency(patch)
    _heed_conditions_of_denials(patch)
    _update_endpoints(patch)
    _deregister_as_documented(patch)
    _translate(patch)
    _know_the_quota(patch)
    _know_newer_machines(patch)
    _write_redrive_policies_as_sqs(patch)


def _know_provisioned_concurrency(patch: pytest.MonkeyPatch) -> None:
    """Application Auto Scaling: moto does not know the dimension of serverless endpoints."""
    known = {member.name: member.value for member in models.ScalableDimensionValueSet}
    known["SAGEMAKER_VARIANT_DESIRED_PROVISIONED_CONCURRENCY"] = PROVISIONED
    wider = Enum("ScalableDimensionValueSet", known)  # type: ignore[misc]
    patch.setattr(models, "ScalableDimensionValueSet", wider)
    patch.setattr(responses, "ScalableDimensionValueSet", wider)


def _write_redrive_policies_as_sqs(patch: pytest.MonkeyPatch) -> None:
    """SQS tells a redrive policy without spaces; the real provider compares it with its own."""
    attributes = Queue.attributes

    def written(self: Any) -> dict[str, Any]:
        found = dict(attributes.fget(self))
        if policy := found.get("RedrivePolicy"):
            found["RedrivePolicy"] = json.dumps(json.loads(policy), separators=(",", ":"))
        return found

    patch.setattr(Queue, "attributes", property(written))


def _heed_conditions_of_denials(patch: pytest.MonkeyPatch) -> None:
    """Bucket policies: moto denies even where the condition of a denial does not hold."""
    statement = access_control.IAMPolicyStatement
    permitted = statement.is_action_permitted

    def heed(self: Any, action: str, *args: Any, **kwargs: Any) -> Any:
        conditions = self._statement.get("Condition") or {}
        known = set(conditions) <= set(CONDITION_OPERATIONS)
        given = kwargs.get("incoming_condition_values", args[2] if len(args) > 2 else None)
        denies = self._statement["Effect"] == "Deny"
        if denies and not (known and self._check_conditions(given)):
            return access_control.PermissionResult.NEUTRAL
        return permitted(self, action, *args, **kwargs)

    patch.setattr(statement, "is_action_permitted", heed)


def _update_endpoints(patch: pytest.MonkeyPatch) -> None:
    """SageMaker: moto knows no UpdateEndpoint, and an endpoint that is never under way.

    An endpoint's `rolls_back` keeps it from taking a configuration, its `looks` are the number of
    descriptions that still find it under way.
    """
    describe = SageMakerResponse.describe_endpoint

    def endpoint(self: Any) -> Any:
        return self.sagemaker_backend.endpoints.get(self._get_param("EndpointName"))

    def update(self: Any) -> str:
        found = endpoint(self)
        found.last_modified_time = datetime.now(UTC)
        if getattr(found, "rolls_back", False):
            found.failure_reason = "did not pass the ping health check"
        else:
            found.endpoint_config_name = self._get_param("EndpointConfigName")
        return json.dumps({"EndpointArn": found.arn})

    def look(self: Any) -> Any:
        found = endpoint(self)
        if found is not None and getattr(found, "looks", 0):
            found.looks -= 1
            if not found.looks:
                found.endpoint_status = "InService"
        return describe(self)

    patch.setattr(SageMakerResponse, "update_endpoint", update, raising=False)
    patch.setattr(SageMakerResponse, "describe_endpoint", look)


def _deregister_as_documented(patch: pytest.MonkeyPatch) -> None:
    """Application Auto Scaling: a target's policies go with it, and what is gone is not found."""
    backend = models.ApplicationAutoscalingBackend
    deregister, forget = backend.deregister_scalable_target, backend.delete_scaling_policy

    def deregister_all(self: Any, namespace: str, r_id: str, dimension: str) -> None:
        with _not_found():
            deregister(self, namespace, r_id, dimension)
        for key, policy in list(self.policies.items()):
            if (policy.resource_id, policy.scalable_dimension) == (r_id, dimension):
                del self.policies[key]

    def delete(self: Any, *args: Any, **kwargs: Any) -> None:
        with _not_found():
            forget(self, *args, **kwargs)

    patch.setattr(backend, "deregister_scalable_target", deregister_all)
    patch.setattr(backend, "delete_scaling_policy", delete)


def _translate(patch: pytest.MonkeyPatch) -> None:
    """SageMaker's runtime: where no answer is queued, moto's is no document."""
    invoke = SageMakerRuntimeResponse.invoke_endpoint

    def translate(self: Any) -> Any:
        status, headers, body = invoke(self)
        return status, headers, answer(self.body) if body == "body" else body

    patch.setattr(SageMakerRuntimeResponse, "invoke_endpoint", translate)


def _know_the_quota(patch: pytest.MonkeyPatch) -> None:
    """Service Quotas: moto knows those of VPCs only. SageMaker's is as it once was for all."""
    quota = {"Quota": {"ServiceCode": "sagemaker", "Value": 200.0}}
    patch.setattr(ServiceQuotasResponse, "get_service_quota", lambda self: json.dumps(quota))


def _know_newer_machines(patch: pytest.MonkeyPatch) -> None:
    """SageMaker: moto's list of machines is old; botocore's, which rules too, is newer."""
    patch.setattr(FakeEndpointConfig, "validate_instance_type", lambda self, instance_type: None)


@contextmanager
def _not_found() -> Iterator[None]:
    try:
        yield
    except AWSValidationException as error:
        raise JsonRESTError("ObjectNotFoundException", str(error)) from None
