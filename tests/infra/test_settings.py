"""Every mistake in a stack's configuration is one sentence, before any resource."""

import json
import subprocess
from pathlib import Path

import pulumi
import pytest
import yaml

from infra import model_settings
from infra.errors import SettingsError
from infra.model_settings import Instances
from infra.options import read_declarations
from infra.settings import read_settings
from tests.infra.program import PROJECT, run, stack_config
from tests.infra.recorded import Recorded
from tests.running import ROOT

EN_DE = {"folder": "models/en_de"}
MACHINE = {**EN_DE, "instance": "ml.c7i.large"}


def settings(region="eu-west-1", name=f"{PROJECT}-test", **config):
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in config.items()}
    return read_settings(ROOT, name, region, texts.get, texts)


def model(**entry):
    return settings(models=[{**EN_DE, **entry}])


def refusal(make, *args, **kwargs):
    with pytest.raises(SettingsError) as raised:
        make(*args, **kwargs)
    return str(raised.value)


def test_defaults_serve_one_pair_with_keys():
    found = settings()
    assert [m.pair for m in found.models] == ["en_pt"]
    assert (found.auth, found.api_keys, found.image) == ("keys", ["default"], "")
    assert (found.models[0].memory, found.models[0].provisioned_concurrency) == (2048, 0)


def test_a_stack_name_becomes_part_of_aws_names():
    assert settings(name="Our_Project-dev.1").name == "our-project-dev-1"


