"""A document's whole way: DeepL's client, the archive of the function that the program uploads, S3
and SQS of moto, the same archive as the worker, and the real container where SageMaker stands."""

import json
import threading
import time
from contextlib import ExitStack

import deepl
import docx
import pytest
import requests

from tests.doubles.lambda_events import HttpApi
from tests.doubles.moto_server import REGION, MotoServer
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.gateway.test_documents import letter
from tests.infra.lambda_runtime import Function
from tests.infra.program import run
from tests.infra.recorded import Recorded


class Feeder:
    """What Lambda does with the queue: gives a message to the worker, and deletes it after."""

    def __init__(self, sqs, queue, worker):
        self.sqs, self.queue, self.worker = sqs, queue, worker
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.feed)

    def feed(self):
        while not self.ends.wait(0.05):
            found = self.sqs.receive_message(QueueUrl=self.queue, AttributeNames=["All"])
            for message in found.get("Messages", ()):
                record = {
                    "body": message["Body"],
                    "receiptHandle": message["ReceiptHandle"],
                    "attributes": message["Attributes"],
                }
                assert self.worker.invoke({"Records": [record]}) is None
                receipt = message["ReceiptHandle"]
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=receipt)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()


@pytest.fixture(scope="module")
def cloud(server, tmp_path_factory):
    """(address of the API, S3, the bucket)"""
    models = [{"folder": "models/en_de"}]
    deployment = run(Recorded(), models=models, auth="none", documents=True)
    functions = {f.inputs["handler"]: f.inputs for f in deployment.all("Function")}
    with ExitStack() as stack:
        aws = stack.enter_context(MotoServer("s3", "sqs"))
        endpoints = deployment.exports["endpoints"].values()
        runtime = stack.enter_context(SageMakerRuntime(dict.fromkeys(endpoints, server.url)))
        own = {**aws.environment, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": runtime.url}
        started = {
            handler: stack.enter_context(
                Function(
                    inputs["code"].path,
                    tmp_path_factory.mktemp("function"),
                    handler,
                    {**inputs["environment"]["variables"], **own},
                )
            )
            for handler, inputs in functions.items()
        }
        variables = functions["gateway.worker_entry.handler"]["environment"]["variables"]
        bucket = variables["GATEWAY_DOCUMENTS"].removeprefix("s3://").rstrip("/")
        s3, sqs = aws.client("s3"), aws.client("sqs")
        place = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        queue = variables["GATEWAY_DOCUMENTS_QUEUE"]
        sqs.create_queue(QueueName=queue.rpartition("/")[2])
        stack.enter_context(Feeder(sqs, queue, started["gateway.worker_entry.handler"]))
        api = stack.enter_context(HttpApi(started["gateway.lambda_entry.handler"].invoke))
        yield api.url, s3, bucket


def test_deepls_client_gets_a_letter_of_word_translated(cloud, tmp_path):
    url, s3, bucket = cloud
    client = deepl.DeepLClient("KEY", server_url=url)
    handle = client.translate_document_upload(
        letter(), filename="letter.docx", source_lang="EN", target_lang="DE"
    )
    while not (status := client.translate_document_get_status(handle)).done:
        assert status.ok, status.error_message
        time.sleep(0.2)
    assert status.billed_characters == len("Hello you")
    with (tmp_path / "brief.docx").open("wb") as file:
        client.translate_document_download(handle, file)
    text = docx.Document(tmp_path / "brief.docx").paragraphs[0].text
    assert text.startswith("Hallo"), text
    for _ in range(100):  # the worker tidies up behind the caller's back
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]
        left = [key for key in keys if handle.document_id in key]
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(left)


def test_libretranslates_file_comes_at_its_link(cloud):
    url, _, _ = cloud
    files = {"file": ("subtitle.srt", b"1\n00:00:01,000 --> 00:00:02,000\nGood morning!\n")}
    answer = requests.post(
        f"{url}/translate_file", data={"source": "en", "target": "de"}, files=files, timeout=60
    )
    assert answer.status_code == 200, answer.text
    link = answer.json()["translatedFileUrl"]
    found = requests.get(f"{url}/download_file/{link.rpartition('/')[2]}", timeout=60)
    assert "Guten Morgen!" in found.content.decode()
    assert "subtitle_de.srt" in found.headers["Content-Disposition"]


def test_yaml_is_read_there_too(cloud):
    url, _, _ = cloud
    answer = requests.post(
        f"{url}/translate_file",
        data={"source": "en", "target": "de"},
        files={"file": ("a.yaml", b"greeting: Good morning!\n")},
        timeout=60,
    )
    assert answer.status_code == 200, json.loads(answer.text)
