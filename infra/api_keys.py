"""The keys of the public API: made by the stack, shown to its owner, known by hash elsewhere."""

import hashlib
from typing import Any

import pulumi
import pulumi_random as random

from infra.settings import Settings

BYTES = 32  # 256 bits: cannot be guessed


class ApiKeys(pulumi.ComponentResource):
    """`keys` maps each client to NAME.SECRET, a secret output; `hashes` to that text's SHA-256."""

    def __init__(self, name: str, *, settings: Settings, opts: pulumi.ResourceOptions) -> None:
        super().__init__("serverless-translation:index:ApiKeys", name, None, opts)
        # Never protected: a key that leaked has to go at once, and a new one is easily made.
        secret = pulumi.ResourceOptions(parent=self, additional_secret_outputs=["base64", "hex"])
        keys: dict[str, Any] = {}  # outputs; from_input is typed for plain values only
        for client in sorted(settings.api_keys) if settings.auth == "keys" else ():
            made = random.RandomBytes(f"{name}-{client}", length=BYTES, opts=secret)
            keys[client] = pulumi.Output.secret(pulumi.Output.concat(client, ".", made.hex))
        self.keys: pulumi.Output[dict[str, str]] = pulumi.Output.from_input(keys)
        self.hashes = {client: key.apply(hash_key) for client, key in keys.items()}
        self.register_outputs({})


def hash_key(key: str) -> str:
    """Hexadecimal SHA-256 of the whole key."""
    return hashlib.sha256(key.encode()).hexdigest()
