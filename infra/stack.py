"""The settings of the stack that Pulumi is running."""

from collections.abc import Collection
from pathlib import Path

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from infra.errors import SettingsError
from infra.function_settings import check_environment
from infra.options import read_declarations
from infra.quota import check_quota
from infra.settings import Settings, read_settings, slug

_NOT_PROJECTS = (
    "aws",
    "docker-build",
    "pulumi",
    "random",
)  # namespaces of settings that are not ours


def read_stack(root: Path) -> Settings:
    """Read and check what this stack sets, before any resource is made. Raises SettingsError."""
    project = pulumi.get_project()
    _check_stack(pulumi.get_stack())
    _refuse_other_projects(project, read_declarations(root / "Pulumi.yaml"))
    name = f"{project}-{pulumi.get_stack()}"
    region = pulumi.Config("aws").get("region")
    settings = read_settings(root, name, region, pulumi.Config().get, _given(project))
    check_environment(settings)
    check_quota(settings)
    for model in settings.models:
        if model.built and not model.built.files:
            pulumi.log.warn(
                f"the model of {model.pair} is an empty folder: only a handler that needs no model"
                " can serve it"
            )
    if settings.auth == "none":
        pulumi.log.warn("auth is none: whoever knows the address can translate, at your cost")
    return settings


def _check_stack(stack: str) -> None:
    """Stacks that differ in case or punctuation only would take each other's names in AWS."""
    name = slug(stack)
    if stack != name:
        raise SettingsError(
            f"The stack is named {stack!r}, which AWS does not tell from {name!r}. Run"
            f" `pulumi stack rename {name}`."
        )


def _refuse_other_projects(project: str, declared: Collection[str]) -> None:
    """Settings of this program under another project's name would pass in silence."""
    for key in sorted(_keys()):
        other, _, name = key.partition(":")
        if other not in (project, *_NOT_PROJECTS) and name in declared:
            raise SettingsError(
                f"{key} is a setting of the project {other!r}, and this project is"
                f" {project!r}. Name it {name} in the stack's file, without a prefix."
            )


def _given(project: str) -> list[str]:
    """The project's keys that the stack sets. `pulumi.Config` answers only for a known key."""
    prefix = f"{project}:"
    return [key.removeprefix(prefix) for key in _keys() if key.startswith(prefix)]


def _keys() -> set[str]:
    return {*CONFIG.get(), *get_config_env()}
