"""Settings from `.env` and from the user's own file."""

import pytest

from client.settings_file import read_settings
from tests.client.front import Front, answer
from tests.client.running import CommandLine

OWN = "config/serverless-translation/settings.env"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A current folder, and a home beside it."""
    (tmp_path / OWN).parent.mkdir(parents=True)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@pytest.fixture
def service():
    with Front() as front:
        front.script.append(answer(200, {"translations": [{"text": "x"}], "translatedText": ["x"]}))
        yield front


def asked(service, *arguments, **environment):
    end = CommandLine(**environment).run(*arguments, "Hello")
    assert (end.code, end.err) == (0, "")
    return service.bodies[0]


def test_the_environment_goes_before_the_folder_and_that_before_the_users_file(place, service):
    (place / "here/.env").write_text(f"TRANSLATE_URL={service.url}\nTRANSLATE_TARGET='fr'\n")
    (place / OWN).write_text("TRANSLATE_TARGET=nl\nexport TRANSLATE_SOURCE=pt\nPATH=/nowhere\n")
    body = asked(service)
    assert (body["source"], body["target"]) == ("pt", "fr")
    service.script.append(answer(200, {"translations": [{"text": "x"}]}))
    CommandLine(TRANSLATE_TARGET="da").run("--source", "sv", "Hello")
    assert (service.bodies[1]["source"], service.bodies[1]["target"]) == ("sv", "da")


def test_a_key_and_an_address_from_the_users_own_file(place, service):
    (place / OWN).write_text(f"TRANSLATE_URL={service.url}\nTRANSLATE_API_KEY=web.x\n")
    service.key = "web.x"
    assert asked(service)["api_key"] == "web.x"


@pytest.mark.parametrize("known", ["environment", "file"])
def test_a_folder_cannot_have_a_key_sent_elsewhere(place, service, known):
    (place / "here/.env").write_text(f"TRANSLATE_URL={service.url}\n")
    (place / OWN).write_text("TRANSLATE_API_KEY=web.x\n" if known == "file" else "")
    cli = CommandLine(**({} if known == "file" else {"TRANSLATE_API_KEY": "web.x"}))
    end = cli.run("Hello")
    assert (end.code, service.bodies) == (2, [])
    assert end.err == (
        "translate.py: .env names TRANSLATE_URL, and your key would be sent there. Write "
        "TRANSLATE_API_KEY beside it, or name the address with --url.\n"
    )
    assert cli.run("--url", service.url, "Hello").code == 0


def test_lines_as_docker_and_systemd_have_them(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# A=1\nB=two words\nC=\"'x' = y\"\n\n export D=4 \nno line\nE=\n")
    assert read_settings(path) == {"B": "two words", "C": "'x' = y", "D": "4", "E": ""}


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_file_that_is_none_is_passed_over(tmp_path, make):
    make(tmp_path / ".env")
    assert read_settings(tmp_path / ".env") == {}
