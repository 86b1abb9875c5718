"""The commands of docs/deploy.md, as a newcomer types them."""

import re
import shlex

import pytest

from tests.running import ROOT

DEPLOY = ROOT / "docs" / "deploy.md"
NOT_HERE = ("pulumi install",)  # Pulumi's own host makes the virtual environment


def commands(heading):
    """The `pulumi` and `cp` commands of the block below a heading of the page."""
    text = DEPLOY.read_text("utf-8").split(f"## {heading}\n", 1)[1]
    lines = text.split("```sh\n", 1)[1].split("```", 1)[0].splitlines()
    return [line for line in lines if line.startswith(("pulumi", "cp")) and line not in NOT_HERE]


@pytest.fixture(scope="module")
def checkout(desk):
    return desk.checkout("newcomer")


@pytest.fixture(scope="module")
def shipped(checkout):
    return contents(checkout.folder)


def contents(folder):
    left_out = {".venv", ".cache", "__pycache__"}
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not left_out & set(path.relative_to(folder).parts)
    }


def follow(checkout, heading):
    for command in commands(heading):
        program, *arguments = shlex.split(command)
        if program == "cp":
            source, target = arguments
            (checkout.folder / target).write_bytes((checkout.folder / source).read_bytes())
        else:
            yes = ["--yes"] if arguments[0] in ("up", "destroy") or "rm" in arguments else []
            checkout.run(*arguments, *yes)


def test_the_first_stack_serves(checkout, shipped, cloud):
    follow(checkout, "The first stack")
    outputs = checkout.outputs()
    (name,) = outputs["endpoints"].values()
    assert cloud.endpoint(name)["EndpointStatus"] == "InService"
    assert set(outputs["apiKeys"]) == {"default"}


def test_nothing_that_is_shipped_was_changed(checkout, shipped):
    now = contents(checkout.folder)
    assert {name: now[name] for name in shipped} == shipped
    assert [name.as_posix() for name in now.keys() - shipped.keys()] == ["Pulumi.dev.yaml"]


def test_what_is_removed_is_the_teams_own(checkout, shipped, cloud):
    follow(checkout, "Remove it all")
    assert cloud.names("serverless-translation-dev") == []
    assert contents(checkout.folder) == shipped


def test_the_example_is_a_stack_in_production(checkout, shipped):
    (copy, init, up) = commands("Production")
    assert (copy.split()[0], up) == ("cp", "pulumi up")
    _, source, target = copy.split()
    (checkout.folder / target).write_bytes((checkout.folder / source).read_bytes())
    checkout.run(*shlex.split(init)[1:])
    said = checkout.run("preview", "--diff", "--stack", "prod")
    assert re.search(r"memorySizeInMb *: 3072", said.text)
    now = contents(checkout.folder)
    assert {name: now[name] for name in shipped} == shipped
