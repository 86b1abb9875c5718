"""DeepL's documents: through its own client on a socket, and what becomes of them in time."""

import hashlib
import io
import threading
import time
from contextlib import contextmanager
from threading import Thread

import deepl
import docx
import pytest

from gateway import local_documents
from gateway.app import make_app
from gateway.backend import TranslationRequest
from gateway.documents import DAY, Order, Result
from gateway.errors import BackendError, GatewayError
from gateway.file_work import Translated
from gateway.local_documents import LocalDocuments
from gateway.settings import Settings
from serving.settings import Settings as ServerSettings
from serving.wire.server import address, make_server
from tests.calling import Caller
from tests.doubles.tagging_backend import TaggingBackend
from tests.gateway.test_files import BOUNDARY

BACKEND = TaggingBackend()
ORDER = Order("a_de.txt", ".txt", TranslationRequest((), "en", "de"))


@contextmanager
def served(app):
    server = make_server(app, ServerSettings(host="127.0.0.1", port=0))
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield address(server)
    finally:
        server.stop()
        thread.join()


@pytest.fixture(scope="module")
def client():
    with served(make_app(BACKEND, Settings(auth="none"))) as url:
        yield deepl.DeepLClient("KEY", server_url=url)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(deepl.DocumentStatus, "seconds_remaining", 0, raising=False)
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.02)))


def letter():
    document = docx.Document()
    document.add_paragraph("Hello ").add_run("you").bold = True
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.usefixtures("impatient")
def test_deepls_client_translates_a_letter_of_word(client, tmp_path):
    (tmp_path / "letter.docx").write_bytes(letter())
    status = client.translate_document_from_filepath(
        tmp_path / "letter.docx", tmp_path / "brief.docx", source_lang="EN", target_lang="DE"
    )
    assert (status.done, status.billed_characters) == (True, len("Hello you"))
    assert docx.Document(tmp_path / "brief.docx").paragraphs[0].text == "<de>Hello you"


@pytest.mark.usefixtures("impatient")
def test_deepls_client_is_told_why_a_document_failed(client, tmp_path):
    for name, sentence in (("a.docx", "is not a zip file"), ("a.pdf", "letters at places")):
        (tmp_path / name).write_bytes(b"no zip")
        with pytest.raises(deepl.DeepLException, match=sentence):
            client.translate_document_from_filepath(
                tmp_path / name, tmp_path / "out", target_lang="DE"
            )


def test_deepls_client_finds_a_document_once_only(client):
    handle = client.translate_document_upload(b"Hello", target_lang="DE", filename="a.txt")
    while not client.translate_document_get_status(handle).done:
        time.sleep(0.01)
    out = io.BytesIO()
    client.translate_document_download(handle, out)
    assert out.getvalue() == b"<de>Hello"
    with pytest.raises(deepl.DeepLException, match="Not found"):
        client.translate_document_download(handle, out)


def test_deepls_client_translates_a_document_by_its_glossary(client, tmp_path):
    words = client.create_glossary("Words", "EN", "DE", {"world": "Erde"})
    (tmp_path / "a.txt").write_text("Hello world")
    with pytest.raises(deepl.DeepLException, match="Not found"):
        client.translate_document_from_filepath(
            tmp_path / "a.txt",
            tmp_path / "b.txt",
            source_lang="EN",
            target_lang="DE",
            glossary="12345678-1234-4234-8234-123456789012",
        )
    handle = client.translate_document_upload(
        b"Hello world", source_lang="EN", target_lang="DE", filename="a.txt", glossary=words
    )
    while not client.translate_document_get_status(handle).done:
        time.sleep(0.01)
    assert dict(BACKEND.requests[-1].terms) == {"world": "Erde"}


def upload(api, name="a.txt", content=b"Hello", **fields):
    fields = {"source_lang": "EN", "target_lang": "DE", **fields}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = b"".join([*parts, head.encode(), content, f"\r\n--{BOUNDARY}--\r\n".encode()])
    return api.post("/v2/document", body=body, kind=f"multipart/form-data; boundary={BOUNDARY}")


def asked(api, answer, what=""):
    sent = {"document_key": answer.json["document_key"]}
    return api.post(f"/v2/document/{answer.json['document_id']}{what}", json=sent)


def finished(api, answer):
    for _ in range(500):
        status = asked(api, answer)
        if status.json["status"] in ("done", "error"):
            return status.json
        time.sleep(0.01)
    raise AssertionError(status.json)


def test_an_upload_is_answered_at_once_and_the_result_when_it_is_there(backend):
    backend.seconds = 0.3
    api = Caller(make_app(backend, Settings(auth="none")))
    started = time.monotonic()
    answer = upload(api)
    assert time.monotonic() - started < 0.2
    assert (len(answer.json["document_id"]), len(answer.json["document_key"])) == (32, 64)
    early = asked(api, answer, "/result")
    assert (early.status, early.json) == (503, {"message": "Document translation is not done"})
    assert finished(api, answer) == {
        "document_id": answer.json["document_id"],
        "status": "done",
        "billed_characters": 5,
    }
    result = asked(api, answer, "/result")
    assert (result.body, result.headers["Content-Type"]) == (
        b"<de>Hello",
        "text/plain; charset=utf-8",
    )
    assert 'filename="a_de.txt"' in result.headers["Content-Disposition"]
    assert asked(api, answer).status == asked(api, answer, "/result").status == 404


