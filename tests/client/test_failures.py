"""Every way a service can fail: an exit code and one sentence."""

import socket

import pytest

from client.errors import EXIT_CODES
from tests.client.front import Front, answer
from tests.client.running import CommandLine
from tests.running import ROOT, Reply

BUSY = answer(503, {"error": {"code": "unavailable", "message": "The server is full."}})


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def one_sentence(end) -> str:
    assert end.err.startswith("translate.py: ") and end.err.count("\n") == 1, end.err
    return end.err.removeprefix("translate.py: ").strip()


def test_no_server():
    url = f"http://127.0.0.1:{closed_port()}"
    end = CommandLine(TRANSLATE_URL=url).run("Hello")
    assert end.code == 3
    assert one_sentence(end) == (
        f"No service answers at {url} (Connection refused). "
        "Start one with `make run`, or name another with --url."
    )


def test_no_such_host():
    end = CommandLine().run("--url", "http://nowhere.invalid", "Hello")
    assert end.code == 3
    assert one_sentence(end).endswith(" Check --url and the network.")


@pytest.mark.parametrize(
    "url",
    [
        *("localhost:8080", "ftp://x", "http://", "http://a:b", "http://a b", "http://ü.de"),
        *("http://::1:8080", "http://[::1:8080", "http://a\nb", "http://a/\x1b[2J"),
    ],
)
def test_no_url(url):
    end = CommandLine().run("--url", url, "Hello")
    assert end.code == 2
    assert one_sentence(end) == (
        f"--url {url!r} is no URL. Write one such as http://127.0.0.1:8080 or http://[::1]:8080."
    )


def test_unknown_pair_names_those_served(cli):
    end = cli.run("--pair", "xx_yy", "Hello")
    assert end.code == 4
    assert "xx → yy" in one_sentence(end) and "en → de" in one_sentence(end)


def test_too_large_for_the_server_is_its_own_sentence(cli):
    end = cli.run("x " * 60_000)
    assert (end.code, "120000 characters" in one_sentence(end)) == (4, True)


@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=str)
def test_standard_input_that_is_not_utf_8(cli, arguments):
    end = cli.run(*arguments, stdin=b"ok\nna\xefve\n")
    assert (end.code, "not" in one_sentence(end), "UTF-8" in end.err) == (4, True, True)


def test_an_argument_that_is_not_utf_8(cli):
    end = cli.run("na\udcefve")
    assert (end.code, "not valid UTF-8" in one_sentence(end)) == (4, True)


@pytest.mark.parametrize(
    ("reply", "code", "message"),
    [
        (answer(500, {"error": {"code": "x", "message": "It broke."}}), 5, "It broke."),
        (answer(403, {"error": "Invalid API key"}), 4, "Invalid API key"),
        (answer(403, {"message": "Forbidden"}), 4, "Forbidden"),
        (Reply(404, {}, b"<html>"), 4, "{url}/invocations answered with status 404."),
        (Reply(500, {}, b'["x"]'), 5, "{url}/invocations answered with status 500."),
        (Reply(200, {}, b"<html>"), 5, "{url} answered with something else than a translation."),
        (answer(200, {}), 5, "{url} answered with something else than a translation."),
        (answer(200, {"translations": []}), 5, "{url} answered 0 texts for 1."),
        (
            answer(200, {"translations": [{"text": 1}]}),
            5,
            "{url} answered with something else than a translation.",
        ),
        (
            Reply(307, {"Location": "https://elsewhere/"}, b""),
            4,
            "The service redirects to https://elsewhere/. Give the right address as --url.",
        ),
    ],
    ids=lambda value: str(getattr(value, "body", value)),
)
def test_answers_that_end_the_run(front, through, reply, code, message):
    front.script.append(reply)
    end = through.run("Hello")
    assert (end.code, one_sentence(end)) == (code, message.format(url=front.url))
    assert len(front.bodies) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_service_is_asked_again(front, through, status):
    front.script.append(answer(status, {"error": "Later"}))
    assert through.run("Hello world!").text == "Hallo Welt!\n"
    assert len(front.bodies) == 2


def test_a_lost_connection_is_asked_again(front, through):
    front.script.append(None)
    assert through.run("Hello world!").text == "Hallo Welt!\n"
    assert len(front.bodies) == 2


def test_retry_after_beyond_patience_ends_at_once(front, through):
    front.script.append(Reply(503, BUSY.headers | {"Retry-After": "30"}, BUSY.body))
    end = through.run("--patience", 5, "Hello")
    assert (end.code, len(front.bodies)) == (5, 1)
    assert one_sentence(end) == (
        "The server is full. (tried for 5 s; --patience SECONDS sets how long)"
    )


def test_patience_runs_out(front, through):
    front.script.extend([BUSY] * 50)
    end = through.run("--patience", 1.5, "Hello")
    assert (end.code, 2 <= len(front.bodies) < 50) == (5, True)


def test_a_terminal_is_told_that_the_service_is_busy(front, through):
    front.script.append(BUSY)
    end = through.run_on_terminal("Hello world!")
    assert end.text == "Hallo Welt!\n"
    assert "The service is starting or busy; asking again for 180 s." in end.err


def test_no_proxy_is_asked_for_this_machine(server):
    broken = f"http://127.0.0.1:{closed_port()}"
    cli = CommandLine(TRANSLATE_URL=server.url, http_proxy=broken, HTTP_PROXY=broken)
    assert cli.run("Hello world!").text == "Hallo Welt!\n"


def test_other_machines_are_asked_through_the_proxy():
    with Front() as proxy:
        proxy.script.append(answer(200, {"translations": [{"text": "Hallo"}]}))
        cli = CommandLine(http_proxy=proxy.url)
        assert cli.run("--url", "http://far.example", "Hello").text == "Hallo\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nonsense"], "Unrecognized arguments: --nonsense. See ./translate.py --help."),
        (["--url", "http://x", "--stack", "y", "z"], "not allowed with argument --url"),
        (["--endpoint", "", "x"], "--endpoint: invalid name value: ''"),
        (["--url", "", "x"], "--url: invalid name value: ''"),
        (["--parallel", "0", "x"], "0 is not between 1 and 100."),
        (["--parallel", "x", "x"], "invalid whole number value: 'x'"),
        (["--patience", "-1", "x"], "-1 is not a number from 0 up."),
        (["batch", "only-one"], "Batch takes two folders: ./translate.py batch IN OUT."),
        (["batch", "s3://a/b", "out"], "not one of each"),
        (["batch", "s3://a/b", "s3://a/c"], "Add --stack NAME"),
    ],
    ids=str,
)
def test_mistakes_in_the_command(arguments, message):
    end = CommandLine().run(*arguments)
    assert (end.code, message in one_sentence(end)) == (2, True), end.err


def test_help_and_docs_list_every_exit_code(cli):
    shown = cli.run("--help").text
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    for code, meaning in EXIT_CODES.items():
        assert f"  {code:<4}{meaning}" in shown
        assert f"| {code} | {meaning} |" in page
