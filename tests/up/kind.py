"""One type of AWS resource: its values as Pulumi and as Terraform have them."""

import base64
import os
import shutil
import threading
from pathlib import Path
from typing import Any

from tests.up import names
from tests.up.terraform_protocol import decode, encode
from tests.up.terraform_provider import Schema, block_type
from tests.up.wire import Values, is_asset

META = "__meta"  # where the provider's private data is kept in a resource's outputs, as bridges do
# The attribute that gets a name made up where none is given, if it is not `name`.
AUTONAMED = {
    "aws_s3_bucket": "bucket",
    "aws_lambda_function": "function_name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_route53_record": "",
}


class Kind:
    def __init__(self, name: str, block: Schema, cache: Path) -> None:
        self.name, self.block, self._cache = name, block, cache
        self._type = block_type(block)
        self.names = names.table(block, name)

    @property
    def own_name(self) -> str:
        """Pulumi's input that names the resource; "" where it has no name of its own."""
        theirs = AUTONAMED.get(self.name, "name")
        schema = self.block["attributes"].get(theirs)
        if not schema or not schema["given"] or schema["type"] != "string":
            return ""
        return next(ours for ours, (name, _) in self.names.items() if name == theirs)

    def pack(self, value: Any) -> dict[str, bytes]:
        return {"msgpack": encode(value, self._type)}

    def unpack(self, value: Any) -> Any:
        return decode(value.msgpack, self._type) if value.msgpack else None

    def config(self, inputs: Values) -> Values:
        """Terraform's configuration."""
        config = names.to_terraform(self.block, inputs, self.name, self._file)
        for name, attribute in self.block["attributes"].items():
            if not attribute["given"]:
                config[name] = None
        return config

    def state(self, outputs: Values, identifier: str) -> tuple[Values, bytes]:
        """Terraform's state and the provider's private data, from which `outputs` were made."""
        state = names.to_terraform(self.block, outputs, self.name, self._file)
        if "id" in self.block["attributes"]:
            state["id"] = identifier
        return state, base64.b64decode(outputs.get(META) or "")

    def outputs(self, state: Values, inputs: Values, private: bytes = b"") -> Values:
        outputs = names.to_pulumi(self.block, state, inputs, self.name)
        outputs |= {name: value for name, value in inputs.items() if is_asset(value)}
        return {**outputs, META: base64.b64encode(private).decode()} if private else outputs

    def _file(self, asset: Values) -> str:
        """A file that holds the asset, named by its hash: its own path makes no difference."""
        path = self._cache / "assets" / asset["hash"]
        if "path" in asset and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
            shutil.copyfile(asset["path"], part)
            part.replace(path)
        return str(path)