def test_a_full_queue_is_asked_again(backend, monkeypatch):
    monkeypatch.setattr("gateway.file_work._PAUSE", 0.01)
    backend.errors = [BackendError(503, "busy", "All places are taken.") for _ in range(5)]
    api = Caller(make_app(backend, Settings(auth="none")))
    assert finished(api, upload(api))["status"] == "done"


@pytest.mark.parametrize(
    ("name", "fields", "status", "sentence"),
    [
        ("a.pdf", {}, 400, "Invalid file extension: Files .pdf are not translated. A PDF holds"),
        ("a.txt", {"target_lang": "XX"}, 400, "Value for 'target_lang' not supported."),
        ("a.txt", {"formality": "more"}, 400, "'formality' is not supported"),
        ("a.txt", {"output_format": "docx"}, 400, "Conversion from txt to docx is not supported."),
        ("a.txt", {"formality": "default", "output_format": "txt"}, 200, ""),
    ],
)
def test_what_can_be_told_at_once_is_refused_at_once(api, name, fields, status, sentence):
    answer = upload(api, name, **fields)
    assert answer.status == status
    assert sentence in answer.json.get("message", "")


def test_empty_and_large_documents_are_refused(caller_with):
    api = caller_with(file_limit=10)
    assert upload(api, content=b"").json == {"message": "The document is empty."}
    assert upload(api, content=b"a" * 11).status == 413


def test_a_document_is_for_its_own_api_key_and_its_own_key(backend):
    keys = {name: hashlib.sha256(f"{name}.secret".encode()).hexdigest() for name in ("one", "two")}
    app = make_app(backend, Settings(api_keys=keys))
    one, two = (Caller(app, X_API_KEY=f"{name}.secret") for name in ("one", "two"))
    answer = upload(one)
    finished(one, answer)
    assert asked(two, answer, "/result").status == 404
    wrong = {"document_key": "0" * 64}
    assert one.post(f"/v2/document/{answer.json['document_id']}", json=wrong).status == 404
    assert one.post(f"/v2/document/{answer.json['document_id']}", json={}).status == 400
    assert asked(one, answer, "/result").status == 200


def work(client, content, suffix, wanted, tell, glossaries):
    tell(0.5)
    return Translated(content.upper(), wanted.source, len(content), 1)


def wait_for(store, id, key, status):
    for _ in range(500):
        found = store.status("ann", id, key)
        if found["status"] == status:
            return found
        time.sleep(0.01)
    raise AssertionError(found)


def test_nothing_is_kept_for_longer_than_a_day(tmp_path):
    now = [1000.0]
    store = LocalDocuments(work, str(tmp_path), lambda: now[0])
    one = store.add("ann", b"hello", ORDER)
    wait_for(store, *one, "done")
    now[0] += DAY - 1
    assert store.status("ann", *one)["status"] == "done"
    now[0] += 1
    with pytest.raises(GatewayError, match="Document not found"):
        store.status("ann", *one)
    assert list(tmp_path.iterdir()) == []


def test_no_text_or_key_is_left_when_the_result_is_fetched(tmp_path):
    store = LocalDocuments(work, str(tmp_path))
    id, key = store.add("ann", b"hello", ORDER)
    wait_for(store, id, key, "done")
    assert not any(key in path.read_text() for path in tmp_path.iterdir())
    assert store.take("ann", id, key) == Result("a_de.txt", b"HELLO")
    assert list(tmp_path.iterdir()) == []


def test_what_a_process_left_is_finished_by_the_next_but_not_for_ever(tmp_path):
    ends = threading.Event()

    def stuck(*_):
        ends.wait(20)
        raise GatewayError(503, "stopping", "The server is stopping.")

    first = LocalDocuments(stuck, str(tmp_path))
    one = first.add("ann", b"hello", ORDER)
    wait_for(first, *one, "translating")
    copy = {path.name: path.read_bytes() for path in tmp_path.iterdir()}  # as a killed one leaves
    second = LocalDocuments(work, str(tmp_path))
    wait_for(second, *one, "done")
    assert second.take("ann", *one).content == b"HELLO"
    for name, content in copy.items():
        (tmp_path / name).write_bytes(content.replace(b'"tries": 1', b'"tries": 2'))
    third = LocalDocuments(work, str(tmp_path))
    found = third.status("ann", *one)
    assert (found["status"], "Upload it again." in found["error_message"]) == ("error", True)
    ends.set()


def test_a_key_has_no_more_than_its_share_of_what_waits(monkeypatch):
    monkeypatch.setattr(local_documents, "MAX_UNFINISHED", 2)
    ends = threading.Event()
    store = LocalDocuments(lambda *_: ends.wait(20))
    for _ in range(2):
        store.add("ann", b"", ORDER)
    with pytest.raises(GatewayError, match="2 documents are being translated"):
        store.add("ann", b"", ORDER)
    store.add("bob", b"", ORDER)
    monkeypatch.setattr(local_documents, "MAX_DOCUMENTS", 3)
    with pytest.raises(GatewayError, match="no room for another document"):
        store.add("bob", b"", ORDER)
    ends.set()


def test_files_can_be_switched_off(caller_with):
    api = caller_with(files=False)
    assert upload(api).json == {"message": "File translation is off on this server."}
