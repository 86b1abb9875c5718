"""Every setting of the server in one table: name, default, unit, help."""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from handlers import cpus, unknown_variable
from serving.errors import StartError

_MAX_MEGABYTES = 100
"""Of all requests under way together: SageMaker's limit for a job."""


def _setting(
    default: Any,
    help: str,
    unit: str = "",
    also: str = "",
    minimum: int = 0,
    choices: tuple[str, ...] = (),
) -> Any:
    facts = {"help": help, "unit": unit, "also": also, "minimum": minimum, "choices": choices}
    return field(default=default, metadata=facts)


@dataclass(frozen=True)
class Settings:
    """Read from the environment as ``SERVING_`` and the field's name in capitals."""

    host: str = _setting("0.0.0.0", "address to listen on")
    hosts: str = _setting(
        "", "names, with commas, by which a server on the loopback interface may be called"
    )
    trusted_proxy: str = _setting(
        "",
        "the proxy, * for any, whose X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host hold",
        unit="address",
    )
    port: int = _setting(8080, "port to listen on", also="SAGEMAKER_BIND_TO_PORT")
    models: str = _setting("/opt/ml/model", "one model folder, or a folder of them", unit="path")
    own_models: str = _setting(
        "",
        "a folder of models that go before those of the same pair in models",
        "path",
        "MODELS_DIR",
    )
    pair: str = _setting("", "the pair of a single model folder whose name does not tell it")
    concurrency: int = _setting(0, "batches translated at the same time; 0: one a CPU")
    queue: int = _setting(62, "maximum of requests that wait beyond that number; more get a 503")
    max_batch_tokens: int = _setting(448, "maximum of tokens in a batch", unit="tokens")
    cache_entries: int = _setting(20_000, "translated segments kept for repetition; 0: none")
    cache_bytes: int = _setting(32 * 2**20, "maximum memory of those", unit="bytes")
    timeout: int = _setting(
        25, "longest a request may take until its 503", unit="seconds", minimum=1
    )
    stuck_timeout: int = _setting(
        60, "how long past its timeout a translation may run until the server ends", unit="seconds"
    )
    drain_timeout: int = _setting(
        22, "longest the server keeps translating after SIGTERM", unit="seconds"
    )
    connections: int = _setting(
        1000, "maximum of open connections; more wait in the kernel", minimum=1
    )
    idle_timeout: int = _setting(
        12, "longest a connection may be silent", unit="seconds", minimum=1
    )
    receive_timeout: int = _setting(
        10, "longest a request may take to arrive", unit="seconds", minimum=1
    )
    send_timeout: int = _setting(
        10, "longest an answer may take to be read", unit="seconds", minimum=1
    )
    max_headers: int = _setting(16 * 1024, "largest request line and headers", unit="bytes")
    max_body: int = _setting(4 * 1024 * 1024, "largest request body", unit="bytes")
    max_buffered: int = _setting(
        64 * 2**20,
        "most of all bodies held at a time, at least one of the largest; more get a 503",
        unit="bytes",
    )
    max_characters: int = _setting(
        100_000, "maximum of characters in a request", unit="code points"
    )
    max_tokens: int = _setting(20_000, "maximum of the model's tokens in a request", unit="tokens")
    max_texts: int = _setting(
        4096, "maximum of texts in a request, of its keep, and of tags that it names"
    )
    max_depth: int = _setting(32, "deepest nesting of a JSON body", unit="levels")
    max_alternatives: int = _setting(3, "maximum of alternatives a caller may ask for")
    max_beam_size: int = _setting(5, "largest beam a caller may ask for")
    log_format: str = _setting(
        "auto",
        "auto, text or json; auto: text on a terminal, else json",
        choices=("auto", "text", "json"),
    )
    log_level: str = _setting(
        "info",
        "debug, info, warning or error",
        choices=("debug", "info", "warning", "error"),
    )
    log_requests: int = _setting(1, "a line in the log for each request; 0: none")
    metrics_namespace: str = _setting(
        "", "CloudWatch namespace of the metrics in log lines; empty: lines have none"
    )
    recase: int = _setting(1, "translate text in CAPITALS as a sentence; 0 leaves it as it is")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises `StartError` for a value that does not read as the setting's type, and for a
        variable that is no setting."""
        known = [name for setting in fields(cls) for name in names(setting)]
        if wrong := unknown_variable("SERVING_", known, environment):
            raise StartError(wrong)
        return cls(
            **{
                setting.name: _parse(setting, name, environment[name])
                for setting in fields(cls)
                for name in reversed(names(setting))
                if environment.get(name)
            }
        )

    @property
    def lanes(self) -> int:
        return self.concurrency or cpus()

    @property
    def places(self) -> int:
        """Requests that are translated or wait."""
        return self.lanes + self.queue

    def execution_parameters(self) -> dict[str, Any]:
        """What SageMaker's batch transform asks for before it chooses its own.

        Nothing that would be refused: no more requests at once than there are places, and
        records put together only up to what a request may have, a byte being one character
        and one token at most. Limits below a megabyte, SageMaker's unit, leave a record each.
        """
        transforms = min(cpus(), self.places)
        megabytes = min(self.max_body, self.max_characters, self.max_tokens) // 2**20
        return {
            "MaxConcurrentTransforms": transforms,
            "BatchStrategy": "MULTI_RECORD" if megabytes else "SINGLE_RECORD",
            "MaxPayloadInMB": max(1, min(megabytes, _MAX_MEGABYTES // transforms)),
        }


def names(setting: Field[Any]) -> list[str]:
    """The environment variables that set it; the first one set wins."""
    also = setting.metadata["also"]
    return [f"SERVING_{setting.name.upper()}", *([also] if also else [])]


def _parse(setting: Field[Any], name: str, value: str) -> Any:
    choices = setting.metadata["choices"]
    if choices and value not in choices:
        raise StartError(
            f"{name}={value!r} is none of {', '.join(choices)}. Correct it or unset it."
        )
    if setting.type is str:
        return value
    try:
        number = int(value)
    except ValueError:
        number = -1
    minimum = setting.metadata["minimum"]
    if number < minimum:
        raise StartError(
            f"{name}={value!r} is not a whole number of at least {minimum}. "
            f"Correct it or unset it (default {setting.default})."
        )
    return number
