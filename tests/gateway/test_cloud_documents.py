"""Documents in a bucket, with a queue and a worker: the wire is that of one process."""

import functools
import io
import json
import secrets
import time
from contextlib import contextmanager
from threading import Event, Thread
from types import SimpleNamespace

import deepl
import docx
import moto
import pytest
import requests
from botocore.exceptions import ClientError

from gateway import cloud_documents, document_bucket, document_queue, document_worker, queued_files
from gateway.app import make_app
from gateway.aws_client import make_client
from gateway.counters import LocalCounters
from gateway.document_bucket import DocumentBucket
from gateway.document_queue import DocumentQueue
from gateway.document_worker import MAX_RUNS, RUN, DocumentWorker
from gateway.documents import DAY
from gateway.errors import BackendError, GatewayError, SettingsError
from gateway.service import Service
from gateway.settings import Settings
from tests.calling import Caller
from tests.doubles.tagging_backend import TaggingBackend
from tests.gateway.test_documents import asked, letter, served, upload
from tests.gateway.test_files import upload as upload_file


class Cloud:
    """An app and its worker; `now` is the worker's clock, and `deliver` is what Lambda does."""

    def __init__(self, number, client_of, **settings):
        self.sqs, self.s3 = client_of("sqs"), client_of("s3")
        self.bucket = f"documents-{number}"
        self.queue = self.sqs.create_queue(QueueName=self.bucket)["QueueUrl"]
        self.s3.create_bucket(Bucket=self.bucket)
        self.backend = TaggingBackend()
        self.counters = LocalCounters()
        self.settings = Settings(
            **{"auth": "none", "documents": f"s3://{self.bucket}/", "documents_queue": self.queue}
            | settings
        )
        self.app = make_app(self.backend, self.settings, self.counters)
        self.api = Caller(self.app)
        self.now = time.time
        self.documents = DocumentBucket(self.bucket)
        self.service = Service(self.backend, self.settings, self.counters)
        queue = DocumentQueue(self.queue)
        self.worker = DocumentWorker(self.service, self.documents, queue, lambda: self.now())

    @property
    def asked(self):
        """What the model was asked, but for whether it is there."""
        return [request for request in self.backend.requests if request.texts != ("",)]

    def waiting(self):
        return self.sqs.receive_message(QueueUrl=self.queue).get("Messages", [])

    def deliver(self, seconds=RUN, is_last=False):
        """One message to one worker; False where none waits."""
        for message in self.waiting():
            self.worker.run(json.loads(message["Body"])["id"], seconds, is_last)
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
            return True
        return False

    @contextmanager
    def working(self):
        ends = Event()

        def work():
            while not ends.is_set():
                if not self.deliver():
                    time.sleep(0.02)

        thread = Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            ends.set()
            thread.join()

    def left(self):
        """What kinds of objects are in the bucket."""
        listed = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", ())
        return {each["Key"].split("/")[0] for each in listed}


@pytest.fixture(scope="module")
def client_of():
    """Makes a client of a service once: that takes boto3 longer than a test."""
    with moto.mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        made = functools.cache(lambda service: make_client(service, 5, 5))
        for module in (document_bucket, document_queue):
            patch.setattr(module, "make_client", lambda service, *_, **__: made(service))
        patch.setattr(cloud_documents, "_PAUSE", 0.01)
        yield made


@pytest.fixture
def cloud_with(client_of):
    return functools.partial(Cloud, secrets.token_hex(4), client_of)


@pytest.fixture
def cloud(cloud_with):
    return cloud_with()


@pytest.fixture
def impatient(monkeypatch):
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.02)))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("through", [cloud_documents.THROUGH, 10], ids=["through", "by a link"])
def test_deepls_client_translates_a_letter_of_word(cloud, tmp_path, monkeypatch, through):
    monkeypatch.setattr(cloud_documents, "THROUGH", through)
    (tmp_path / "letter.docx").write_bytes(letter())
    with served(cloud.app) as url, cloud.working():
        client = deepl.DeepLClient("KEY", server_url=url)
        status = client.translate_document_from_filepath(
            tmp_path / "letter.docx", tmp_path / "brief.docx", source_lang="EN", target_lang="DE"
        )
    assert (status.done, status.billed_characters) == (True, len("Hello you"))
    assert docx.Document(tmp_path / "brief.docx").paragraphs[0].text == "<de>Hello you"
    # What a link leads to, and nothing else, is left to the bucket's day.
    assert cloud.left() == (set() if through > 10 else {"out"})


