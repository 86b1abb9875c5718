"""Counts in a DynamoDB table, which all instances of a function share.

One item a counter and period: `ADD` under a condition is atomic, and the period in the key makes
an item that DynamoDB has not deleted yet (that takes it days) harmless.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from gateway.aws_client import make_client
from gateway.counters import Count, kept_until

TIMEOUT = 1.0  # seconds to connect and to read: who waits for a count waits for a translation
_NAMES = {"#total": "total", "#times": "times"}
_ADD = "SET #kept_until = if_not_exists(#kept_until, :kept_until) ADD #total :amount, #times :one"
_ROOM = "attribute_not_exists(#total) OR #total <= :room"
_GIVE_BACK = "ADD #total :amount, #times :one"


class DynamoDbCounters:
    """Raises what boto3 raises. The table is asked once: what is added twice is wrong."""

    def __init__(self, table: str, clock: Callable[[], float] = time.time):
        self._table = table
        self._clock = clock

    def prepare(self) -> None:
        """Make the client now: boto3 takes its time over it."""
        _ = self._client

    def add(self, name: str, amount: int, seconds: int, limit: int | None = None) -> Count:
        now = self._clock()
        period = int(now // seconds)
        if amount == 0 or (limit is not None and amount > limit):
            total = self._read(name, seconds, period) + amount
        else:
            total = self._add(name, amount, seconds, period, limit)
        return Count(total, max(1, int((period + 1) * seconds - now)), period)

    def give_back(self, name: str, amount: int, seconds: int, period: int) -> None:
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(name, seconds, period),
                UpdateExpression=_GIVE_BACK,
                ConditionExpression="#total >= :least",
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues=_numbers(amount=-amount, one=-1, least=amount),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # the table has forgotten it

    def _add(self, name: str, amount: int, seconds: int, period: int, limit: int | None) -> int:
        values = {"amount": amount, "one": 1, "kept_until": kept_until(seconds, period)}
        condition = {}
        if limit is not None:
            values["room"] = limit - amount
            condition = {"ConditionExpression": _ROOM}
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(name, seconds, period),
                UpdateExpression=_ADD,
                ExpressionAttributeNames={**_NAMES, "#kept_until": "kept_until"},
                ExpressionAttributeValues=_numbers(**values),
                ReturnValues="UPDATED_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **condition,
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            return int(error.response["Item"]["total"]["N"]) + amount
        return int(answer["Attributes"]["total"]["N"])

    def _read(self, name: str, seconds: int, period: int) -> int:
        answer = self._client.get_item(
            TableName=self._table, Key=_key(name, seconds, period), ConsistentRead=True
        )
        return int(answer.get("Item", {}).get("total", {}).get("N", 0))

    @cached_property
    def _client(self) -> Any:
        return make_client("dynamodb", TIMEOUT, TIMEOUT)


def _key(name: str, seconds: int, period: int) -> dict[str, Any]:
    return {"counter": {"S": name}, "period": {"S": f"{seconds}#{period}"}}


def _numbers(**values: int) -> dict[str, Any]:
    return {f":{name}": {"N": str(value)} for name, value in values.items()}
