"""What a stack may set, read and checked as a whole before any resource is made."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from infra.checks import check_choice, check_distinct, check_pattern, check_range
from infra.errors import SettingsError
from infra.model_settings import INSTANCE, ModelSettings, read_models
from infra.options import check_type, read_declarations, read_options, refuse_unknown

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
_KEY_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,30}[A-Za-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ORIGIN = re.compile(r"\*|https?://[A-Za-z0-9.-]+(?::\d{1,5})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_ZONE = re.compile(r"[A-Z0-9]{10,32}")
_TAG = re.compile(r"[A-Za-z0-9 _.:/=+@-]{1,128}")
_KMS_KEY = r"arn:aws[a-z-]*:kms:{region}:\d{{12}}:key/[A-Za-z0-9-]+"
_CERTIFICATE = r"arn:aws[a-z-]*:acm:{region}:\d{{12}}:certificate/[A-Za-z0-9-]+"
_IMAGE = (
    r"\d{{12}}\.dkr\.ecr\.{region}\.amazonaws\.com(?:\.cn)?"
    r"/[a-z0-9]+(?:[._/-][a-z0-9]+)*@sha256:[0-9a-f]{{64}}"
)
KEY_LIMITS = ("rateLimit", "dailyCharacters")  # what a key may have of its own
NAME_LIMIT = 44  # a bucket's 63, less what we and Pulumi append
ENDPOINT_NAME_LIMIT = 54  # SageMaker's 63, less what Pulumi appends to model and configuration
BATCH_NAME_LIMIT = 48  # a role's 64, less -batch and what Pulumi appends
_WITHOUT_SERVERLESS = ("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")
# What CloudWatch Logs takes, in days.
RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The keys of `Pulumi.yaml` in snake case; `region` is `aws:region`.

    `name` starts every name in AWS: project and stack, such as serverless-translation-dev.
    """

    name: str
    region: str
    models: tuple[ModelSettings, ...]
    blue_green: bool
    image: str
    auth: str
    api_keys: list[str]
    pivot: str
    cors_origins: list[str]
    rate_limit: int
    daily_characters: int
    key_limits: dict[str, dict[str, int]]
    counts_backup: bool
    throttling_rate: int
    throttling_burst: int
    function_memory: int
    reserved_concurrency: int
    log_retention_days: int
    alarm_email: str
    monthly_budget: int
    kms_key: str
    domain_name: str
    certificate_arn: str
    hosted_zone_id: str
    tags: dict[str, str]
    protect: bool
    documents: bool
    batch: bool
    batch_instance_type: str
    batch_instance_count: int

    @property
    def memories(self) -> dict[str, int]:
        """MB of each pair that is served without machines of its own."""
        return {model.pair: model.memory for model in self.models if not model.instances}


def read_settings(
    root: Path,
    name: str,
    region: str | None,
    get: Callable[[str], str | None],
    given: Collection[str] = (),
) -> Settings:
    """The checked settings of the stack `name`, PROJECT-STACK, whose project lies in `root`.

    `get` answers a key's text or None; `given` are the keys that the stack sets.
    Raises SettingsError, one sentence that names the key, the value and the cure.
    """
    declared = read_declarations(root / "Pulumi.yaml")
    refuse_unknown("", given, declared)
    values = {_snake(key): value for key, value in read_options(declared, get).items()}
    values["models"] = read_models(root, values["models"])
    settings = Settings(name=slug(name), region=_region(region), **values)
    for check in (
        _check_name,
        _check_serverless,
        _check_callers,
        _check_limits,
        _check_operations,
        _check_arns,
        _check_domain,
    ):
        check(settings)
    return settings


def _snake(key: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), key)


