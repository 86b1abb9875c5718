"""The first requests after a start, all at once."""

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.running import Reply, Server, fetch

BOUNDARY = "x1x2x3"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def fresh(tmp_path: Path):
    """A server that nobody has asked anything yet; of a pseudo-localiser, so that it is fast."""
    (tmp_path / "en_en-XA").mkdir()
    with Server(tmp_path) as running:
        yield running


def at_once(count: int, ask) -> list[Reply]:
    barrier = threading.Barrier(count)

    def one(_: int) -> Reply:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_a_restart_forgets_no_count(tmp_path: Path):
    key = "web." + "s" * 43
    digests = json.dumps({"web": hashlib.sha256(key.encode()).hexdigest()})
    (tmp_path / "models" / "en_en-XA").mkdir(parents=True)
    counts = str(tmp_path / "state" / "counts.sqlite3")
    restarted = []
    for _ in range(2):
        with Server(tmp_path / "models", GATEWAY_API_KEYS=digests, GATEWAY_COUNTS=counts) as server:
            asked = {"q": "Hello", "source": "en", "target": "en-XA", "api_key": key}
            body = json.dumps(asked).encode()
            kind = {"Content-Type": "application/json"}
            assert fetch(f"{server.url}/translate", body, kind).status == 200
            usage = fetch(f"{server.url}/v2/usage", headers={"X-API-Key": key}).json
            restarted.append(usage["character_count"])
            server.process.kill()  # not even asked to stop
            server.process.wait()
    assert restarted == [5, 10]


def upload(server: Server) -> Reply:
    fields = [
        'name="file"; filename="a.txt"\r\n\r\nHello',
        'name="source"\r\n\r\nen',
        'name="target"\r\n\r\nen-XA',
    ]
    parts = [f"--{BOUNDARY}\r\nContent-Disposition: form-data; {field}\r\n" for field in fields]
    body = f"{''.join(parts)}--{BOUNDARY}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return fetch(f"{server.url}/translate_file", body, kind)


def test_all_share_one_api(fresh):
    """Its files and its counters are the caller's: a second API would not know them."""
    links = [answer.json["translatedFileUrl"] for answer in at_once(12, lambda: upload(fresh))]
    assert [fetch(link).status for link in links] == [200] * 12
    assert fresh.get("/v2/usage").json["character_count"] == 12 * len("Hello")


def test_the_language_model_is_loaded_once(fresh):
    answers = at_once(20, lambda: fetch(f"{fresh.url}/detect", b"q=Where+is+the+station", FORM))
    assert [answer.status for answer in answers] == [200] * 20
    status = Path(f"/proc/{fresh.process.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert peak < 200_000, f"{peak} kB; 20 copies take some 500 MB"