MISTAKES = {
    "tpyo": ({"throtlingRate": 5}, "throtlingRate is not a setting. Use one of alarmEmail, "),
    "integer": (
        {"throttlingRate": "fast"},
        "throttlingRate is 'fast', but must be a whole number",
    ),
    "boolean": ({"protect": "maybe"}, "protect is 'maybe', but must be true or false"),
    "number for a boolean": ({"protect": 1}, "protect is 1, but must be true or false"),
    "array": ({"apiKeys": "web"}, "apiKeys is 'web', but must be a list"),
    "item": ({"apiKeys": [1]}, "apiKeys[0] is 1, but must be a text"),
    "object": ({"tags": ["a"]}, "tags is ['a'], but must be a map"),
    "auth": ({"auth": "open"}, "auth is 'open'. Set it to one of keys, none"),
    "no key": ({"apiKeys": []}, "apiKeys is []. Name at least one client, or set auth to none"),
    "key twice": ({"apiKeys": ["a", "a"]}, "apiKeys names 'a' twice. Leave one of them"),
    "key name": ({"apiKeys": ["a.b"]}, "apiKeys[0] is 'a.b'. Use 1 to 32 letters, digits, - or _"),
    "empty key": ({"apiKeys": [""]}, "apiKeys[0] is ' '. Use 1 to 32 letters, digits, - or _"),
    "origin": (
        {"corsOrigins": ["example.com/"]},
        "corsOrigins[0] is 'example.com/'. Use scheme and host only, such as https://example.com,"
        " or *",
    ),
    "origins": (
        {"corsOrigins": ["*", "https://a.com"]},
        "corsOrigins is ['*', 'https://a.com']. Leave * alone or remove it",
    ),
    "pivot": ({"pivot": "English"}, "pivot is 'English'. Use a language code, such as en"),
    "rate": ({"throttlingRate": 0}, "throttlingRate is 0. Set it to 1...10000 requests a second"),
    "burst": ({"throttlingBurst": 5001}, "throttlingBurst is 5001. Set it to 1...5000 requests"),
    "key rate": ({"rateLimit": -1}, "rateLimit is -1. Set it to 0...1000000"),
    "daily": ({"dailyCharacters": -1}, "dailyCharacters is -1. Set it to 0...1000000000000"),
    "limits of nobody": (
        {"keyLimits": {"web": {"rateLimit": 5}}},
        "keyLimits.web is no key's. Name 'web' in apiKeys too, or remove it",
    ),
    "limits": ({"keyLimits": {"default": 5}}, "keyLimits.default is 5, but must be a map"),
    "a key's limit": (
        {"keyLimits": {"default": {"rateLimit": "5"}}},
        "keyLimits.default.rateLimit is '5', but must be a whole number",
    ),
    "a key's wrong limit": (
        {"keyLimits": {"default": {"rate": 5}}},
        "keyLimits.default.rate is not a setting. Use one of dailyCharacters, rateLimit",
    ),
    "a key's negative limit": (
        {"keyLimits": {"default": {"dailyCharacters": -5}}},
        "keyLimits.default.dailyCharacters is -5. Set it to 0...1000000000000",
    ),
    "function": ({"functionMemory": 64}, "functionMemory is 64. Set it to 128...10240 MB"),
    "reserved": ({"reservedConcurrency": -1}, "reservedConcurrency is -1. Set it to 0...1000"),
    "retention": (
        {"logRetentionDays": 31},
        "logRetentionDays is 31. Set it to one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365,"
        " 400, 545, 731",
    ),
    "email": ({"alarmEmail": "team"}, "alarmEmail is 'team'. Use an e-mail address"),
    "budget": (
        {"monthlyBudget": 10},
        "monthlyBudget is 10, but nobody would be told. Set alarmEmail",
    ),
    "negative budget": (
        {"monthlyBudget": -1},
        "monthlyBudget is -1. Set it to 0...1000000 US dollars",
    ),
    "instances": ({"batchInstanceCount": 0}, "batchInstanceCount is 0. Set it to 1...100"),
    "instance": (
        {"batchInstanceType": "m5.xlarge"},
        "batchInstanceType is 'm5.xlarge'. Use one such as ml.m5.xlarge",
    ),
    "tags": ({"tags": {str(i): "x" for i in range(9)}}, "tags has 9 entries. Leave at most 8"),
    "tag": (
        {"tags": {"cost centre": 7}},
        "tags.cost centre is 7. Use 1 to 128 letters, digits, spaces and _.:/=+@-",
    ),
    "our tag": ({"tags": {"stack": "x"}}, "tags.stack is taken. Use another name"),
    "key arn": (
        {"kmsKey": "alias/x"},
        "kmsKey is 'alias/x'. Use the ARN of a KMS key in eu-west-1",
    ),
    "certificate": (
        {"domainName": "a.example.com", "certificateArn": "arn:aws:acm:us-east-1:1:certificate/x"},
        "certificateArn is 'arn:aws:acm:us-east-1:1:certificate/x'. Use an ACM certificate's ARN"
        " in eu-west-1",
    ),
    "tag for a digest": (
        {"image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:latest"},
        "image is '123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:latest'. Use"
        " ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME@sha256:DIGEST in eu-west-1",
    ),
    "domain": (
        {"domainName": "translate"},
        "domainName is 'translate'. Use one such as api.example",
    ),
    "no certificate": (
        {"domainName": "a.example.com"},
        "domainName is 'a.example.com', but certificateArn is empty. Set it too",
    ),
    "no domain": (
        {"hostedZoneId": "Z0123456789"},
        "hostedZoneId is set, but domainName is empty. Set it too, or remove hostedZoneId",
    ),
    "zone": ({"hostedZoneId": "example.com"}, "hostedZoneId is 'example.com'. Use the zone's id"),
    "no model": (
        {"models": []},
        "models is []. Name at least one model, such as {folder: models/en",
    ),
    "text for a model": (
        {"models": ["models/en_de"]},
        "models[0] is 'models/en_de', but must be a",
    ),
    "two models": (
        {"models": [EN_DE, {"archive": "s3://ours/m.tar.gz", "pair": "en_de"}]},
        "models[1] is a second model for en_de, after models[0]. Leave one of them",
    ),
    "no source": (
        {"models": [{"memory": 1024}]},
        "models[0] has folder '' and archive ''. Set one of the two",
    ),
    "two sources": (
        {"models": [{**EN_DE, "archive": "s3://ours/m.tar.gz"}]},
        "models[0] has folder 'models/en_de' and archive 's3://ours/m.tar.gz'. Set one of the two",
    ),
    "archive": (
        {"models": [{"archive": "https://ours/m.tar.gz", "pair": "en_fr"}]},
        "models[0].archive is 'https://ours/m.tar.gz'. Use s3://BUCKET/KEY.tar.gz",
    ),
    "archive's pair": (
        {"models": [{"archive": "s3://ours/m.tar.gz"}]},
        "models[0].pair is not set, and an archive does not tell it. Set it, as in en_fr",
    ),
    "missing folder": (
        {"models": [{"folder": "models/en_xx"}]},
        "models[0].folder is 'models/en_xx', which is no folder. Put the model there, or use one of"
        " models/de_en, models/en_de, models/en_pt, models/pt_en",
    ),
    "folder's name": (
        {"models": [{"folder": "docs"}]},
        f"models[0].folder: {ROOT}/docs: 'docs' names no pair. Name the folder ",
    ),
    "other pair": (
        {"models": [{**EN_DE, "pair": "en_fr"}]},
        f"models[0].folder: {ROOT}/models/en_de: pair says en_fr, but model.json says en_de",
    ),
    "model key": (
        {"models": [{**EN_DE, "memroy": 1024}]},
        "models[0].memroy is not a setting. Use one of archive, environment, folder, ",
    ),
    "memory's type": (
        {"models": [{**EN_DE, "memory": "2 GB"}]},
        "models[0].memory is '2 GB', but must be a whole number",
    ),
    "memory": (
        {"models": [{**EN_DE, "memory": 1536}]},
        "models[0].memory is 1536. Set it to one of 1024, 2048, 3072, 4096, 5120, 6144",
    ),
    "too much memory": (
        {"models": [{**EN_DE, "memory": 7168}]},
        "models[0].memory is 7168. Set it to one of 1024, 2048, 3072, 4096, 5120, 6144",
    ),
    "concurrency": (
        {"models": [{**EN_DE, "maxConcurrency": 201}]},
        "models[0].maxConcurrency is 201. Set it to 1...200",
    ),
    "provisioned": (
        {"models": [{**EN_DE, "maxConcurrency": 2, "provisionedConcurrency": 3}]},
        "models[0].provisionedConcurrency is 3, over maxConcurrency, 2. Lower it, or raise"
        " maxConcurrency",
    ),
    "negative": (
        {"models": [{**EN_DE, "provisionedConcurrency": -1}]},
        "models[0].provisionedConcurrency is -1. Set it to 0...200",
    ),
    "instances alone": (
        {"models": [{**EN_DE, "instances": {"minimum": 2}}]},
        "models[0].instances is {'minimum': 2}, but instance is not set. Name a machine type, such",
    ),
    "machine": (
        {"models": [{**EN_DE, "instance": "c7i.large"}]},
        "models[0].instance is 'c7i.large'. Use one such as ml.c7i.large",
    ),
    "memory of a machine": (
        {"models": [{**MACHINE, "memory": 2048}]},
        "models[0].memory is 2048, but ml.c7i.large is a machine with its own. Remove it, or",
    ),
    "concurrency of a machine": (
        {"models": [{**MACHINE, "provisionedConcurrency": 0}]},
        "models[0].provisionedConcurrency is 0, but ml.c7i.large is a machine with its own.",
    ),
    "instances key": (
        {"models": [{**MACHINE, "instances": {"max": 2}}]},
        "models[0].instances.max is not a setting. Use one of invocations, maximum, minimum",
    ),
    "instances value": (
        {"models": [{**MACHINE, "instances": {"minimum": "2"}}]},
        "models[0].instances.minimum is '2', but must be a whole number",
    ),
    "no machine": (
        {"models": [{**MACHINE, "instances": {"minimum": 0}}]},
        "models[0].instances.minimum is 0. Set it to 1...100",
    ),
    "fewer at most than at least": (
        {"models": [{**MACHINE, "instances": {"minimum": 3, "maximum": 2}}]},
        "models[0].instances.maximum is 2, under minimum, 3. Raise it, or lower minimum",
    ),
    "invocations": (
        {"models": [{**MACHINE, "instances": {"invocations": 0}}]},
        "models[0].instances.invocations is 0. Set it to 1...1000000 a minute",
    ),
    "variable": (
        {"models": [{**EN_DE, "environment": {"A-B": "x"}}]},
        "models[0].environment.A-B is no variable's name, which has only letters, digits and _",
    ),
    "variable's value": (
        {"models": [{**EN_DE, "environment": {"A": 1}}]},
        "models[0].environment.A is 1, but must be a text of at most 1024 characters",
    ),
    "time-out": (
        {"models": [{**EN_DE, "environment": {"SERVING_TIMEOUT": "29"}}]},
        "models[0].environment.SERVING_TIMEOUT is '29'. Set it to 1...25 seconds, or the function's"
        " own time-out comes first",
    ),
    "variables": (
        {"models": [{**EN_DE, "environment": {f"A{i}": "x" for i in range(101)}}]},
        "models[0].environment has 101 entries, but SageMaker takes 100",
    ),
}


