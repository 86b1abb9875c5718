"""Firefox models through our handler: the real engine, the real models, real processes."""

import subprocess
import sys
import tarfile
import threading
import time
from contextlib import closing

import pytest

from handlers import ModelError, ModelFolder, Options
from handlers.firefox import FirefoxHandler, holds_firefox_model
from infra.model_settings import read_models
from serving.plugins.claims import Plugins
from tests.handlers.firefox import engine, make_folder
from tests.running import MODELS, ROOT, Server

SENTENCES = [
    "The meeting has been moved to Thursday afternoon.",
    "Please send the invoice to our accounting department.",
    "It rained all day, so we stayed at home and read.",
    "The new update fixes several security problems.",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_folder("en_pt", tmp_path_factory.mktemp("firefox"))


@pytest.fixture(scope="module")
def handler(folder):
    with closing(FirefoxHandler(ModelFolder(folder))) as made:
        yield made


@pytest.fixture(scope="module")
def raw():
    return engine("en_pt")


def texts(handler, segments):
    return [translation.text for translation in handler.translate(segments, Options())]


def test_a_folder_with_its_files_is_claimed(folder):
    assert Plugins().claim(ModelFolder(folder)).plugin == "handlers.firefox"
    assert not holds_firefox_model(ModelFolder(MODELS / "en_pt"))


def test_sentences_are_the_engines_own(handler, raw):
    assert texts(handler, SENTENCES) == [raw.translate(sentence) for sentence in SENTENCES]


def test_threads_get_their_own_answers(handler, raw):
    expected = {sentence: raw.translate(sentence) for sentence in SENTENCES}
    found = {}

    def ask(number):
        mine = SENTENCES[number % 4 :] + SENTENCES[: number % 4]
        found[number] = dict(zip(mine, texts(handler, mine), strict=True))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] == expected for number in range(8)] == [True] * 8


def test_a_process_that_dies_is_replaced(handler, raw):
    processes = [worker._process for worker in handler._pool._idle]
    for process in processes:
        process.kill()
    assert texts(handler, SENTENCES) == [raw.translate(sentence) for sentence in SENTENCES]
    assert processes and not any(w._process in processes for w in handler._pool._idle)


def test_there_is_no_score_and_no_alternative(handler):
    (found,) = handler.translate(["Good morning!"], Options(alternatives=2, beam_size=4))
    assert (found.text, found.score, found.alternatives) == ("Bom dia!", None, ())


def test_a_damaged_model_is_one_sentence(folder, tmp_path):
    broken = tmp_path / "en_pt"
    broken.mkdir()
    for path in folder.iterdir():
        data = path.read_bytes()
        (broken / path.name).write_bytes(data[:5000] if path.name.startswith("model") else data)
    with pytest.raises(ModelError, match=r"model\.enpt.* Firefox's engine can load .*Download"):
        FirefoxHandler(ModelFolder(broken))


def test_a_model_without_its_vocabulary_is_one_sentence(tmp_path):
    (tmp_path / "en_pt").mkdir()
    (tmp_path / "en_pt" / "model.enpt.intgemm.alphas.bin").touch()
    with pytest.raises(ModelError, match="lies there without its vocabulary"):
        holds_firefox_model(ModelFolder(tmp_path / "en_pt"))


def test_without_such_a_folder_nothing_of_it_is_imported():
    script = (
        "import sys; from serving.plugins.claims import Plugins; Plugins(); "
        "print({'fxtranslate', 'handlers.workers.pool'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


@pytest.fixture(scope="module")
def served(folder):
    with Server(folder.parent) as running:
        yield running


def portuguese(server, *some, **fields):
    return server.translate(*some, target="pt", **fields).json["translations"]


def test_it_is_served_without_any_setting(served, raw):
    (model,) = served.get("/models").json["models"]
    assert (model["pair"], model["handler"]) == ("en_pt", "FirefoxHandler")
    found = portuguese(served, " ".join(SENTENCES), "Good morning!")
    expected = [" ".join(raw.translate(s) for s in SENTENCES), raw.translate("Good morning!")]
    assert [translation["text"] for translation in found] == expected
    assert found[0]["score"] is None


def test_the_pipeline_keeps_what_the_engine_would_mangle(served):
    text = "Write to {name} at info@example.com.\n\n  See https://example.com/a?b=1 for more."
    (found,) = portuguese(served, text)
    for kept in ("{name}", "info@example.com", "\n\n  ", "https://example.com/a?b=1"):
        assert kept in found["text"]
    (markup,) = portuguese(served, "<p>Good <b>morning</b>, <i>friends</i>!</p>", format="html")
    assert all(tag in markup["text"] for tag in ("<p>", "<b>", "</b>", "<i>", "</i>", "</p>"))


def test_nothing_of_a_long_sentence_is_lost(served, raw):
    names = [
        "Anna",
        "Bruno",
        "Carla",
        "Daniel",
        "Elisa",
        "Felipe",
        "Gabriela",
        "Hugo",
        "Irene",
        "Jonas",
        "Karina",
        "Lucas",
    ]
    clauses = [f"{name} bought a small house near the old harbour" for name in names * 2]
    sentence = ", and ".join(clauses) + "."
    (found,) = portuguese(served, sentence)
    assert sum(found["text"].count(name) for name in names) == 24
    assert sum(raw.translate(sentence).count(name) for name in names) < 24  # the engine's own


def test_a_sentence_is_the_same_alone_as_in_company(served):
    alone = [portuguese(served, sentence)[0]["text"] for sentence in SENTENCES]
    together = portuguese(served, *SENTENCES * 20)
    assert [translation["text"] for translation in together] == alone * 20


def test_the_server_answers_while_the_engine_works(served):
    document = " ".join(SENTENCES[number % 4][:-1] + f" {number}." for number in range(200))
    worker = threading.Thread(target=portuguese, args=(served, document))
    worker.start()
    waits = []
    while worker.is_alive():
        started = time.monotonic()
        assert served.get("/ping").status == 200
        waits.append(time.monotonic() - started)
    assert len(waits) > 5
    assert sorted(waits)[len(waits) // 2] < 0.25


def test_a_stack_ships_and_serves_it(folder, raw, tmp_path):
    """The archive as `pulumi up` packs it, unpacked as SageMaker does, under a name of its own."""
    (model,) = read_models(ROOT, [{"folder": str(folder), "memory": 1024}])
    with tarfile.open(model.built.path) as tar:
        tar.extractall(tmp_path / "model", filter="data")
    with Server(tmp_path / "model", SERVING_PAIR=model.pair) as running:
        (found,) = portuguese(running, SENTENCES[0])
    assert found["text"] == raw.translate(SENTENCES[0])


def test_its_processes_end_with_the_server(folder):
    with Server(folder.parent) as running:
        children = _children(running.process.pid)
        assert children
        running.process.kill()
        running.process.wait()
    deadline = time.monotonic() + 10
    while alive := [pid for pid in children if _runs(pid)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.05)


def _children(pid):
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    return [int(line) for line in listed.stdout.split()]


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
