"""The settings of the stack that Pulumi is running."""

from pathlib import Path

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from infra.function_settings import check_environment
from infra.settings import Settings, read_settings


def read_stack(root: Path) -> Settings:
    """Read and check what this stack sets, before any resource is made. Raises SettingsError."""
    project = pulumi.get_project()
    name = f"{project}-{pulumi.get_stack()}"
    region = pulumi.Config("aws").get("region")
    settings = read_settings(root, name, region, pulumi.Config().get, _given(project))
    check_environment(settings)
    for model in settings.models:
        if model.built and not model.built.files:
            pulumi.log.warn(
                f"the model of {model.pair} is an empty folder: only a handler that needs no model"
                " can serve it"
            )
    if settings.auth == "none":
        pulumi.log.warn("auth is none: whoever knows the address can translate, at your cost")
    return settings


def _given(project: str) -> list[str]:
    """The project's keys that the stack sets. `pulumi.Config` answers only for a known key."""
    prefix = f"{project}:"
    keys = {*CONFIG.get(), *get_config_env()}
    return [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]
