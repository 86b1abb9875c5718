"""A folder in S3 into another, by a batch transform job on the deployed model."""

import math
import time
from contextlib import closing
from typing import Any

from client.errors import Interrupted, ServiceFailed, UsageError
from client.progress import Bar, note, show_progress
from client.s3_folder import S3Object
from client.transform_job import Plan, TransformJobs, check_finished

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_RUNNING = ("InProgress", "Stopping")


class S3Batch:
    """Starts the job, or finds the one that does the same work; watches it; reports."""

    def __init__(self, plan: Plan, sagemaker: Any, s3: Any) -> None:
        self.plan, self._s3 = plan, s3
        self.objects = plan.source.objects(s3)
        if not self.objects:
            raise UsageError(f"{plan.source.uri} holds no file to translate.")
        self._jobs = TransformJobs(sagemaker, plan.stem(self.objects))

    def run(self, price: float | None) -> None:
        """Raises `ServiceFailed` if the job, or one of its outputs, is missing at the end."""
        try:
            job = self._watch(self._find() or self._start())
        except KeyboardInterrupt as error:
            raise Interrupted(
                "Interrupted. A job that was started goes on in AWS, and the same command "
                "watches it."
            ) from error
        check_finished(job)
        self._check_outputs(job)
        note(self._report(job, price))

    def _find(self) -> dict[str, Any] | None:
        job = self._jobs.latest()
        if job and job["TransformJobStatus"] in _RUNNING:
            note(f"Job {job['TransformJobName']} is at work on these inputs; watching it.")
            return job
        if job and job["TransformJobStatus"] == "Completed" and not self._missing(job):
            note(f"Job {job['TransformJobName']} has done these inputs; nothing is billed again.")
            return job
        return None

    def _start(self) -> dict[str, Any]:
        job = self._jobs.create(self.plan)
        note(
            f"Job {job['TransformJobName']}: {len(self.objects)} files on "
            f"{self.plan.instance_count} × {self.plan.instance_type}."
        )
        return job

    def _watch(self, job: dict[str, Any]) -> dict[str, Any]:
        """SageMaker tells no progress; each file's output appears when the file is done."""
        shown, pause = 0, _FIRST_PAUSE
        with closing(show_progress(len(self.objects), job["TransformJobName"], "file")) as bar:
            while job["TransformJobStatus"] in _RUNNING:
                time.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
                job = self._jobs.describe(job["TransformJobName"])
                shown = self._advance(bar, shown, job)
        return job

    def _advance(self, bar: Bar, shown: int, job: dict[str, Any]) -> int:
        done = len(self.objects) - len(self._missing(job))
        bar.update(done - shown)
        return done

    def _missing(self, job: dict[str, Any]) -> list[S3Object]:
        """Inputs without an output of this job."""
        since = job["CreationTime"].replace(microsecond=0)
        written = {
            item.name for item in self.plan.output.objects(self._s3) if item.modified >= since
        }
        return [item for item in self.objects if f"{item.name}.out" not in written]

    def _check_outputs(self, job: dict[str, Any]) -> None:
        if missing := self._missing(job):
            raise ServiceFailed(
                f"Job {job['TransformJobName']} completed, but {len(missing)} of "
                f"{len(self.objects)} outputs are missing, the first {missing[0].name}.out. "
                "Run the command again."
            )

    def _report(self, job: dict[str, Any], price: float | None) -> str:
        seconds = (job["TransformEndTime"] - job["TransformStartTime"]).total_seconds()
        count = int(job["TransformResources"]["InstanceCount"])
        hours = count * math.ceil(seconds) / 3600
        size = sum(item.size for item in self.objects)
        kind = job["TransformResources"]["InstanceType"]
        cost = f", about ${hours * price:.2f}" if price is not None else ""
        return (
            f"{len(self.objects)} files, {size} bytes, in {self.plan.output.uri}; "
            f"{count} × {kind} for {math.ceil(seconds)} s = {hours:.4f} instance hours{cost}."
        )