def test_a_document_is_queued_translated_and_fetched_once(cloud):
    answer = upload(cloud.api)
    assert asked(cloud.api, answer).json["status"] == "queued"
    early = asked(cloud.api, answer, "/result")
    assert (early.status, early.json) == (503, {"message": "Document translation is not done"})
    assert cloud.deliver()
    assert asked(cloud.api, answer).json == {
        "document_id": answer.json["document_id"],
        "status": "done",
        "billed_characters": 5,
    }
    result = asked(cloud.api, answer, "/result")
    assert (result.body, result.headers["Content-Type"]) == (
        b"<de>Hello",
        "text/plain; charset=utf-8",
    )
    assert 'filename="a_de.txt"' in result.headers["Content-Disposition"]
    assert asked(cloud.api, answer).status == asked(cloud.api, answer, "/result").status == 404
    assert cloud.left() == set()


def test_the_queue_has_nothing_of_a_document_and_the_bucket_no_key(cloud):
    answer = upload(cloud.api, "secret-name.txt")
    (message,) = cloud.waiting()
    assert json.loads(message["Body"]) == {"id": answer.json["document_id"]}
    for each in cloud.s3.list_objects_v2(Bucket=cloud.bucket)["Contents"]:
        content = cloud.s3.get_object(Bucket=cloud.bucket, Key=each["Key"])["Body"].read()
        assert answer.json["document_key"].encode() not in content


def test_nobody_has_a_document_without_its_key_or_after_a_day(cloud, monkeypatch):
    answer = upload(cloud.api)
    cloud.deliver()
    id, wrong = answer.json["document_id"], {"document_key": "0" * 64}
    assert cloud.api.post(f"/v2/document/{id}", json=wrong).status == 404
    assert cloud.api.post("/v2/document/../../in", json=wrong).status == 404
    assert asked(cloud.api, answer).status == 200
    _, document = cloud.documents.load(id)
    document.created -= DAY
    cloud.documents.save(document)
    assert asked(cloud.api, answer).status == asked(cloud.api, answer, "/result").status == 404


LONG = "\n\n".join(f"Sentence {number} of many." for number in range(120)).encode()  # three chunks


def test_a_run_that_ends_leaves_the_rest_to_the_next(cloud):
    answer = upload(cloud.api, content=LONG)
    for expected in (1, 2):  # a chunk in each: there is no time for more
        assert cloud.deliver(seconds=document_worker.MARGIN)
        assert len(cloud.asked) == expected
        assert asked(cloud.api, answer).json["status"] == "queued"
    assert "chunks" in cloud.left()
    cloud.deliver()
    assert len(cloud.asked) == 3
    result = asked(cloud.api, answer, "/result").body.decode().split("\n\n")
    assert result == [f"<de>{line}" for line in LONG.decode().split("\n\n")]
    assert cloud.left() == set()


def test_characters_are_charged_once_and_given_back_where_nothing_comes_of_it(cloud_with):
    cloud = cloud_with(daily_characters=10_000)
    upload(cloud.api, content=LONG)
    for _ in range(2):
        cloud.deliver(seconds=document_worker.MARGIN)
        assert cloud.service.limits.today("everyone.")[0] == len(LONG.replace(b"\n", b""))
    cloud.backend.errors = [BackendError(422, "too_long", "A text is too long.")]
    cloud.deliver()
    assert cloud.service.limits.today("everyone.")[0] == 0


def test_a_document_for_which_no_quota_is_left_fails_in_a_sentence(cloud_with):
    cloud = cloud_with(daily_characters=3)
    answer = upload(cloud.api)
    cloud.deliver()
    status = asked(cloud.api, answer).json
    assert (status["status"], "quota of 3 characters" in status["error_message"]) == ("error", True)
    assert asked(cloud.api, answer, "/result").status == 404


def test_a_busy_model_is_left_to_the_next_run_but_not_for_ever(cloud):
    upload(cloud.api)
    cloud.deliver()  # and the model is warm
    answer = upload(cloud.api)
    busy = BackendError(503, "busy", "All places are taken.")
    cloud.backend.errors = [busy] * MAX_RUNS
    for _ in range(MAX_RUNS):
        assert cloud.deliver(seconds=document_worker.MARGIN)
    assert asked(cloud.api, answer).json["status"] == "queued"
    cloud.deliver()
    assert "took too long" in asked(cloud.api, answer).json["error_message"]
    assert not cloud.deliver()
    assert cloud.left() == {"state", "out"}  # the other one's, and the sentence


def test_an_endpoint_that_is_being_replaced_fails_no_document(cloud, monkeypatch):
    monkeypatch.setattr(document_worker, "_SWITCH", 0)
    answer = upload(cloud.api)
    cloud.backend.errors = [BackendError(500, "misconfigured", "It cannot be used.")]
    cloud.deliver()
    assert asked(cloud.api, answer).json["status"] == "queued"
    cloud.deliver()
    assert asked(cloud.api, answer).json["status"] == "done"


