"""The policy pack: `pulumi preview --policy-pack policy`, and `pulumi up` likewise."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyPack, StackValidationPolicy
from pulumi_policy.proxy import UnknownValueError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # Pulumi runs this file by its path

from policy.rules import RULES, Resource, Rule


def plain(value: Any) -> Any:
    """What stands behind the package's proxies, which equal no list or dict.

    They raise where a preview does not know a value, and then nothing of the rule is checked: it is
    None here. Whole numbers arrive as floats.
    """
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _item(values: Any, key: Any) -> Any:
    try:
        return plain(values[key])
    except UnknownValueError:
        return None


def as_policy(rule: Rule) -> StackValidationPolicy:
    """A rule over all resources of a stack."""

    def validate(args: Any, report_violation: Any) -> None:
        resources = [Resource(r.resource_type, r.name, plain(r.props)) for r in args.resources]
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
