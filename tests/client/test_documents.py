"""Files of other formats than text come back as what they are; --keep, --format and the rest."""

import io
import json

import docx
import pytest

from tests.client.running import CommandLine

PAGE = '<html><body class="main"><p>Good morning!</p><pre>Good morning!</pre></body></html>\n'
FILES = {
    "page.html": (PAGE, PAGE.replace("<p>Good morning!", "<p>Guten Morgen!")),
    "words.json": ('{"hello": "Good morning!", "n": 1}', '{"hello": "Guten Morgen!", "n": 1}'),
    "film.vtt": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning!\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nGuten Morgen!\n",
    ),
    "cells.csv": ("id,text\n1,Thank you.\n", "id,text\n1,Danke.\n"),
    "notes.md": ("# Good morning!\n\n    code here\n", "# Guten Morgen!\n\n    code here\n"),
    "app.po": ('msgid "Thank you."\nmsgstr ""\n', 'msgid "Thank you."\nmsgstr "Danke."\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_translated_as_its_extension_says(cli, tmp_path, name):
    content, expected = FILES[name]
    (tmp_path / name).write_text(content)
    end = cli.run("--file", tmp_path / name, "--output", tmp_path / "out")
    assert (end.code, end.err) == (0, "")
    assert (tmp_path / "out").read_text() == expected
    assert {path.name for path in tmp_path.iterdir()} == {name, "out"}


def test_a_document_of_word_goes_to_a_pipe_or_a_file(cli, tmp_path):
    document = docx.Document()
    document.add_paragraph("Hello ").add_run("world").bold = True
    document.paragraphs[0].add_run("!")
    document.save(tmp_path / "letter.docx")
    end = cli.run("--file", tmp_path / "letter.docx")
    assert end.code == 0
    assert docx.Document(io.BytesIO(end.out)).paragraphs[0].text == "Hallo Welt!"


def test_format_overrides_the_extension(cli, tmp_path):
    (tmp_path / "strings").write_text('{"Good morning!": "Thank you."}')
    end = cli.run("--file", tmp_path / "strings", "--format", "json")
    assert json.loads(end.out) == {"Good morning!": "Danke."}
    (tmp_path / "a.html").write_text("Thank you.\n")
    assert cli.run("--file", tmp_path / "a.html", "--format", "txt").text == "Danke.\n"


def test_lines_of_a_text_file_are_texts_and_of_markdown_a_paragraph(cli, tmp_path):
    (tmp_path / "mail.txt").write_text("Good\nmorning!\n")
    by_line = cli.run("--file", tmp_path / "mail.txt")
    assert len(by_line.text.splitlines()) == 2
    assert cli.run("--file", tmp_path / "mail.txt", "--format", "md").text == "Guten Morgen!\n"


def test_texts_may_be_marked_up_and_have_terms_that_stay(cli):
    assert cli.run("--format", "html", "<b>Thank you.</b> &amp;").text == "<b>Danke.</b> &amp;\n"
    kept = cli.run("--keep", "Good morning", "--split", "none", "Good morning!")
    assert kept.text == "Good morning!\n"


def test_alternatives_stand_below_the_translation(cli):
    end = cli.run("--alternatives", "2", "Hello world!")
    first, *others = end.text.splitlines()
    assert (first, len(others)) == ("Hallo Welt!", 2)
    assert all(other.startswith("  ") for other in others)


def test_the_language_may_be_detected(cli, tmp_path):
    said = "Ich weiß nicht, wo der Bahnhof ist."
    answer = cli.run("--source", "auto", "--target", "en", said)
    assert (answer.code, "station" in answer.text.lower()) == (0, True)
    (tmp_path / "a.csv").write_text(f"{said};{said}\n1;Danke.\n")
    end = cli.run("--source", "auto", "--target", "en", "--file", tmp_path / "a.csv")
    assert (end.code, end.text.splitlines()[1].startswith("1;Than")) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "content", "sentence", "code"),
    [
        (["--file", "a.pdf", "--output", "b"], b"x", "A PDF holds letters at places", 4),
        (["--file", "a.docx", "--output", "b"], b"x", "it is not a zip file", 4),
        (["--file", "a.json", "--json"], b"{}", "--json goes with plain text only", 2),
        (["--file", "a.json", "--alternatives", "1"], b"{}", "--alternatives goes with plain", 2),
        (["--format", "docx", "Hello"], b"", "--format docx is of files", 2),
        (["--endpoint", "x", "--source", "auto", "Hello"], b"", "An endpoint serves one pair", 2),
        (["--url", "http://127.0.0.1:9/translate", "--keep", "a", "a"], b"", "--keep goes to", 2),
    ],
)
def test_what_cannot_be_is_a_sentence(
    cli, tmp_path, monkeypatch, arguments, content, sentence, code
):
    monkeypatch.chdir(tmp_path)
    if "--file" in arguments:
        (tmp_path / arguments[1]).write_bytes(content)
    environment = {**cli.environment, "AWS_REGION": "eu-west-1"}
    end = CommandLine(**environment).run(*arguments)
    assert (end.code, sentence in end.err) == (code, True), end.err
    assert end.err.count("\n") == 1


def test_a_folder_may_hold_all_kinds_of_files(cli, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Thank you.\n")
    (folder / "b.json").write_text('["Thank you."]')
    (folder / "c.pdf").write_text("x")
    end = cli.run("batch", folder, tmp_path / "out")
    assert end.code == 4
    assert "c.pdf is left out." in end.err
    out = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert (out["a.txt.out"], out["b.json"]) == ("Danke.\n", '["Danke."]')
    assert "1 files translated" not in cli.run("batch", folder, tmp_path / "out").err
