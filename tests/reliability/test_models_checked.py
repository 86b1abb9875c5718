"""A model that is not what its manifest says is never parsed, let alone served."""

import contextlib
import gzip
import hashlib
import io
import json
import random
import shutil
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.running import MODELS, Server

PARTS = ("ctranslate2_model", "sentencepiece.model")


def facts(path):
    data = path.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The embedded en_de with a manifest of its files."""
    folder = tmp_path_factory.mktemp("whole") / "en_de"
    folder.mkdir()
    shutil.copytree(MODELS / "en_de" / PARTS[0], folder / PARTS[0])
    shutil.copy(MODELS / "en_de" / PARTS[1], folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "source": "en",
        "target": "de",
        "files": {path.relative_to(folder).as_posix(): facts(path) for path in files},
    }
    (folder / "model.json").write_text(json.dumps(manifest))
    return folder


def flip(folder, dice):
    """One bit of one file."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in (".bin", ".model")]
    path = dice.choice(files)
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def truncate(folder, dice):
    path = folder / "ctranslate2_model" / "model.bin"
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])


def cut_archive(folder, dice):
    """What is left of the folder when the end of its archive is missing."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in ("model.json", *PARTS):
            archive.add(folder / name, name)
    whole = packed.getvalue()
    shutil.rmtree(folder)
    # From behind the manifest on; without one there is nothing to compare with.
    end = dice.randrange(4096, len(whole) - 500_000)
    left = gzip.compress(whole[:end], 1)
    with (
        tarfile.open(fileobj=io.BytesIO(left), mode="r|gz") as archive,
        contextlib.suppress(tarfile.ReadError),
    ):
        archive.extractall(folder, filter="data")


def drop(folder, dice):
    dice.choice([folder / PARTS[1], folder / PARTS[0] / "config.json"]).unlink()


def add(folder, dice):
    (folder / f"extra{dice.randrange(100)}.py").write_text("print('never run')")


def refused_in(model, folder, damage, seed):
    """Seconds until the server with the damaged copy was gone."""
    shutil.copytree(model, folder / "en_de")
    damage(folder / "en_de", random.Random(seed))
    server = Server(folder / "en_de")
    started = time.monotonic()
    server.start()
    code = server.process.wait(30)
    seconds = time.monotonic() - started
    sentence = server.errors[-1]
    server.__exit__()
    shutil.rmtree(folder)
    assert code == 1, sentence
    assert any(word in sentence for word in ("is altered", "is missing", "not listed")), sentence
    return seconds


@pytest.mark.parametrize("each", [1, pytest.param(40, marks=pytest.mark.soak)])
@pytest.mark.timeout(400)
def test_damaged_models_are_refused(model, each, tmp_path, record):
    damages = [
        (damage, seed)
        for damage in (flip, truncate, cut_archive, drop, add)
        for seed in range(each)
    ]
    with ThreadPoolExecutor(2) as pool:
        seconds = list(
            pool.map(
                lambda job: refused_in(model, tmp_path / f"{job[0].__name__}{job[1]}", *job),
                damages,
            )
        )
    assert max(seconds) <= 5
    record(
        "200 corrupted models and truncated archives",
        "all refused by hash before parsing, exit code 1 in 5 s",
        f"{len(seconds)} of {len(seconds)} refused, the slowest in {max(seconds):.1f} s",
    )


def test_the_whole_one_is_served(model):
    with Server(model) as server:
        assert server.text("Hello world!").body == b"Hallo Welt!"
