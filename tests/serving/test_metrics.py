"""What is counted, as Prometheus and CloudWatch read it: real requests, a real Prometheus."""

import hashlib
import json
import logging
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers import Translation
from serving.contract.log import log_request
from serving.metrics import METRICS, Metrics
from serving.request import Answer
from tests.running import Server, fetch

KEY = "web." + "s" * 43
HEADERS = {"X-API-Key": KEY, "Content-Type": "application/json"}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NAMESPACE = "serverless-translation-test"
LINE = re.compile(r'(\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)')


def read(text):
    """{(name, labels as in the text): value}"""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, labels, value = LINE.fullmatch(line).groups()
            found[name, labels or ""] = float(value)
    return found


def test_a_histogram_counts_up_to_each_bound():
    metrics = Metrics()
    for size in (1, 2, 3, 200):
        metrics.observe("translation_batch_segments", size, "en_de")
    found = read(metrics.text())
    name = "translation_batch_segments"
    counts = [value for (n, _), value in found.items() if n == f"{name}_bucket"]
    assert counts == [1, 2, 3, 3, 3, 3, 3, 3, 4]
    assert found[f"{name}_bucket", 'pair="en_de",le="+Inf"'] == 4
    assert (found[f"{name}_sum", 'pair="en_de"'], found[f"{name}_count", 'pair="en_de"']) == (
        206,
        4,
    )


def test_what_stands_in_a_label_cannot_end_it():
    metrics = Metrics()
    metrics.set("translation_model_info", "en_de", 'a"b\\c\nd', "1", to=1)
    assert r'name="a\"b\\c\nd"' in metrics.text()
    assert len(metrics.text().splitlines()) == 3


