"""What each key of a deployed stack has used, from the table that the stack counts in."""

import csv
import io
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from client.aws import aws_failures
from client.errors import UsageError

_DAY = 86_400  # seconds
_PREFIX = f"{_DAY}#"  # before the number of a day, in the table's key


class Used(NamedTuple):
    """By one key on one day, in UTC."""

    day: str
    key: str
    requests: int
    characters: int


def read_usage(dynamodb: Any, table: str, keys: Iterable[str], days: int) -> list[Used]:
    """The last ``days`` days, today included; a day without a request is left out."""
    today = int(time.time()) // _DAY
    return sorted(
        used for key in keys for used in _of_key(dynamodb, table, key, today - days + 1, today)
    )


def _of_key(dynamodb: Any, table: str, key: str, first: int, last: int) -> Iterator[Used]:
    names = {"#counter": "counter", "#period": "period"}
    values = {
        ":counter": {"S": f"characters:{key}"},
        ":first": {"S": f"{_PREFIX}{first}"},
        ":last": {"S": f"{_PREFIX}{last}"},
    }
    with aws_failures():
        pages = dynamodb.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="#counter = :counter AND #period BETWEEN :first AND :last",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
        for page in pages:
            yield from (_used(key, item) for item in page["Items"])


def _used(key: str, item: dict[str, Any]) -> Used:
    number = int(item["period"]["S"].removeprefix(_PREFIX))
    day = time.strftime("%Y-%m-%d", time.gmtime(number * _DAY))
    return Used(day, key, int(item["times"]["N"]), int(item["total"]["N"]))


def as_csv(usage: Iterable[Used]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(Used._fields)
    writer.writerows(usage)
    return file.getvalue()


def as_table(usage: Iterable[Used], keys: Iterable[str]) -> str:
    """A line a key, of all days together, and one of all keys."""
    sums = {key: [0, 0] for key in sorted(keys)}
    for used in usage:
        sums[used.key][0] += used.requests
        sums[used.key][1] += used.characters
    rows = [("key", "requests", "characters")]
    rows += [(key, str(requests), str(characters)) for key, (requests, characters) in sums.items()]
    if len(sums) > 1:
        requests, characters = (sum(column) for column in zip(*sums.values(), strict=True))
        rows.append(("all", str(requests), str(characters)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(
        f"{key:<{widths[0]}}  {requests:>{widths[1]}}  {characters:>{widths[2]}}\n"
        for key, requests, characters in rows
    )


def check_days(days: int) -> int:
    """A table forgets what is older."""
    if not 1 <= days <= 400:
        raise UsageError(f"--days is {days}. Set it to 1 to 400.")
    return days
