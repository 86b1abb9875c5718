"""A client of an AWS service, made where it is needed: importing boto3 takes its time."""

from __future__ import annotations

from typing import Any


def make_client(
    service: str, connect_timeout: float, read_timeout: float, attempts: int = 1, at_once: int = 64
) -> Any:
    """A boto3 client: time-outs in seconds, `attempts` in all, and `at_once` connections kept."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=at_once,
        tcp_keepalive=True,
        signature_version="s3v4" if service == "s3" else None,  # of links to what a key encrypts
    )
    return boto3.Session().client(service, config=config)
