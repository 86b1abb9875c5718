"""What SageMaker does with a batch transform job, over moto's state and the real server.

moto keeps jobs and calls them completed at once. Here a job starts in progress;
`Replay.run` then does its data plane as the developer guide describes it: each
file cut at line ends into payloads of up to MaxPayloadInMB, several under way,
the answers assembled in order, an object ``NAME.out`` for each file.
"""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.running import Reply, fetch

TEXT = {"Content-Type": "text/plain", "Accept": "text/plain"}


def payloads(data: bytes, most: int) -> Iterator[bytes]:
    """BatchStrategy MultiRecord, SplitType Line: as many whole lines as fit."""
    payload = b""
    for line in io.BytesIO(data):
        if payload and len(payload) + len(line) > most:
            yield payload
            payload = b""
        payload += line
    if payload:
        yield payload


def assemble(parts: list[bytes]) -> bytes:
    """AssembleWith Line: each part ends its line."""
    return b"".join(part if part.endswith(b"\n") else part + b"\n" for part in parts)


def transform(data: bytes, url: str, most: int, concurrent: int) -> bytes:
    """One input object's output. Raises AssertionError if the server refuses a payload."""
    with ThreadPoolExecutor(concurrent) as pool:
        replies = list(pool.map(lambda body: post(url, body), payloads(data, most)))
    refused = [reply.body for reply in replies if reply.status != 200]
    assert not refused, refused[0]
    return assemble([reply.body for reply in replies])


def post(url: str, body: bytes) -> Reply:
    """With the hour that the job's request gives a payload."""
    return fetch(f"{url}/invocations", body, TEXT, timeout=3600)


class Replay:
    """The jobs of moto's SageMaker in ``region``, done by the server at ``url``."""

    def __init__(self, jobs: dict[str, Any], s3: Any, url: str) -> None:
        self.jobs, self.s3, self.url = jobs, s3, url

    def run(self, job: Any) -> None:
        given, wanted = job.transform_input["DataSource"]["S3DataSource"], job.transform_output
        for bucket, name, data in self._objects(given["S3Uri"]):
            out = transform(data, self.url, job.max_payload_in_mb * 2**20, 2)
            folder, key = split(wanted["S3OutputPath"])
            assert folder == bucket
            self.s3.put_object(Bucket=bucket, Key=f"{key}{name}.out", Body=out)
        job.transform_job_status = "Completed"

    def _objects(self, uri: str) -> Iterator[tuple[str, str, bytes]]:
        bucket, prefix = split(uri)
        for item in self.s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]:
            if item["Key"].endswith("/"):
                continue
            body = self.s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
            yield bucket, item["Key"].removeprefix(prefix), body


def split(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