@pytest.mark.parametrize("config, sentence", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused(config, sentence):
    text = refusal(settings, **config)
    assert text.startswith(sentence)
    assert "\n" not in text


def test_a_region_is_needed():
    assert refusal(settings, region=None).startswith(
        "aws:region is not set. Run `pulumi config set"
    )
    assert refusal(settings, region="Ireland").startswith("aws:region is 'Ireland'. Set it to")
    assert refusal(settings, region="eu-west-9") == (
        "aws:region is 'eu-west-9', where boto3 knows no SageMaker. Set it to another, such as"
        " eu-west-1."
    )
    assert settings(region="cn-north-1", models=[MACHINE]).region == "cn-north-1"


@pytest.mark.parametrize("region", ["cn-northwest-1", "us-gov-west-1"])
def test_a_region_without_serverless_inference_is_refused_by_name(region):
    assert refusal(settings, region=region, models=[MACHINE, {"folder": "models/en_pt"}]) == (
        f"aws:region is '{region}', where SageMaker has no Serverless Inference. Set it to another,"
        " or give the model of en_pt an instance, such as ml.c7i.large."
    )


def test_an_image_in_china_is_one():
    image = f"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/x@sha256:{'0' * 64}"
    assert settings(region="cn-north-1", image=image, models=[MACHINE]).image == image


def test_machines_are_as_many_as_asked_for():
    def machines(**given):
        return model(instance="ml.c7i.large", instances=given).models[0].instances

    assert machines() == Instances(type="ml.c7i.large")
    assert (machines().minimum, machines().maximum, machines().invocations) == (1, 1, 2000)
    assert (machines(minimum=2).minimum, machines(minimum=2).maximum) == (2, 2)
    assert machines(maximum=4, invocations=600).invocations == 600


def test_a_machine_takes_models_that_no_serverless_endpoint_can(tmp_path, monkeypatch):
    monkeypatch.setattr(model_settings, "build_archive", lambda folder, cache: None)  # of 3 GB
    folder = sparse(tmp_path / "en_fr", 3000)
    assert settings(models=[{"folder": str(folder), "instance": "ml.c7i.large"}]).models


def test_names_leave_room_for_the_roles_of_batch_jobs():
    name = "a" * 44  # and -en-de, 50
    assert settings(name=name).name == name
    assert refusal(settings, name=name, batch=True).endswith(
        "has 50 characters, and AWS leaves room for 48. Give the project or the stack a shorter"
        " name."
    )


def test_a_long_name_is_refused():
    text = refusal(settings, name=f"{PROJECT}-a-branch-with-quite-a-long-name")
    assert "characters, and AWS leaves room for 44" in text


def sparse(path: Path, megabytes: int) -> Path:
    """A model folder as large as asked, though it takes no place on disk."""
    path.mkdir()
    with (path / "model.bin").open("wb") as stream:
        stream.truncate(megabytes * 1_000_000)
    return path


def test_a_model_too_large_for_its_memory_is_refused(tmp_path):
    folder = sparse(tmp_path / "en_fr", 400)
    assert refusal(settings, models=[{"folder": str(folder), "memory": 1024}]) == (
        "models[0].memory is 1024, too little for a model of 400 MB. Set it to 2048 or more."
    )


def test_a_model_that_was_measured_gets_what_it_needs(tmp_path):
    folder = sparse(tmp_path / "en_fr", 400)
    (folder / "model.json").write_text('{"peak_memory": 500000000}')
    assert settings(models=[{"folder": str(folder), "memory": 1024}]).models[0].memory == 1024


def test_a_folder_without_files_is_warned_of(tmp_path):
    (tmp_path / "en_en-XA").mkdir()
    deployment = run(Recorded(), models=[{"folder": str(tmp_path / "en_en-XA")}])
    assert deployment.warnings == [
        "the model of en_en-XA is an empty folder: only a handler that needs no model can serve it"
    ]


def test_a_model_too_large_for_any_endpoint_is_refused(tmp_path):
    folder = sparse(tmp_path / "en_fr", 3000)
    assert refusal(settings, models=[{"folder": str(folder), "memory": 6144}]) == (
        "models[0].folder holds 3000 MB, more than a serverless endpoint can serve. Convert the"
        " model to int8, or take a smaller one."
    )


def test_a_tampered_model_is_refused(tmp_path):
    folder = tmp_path / "en_fr"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    listed = {"model.bin": {"sha256": "0" * 64, "size": 7}}
    (folder / "model.json").write_text(json.dumps({"files": listed}))
    text = refusal(settings, models=[{"folder": str(folder)}])
    assert text.startswith(f"models[0].folder: {folder}: model.bin is altered: its sha256 is ")


def test_the_program_stops_before_any_resource():
    backend = Recorded()
    with pytest.raises(SettingsError, match="auth is 'open'"):
        run(backend, auth="open")


def test_too_many_keys_for_a_function_are_refused():
    names = [f"a-client-with-a-long-name-{i:03}" for i in range(60)]
    with pytest.raises(SettingsError, match=r"apiKeys \(60\), .*models \(1\).* of the 4096"):
        run(Recorded(), apiKeys=names)


def test_every_key_is_declared_with_type_default_and_meaning():
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))
    for key, declaration in project["config"].items():
        assert declaration["type"] in ("string", "integer", "boolean", "array", "object"), key
        assert "default" in declaration, key
        assert declaration["description"].endswith("."), key
        assert ("items" in declaration) == (declaration["type"] == "array"), key


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_example_stacks_set_declared_keys_only(name):
    declared = read_declarations(ROOT / "Pulumi.yaml")
    for key in stack_config(name):
        project, _, rest = key.partition(":")
        assert key == "aws:region" or (project == PROJECT and rest in declared)