def test_names_have_units_and_labels_are_few():
    for name, metric in METRICS.items():
        assert name.startswith("translation_")
        assert (metric.kind == "counter") == name.endswith("_total")
        assert set(metric.labels) <= {"pair", "dialect", "status", "code", "name", "version"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A pseudo-localiser behind keys, that three requests have been sent to by each interface."""
    models = tmp_path_factory.mktemp("models")
    (models / "en_en-XA").mkdir()
    keys = json.dumps({"web": hashlib.sha256(KEY.encode()).hexdigest()})
    with Server(models, GATEWAY_API_KEYS=keys, GATEWAY_METRICS_NAMESPACE=NAMESPACE) as running:
        asked = {"q": ["Hello", "You"], "source": "en", "target": "en-XA"}
        assert post(running, "/translate", asked, traceparent=TRACE).status == 200
        assert post(running, "/translate", {**asked, "target": "xx"}).status == 400
        deepl = {"text": ["Hello"], "source_lang": "EN", "target_lang": "EN-XA"}
        assert post(running, "/v2/translate", deepl).status == 200
        assert post(running, "/v2/usage", {}).status == 200
        yield running


def post(server, path, document, **headers):
    return fetch(server.url + path, json.dumps(document).encode(), {**HEADERS, **headers})


def page(server):
    return fetch(f"{server.url}/metrics", None, {"Authorization": f"Bearer {KEY}"})


def test_each_interface_is_counted_by_pair_and_status(server):
    found = read(page(server).body.decode())
    requests = {k: v for (name, k), v in found.items() if name == "translation_requests_total"}
    assert requests == {
        'pair="en_en-XA",dialect="libretranslate",status="200"': 1,
        'pair="none",dialect="libretranslate",status="400"': 1,
        'pair="en_en-XA",dialect="deepl",status="200"': 1,
    }
    pair = 'pair="en_en-XA"'
    assert found["translation_characters_total", f'{pair},dialect="libretranslate"'] == 8
    assert found["translation_characters_total", f'{pair},dialect="deepl"'] == 5
    assert found["translation_segments_total", pair] == 3
    assert found["translation_cache_hits_total", pair] == 1
    assert found["translation_tokens_total", pair] >= 3
    assert found["translation_batch_segments_sum", pair] == 2
    assert found["translation_queue_seconds_count", pair] == 1  # what is known waits for no model
    assert found["translation_in_flight", ""] == 0
    assert 0 < found["translation_start_seconds", ""] < 120
    models = [labels for name, labels in found if name == "translation_model_info"]
    assert len(models) == 1 and models[0].startswith(f'{pair},name="en_en-XA",version="')


def test_the_page_needs_the_key_and_shows_none(server):
    assert fetch(f"{server.url}/metrics").status == 403
    text = page(server).body.decode()
    assert "web" not in text and "Hello" not in text and "127.0.0.1" not in text


def test_a_trace_is_in_the_log(server):
    lines = [line for line in server.log if line.get("traceparent")]
    assert [(line["path"], line["traceparent"]) for line in lines] == [("/translate", TRACE)]


def directives(server):
    """Each line with metrics of CloudWatch, checked for what the format asks for."""
    for line in server.log:
        if about := line.get("_aws"):
            assert abs(about["Timestamp"] / 1000 - time.time()) < 600
            (directive,) = about["CloudWatchMetrics"]
            assert directive["Namespace"] == NAMESPACE
            for dimensions in directive["Dimensions"]:
                assert all(isinstance(line[name], str) for name in dimensions)
            for metric in directive["Metrics"]:
                assert metric["Unit"] in ("Count", "Seconds")
                value = line[metric["Name"]]
                values = value if isinstance(value, list) else [value]
                assert 0 < len(values) <= 100
                assert all(isinstance(each, int | float) for each in values)
            yield directive, line


def test_log_lines_are_metrics_of_cloudwatch(server):
    seen = [
        (line["Pair"], line["Dialect"], line["Requests"], line["Failures"], line["Characters"])
        for directive, line in directives(server)
        if directive["Dimensions"] == [["Pair"], ["Dialect"]]
    ]
    assert seen == [
        ("en_en-XA", "libretranslate", 1, 0, 8),
        ("none", "libretranslate", 1, 0, 0),
        ("en_en-XA", "deepl", 1, 0, 5),
    ]


def test_a_container_s_lines_are_metrics_too(tmp_path):
    (tmp_path / "en_en-XA").mkdir()
    with Server(tmp_path, SERVING_METRICS_NAMESPACE=NAMESPACE) as running:
        attributes = f"source=en;target=en-XA;traceparent={TRACE}"
        assert running.text("Hello", attributes).status == 200
        request = running.wait_for_log("request")
        found = [line for _, line in directives(running)]
        exposed = read(running.get("/metrics").body.decode())
    assert [line["message"] for line in found] == ["ready", "request"]
    assert (found[0]["ColdStarts"], found[0]["ColdStartSeconds"] > 0) == (1, True)
    names = ("Pair", "Segments", "CacheHits", "BatchSegments")
    assert [request[name] for name in names] == ["en_en-XA", 1, 0, [1]]
    assert 0 <= request["QueueSeconds"] <= request["TranslationSeconds"]
    assert request["traceparent"] == TRACE
    labels = 'pair="en_en-XA",dialect="container",status="200"'
    assert exposed["translation_requests_total", labels] == 1


def test_each_batch_is_a_metric_once(tmp_path):
    """Of whichever requests share it; of one request's, the first hundred."""
    (tmp_path / "en_en-XA").mkdir()
    documents = ["\n".join(f"Line {i} of document {n}." for i in range(40)) for n in range(8)]
    with Server(tmp_path, SERVING_METRICS_NAMESPACE=NAMESPACE) as running:
        with ThreadPoolExecutor(8) as pool:
            for answer in pool.map(running.text, documents, ["source=en;target=en-XA"] * 8):
                assert answer.status == 200
        exposed = read(running.get("/metrics").body.decode())
        running.wait_for_log("request")
        lines = [line for _, line in directives(running) if line["message"] == "request"]
        sizes = [size for line in lines for size in line.get("BatchSegments", ())]
    pair = 'pair="en_en-XA"'
    assert len(sizes) == exposed["translation_batch_segments_count", pair]
    assert sum(sizes) == exposed["translation_batch_segments_sum", pair] == 320


def test_of_many_batches_a_hundred_are_told(caplog):
    caplog.set_level(logging.INFO)
    answer = Answer([], "en_de", "m", "1", 1, 1, 1, 0, {"queue": 1.0}, batches=[2] * 150)
    log_request("id", 200, answer, 0.1, "", NAMESPACE)
    assert caplog.records[-1].fields["BatchSegments"] == [2] * 100


def test_a_handlers_own_warnings_are_one_label(caplog):
    """Whatever it says: each label is a series that is kept, and a metric that is paid for."""
    caplog.set_level(logging.INFO)
    own = tuple(f"odd {i}" for i in range(200))
    known = Translation("Hallo", warnings=("numbers_changed", *own))
    answer = Answer([known, known], "en_de", "m", "1", 1, 1, 1, 0, {"queue": 1.0})
    log_request("id", 200, answer, 0.1, "", NAMESPACE)
    fields = caplog.records[-1].fields
    warned = {name: value for name, value in fields.items() if name.startswith("Warning.")}
    assert warned == {"Warning.numbers_changed": 2, "Warning.other": 400}
    assert fields["warnings"] == 402


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def prometheus(server, tmp_path):
    """A Prometheus that scrapes the server each second; its address."""
    if shutil.which("prometheus") is None:
        pytest.skip("Prometheus is missing: `make prometheus` installs Debian's")
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
        "scrape_configs:\n"
        "- job_name: translation\n"
        f"  authorization: {{credentials_file: {tmp_path}/key}}\n"
        f"  static_configs: [{{targets: ['127.0.0.1:{server.port}']}}]\n"
    )
    address = f"127.0.0.1:{free_port()}"
    command = ["prometheus", f"--config.file={tmp_path}/prometheus.yml"]
    command += [f"--storage.tsdb.path={tmp_path}/data", f"--web.listen-address={address}"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    yield f"http://{address}"
    process.terminate()
    process.wait(30)


def ask(prometheus, query):
    """What Prometheus answers once it has scraped."""
    url = f"{prometheus}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if found := fetch(url, timeout=5).json["data"]["result"]:
                return found
        except (OSError, ValueError):  # it starts
            pass
        time.sleep(0.2)
    raise AssertionError(f"Prometheus has nothing of {query}")


def test_a_real_prometheus_scrapes_the_page(prometheus, server):
    found = ask(prometheus, 'translation_requests_total{dialect="deepl"}')
    assert [result["value"][1] for result in found] == ["1"]
    assert found[0]["metric"]["pair"] == "en_en-XA"
    ratio = "sum(translation_batch_segments_sum) / sum(translation_batch_segments_count)"
    assert float(ask(prometheus, ratio)[0]["value"][1]) >= 1
    assert ask(prometheus, 'up{job="translation"}')[0]["value"][1] == "1"


def test_promtool_finds_nothing_to_mend(server):
    if shutil.which("promtool") is None:
        pytest.skip("Prometheus is missing: `make prometheus` installs Debian's")
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=page(server).body, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
