"""How many CPUs this process may really use."""

import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_QUOTA_V1 = Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")
_PERIOD_V1 = Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us")


def cpus() -> int:
    """The lesser of the CPU affinity and the cgroup's quota, at least 1."""
    return max(1, min(len(os.sched_getaffinity(0)), _quota()))


def _quota() -> int:
    """Whole CPUs of cgroup v2's ``cpu.max`` or v1's quota; many where neither is set."""
    if _QUOTA.is_file():
        quota, period = _QUOTA.read_text().split()
    elif _QUOTA_V1.is_file():
        quota, period = _QUOTA_V1.read_text(), _PERIOD_V1.read_text()
    else:
        return os.cpu_count() or 1
    unlimited = quota == "max" or int(quota) <= 0
    return (os.cpu_count() or 1) if unlimited else int(quota) // int(period)