def test_no_stack_of_anybody_is_shipped():
    command = ["git", "ls-files", "Pulumi*.yaml"]
    shipped = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert shipped.split() == ["Pulumi.example.yaml", "Pulumi.yaml"]


def test_a_setting_with_another_projects_prefix_is_refused():
    with pytest.raises(SettingsError) as raised:
        run(Recorded(), **{"other:protect": True})
    assert str(raised.value) == (
        f"other:protect is a setting of the project 'other', and this project is '{PROJECT}'. Name"
        " it protect in the stack's file, without a prefix."
    )


def test_a_setting_of_a_provider_is_none_of_ours():
    assert run(Recorded(), **{"pulumi:tags": {"pulumi:template": "x"}}).exports["url"]


def test_what_pulumi_new_adds_to_the_project_file_is_no_setting(tmp_path):
    text = (ROOT / "Pulumi.yaml").read_text("utf-8")
    added = "config:\n  pulumi:tags:\n    value:\n      pulumi:template: https://example.com/x\n"
    (tmp_path / "Pulumi.yaml").write_text(text.replace("\nconfig:\n", f"\n{added}", 1))
    assert read_declarations(tmp_path / "Pulumi.yaml") == read_declarations(ROOT / "Pulumi.yaml")


def test_a_stack_whose_name_aws_would_take_for_anothers_is_refused():
    with pytest.raises(SettingsError) as raised:
        run(Recorded(), "Prod_EU", auth="keys")
    assert str(raised.value) == (
        "The stack is named 'Prod_EU', which AWS does not tell from 'prod-eu'. Run"
        " `pulumi stack rename prod-eu`."
    )


def test_a_refusal_is_said_and_ends_the_program_without_another_word(monkeypatch):
    said = []
    monkeypatch.setattr(pulumi.log, "error", said.append)
    with pytest.raises(SystemExit) as raised:
        run(Recorded(), auth="open")
    assert raised.value.code == 32  # of which Pulumi's Python host says nothing more
    assert said == ["auth is 'open'. Set it to one of keys, none."]


def test_the_template_asks_for_settings_that_exist():
    project = yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))
    asked = project["template"]["config"]
    assert set(asked) - {"aws:region"} <= set(project["config"])
    assert all(question["description"] for question in asked.values())
    assert settings(**{k: v["default"] for k, v in asked.items() if k != "aws:region"})
