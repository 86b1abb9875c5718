"""Whole files: what comes back, for how long, and what is refused."""

import logging

import pytest

from gateway import files
from gateway.documents import Result
from gateway.errors import BackendError
from gateway.files import FileShelf

BOUNDARY = "----WebKitFormBoundaryAb3"  # with capitals, as browsers write it


def upload(api, name, content, **fields):
    fields = {"source": "en", "target": "de", **fields}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
        for k, v in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return api.post("/translate_file", body=body, kind=kind)


def download(api, answer):
    path = "/" + answer.json["translatedFileUrl"].split("/", 3)[3]
    return api.get(path)


@pytest.mark.parametrize(
    ("name", "content", "translated", "kind"),
    [
        ("a.txt", b"Hello\nyou", b"<de>Hello\nyou", "text/plain; charset=utf-8"),
        ("a.TXT", b"\xef\xbb\xbfHello", b"\xef\xbb\xbf<de>Hello", "text/plain; charset=utf-8"),
        ("a.html", b"<p>Hi</p>", b"<p><de>Hi</p>", "text/html; charset=utf-8"),
        ("a.htm", b"<p>Hi</p>", b"<p><de>Hi</p>", "text/html; charset=utf-8"),
        (
            "a.srt",
            b"1\n00:00:01,000 --> 00:00:02,000\nHi\n",
            b"1\n00:00:01,000 --> 00:00:02,000\n<de>Hi\n",
            "application/x-subrip; charset=utf-8",
        ),
    ],
)
def test_a_file_comes_back_translated(api, backend, name, content, translated, kind):
    answer = upload(api, name, content)
    assert answer.status == 200
    file = download(api, answer)
    assert (file.status, file.body) == (200, translated)
    assert file.headers["Content-Type"] == kind
    named = name.replace(".", "_de.")
    assert f'attachment; filename="{named}"' in file.headers["Content-Disposition"]
    assert backend.asked[0].format == ("html" if "htm" in name else "text")


def test_the_link_leads_to_where_a_proxy_offers_it(caller_with):
    answer = caller_with(url="https://example.org/mt").post("/translate_file", **_multipart())
    assert answer.json["translatedFileUrl"].startswith("https://example.org/mt/download_file/")


def test_the_link_leads_to_the_address_that_was_called(api):
    answer = api.post("/translate_file", **_multipart(), HOST="translate.example")
    assert answer.json["translatedFileUrl"].startswith("http://translate.example/download_file/")


def _multipart():
    parts = [
        'name="file"; filename="a.txt"\r\n\r\nHello',
        'name="source"\r\n\r\nen',
        'name="target"\r\n\r\nde',
    ]
    body = "".join(f"--{BOUNDARY}\r\nContent-Disposition: form-data; {p}\r\n" for p in parts)
    return {
        "body": f"{body}--{BOUNDARY}--\r\n".encode(),
        "kind": f"multipart/form-data; boundary={BOUNDARY}",
    }


def test_a_file_has_limits_of_its_own(caller_with):
    api = caller_with(
        character_limit=50, batch_limit=60, file_characters=300_000, file_limit=300_100
    )
    answer = upload(api, "a.txt", b"a " * 150_000)
    assert len(download(api, answer).body) > 300_000
    assert upload(api, "a.txt", b"ab" * 150_001).json == {
        "error": "Invalid request: the file has 300002 characters, more than 300000"
    }
    answer = upload(api, "a.txt", b"1" * 400_000)
    assert (answer.status, "exceeds the limit" in answer.json["error"]) == (413, True)


def test_any_letters_of_a_files_name_come_back(api):
    file = download(api, upload(api, "Brief für „Ann“.txt", b"Hello"))
    disposition = file.headers["Content-Disposition"]
    assert "filename*=UTF-8''Brief%20f%C3%BCr%20%E2%80%9EAnn%E2%80%9C_de.txt" in disposition
    assert 'filename="Brief f_r _Ann__de.txt"' in disposition


def test_a_files_language_is_detected_once(api, backend):
    content = "Name,Text\nHaus,Wo ist der Bahnhof bitte?\nno,Das ist ein sehr schöner Tag.\n"
    assert upload(api, "a.csv", content.encode(), source="auto", target="en").status == 200
    assert {asked.source for asked in backend.asked} == {"de"}


def test_a_film_is_translated_in_parts(api, backend):
    cue = "{}\n00:00:01,000 --> 00:00:02,000\n- Where are you going?\n- {}To town {}.\n\n"
    film = "".join(cue.format(number, "{\\an8}", number) for number in range(1, 1000))
    assert len(film) > 60_000
    answer = download(api, upload(api, "film.srt", film.encode()))
    assert answer.body.decode().count("\n- <de>Where are you going?\n- {\\an8}<de>To town") == 999
    assert max(len(asked.texts) for asked in backend.asked) <= 50


def test_a_busy_backend_is_asked_again(api, backend, monkeypatch):
    monkeypatch.setattr("gateway.file_work._PAUSE", 0.01)
    translate, refusals = backend.translate, [503, 504, 429]

    def busy(request):
        if refusals:
            raise BackendError(refusals.pop(), "busy", "All places are taken.")
        return translate(request)

    monkeypatch.setattr(backend, "translate", busy)
    assert upload(api, "a.txt", b"Hello").status == 200
    assert refusals == []


