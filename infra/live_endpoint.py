"""What SageMaker serves under an endpoint's name, whatever Pulumi's state says of it.

SageMaker answers a failed update by keeping the old configuration, and an update goes on without
the `pulumi` that began it. Neither is an error to the provider, which only waits for an endpoint
that answers; hence the program itself looks before anything old is deleted.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime

import pulumi
from botocore.exceptions import BotoCoreError, ClientError

from infra import clients
from infra.canary import ask
from infra.errors import EndpointError, saying_no_more
from infra.naming import Naming
from model_folder.canary import Canary

MOVING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}
PAUSE = 5.0  # seconds between two looks at an endpoint that moves
DEADLINE = 2400.0  # seconds; SageMaker itself gives up earlier


@dataclass(frozen=True)
class Sight:
    """One look at the endpoint."""

    status: str
    configuration: str
    modified: datetime | None
    reason: str


class LiveEndpoint:
    """`prepare` readies the endpoint for an update, `verify` tells whether it took.

    `dimension` is what Application Auto Scaling counts of it. `replaces` tells, once it is
    prepared, whether an endpoint of another name has served its pair till now.
    """

    def __init__(self, naming: Naming, *, region: str, variant: str, dimension: str) -> None:
        self._naming, self._name, self._region = naming, naming.fixed, region
        self.replaces = False
        self._variant, self._dimension = variant, dimension
        self._sagemaker = clients.connect("sagemaker", region)
        self._asked = ""
        self._before: Sight | None = None

    def look(self) -> Sight | None:
        """Ask SageMaker; None if there is no such endpoint."""
        try:
            found = self._sagemaker.describe_endpoint(EndpointName=self._name)
        except ClientError as error:
            if "Could not find" in str(error):
                return None
            raise self._unknown(error) from None
        except BotoCoreError as error:
            raise self._unknown(error) from None
        return Sight(
            found["EndpointStatus"],
            found["EndpointConfigName"],
            found.get("LastModifiedTime"),
            found.get("FailureReason", "no reason given"),
        )

    def replacement(self) -> pulumi.ResourceOptions:
        """How it is replaced: the old one goes first where its name is taken, and last otherwise.

        Of an endpoint that failed, SageMaker allows the deletion only: it is replaced by a trigger
        that differs from every earlier one.
        """
        with saying_no_more():
            seen = self.look() if self._name else None
        again = bool(self._name) and (seen is None or seen.status == "Failed")
        return pulumi.ResourceOptions(
            delete_before_replace=seen is not None,
            replacement_trigger=datetime.now(UTC).isoformat() if again else None,
            hooks=pulumi.ResourceHookBinding(before_create=[self._clear_the_way]),
        )

    async def _clear_the_way(self, hook: pulumi.ResourceHookArgs) -> None:
        """Delete what an `up` that was killed had begun to make, and Pulumi knows nothing of.

        It has the configuration of this stack; whatever else has the name is somebody's own.
        """
        asked = hook.new_inputs or {}
        with saying_no_more():
            seen = await asyncio.to_thread(self.look)
            if seen and seen.configuration == asked.get("endpointConfigName"):
                pulumi.log.info(f"Endpoint {self._name} was left by an interrupted update")
                await self._delete()

    async def prepare(self, configuration: str, keep_scaling: bool) -> str:
        """Wait for the end of an earlier update, and let go of what forbids the next one.

        Answers `configuration`, the name of what the endpoint is going to be asked to serve.
        """
        self._name = self._name or configuration
        if pulumi.runtime.is_dry_run():
            return configuration
        with saying_no_more():
            self._asked, self._before = configuration, await self._settle()
            self.replaces = await asyncio.to_thread(self._has_predecessor)
            if self._before and not keep_scaling:
                await asyncio.to_thread(self._stop_scaling)
        return configuration

    async def verify(self, name: str, canary: Canary | None = None) -> str:
        """Answer `name` once the endpoint serves what it was asked to, and as well as it must.

        Raises EndpointError. A model that fails its canary is taken back first.
        """
        if not pulumi.runtime.is_dry_run():
            with saying_no_more():
                self._check(await self._settle_again())
                if canary:
                    await self._prove(canary)
        return name

    async def _settle_again(self) -> Sight | None:
        """Do what the state believes to be done: nobody else has touched the endpoint."""
        seen = await self._settle()
        if seen is None or self._before is None or self._before.modified != seen.modified:
            return seen
        if seen.status == "Failed":
            pulumi.log.info(f"Endpoint {self._name} failed ({seen.reason}): making it anew")
            await self._make_anew()
        elif seen.status == "InService" and seen.configuration != self._asked:
            pulumi.log.info(
                f"Endpoint {self._name} still serves {seen.configuration}: updating it again"
            )
            await asyncio.to_thread(self._update, self._asked)
        return await self._settle()

    def _check(self, seen: Sight | None) -> None:
        name = self._name
        if seen is None:
            raise EndpointError(f"Endpoint {name} is gone. Run `pulumi up --refresh` to make it.")
        if seen.status != "InService":
            raise EndpointError(
                f"Endpoint {name} is {seen.status} ({seen.reason}). Mend the cause, {self._log},"
                f" and run `pulumi up` again, which makes the endpoint anew."
            )
        if seen.configuration != self._asked:
            raise EndpointError(
                f"Endpoint {name} went back to {seen.configuration} ({seen.reason}): it serves as"
                f" before, and nothing old was deleted. Mend the cause, {self._log}, and run"
                " `pulumi up` again."
            )

    async def _prove(self, canary: Canary) -> None:
        client = clients.connect("sagemaker-runtime", self._region)
        score = await asyncio.to_thread(ask, client, self._name, canary)
        if score >= canary.floor:
            pulumi.log.info(f"Endpoint {self._name} reaches a chrF of {score:.1f}")
            return
        before = self._before
        serves = "it serves all the same, for nothing is there to go back to"
        if self.replaces:
            serves = "nobody is sent to it"
        elif before and before.status == "InService" and before.configuration != self._asked:
            await asyncio.to_thread(self._update, before.configuration)
            await self._settle()
            serves = f"it was taken back to {before.configuration}"
        raise EndpointError(
            f"Endpoint {self._name} reaches a chrF of {score:.1f}, under the {canary.floor:g} of"
            f" its model's canary: {serves}, and nothing old was deleted. Mend the model, or its"
            " canary, and run `pulumi up` again."
        )

    @property
    def _log(self) -> str:
        return f"told by the log group /aws/sagemaker/Endpoints/{self._name}"

    async def _settle(self) -> Sight | None:
        deadline = time.monotonic() + DEADLINE
        while True:
            seen = await asyncio.to_thread(self.look)
            if seen is None or seen.status not in MOVING:
                return seen
            if time.monotonic() > deadline:
                raise EndpointError(
                    f"Endpoint {self._name} is {seen.status} for {DEADLINE / 60:.0f} minutes. Run"
                    " `pulumi up` again once it has ended."
                )
            await asyncio.sleep(PAUSE)

    def _update(self, configuration: str) -> None:
        try:
            self._sagemaker.update_endpoint(
                EndpointName=self._name, EndpointConfigName=configuration
            )
        except (BotoCoreError, ClientError) as error:
            raise EndpointError(
                f"Endpoint {self._name} cannot be updated ({error}). Mend the cause, and run"
                " `pulumi up` again."
            ) from None

    def _has_predecessor(self) -> bool:
        pages = self._sagemaker.get_paginator("list_endpoints")
        try:
            listed = [
                endpoint["EndpointName"]
                for page in pages.paginate(NameContains=self._naming.base)
                for endpoint in page["Endpoints"]
            ]
        except (BotoCoreError, ClientError) as error:
            raise self._unknown(error) from None
        return any(self._naming.has_named(name) for name in listed if name != self._name)

    async def _make_anew(self) -> None:
        sagemaker = self._sagemaker
        try:
            arn = sagemaker.describe_endpoint(EndpointName=self._name)["EndpointArn"]
            tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
            await self._delete()
            sagemaker.create_endpoint(
                EndpointName=self._name, EndpointConfigName=self._asked, Tags=tags
            )
        except (BotoCoreError, ClientError) as error:
            raise EndpointError(
                f"Endpoint {self._name} cannot be made anew ({error}). Mend the cause, and run"
                " `pulumi up` again."
            ) from None

    async def _delete(self) -> None:
        """Delete it, and wait until its name is free."""
        await asyncio.to_thread(self._sagemaker.delete_endpoint, EndpointName=self._name)
        await self._settle()

    def _stop_scaling(self) -> None:
        """Let Application Auto Scaling go of the endpoint; Pulumi deletes its record later on."""
        scaling = clients.connect("application-autoscaling", self._region)
        resource = f"endpoint/{self._name}/variant/{self._variant}"
        kind = {"ServiceNamespace": "sagemaker", "ScalableDimension": self._dimension}
        try:
            found = scaling.describe_scalable_targets(**kind, ResourceIds=[resource])
        except (BotoCoreError, ClientError):
            return  # whoever may not ask has made none
        try:
            if found["ScalableTargets"]:
                scaling.deregister_scalable_target(**kind, ResourceId=resource)
        except (BotoCoreError, ClientError) as error:
            raise EndpointError(
                f"The scaling of endpoint {self._name} cannot be stopped ({error}). Stop it, and"
                " run `pulumi up` again."
            ) from None

    def _unknown(self, error: Exception) -> EndpointError:
        return EndpointError(
            f"SageMaker does not tell about endpoint {self._name} ({error}). Check the"
            f" credentials and that {self._region} is a region of yours."
        )
