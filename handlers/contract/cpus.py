"""How many CPUs this process may really use."""

import os
from pathlib import Path

_QUOTA = "cpu.max"
_QUOTA_V1, _PERIOD_V1 = "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"


def cpus(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """The lesser of the CPU affinity and the cgroup's quota in whole CPUs, at least 1.

    ``cgroup``: where the control groups are mounted. A container sees its own
    there (cgroup v2: ``cpu.max``; v1: ``cpu/cpu.cfs_quota_us`` and its period).
    """
    allowed = len(os.sched_getaffinity(0))
    quota = _quota(cgroup)
    return max(1, allowed if quota is None else min(allowed, quota))


def _quota(cgroup: Path) -> int | None:
    """None where there is none."""
    if (cgroup / _QUOTA).is_file():
        quota, period = (cgroup / _QUOTA).read_text().split()
    elif (cgroup / _QUOTA_V1).is_file() and (cgroup / _PERIOD_V1).is_file():
        quota, period = (cgroup / _QUOTA_V1).read_text(), (cgroup / _PERIOD_V1).read_text()
    else:
        return None
    return None if quota == "max" or int(quota) <= 0 else int(quota) // int(period)
