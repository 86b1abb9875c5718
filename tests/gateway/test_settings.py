"""The settings table: each variable, each mistake, one sentence."""

import pytest

from gateway.errors import SettingsError
from gateway.settings import Settings, table

GOOD = {
    "GATEWAY_AUTH": "none",
    "GATEWAY_API_KEYS": '{"web": "' + "a" * 64 + '"}',
    "GATEWAY_ENDPOINTS": '{"en_de": "translate-en-de"}',
    "GATEWAY_PIVOT": "en",
    "GATEWAY_CORS_ORIGINS": "https://a.example, https://b.example",
    "GATEWAY_RATE_LIMIT": "60",
    "GATEWAY_DAILY_CHARACTERS": "500000",
    "GATEWAY_HOLD_SECONDS": "4.5",
    "GATEWAY_FILES": "off",
}


def test_reads_every_kind_of_value():
    assert Settings.from_environment(GOOD) == Settings(
        auth="none",
        api_keys={"web": "a" * 64},
        endpoints={"en_de": "translate-en-de"},
        pivot="en",
        cors_origins=("https://a.example", "https://b.example"),
        rate_limit=60,
        daily_characters=500_000,
        hold_seconds=4.5,
        files=False,
    )


def test_has_defaults_for_all():
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"GATEWAY_CORS_ORIGINS": ""}).cors_origins == ()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AUTH", "no", "GATEWAY_AUTH is 'no'. Use keys or none."),
        ("RATE_LIMIT", "many", "GATEWAY_RATE_LIMIT is 'many'. Use a whole number, 0 or more."),
        ("RATE_LIMIT", "-1", "GATEWAY_RATE_LIMIT is '-1'. Use a whole number, 0 or more."),
        ("HOLD_SECONDS", "nan", "GATEWAY_HOLD_SECONDS is 'nan'. Use a number of seconds, 0 or"),
        ("FILES", "yes", "GATEWAY_FILES is 'yes'. Use on or off."),
        ("API_KEYS", "[]", "GATEWAY_API_KEYS is '[]'. Use a JSON object of strings."),
        ("API_KEYS", "{", "GATEWAY_API_KEYS is '{'. Use a JSON object of strings."),
        ("API_KEYS", '{"a.b": "00"}', "GATEWAY_API_KEYS: 'a.b' needs a name without a dot and"),
        ("API_KEYS", '{"web": "00"}', "GATEWAY_API_KEYS: 'web' needs a name without a dot and"),
        ("URL", "translate.example", "GATEWAY_URL is 'translate.example'. Use an address such as"),
        ("URL", "https://a.example/", "GATEWAY_URL is 'https://a.example/'. Use an address such"),
        ("BODY_LIMIT", "5000000", "GATEWAY_BODY_LIMIT is 5000000. Use 1 to 4000000 bytes"),
    ],
)
def test_names_each_mistake_and_its_cure(name, value, sentence):
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({f"GATEWAY_{name}": value})
    assert str(raised.value).startswith(sentence)


def test_every_setting_says_what_it_is_for():
    rows = table()
    assert len(rows) == len(Settings.__dataclass_fields__)
    for name, _, unit, meaning in rows:
        assert name.startswith("GATEWAY_")
        assert unit
        assert meaning
    defaults = {name: default for name, default, _, _ in rows}
    assert defaults["GATEWAY_BODY_LIMIT"] == "1000000"
    assert defaults["GATEWAY_CORS_ORIGINS"] == "*"
    assert defaults["GATEWAY_FILES"] == "on"
    assert defaults["GATEWAY_PIVOT"] == ""