def slug(name: str) -> str:
    """The name in lower-case letters, digits and hyphens, as AWS takes it."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _check_name(settings: Settings) -> None:
    for text in (settings.name, *(f"{settings.name}-{m.label}" for m in settings.models)):
        pair_limit = BATCH_NAME_LIMIT if settings.batch else ENDPOINT_NAME_LIMIT
        limit = NAME_LIMIT if text == settings.name else pair_limit
        if len(text) > limit:
            raise SettingsError(
                f"{text!r} has {len(text)} characters, and AWS leaves room for {limit}."
                " Give the project or the stack a shorter name."
            )


def _check_serverless(settings: Settings) -> None:
    """As AWS has announced it: wherever SageMaker is, but in its partitions of their own."""
    serverless = [model for model in settings.models if not model.instances]
    if serverless and settings.region.startswith(_WITHOUT_SERVERLESS):
        raise SettingsError(
            f"aws:region is {settings.region!r}, where SageMaker has no Serverless Inference. Set"
            f" it to another, or give the model of {serverless[0].pair} an instance, such as"
            " ml.c7i.large."
        )


def _region(region: str | None) -> str:
    if not region:
        raise SettingsError("aws:region is not set. Run `pulumi config set aws:region eu-west-1`.")
    check_pattern("aws:region", region, _REGION, "Set it to a region's code, such as eu-west-1")
    if region not in _sagemakers_regions():
        raise SettingsError(
            f"aws:region is {region!r}, where boto3 knows no SageMaker. Set it to another, such as"
            " eu-west-1."
        )
    return region


@cache
def _sagemakers_regions() -> set[str]:
    session = boto3.Session()
    partitions = session.get_available_partitions()
    return {r for p in partitions for r in session.get_available_regions("sagemaker", p)}


def _check_callers(settings: Settings) -> None:
    check_choice("auth", settings.auth, ("keys", "none"))
    if settings.auth == "keys" and not settings.api_keys:
        raise SettingsError("apiKeys is []. Name at least one client, or set auth to none.")
    check_distinct("apiKeys", settings.api_keys)
    for i, name in enumerate(settings.api_keys):
        check_pattern(
            f"apiKeys[{i}]", name or " ", _KEY_NAME, "Use 1 to 32 letters, digits, - or _"
        )
    for name, limits in settings.key_limits.items():
        _check_key_limits(settings, name, limits)
    check_distinct("corsOrigins", settings.cors_origins)
    for i, origin in enumerate(settings.cors_origins):
        cure = "Use scheme and host only, such as https://example.com, or *"
        check_pattern(f"corsOrigins[{i}]", origin or " ", _ORIGIN, cure)
    if "*" in settings.cors_origins and len(settings.cors_origins) > 1:
        raise SettingsError(f"corsOrigins is {settings.cors_origins}. Leave * alone or remove it.")
    check_pattern("pivot", settings.pivot, _LANGUAGE, "Use a language code, such as en")


def _check_key_limits(settings: Settings, name: str, limits: Any) -> None:
    where = f"keyLimits.{name}"
    if name not in settings.api_keys:
        raise SettingsError(f"{where} is no key's. Name {name!r} in apiKeys too, or remove it.")
    check_type(where, "object", limits)
    refuse_unknown(f"{where}.", limits, KEY_LIMITS)
    for key, value in limits.items():
        check_range(f"{where}.{key}", check_type(f"{where}.{key}", "integer", value), 0, 10**12)


def _check_limits(settings: Settings) -> None:
    check_range("rateLimit", settings.rate_limit, 0, 1_000_000)
    check_range("dailyCharacters", settings.daily_characters, 0, 10**12)
    check_range("throttlingRate", settings.throttling_rate, 1, 10_000, " requests a second")
    check_range("throttlingBurst", settings.throttling_burst, 1, 5_000, " requests")
    check_range("functionMemory", settings.function_memory, 128, 10_240, " MB")
    check_range("reservedConcurrency", settings.reserved_concurrency, 0, 1_000)
    check_range("batchInstanceCount", settings.batch_instance_count, 1, 100)


def _check_operations(settings: Settings) -> None:
    check_choice("logRetentionDays", settings.log_retention_days, RETENTION)
    check_pattern("alarmEmail", settings.alarm_email, _EMAIL, "Use an e-mail address")
    check_range("monthlyBudget", settings.monthly_budget, 0, 1_000_000, " US dollars")
    if settings.monthly_budget and not settings.alarm_email:
        raise SettingsError(
            f"monthlyBudget is {settings.monthly_budget}, but nobody would be told. Set alarmEmail."
        )
    check_pattern(
        "batchInstanceType", settings.batch_instance_type, INSTANCE, "Use one such as ml.m5.xlarge"
    )
    if len(settings.tags) > 8:  # S3 objects take ten tags; project and stack are ours
        raise SettingsError(f"tags has {len(settings.tags)} entries. Leave at most 8.")
    for key, value in settings.tags.items():
        _check_tag(key, value)


def _check_tag(key: str, value: Any) -> None:
    if not isinstance(value, str) or not _TAG.fullmatch(value) or not _TAG.fullmatch(key):
        cure = "Use 1 to 128 letters, digits, spaces and _.:/=+@-"
        raise SettingsError(f"tags.{key} is {value!r}. {cure}.")
    if key.lower().startswith("aws:") or key in ("project", "stack"):
        raise SettingsError(f"tags.{key} is taken. Use another name.")


def _check_arns(settings: Settings) -> None:
    region = re.escape(settings.region)
    here = f" in {settings.region}"
    for key, value, pattern, words in (
        ("kmsKey", settings.kms_key, _KMS_KEY, "the ARN of a KMS key"),
        ("certificateArn", settings.certificate_arn, _CERTIFICATE, "an ACM certificate's ARN"),
        (
            "image",
            settings.image,
            _IMAGE,
            "ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME@sha256:DIGEST",
        ),
    ):
        check_pattern(key, value, re.compile(pattern.format(region=region)), f"Use {words}{here}")


def _check_domain(settings: Settings) -> None:
    check_pattern("domainName", settings.domain_name, _DOMAIN, "Use one such as api.example.com")
    check_pattern("hostedZoneId", settings.hosted_zone_id, _ZONE, "Use the zone's id, Z0123...")
    if settings.domain_name and not settings.certificate_arn:
        raise SettingsError(
            f"domainName is {settings.domain_name!r}, but certificateArn is empty. Set it too."
        )
    if not settings.domain_name and (settings.certificate_arn or settings.hosted_zone_id):
        key = "certificateArn" if settings.certificate_arn else "hostedZoneId"
        raise SettingsError(f"{key} is set, but domainName is empty. Set it too, or remove {key}.")
