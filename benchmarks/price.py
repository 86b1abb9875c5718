"""What a million characters cost on a serverless endpoint, from a measured speed."""

GB_SECOND = 0.00002
"""Dollars, as published for us-east-1 in 2023."""

MB_PER_CPU = 1769
"""Memory that comes with one vCPU: Lambda's figure; SageMaker publishes none."""


def dollars(gigabytes: int, characters_per_cpu_s: float) -> float:
    """For 10^6 characters, while the endpoint does nothing but translate."""
    cpus = gigabytes * 1024 / MB_PER_CPU
    return gigabytes * GB_SECOND * 1e6 / (characters_per_cpu_s * cpus)
