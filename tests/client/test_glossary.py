"""Glossaries of a file, and those that the server keeps."""

import json

import pytest

from client.errors import Refused, UsageError
from client.glossary_file import read_dictionaries, read_terms
from client.pair import Pair
from tests.client.front import Front
from tests.client.running import CommandLine

EN_DE = Pair("en", "de")


@pytest.fixture
def file(tmp_path):
    """Writes one, and returns its path."""

    def write(text, name="terms.tsv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("text", "name", "read"),
    [
        ("world\tErde\r\n\n a b \t c\n", "a.tsv", {"world": "Erde", "a b": "c"}),
        ('\ufeffworld,Erde\n"a ""b""","c, d"\n', "a.csv", {"world": "Erde", 'a "b"': "c, d"}),
        ('say "hi"\tsag "hi"', "a.tsv", {'say "hi"': 'sag "hi"'}),
        ("world,Erde,EN-GB,de\nWelt,world,de,en\n", "a.csv", {"world": "Erde"}),
    ],
)
def test_reads_the_terms_of_the_pair(file, text, name, read):
    assert read_terms(file(text, name), EN_DE) == read


def test_reads_every_pair_that_the_columns_name(file):
    path = file("world,Erde,EN-GB,de\nWelt,world,de,en\n", "a.csv")
    assert read_dictionaries(path, EN_DE) == {
        ("en", "de"): {"world": "Erde"},
        ("de", "en"): {"Welt": "world"},
    }


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("world", Refused, "line 1 has 1 columns. Write a term and its translation"),
        ("a\tb\n\tc", Refused, "line 2 has 2 columns. Write a term and its translation"),
        (b"\xff\tb", Refused, "is not UTF-8. Convert it first"),
        ("Welt\tworld\tde\ten", UsageError, "has no terms of en_de. Name their languages"),
        ("".join(f"a{n}\tb\n" for n in range(1001)), UsageError, "has 1001 terms; a request may"),
    ],
)
def test_says_what_is_wrong_with_a_file(file, text, error, sentence):
    with pytest.raises(error, match=sentence):
        read_terms(file(text), EN_DE)


def test_a_file_of_terms_goes_with_every_request(cli, file, tmp_path):
    terms = file("world\tErde\n")
    assert cli.run("--glossary", terms, "Hello world!").text == "Hallo Erde!\n"
    assert cli.run("--glossary", terms, stdin=b"Hello world!\n").text == "Hallo Erde!\n"
    (tmp_path / "in.txt").write_text("Hello world!\n")
    out = tmp_path / "out.txt"
    cli.run("--file", tmp_path / "in.txt", "--output", out, "--glossary", terms)
    assert out.read_text() == "Hallo Erde!\n"


def test_a_glossary_is_made_used_shown_and_deleted(cli, file):
    made = cli.run("glossary", "create", "of the test", file("world\tErde\na\tb\n"))
    assert made.code == 0, made.err
    identity = made.text.split()[0]
    assert made.text == f"{identity}  of the test  en_de 2\n"
    assert made.text in cli.run("glossary", "list").text
    assert cli.run("--glossary", "of the test", "Hello world!").text == "Hallo Erde!\n"
    assert cli.run("--glossary", identity, "Hello world!").text == "Hallo Erde!\n"
    assert cli.run("glossary", "show", "of the test").text == "world\tErde\na\tb\n"
    shown = json.loads(cli.run("glossary", "show", identity, "--json").text)
    assert shown == {"en_de": {"world": "Erde", "a": "b"}}
    assert cli.run("glossary", "delete", "of the test").code == 0
    gone = cli.run("glossary", "show", "of the test")
    assert (gone.code, gone.err) == (
        2,
        "translate.py: There is no glossary 'of the test'. See: glossary list.\n",
    )
    lost = cli.run("--glossary", "of the test", "Hello")
    assert (lost.code, lost.err) == (4, "translate.py: Glossary not found\n")


def test_what_is_shown_can_be_made_again(cli, file):
    text = "world\tErde\ten\tde\nWelt\tworld\tde\ten\n"
    cli.run("glossary", "create", "both", file(text))
    assert cli.run("glossary", "show", "both").text == text
    cli.run("glossary", "create", "both", file(text))
    twice = cli.run("glossary", "delete", "both")
    assert twice.code == 2
    assert "2 glossaries are called 'both'. Name an id: " in twice.err
    for line in cli.run("glossary", "list").text.splitlines():
        if "  both  " in line:
            cli.run("glossary", "delete", line.split()[0])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Glossary takes one of: create NAME FILE, list, show NAME, delete NAME."),
        (("create", "a"), "Glossary takes one of: create NAME FILE, list, show NAME, delete"),
        (("show", "nobody's"), 'There is no glossary "nobody\'s". See: glossary list.'),
        (("create", "a", "absent.tsv"), "absent.tsv: No such file or directory."),
    ],
)
def test_says_what_is_wrong_with_a_command(cli, words, sentence):
    end = cli.run("glossary", *words)
    assert end.code == 2
    assert sentence in end.err


def test_the_key_is_in_a_header(server, file):
    key = "web.k0ZhX1"
    with Front(server.url, key=key) as front:
        cli = CommandLine(TRANSLATE_URL=front.url, TRANSLATE_API_KEY=key)
        terms = file("world\tErde\n")
        assert cli.run("--glossary", terms, "Hello world!").text == "Hallo Erde!\n"
        assert front.bodies[-1]["glossary"] == {"world": "Erde"}


def test_an_endpoint_keeps_none():
    end = CommandLine().run("--endpoint", "e", "glossary", "list")
    assert (end.code, "An endpoint keeps no glossaries." in end.err) == (2, True)
