"""docs/deploy.md, line by line; a project of one's own; and the mistakes one makes."""

import re
import subprocess

import pytest
import yaml

from tests.docs.blocks import blocks
from tests.infra.program import PROJECT
from tests.running import ROOT
from tests.up.workplace import EN_DE

PAGE = ROOT / "docs" / "deploy.md"


def section(tmp_path, heading):
    """The shell commands of a part of the page, a text a block."""
    part = tmp_path / "part.md"
    part.write_text(PAGE.read_text("utf-8").split(f"## {heading}\n")[1].partition("\n## ")[0])
    return blocks(part, "sh")


def git(checkout, *args):
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *args]
    done = subprocess.run(command, cwd=checkout.folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def clone(desk):
    """A checkout that git watches."""
    one = desk.checkout("clone")
    git(one, "init", "-q")
    (one.folder / ".git" / "info" / "exclude").write_text(".venv\n")
    git(one, "add", "-A")
    git(one, "commit", "-q", "-m", "as cloned")
    return one


def test_the_first_stack_is_what_the_page_says(clone, cloud, tmp_path):
    commands, ask = section(tmp_path, "The first stack")
    said = clone.shell(commands)
    assert said.code == 0, said.text
    assert git(clone, "status", "--porcelain") == ["?? Pulumi.dev.yaml"]
    pair = re.search(r"--pair (\w+)", ask)[1]
    ((made, name),) = clone.outputs("dev")["endpoints"].items()
    assert (made, cloud.endpoint(name)["EndpointStatus"]) == (pair, "InService")
    key = re.search(r"apiKeys --show-secrets \| jq -r \.(\w+)", ask)[1]
    assert list(clone.outputs("dev")["apiKeys"]) == [key]
    again = clone.shell("pulumi up")
    assert (again.code, again.count("unchanged") > 50) == (0, True), again.text


def test_removal_leaves_nothing_in_aws_and_nothing_of_the_clone_changed(clone, cloud, tmp_path):
    (commands,) = section(tmp_path, "Remove it all")
    said = clone.shell(commands)
    assert said.code == 0, said.text
    assert cloud.names(f"{PROJECT}-dev") == []
    assert git(clone, "status", "--porcelain") == []


def test_the_example_of_production_is_protected_until_one_says_otherwise(clone, cloud, tmp_path):
    (commands,) = section(tmp_path, "Production")
    said = clone.shell(commands)
    assert said.code == 0, said.text
    assert len(clone.outputs("prod")["endpoints"]) == 2
    refused = clone.shell("pulumi destroy")
    assert refused.code != 0
    assert "protected" in refused.text
    removed = clone.shell("pulumi config set protect false; pulumi up; pulumi destroy")
    assert removed.code == 0, removed.text
    assert cloud.names(f"{PROJECT}-prod") == []


@pytest.fixture(scope="module")
def another(desk):
    """A project of another name, as `pulumi new` makes it."""
    template, target = desk.checkout("template"), desk.folder / "another"
    (template.folder / ".venv").unlink()
    template.run("new", str(template.folder), "--generate-only", "--yes", "--force",
                 "--name", "another", "--dir", str(target))  # fmt: skip
    return desk.at(target, fetched=False)  # the template's cache came along


def test_a_project_of_another_name_takes_its_settings(another):
    project = yaml.safe_load((another.folder / "Pulumi.yaml").read_text("utf-8"))
    assert project["name"] == "another"
    another.run("stack", "init", "dev")
    another.write("dev", {"models": [{**EN_DE, "memory": 5120}]})
    said = another.run("preview", "--diff", "--stack", "dev")
    assert re.search(r"memorySizeInMb *: 5120", said.text)
    assert "another-dev-en-de" in said.text


def test_settings_of_another_project_s_name_are_refused_by_name(another):
    another.write("dev", {f"{PROJECT}:protect": True})
    said = another.pulumi("preview", "--stack", "dev")
    assert said.code != 0
    assert f"{PROJECT}:protect" in said.text


@pytest.fixture(scope="module")
def careless(desk):
    one = desk.checkout("careless")
    one.run("stack", "init", "careless")
    return one


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"models": [{"folder": "models/xx_yy"}]}, "which is no folder"),
        ({"models": [{**EN_DE, "memory": 1000}]}, "memory is 1000"),
        ({"modells": "x"}, "modells is not a setting"),
        ({"pivot": "english!"}, "pivot is 'english!'"),
        ({"kmsKey": "mine"}, "kmsKey is 'mine'"),
        ({"apiKeys": ["a b"]}, "is 'a b'"),
        ({"alarmEmail": "nobody"}, "alarmEmail is 'nobody'"),
        ({"protect": "perhaps"}, "protect"),
        ({"aws:region": "eu-west-99"}, "eu-west-99"),
        ({"aws:region": "cn-north-1"}, "no Serverless Inference"),
        ({"models": [{**EN_DE, "maxConcurrency": 201}]}, "maxConcurrency is 201"),
        ({"models": [{**EN_DE, "instances": {"minimum": 2}}]}, "instance is not set"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_setting_is_one_message_and_nothing_after_it(careless, settings, sentence):
    careless.write("careless", {"models": [EN_DE], **settings})
    said = careless.pulumi("preview", "--stack", "careless")
    assert said.code != 0, said.text
    assert sentence in said.text
    assert "Traceback" not in said.text
    assert "non-zero exit code" not in said.text
    assert len(set(said.errors()) - {"error: preview failed"}) <= 1, said.text


def test_what_the_account_has_no_room_for_is_refused_before_anything_is_made(careless, cloud):
    careless.write("careless", {"models": [{**EN_DE, "maxConcurrency": 11}]})
    cloud.quota, before = 10, len(cloud.calls)
    said = careless.up("careless")
    assert said.code != 0, said.text
    assert "together is 11, but the account has 10 in eu-west-1" in said.text
    assert not [call for call in cloud.calls[before:] if ":Create" in call or ":Put" in call]
    cloud.quota = 11
    careless.run("preview", "--stack", "careless")
    cloud.quota = 200


def test_who_may_not_read_the_quota_is_told_and_goes_on(careless, cloud):
    careless.write("careless", {"models": [{**EN_DE, "maxConcurrency": 11}]})
    cloud.denied = {"service-quotas:GetServiceQuota"}
    said = careless.run("preview", "--stack", "careless")
    cloud.denied = set()
    assert "it takes servicequotas:GetServiceQuota" in " ".join(said.text.split())


def test_stacks_that_aws_would_not_tell_apart_are_refused(careless):
    careless.write("Prod_EU", {"models": [EN_DE]})
    careless.run("stack", "init", "Prod_EU")
    said = careless.pulumi("preview", "--stack", "Prod_EU")
    assert said.code != 0
    assert "pulumi stack rename prod-eu" in said.text


def test_two_stacks_at_once_fill_one_empty_cache(desk):
    checkout = desk.checkout("twice", fetched=False)
    for stack in ("one", "two"):
        checkout.configure(stack, models=[EN_DE])
        checkout.run("stack", "init", stack)
    both = [checkout.start("preview", "--stack", stack) for stack in ("one", "two")]
    for said in [checkout.finish(process) for process in both]:
        assert said.code == 0, said.text
