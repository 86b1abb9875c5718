"""What SageMaker serves under an endpoint's name, whatever Pulumi's state says of it.

SageMaker answers a failed update by keeping the old configuration, and an update goes on without
the `pulumi` that began it. Neither is an error to the provider, which only waits for an endpoint
that answers; hence the program itself looks before anything old is deleted.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pulumi
from botocore.exceptions import BotoCoreError, ClientError

from infra.canary import ask
from infra.errors import EndpointError
from model_folder.canary import Canary

MOVING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}
DIMENSION = "sagemaker:variant:DesiredProvisionedConcurrency"
PAUSE = 5.0  # seconds between two looks at an endpoint that moves
DEADLINE = 2400.0  # seconds; SageMaker itself gives up earlier


@dataclass(frozen=True)
class Sight:
    """One look at the endpoint."""

    status: str
    configuration: str
    modified: datetime | None
    reason: str


def connect(service: str, region: str) -> Any:
    """A client of AWS, with the credentials that the AWS provider finds too."""
    return boto3.Session().client(service, region_name=region)


class LiveEndpoint:
    """`prepare` readies the endpoint for an update, `verify` tells whether it took."""

    def __init__(self, name: str, *, region: str, variant: str) -> None:
        self._name, self._region, self._variant = name, region, variant
        self._sagemaker = connect("sagemaker", region)
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

    def replacement_trigger(self) -> str | None:
        """A value that differs from every earlier one if the endpoint has to be made anew.

        Of an endpoint that failed, SageMaker allows the deletion only. None replaces nothing.
        """
        seen = self.look()
        if seen is None or seen.status == "Failed":
            return datetime.now(UTC).isoformat()
        return None

    async def prepare(self, configuration: str, keep_warm: bool) -> str:
        """Wait for the end of an earlier update, and let go of what forbids the next one.

        Answers `configuration`, the name of what the endpoint is going to be asked to serve.
        """
        if pulumi.runtime.is_dry_run():
            return configuration
        self._asked, self._before = configuration, await self._settle()
        if self._before and not keep_warm:
            await asyncio.to_thread(self._stop_scaling)
        return configuration

    async def verify(self, name: str, canary: Canary | None = None) -> str:
        """Answer `name` once the endpoint serves what it was asked to, and as well as it must.

        Raises EndpointError. A model that fails its canary is taken back first.
        """
        if pulumi.runtime.is_dry_run():
            return name
        seen = await self._settle()
        if seen and self._is_forgotten(seen):
            pulumi.log.info(f"endpoint {name} still serves {seen.configuration}: updating it again")
            await asyncio.to_thread(self._update, self._asked)
            seen = await self._settle()
        if seen is None:
            raise EndpointError(f"endpoint {name} is gone. Run `pulumi up --refresh` to make it.")
        if seen.status != "InService":
            raise EndpointError(
                f"endpoint {name} is {seen.status} ({seen.reason}). Mend the cause, {self._log},"
                f" and run `pulumi up` again, which makes the endpoint anew."
            )
        if seen.configuration != self._asked:
            raise EndpointError(
                f"endpoint {name} went back to {seen.configuration} ({seen.reason}): it serves as"
                f" before, and nothing old was deleted. Mend the cause, {self._log}, and run"
                " `pulumi up` again."
            )
        if canary:
            await self._prove(canary)
        return name

    async def _prove(self, canary: Canary) -> None:
        client = connect("sagemaker-runtime", self._region)
        score = await asyncio.to_thread(ask, client, self._name, canary)
        if score >= canary.floor:
            pulumi.log.info(f"endpoint {self._name} reaches a chrF of {score:.1f}")
            return
        before = self._before
        serves = "it serves all the same, for nothing is there to go back to"
        if before and before.status == "InService" and before.configuration != self._asked:
            await asyncio.to_thread(self._update, before.configuration)
            await self._settle()
            serves = f"it was taken back to {before.configuration}"
        raise EndpointError(
            f"endpoint {self._name} reaches a chrF of {score:.1f}, under the {canary.floor:g} of"
            f" its model's canary: {serves}, and nothing old was deleted. Mend the model, or its"
            " canary, and run `pulumi up` again."
        )

    @property
    def _log(self) -> str:
        return f"told by the log group /aws/sagemaker/Endpoints/{self._name}"

    def _is_forgotten(self, seen: Sight) -> bool:
        """Whether the state says that the endpoint was updated, and hence nobody did it now."""
        untouched = self._before is not None and self._before.modified == seen.modified
        return untouched and seen.status == "InService" and seen.configuration != self._asked

    async def _settle(self) -> Sight | None:
        deadline = time.monotonic() + DEADLINE
        while True:
            seen = await asyncio.to_thread(self.look)
            if seen is None or seen.status not in MOVING:
                return seen
            if time.monotonic() > deadline:
                raise EndpointError(
                    f"endpoint {self._name} is {seen.status} for {DEADLINE / 60:.0f} minutes. Run"
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
                f"endpoint {self._name} cannot be updated ({error}). Mend the cause, and run"
                " `pulumi up` again."
            ) from None

    def _stop_scaling(self) -> None:
        """Let Application Auto Scaling go of the endpoint; Pulumi deletes its record later on."""
        scaling = connect("application-autoscaling", self._region)
        resource = f"endpoint/{self._name}/variant/{self._variant}"
        kind = {"ServiceNamespace": "sagemaker", "ScalableDimension": DIMENSION}
        try:
            found = scaling.describe_scalable_targets(**kind, ResourceIds=[resource])
        except (BotoCoreError, ClientError):
            return  # whoever may not ask has made none
        try:
            if found["ScalableTargets"]:
                scaling.deregister_scalable_target(**kind, ResourceId=resource)
        except (BotoCoreError, ClientError) as error:
            raise EndpointError(
                f"the scaling of endpoint {self._name} cannot be stopped ({error}): stop it, and"
                " run `pulumi up` again."
            ) from None

    def _unknown(self, error: Exception) -> EndpointError:
        return EndpointError(
            f"SageMaker does not tell about endpoint {self._name} ({error}). Check the"
            f" credentials and that {self._region} is a region of yours."
        )
