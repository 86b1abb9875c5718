"""The gateway function: what answers every request to the API."""

import asyncio
from collections.abc import Sequence

import pulumi

from infra.function_code import HANDLER
from infra.lambda_function import Gateway, make_function
from infra.timeouts import FUNCTION_TIMEOUT

DRAIN = FUNCTION_TIMEOUT  # seconds for which a function that was told to ask another may ask on


class GatewayFunction(pulumi.ComponentResource):
    """`function` may invoke exactly the endpoints it uses, count in its table, keep glossaries
    below a prefix of a bucket, take documents in and give them out, write its own log, and send
    traces.

    What it has begun to ask of an endpoint that another one replaces, it may ask to the end.
    """

    def __init__(
        self,
        name: str,
        *,
        gateway: Gateway,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("serverless-translation:index:GatewayFunction", name, None, opts)
        self.function = make_function(
            name,
            gateway=gateway,
            handler=HANDLER,
            memory=gateway.settings.function_memory,
            timeout=FUNCTION_TIMEOUT,
            reserved=gateway.settings.reserved_concurrency,
            rights=[
                *gateway.uses.glossaries.rights,
                *(gateway.uses.documents.rights if gateway.uses.documents else []),
            ],
            parent=self,
        )
        replaced = [endpoint.replaces for endpoint in gateway.uses.endpoints]
        self.drained: pulumi.Output[bool] = pulumi.Output.all(self.function.arn, *replaced).apply(
            lambda all_: _drain(all_[1:])
        )
        self.register_outputs({"name": self.function.name})


async def _drain(replaced: Sequence[bool]) -> bool:
    """Wait, before Pulumi deletes endpoints, for as long as an old function may ask them."""
    needed = any(replaced) and not pulumi.runtime.is_dry_run()
    if needed:
        await asyncio.sleep(DRAIN)
    return needed