def test_a_broken_worker_is_tried_again_and_the_caller_is_told_after_the_last(cloud):
    answer = upload(cloud.api)
    (message,) = cloud.waiting()
    id = json.loads(message["Body"])["id"]
    for is_last in (False, False, True):
        cloud.backend.errors = [MemoryError("Hello")]
        with pytest.raises(MemoryError):
            cloud.worker.run(id, RUN, is_last)
    status = asked(cloud.api, answer).json
    assert (status["status"], status["message"]) == (
        "error",
        "Something went wrong on the server.",
    )
    assert cloud.left() == {"state"}


def test_one_worker_has_a_document_until_its_time_is_over(cloud):
    answer = upload(cloud.api)
    (message,) = cloud.waiting()
    id = json.loads(message["Body"])["id"]
    assert cloud.worker._claim(id) is not None  # and ends without a word
    cloud.worker.run(id, RUN, False)
    assert cloud.asked == []
    later = time.time() + RUN
    cloud.now = lambda: later
    cloud.worker.run(id, RUN, False)
    assert asked(cloud.api, answer).json["status"] == "done"


def test_a_worker_that_never_came_back_is_no_document_in_work(cloud, monkeypatch):
    answer = upload(cloud.api)
    (message,) = cloud.waiting()
    cloud.worker._claim(json.loads(message["Body"])["id"])
    assert asked(cloud.api, answer).json["status"] == "translating"
    monkeypatch.setattr(cloud_documents, "SILENT", -1)
    assert asked(cloud.api, answer).json["message"] == cloud_documents.LOST


