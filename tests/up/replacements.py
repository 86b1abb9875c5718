"""Which inputs force a replacement, asked from Terraform's real provider.

Terraform's schemas do not tell: it takes a plan with the one input changed. The answers that the
stack's own resources need are recorded in replacements.json, for machines without the provider:

    python -m tests.up.replacements STATE   write them anew, from `pulumi stack export`'s output
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.infra.terraform import terraform_type
from tests.up.aws_provider import Aws
from tests.up.kind import Kind
from tests.up.moto_provider import REPLACEMENTS
from tests.up.terraform_provider import FailedError, TerraformProvider, find_binary
from tests.up.wire import is_asset

Table = dict[str, list[str]]


def replacing_inputs(aws: Aws, resources: list[dict[str, Any]]) -> Table:
    """{type: the inputs that force a replacement}, of the state's AWS resources."""
    table: dict[str, set[str]] = {}
    for resource in resources:
        token = resource["type"]
        if token.startswith("aws:"):
            kind = aws.kind(terraform_type(token))
            table.setdefault(token, set()).update(_replacing(aws, kind, resource))
    return {token: sorted(names) for token, names in sorted(table.items())}


def _replacing(aws: Aws, kind: Kind, resource: dict[str, Any]) -> Iterator[str]:
    inputs, outputs = resource["inputs"], resource["outputs"]
    prior, private = kind.state(outputs, resource["id"])
    for name, value in inputs.items():
        for other in _others(value) if not name.startswith("__") else ():
            config = kind.config({**inputs, name: other})
            try:
                changed = aws.changes(kind, prior, config, private)
            except FailedError:  # no such value; another may do
                continue
            if changed.get(kind.names[name][0]):
                yield name
                break


def _others(value: Any) -> Iterator[Any]:
    """The value with one of its leaves changed."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
    elif isinstance(value, str):
        yield from ([], [value + "x"])[not value.startswith("{")]
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from ([*value[:index], other, *value[index + 1 :]] for other in _others(entry))
    elif isinstance(value, dict) and not is_asset(value):
        for key, entry in value.items():
            yield from ({**value, key: other} for other in _others(entry))


def main() -> None:
    binary = find_binary()
    assert binary, "set TF_PLUGIN_DIR to the folder of Terraform's AWS provider"
    with tempfile.TemporaryDirectory() as cache:
        aws = Aws(TerraformProvider(binary, Path(cache)), Path(cache), "http://127.0.0.1:1")
        aws.configure({})
        state = json.loads(Path(sys.argv[1]).read_text("utf-8"))
        table = replacing_inputs(aws, state["deployment"]["resources"])
        aws.close()
    REPLACEMENTS.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