def test_what_fails_is_not_charged(caller_with, backend, monkeypatch):
    api = caller_with(daily_characters=10)
    with monkeypatch.context() as patched:
        patched.setattr(backend, "translate", lambda _: fail())
        assert upload(api, "a.txt", b"Hello you").status == 500
    assert upload(api, "a.txt", b"Hello you").status == 200
    assert upload(api, "a.txt", b"Hello you").status == 429


def fail():
    raise BackendError(500, "internal_error", "It broke.")


@pytest.mark.parametrize(
    ("name", "content", "fields", "sentence"),
    [
        (
            "a.pdf",
            b"x",
            {},
            "Invalid request: file format not supported: Files .pdf are not translated. "
            "A PDF holds letters at places, not sentences. "
            "Translate the file that it was made of.",
        ),
        (
            "a.txt",
            b"\xff",
            {},
            "Invalid request: The file is not UTF-8 text: byte 0 is invalid. Save it as UTF-8.",
        ),
        (
            "a.txt",
            b"a\0b",
            {},
            "Invalid request: The file contains a NUL character, so it is no text.",
        ),
        ("a.txt", b"a", {"source": "zz"}, "zz is not supported"),
        ("a.txt", b"a", {"target": "auto"}, "auto is not supported"),
    ],
)
def test_refuses_other_files(api, name, content, fields, sentence):
    answer = upload(api, name, content, **fields)
    assert (answer.status, answer.json) == (400, {"error": sentence})


@pytest.mark.parametrize(
    ("body", "kind", "sentence"),
    [
        (b"", "application/x-www-form-urlencoded", "Invalid request: missing file parameter"),
        (b"", "multipart/form-data", "Invalid request: the multipart form cannot be read"),
        (b"junk", "multipart/form-data; boundary=x", "Invalid request: the multipart form cannot"),
    ],
)
def test_refuses_a_request_without_a_file(api, body, kind, sentence):
    answer = api.post("/translate_file", body=body, kind=kind)
    assert answer.status == 400
    assert answer.json["error"].startswith(sentence)


def test_files_can_be_switched_off(caller_with):
    api = caller_with(files=False)
    sentence = {"error": "File translation is off on this server."}
    answers = [upload(api, "a.txt", b"a"), api.get("/download_file/a.txt")]
    assert [(answer.status, answer.json) for answer in answers] == [(403, sentence)] * 2


def test_an_unknown_link_is_refused(api):
    answer = api.get("/download_file/guess.txt")
    assert (answer.status, answer.json) == (
        404,
        {"error": "This link has expired. Translate the file again."},
    )


def test_a_link_expires():
    now = [0.0]
    shelf = FileShelf(lambda: now[0])
    name = shelf.put(b"Hallo", "a.txt")
    now[0] = files.LINK_SECONDS - 1
    assert shelf.get(name) == Result("a.txt", b"Hallo")
    now[0] = files.LINK_SECONDS + 1
    assert shelf.get(name) is None


def test_the_oldest_files_make_room(monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    shelf = FileShelf()
    first, second = shelf.put(b"123456", "a.txt"), shelf.put(b"123456", "a.txt")
    assert shelf.get(first) is None
    assert shelf.get(second) == Result("a.txt", b"123456")


def test_empty_files_take_room_too():
    shelf = FileShelf()
    names = [shelf.put(b"", "a.txt") for _ in range(files.MAX_FILES + 5)]
    kept = [name for name in names if shelf.get(name) is not None]
    assert kept == names[5:]


@pytest.mark.parametrize("before", ["/download_file/", "/download\xff_file/", "//download_file/"])
def test_the_secret_of_a_link_is_not_logged(api, caplog, before):
    caplog.set_level(logging.INFO, "gateway.access")
    secret = FileShelf().put(b"", "a.txt")
    api.get(before + secret)
    (record,) = [record for record in caplog.records if record.message == "request"]
    assert record.fields["path"].endswith("/…")
    assert not any(secret[at : at + 8] in str(record.__dict__) for at in range(len(secret) - 8))


def test_links_cannot_be_guessed():
    shelf = FileShelf()
    names = {shelf.put(b"", "a.txt") for _ in range(50)}
    assert len(names) == 50
    assert all(len(name) == 43 + len(".txt") for name in names)


def test_the_log_counts_all_cues_of_a_mixed_file(api, caplog):
    caplog.set_level(logging.INFO, "gateway.access")
    cue = "{}\n00:00:0{},000 --> 00:00:0{},500\n{}\n\n"
    cues = [cue.format(n, n, n, text) for n, text in enumerate(["<i>Hi</i>", "Hello", "Bye"], 1)]
    assert upload(api, "a.srt", "".join(cues).encode()).status == 200
    (record,) = [record for record in caplog.records if record.message == "request"]
    noted = {name: record.fields[name] for name in ("texts", "characters", "legs")}
    assert noted == {"texts": 3, "characters": len("HiHelloBye"), "legs": [["en-de"]]}
