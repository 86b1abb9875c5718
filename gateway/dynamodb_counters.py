"""Counts in a DynamoDB table, which all instances of a function share.

One item a counter and period: `ADD` under a condition is atomic, and the period in the key makes
an item that DynamoDB has not deleted yet (that takes it days) harmless.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from gateway.aws_http import AwsError, AwsHttp
from gateway.counters import Count, kept_until

TIMEOUT = 1.0  # seconds to connect and to read: who waits for a count waits for a translation
_NAMES = {"#total": "total", "#times": "times"}
_ADD = "SET #kept_until = if_not_exists(#kept_until, :kept_until) ADD #total :amount, #times :one"
_ROOM = "attribute_not_exists(#total) OR #total <= :room"
_UNMET = "ConditionalCheckFailedException"
_GIVE_BACK = "ADD #total :amount, #times :one"


class DynamoDbCounters:
    """Raises AwsError and Unreachable. The table is asked once: what is added twice is wrong."""

    def __init__(self, table: str, clock: Callable[[], float] = time.time):
        self._table = table
        self._clock = clock

    def prepare(self) -> None:
        """Load now what takes its time."""
        _ = self._http

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
            self._call(
                "UpdateItem",
                Key=_key(name, seconds, period),
                UpdateExpression=_GIVE_BACK,
                ConditionExpression="#total >= :least",
                ExpressionAttributeNames=_NAMES,
                ExpressionAttributeValues=_numbers(amount=-amount, one=-1, least=amount),
            )
        except AwsError as error:
            if error.code != _UNMET:  # else the table has forgotten it
                raise

    def _add(self, name: str, amount: int, seconds: int, period: int, limit: int | None) -> int:
        values = {"amount": amount, "one": 1, "kept_until": kept_until(seconds, period)}
        condition = {}
        if limit is not None:
            values["room"] = limit - amount
            condition = {"ConditionExpression": _ROOM}
        try:
            answer = self._call(
                "UpdateItem",
                Key=_key(name, seconds, period),
                UpdateExpression=_ADD,
                ExpressionAttributeNames={**_NAMES, "#kept_until": "kept_until"},
                ExpressionAttributeValues=_numbers(**values),
                ReturnValues="UPDATED_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **condition,
            )
        except AwsError as error:
            if error.code != _UNMET:
                raise
            return int(error.document["Item"]["total"]["N"]) + amount
        return int(answer["Attributes"]["total"]["N"])

    def _read(self, name: str, seconds: int, period: int) -> int:
        answer = self._call("GetItem", Key=_key(name, seconds, period), ConsistentRead=True)
        return int(answer.get("Item", {}).get("total", {}).get("N", 0))

    def _call(self, operation: str, **fields: Any) -> Any:
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        }
        body = json.dumps({"TableName": self._table, **fields}).encode()
        return json.loads(self._http.post("/", body, headers).body)

    @cached_property
    def _http(self) -> AwsHttp:
        return AwsHttp("dynamodb", "dynamodb", "dynamodb", TIMEOUT, TIMEOUT)


def _key(name: str, seconds: int, period: int) -> dict[str, Any]:
    return {"counter": {"S": name}, "period": {"S": f"{seconds}#{period}"}}


def _numbers(**values: int) -> dict[str, Any]:
    return {f":{name}": {"N": str(value)} for name, value in values.items()}
