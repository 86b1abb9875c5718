"""Names and values of settings that a start refuses, by name."""

import pytest

from gateway.errors import SettingsError
from gateway.settings import Settings as GatewaySettings
from handlers import ModelError, unknown_variable
from handlers.engine.budget import Budget
from serving.errors import StartError
from serving.settings import Settings


@pytest.mark.parametrize(
    ("read", "error", "name", "meant"),
    [
        (Settings.from_environment, StartError, "SERVING_PROT", "SERVING_PORT"),
        (Settings.from_environment, StartError, "SERVING_MAX_CHARACTER", "SERVING_MAX_CHARACTERS"),
        (GatewaySettings.from_environment, SettingsError, "GATEWAY_AUHT", "GATEWAY_AUTH"),
        (Budget.from_environment, ModelError, "ENGINE_WORKER", "ENGINE_WORKERS"),
    ],
)
def test_a_misspelt_variable_is_named_with_what_it_may_mean(read, error, name, meant):
    sentence = f"{name} is no setting. Did you mean {meant}? docs/settings.md lists all there are."
    with pytest.raises(error) as raised:
        read({name: "", "PATH": "/bin"})
    assert str(raised.value) == sentence


@pytest.mark.parametrize("read", [Settings.from_environment, GatewaySettings.from_environment])
def test_others_variables_are_not_ours(read):
    read({"SERVINGS": "1", "MY_GATEWAY_AUTH": "2", "MODELS_DIR": "/x", "SAGEMAKER_REGION": "x"})


def test_a_name_that_is_like_none_is_to_be_unset():
    assert unknown_variable("A_", ["A_PORT"], ["A_ZZZZZZZ"]) == (
        "A_ZZZZZZZ is no setting. Unset it. docs/settings.md lists all there are."
    )


@pytest.mark.parametrize("name", ["LOG_FORMAT", "LOG_LEVEL"])
def test_a_word_that_is_no_choice_is_refused(name):
    with pytest.raises(StartError, match=rf"SERVING_{name}='loud' is none of \w+, .*Correct it"):
        Settings.from_environment({f"SERVING_{name}": "loud"})
