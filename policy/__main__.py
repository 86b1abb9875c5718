"""The policy pack: `pulumi preview --policy-pack policy`, and `pulumi up` likewise."""

import sys
from pathlib import Path
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyPack, StackValidationPolicy

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # Pulumi runs this file by its path

from policy.rules import RULES, Resource, Rule


def as_policy(rule: Rule) -> StackValidationPolicy:
    """A rule over all resources of a stack."""

    def validate(args: Any, report_violation: Any) -> None:
        resources = [Resource(r.resource_type, r.name, r.props) for r in args.resources]
        for sentence in rule(resources):
            report_violation(f"{sentence}.")

    return StackValidationPolicy(
        name=rule.__name__.replace("_", "-"),
        description=(rule.__doc__ or "").partition("\n")[0],
        validate=validate,
    )


PolicyPack(
    name="serverless-translation",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[as_policy(rule) for rule in RULES],
)
