"""What moto 5.2.5 lacks of the AWS that the stack uses. Each is a double of ours: what is checked
through it is checked against our reading of AWS's documentation, not against moto."""

from enum import Enum
from typing import Any

import pytest
from moto.applicationautoscaling import models, responses
from moto.iam import access_control
from moto.iam.policy_conditions import CONDITION_OPERATIONS

PROVISIONED = "sagemaker:variant:DesiredProvisionedConcurrency"


def fill_gaps(patch: pytest.MonkeyPatch) -> None:
    _know_provisioned_concurrency(patch)
    _heed_conditions_of_denials(patch)


def _know_provisioned_concurrency(patch: pytest.MonkeyPatch) -> None:
    """Application Auto Scaling: moto does not know the dimension of serverless endpoints."""
    known = {member.name: member.value for member in models.ScalableDimensionValueSet}
    known["SAGEMAKER_VARIANT_DESIRED_PROVISIONED_CONCURRENCY"] = PROVISIONED
    wider = Enum("ScalableDimensionValueSet", known)  # type: ignore[misc]
    patch.setattr(models, "ScalableDimensionValueSet", wider)
    patch.setattr(responses, "ScalableDimensionValueSet", wider)


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
