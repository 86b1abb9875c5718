"""What the endpoint of a pair is called, now and before."""

import re
from dataclasses import dataclass

SUFFIX = 7  # letters that Pulumi makes up after a name and a hyphen


@dataclass(frozen=True)
class Naming:
    """`base` is of the stack and the pair, such as translation-dev-en-de."""

    base: str
    blue_green: bool
    on_machines: bool

    @property
    def fixed(self) -> str:
        """The name, unless the endpoint has that of its configuration, made up by Pulumi: "".

        SageMaker cannot turn a serverless endpoint into one on machines: they differ by name.
        """
        own = f"{self.base}-instance" if self.on_machines else self.base
        return "" if self.blue_green else own

    @property
    def pattern(self) -> str:
        """The name as IAM's policies match it."""
        return self.fixed or f"{self.base}-{'?' * SUFFIX}"

    @property
    def patterns(self) -> tuple[str, ...]:
        """`pattern`, and that of the name in ARNs: SageMaker has capitals as small letters there.

        IAM compares with the ARN, letter by letter: en_pt-BR would be forbidden.
        """
        return tuple(dict.fromkeys((self.pattern, self.pattern.lower())))

    def has_named(self, endpoint: str) -> bool:
        """Whether an endpoint of this pair may be called so, by any setting."""
        ending = rf"(-instance|-[0-9a-f]{{{SUFFIX}}})?"
        return re.fullmatch(re.escape(self.base) + ending, endpoint) is not None