def test_a_key_has_no_more_than_its_share_of_what_waits(cloud, monkeypatch):
    monkeypatch.setattr(cloud_documents, "MAX_UNFINISHED", 2)
    answers = [upload(cloud.api) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    cloud.deliver()
    assert upload(cloud.api).status == 200


def test_a_document_that_cannot_be_queued_leaves_nothing(cloud):
    cloud.sqs.delete_queue(QueueUrl=cloud.queue)
    answer = upload(cloud.api)
    assert (answer.status, "Try again" in answer.json["message"]) == (503, True)
    assert cloud.left() == set()


def test_a_bucket_that_cannot_be_reached_is_a_503_in_a_sentence(cloud):
    cloud.s3.delete_bucket(Bucket=cloud.bucket)
    assert upload(cloud.api).status == 503


def test_libretranslates_file_comes_while_its_caller_waits(cloud):
    with cloud.working():
        answer = upload_file(cloud.api, "letter.docx", letter())
        assert answer.status == 200, answer.json
        link = answer.json["translatedFileUrl"].partition("/download_file/")[2]
        found = cloud.api.get(f"/download_file/{link}")
    assert docx.Document(io.BytesIO(found.body)).paragraphs[0].text == "<de>Hello you"
    assert 'filename="letter_de.docx"' in found.headers["Content-Disposition"]
    assert cloud.api.get(f"/download_file/{link}").status == 200  # for ten minutes
    assert cloud.api.get(f"/download_file/{'0' * 96}.docx").status == 404
    assert cloud.api.get("/download_file/guess.docx").status == 404


def test_a_file_that_takes_longer_has_its_link_at_once_and_is_asked_for_again(cloud, monkeypatch):
    monkeypatch.setattr(queued_files, "WAIT", 0.05)
    answer = upload_file(cloud.api, "a.txt", b"Hello")
    assert answer.status == 200
    path = "/download_file/" + answer.json["translatedFileUrl"].partition("/download_file/")[2]
    early = cloud.api.get(path)
    assert (early.status, early.headers["Retry-After"]) == (503, "5")
    cloud.deliver()
    assert cloud.api.get(path).body == b"<de>Hello"


def test_what_is_wrong_with_a_file_is_said_as_without_a_worker(cloud):
    with cloud.working():
        answer = upload_file(cloud.api, "a.docx", b"no zip")
    assert (answer.status, "is not a zip file" in answer.json["error"]) == (400, True)


@pytest.fixture
def entry(cloud, monkeypatch):
    """The worker's function: a message of the queue to its result."""
    from gateway import worker_entry

    monkeypatch.setattr(worker_entry, "AGAIN", 0)
    environment = {
        "GATEWAY_AUTH": "none",
        "GATEWAY_DOCUMENTS": f"s3://{cloud.bucket}/",
        "GATEWAY_DOCUMENTS_QUEUE": cloud.queue,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for made in (worker_entry._settings, worker_entry._queue, worker_entry._make_worker):
        made.cache_clear()
    monkeypatch.setattr(worker_entry, "SageMakerBackend", lambda *_, **__: cloud.backend)
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)

    def run(message):
        record = {
            "body": message["Body"],
            "receiptHandle": message["ReceiptHandle"],
            "attributes": {"ApproximateReceiveCount": "1"},
        }
        return worker_entry.handler({"Records": [record]}, context)

    return run


def test_the_queue_gives_a_message_out_again_soon_and_the_log_has_no_text(cloud, entry, capfd):
    upload(cloud.api)
    (message,) = cloud.waiting()
    cloud.backend.errors = [MemoryError("Hello")]
    with pytest.raises(RuntimeError, match="A document failed"):
        entry(message)
    (again,) = cloud.waiting()
    assert again["MessageId"] == message["MessageId"]
    entry(again)
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [line.get("message") or line["status"] for line in lines][-2:] == [
        "a document failed",
        "done",
    ]
    assert "Hello" not in str(lines)


@pytest.mark.parametrize(
    "body",
    ["", "{", "null", "[]", "3", '{"id": null}', '{"id": "../in"}', '{"no": "id"}', "[" * 100_000],
    ids=lambda body: body[:20],
)
def test_a_message_that_is_not_ours_is_noted_and_not_tried_again(entry, capfd, body):
    assert entry({"Body": body, "ReceiptHandle": "x"}) is None
    (line,) = capfd.readouterr().out.splitlines()
    assert json.loads(line)["message"] == "a message names no document"


def test_the_state_of_another_writer_is_no_document(cloud):
    answer = upload(cloud.api)
    id = answer.json["document_id"]
    key = f"state/{id}.json"
    ours = json.loads(cloud.s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read())
    wrong = [{**ours, name: value} for name, value in WRONG_FIELDS.items()]
    for content in (b"", b"\xff", b"[]", b"{}", b"[" * 100_000, *map(json.dumps, wrong)):
        cloud.s3.put_object(Bucket=cloud.bucket, Key=key, Body=content)
        assert asked(cloud.api, answer).status == 404
        assert asked(cloud.api, answer, "/result").status == 404
        cloud.worker.run(id, RUN, False)  # and leaves it alone
    assert cloud.asked == []


WRONG_FIELDS = {
    "id": "0" * 32,
    "key": None,
    "created": "today",
    "status": "lost",
    "charged_day": "1",
    "glossaries": "x",
    "unknown": 1,
}


def test_a_chunk_of_another_writer_is_translated_anew(cloud):
    answer = upload(cloud.api)
    id = answer.json["document_id"]
    for number, content in enumerate((b"", b"[]", b'["", 3]', b'["", [["a"]]]', b'{"a": 1}')):
        cloud.s3.put_object(Bucket=cloud.bucket, Key=f"chunks/{id}/{number:06}.json", Body=content)
    cloud.deliver()
    assert asked(cloud.api, answer, "/result").body == b"<de>Hello"


@pytest.mark.parametrize(("code", "is_missing"), [(404, True), (503, False), (None, False)])
def test_an_error_code_of_s3_may_be_no_text(cloud, monkeypatch, code, is_missing):
    def refuse(**_):
        raise ClientError({"Error": {"Code": code}}, "GetObject")

    monkeypatch.setattr(cloud.s3, "get_object", refuse)
    if is_missing:
        assert cloud.documents.load("0" * 32) is None
    else:
        with pytest.raises(GatewayError, match="cannot be reached"):
            cloud.documents.load("0" * 32)


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_was_set_back_or_forth_loses_no_document(cloud, hours):
    answer = upload(cloud.api)
    (message,) = cloud.waiting()
    id = json.loads(message["Body"])["id"]
    cloud.now = lambda: time.time() + hours * 3600
    assert cloud.worker._claim(id) is not None  # and ends without a word
    assert asked(cloud.api, answer).json["message"] == cloud_documents.LOST
    cloud.now = time.time
    cloud.worker.run(id, RUN, False)
    assert asked(cloud.api, answer).json["status"] == "done"


def test_bucket_and_queue_belong_together():
    for given in ({"documents": "s3://ours/"}, {"documents_queue": "https://sqs/1/x"}):
        with pytest.raises(SettingsError, match="and the queue of its worker, or neither"):
            Settings(**given)


def test_a_text_that_is_not_utf8_is_sent_as_bytes(cloud):
    answer = upload(cloud.api, content="Grüße".encode("utf-16"))
    cloud.deliver()
    result = asked(cloud.api, answer, "/result")
    assert result.body.decode("utf-16") == "<de>Grüße"
    assert result.headers["Content-Type"] == "application/octet-stream"


def test_a_link_to_a_large_file_names_it_and_ends(cloud, monkeypatch):
    monkeypatch.setattr(cloud_documents, "THROUGH", 3)
    answer = upload(cloud.api)
    cloud.deliver()
    result = asked(cloud.api, answer, "/result")
    assert (result.status, result.body) == (303, b"")
    link = result.headers["Location"]
    assert "X-Amz-Expires=600" in link and "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
    found = requests.get(link, timeout=10)
    assert found.content == b"<de>Hello"
    assert 'filename="a_de.txt"' in found.headers["Content-Disposition"]
