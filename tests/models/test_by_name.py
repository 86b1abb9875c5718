"""`python -m models add en_fr` and its kin, against a server with the real files' shapes."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from model_folder.files import hash_files
from tests.handlers.firefox import make_folder
from tests.models.marian import opus_zip
from tests.models.shelf import Shelf, catalogue
from tests.models.sources import argos_package, converted_folder
from tests.running import MODELS, ROOT, Server


@pytest.fixture
def shelf():
    with Shelf() as running:
        yield running


@pytest.fixture
def models(tmp_path, shelf):
    """Runs the command; `.folder` is where it puts models, `.catalogue` what it knows."""

    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "models", *map(str, arguments)],
            cwd=ROOT,
            env={
                **os.environ,
                "MODELS_DIR": str(run.folder),
                "MODELS_CATALOGUE": str(run.catalogue),
                "HF_ENDPOINT": shelf.url,
                "NO_PROXY": "127.0.0.1",
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=120,
        )

    run.folder, run.catalogue = tmp_path / "models", tmp_path / "sources.json"
    return run


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The files of a Firefox model, compressed as Mozilla's are."""
    folder = make_folder("en_pt", tmp_path_factory.mktemp("firefox"))
    return {
        f"models/tiny/enpt/{path.name}.gz": gzip.compress(path.read_bytes(), 1)
        for path in folder.iterdir()
    }


@pytest.fixture
def firefox(shelf, models, packed):
    """The catalogue knows a Firefox model for en_pt, and a worse one of Argos for it."""
    files = {name: shelf.put(f"/{name}", data) for name, data in packed.items()}
    argos = {"translate-en_pt-1_9.argosmodel": {}}
    catalogue(models.catalogue, f"{shelf.url}/", firefox={"en_pt": files}, argos={"en_pt": argos})
    return next(f"/{name}" for name in files if "model." in name)


def refused(done, *sentences):
    assert (done.returncode, done.stdout.count("Traceback")) == (1, 0)
    for sentence in sentences:
        assert sentence in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_the_best_model_of_a_pair_is_added_and_served(models, firefox):
    done = models("add", "en_pt", "--sample", "Good morning!")
    assert done.returncode == 0, done.stderr
    assert "firefox-en_pt: licence MPL-2.0, " in done.stdout
    assert "Good morning! -> Bom dia!" in done.stdout
    manifest = json.loads((models.folder / "en_pt" / "model.json").read_text())
    assert (manifest["license"], manifest["name"]) == ("MPL-2.0", "firefox-en_pt")
    assert len(manifest["downloads"]) == 3
    assert sorted(path.name for path in models.folder.iterdir()) == [".downloads", "en_pt"]
    assert not list((models.folder / ".downloads").iterdir())
    with Server(MODELS, MODELS_DIR=str(models.folder)) as server:
        served = {model["pair"]: model for model in server.get("/models").json["models"]}
        reply = server.text("Good morning!", "source=en;target=pt")
    assert served["en_pt"]["handler"] == "FirefoxHandler"
    assert served["pt_en"]["handler"] == "DefaultHandler"
    assert reply.body.decode() == "Bom dia!"


def test_a_download_that_broke_off_goes_on(models, shelf, firefox):
    shelf.cut.add(firefox)
    refused(models("add", "en_pt"), "the connection broke off. The same command goes on from here")
    assert not (models.folder / "en_pt").exists()
    done = models("add", "en_pt")
    assert done.returncode == 0, done.stderr
    ranges = [wanted for path, wanted in shelf.asked if path == firefox]
    assert ranges[0] == "" and ranges[1].startswith("bytes=")
    assert int(ranges[1][6:-1]) == len(shelf.files[firefox]) // 2


def test_a_server_that_stops_sending_is_one_sentence_and_the_download_goes_on(
    models, shelf, firefox
):
    shelf.stalled.add(firefox)
    refused(models("add", "en_pt", MODELS_TIMEOUT="1"), "no byte came for 1 seconds. The same comm")
    shelf.stalled.clear()
    shelf.slow.add(firefox)  # two seconds in all: no pause is longer than one
    assert models("add", "en_pt", MODELS_TIMEOUT="1").returncode == 0
    ranges = [wanted for path, wanted in shelf.asked if path == firefox]
    assert ranges[1].startswith("bytes=")
    refused(models("add", "en_pt", "--replace", MODELS_TIMEOUT="soon"), "MODELS_TIMEOUT is 'soon'")


def test_what_was_tampered_with_is_thrown_away(models, shelf, firefox):
    data = shelf.files[firefox]
    shelf.files[firefox] = data[:1000] + bytes([data[1000] ^ 1]) + data[1001:]
    refused(models("add", "en_pt"), "its hash is ", "Nothing of it was kept")
    assert not list(models.folder.rglob("model.*"))
    shelf.files[firefox] = data
    assert models("add", "en_pt").returncode == 0


def test_more_than_was_announced_is_refused(models, shelf, firefox):
    shelf.files[firefox] += bytes(1 << 20)
    refused(models("add", "en_pt"), "it is larger than the ")


def test_a_missing_file_is_one_sentence(models, shelf, firefox):
    del shelf.files[firefox]
    refused(models("add", "en_pt"), "the server answers 404 Not Found")


def test_a_server_that_is_gone_is_one_sentence(models, tmp_path):
    with Shelf() as gone:
        url = gone.url
    catalogue(models.catalogue, f"{url}/", firefox={"en_pt": {"a.bin": {"sha256": "0" * 64}}})
    refused(models("add", "en_pt"), "Connection refused", "MODELS_MIRROR names a mirror")


def test_a_redirect_is_followed_unless_it_leaves_https(models, shelf, firefox):
    shelf.files["/elsewhere"] = shelf.files.pop(firefox)
    shelf.moved[firefox] = f"{shelf.url}/elsewhere"
    assert models("add", "en_pt").returncode == 0
    shelf.moved[firefox] = "http://192.0.2.1/elsewhere"
    refused(
        models("add", "en_pt", "--replace"), "http://192.0.2.1/elsewhere is not read: only https"
    )


def test_a_folder_can_stand_in_for_the_network(models, shelf, firefox, packed, tmp_path):
    for name, data in packed.items():
        path = tmp_path / "mirror" / shelf.url.removeprefix("http://") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    done = models("add", "en_pt", MODELS_MIRROR=str(tmp_path / "mirror"))
    assert (done.returncode, shelf.asked) == (0, [])


def test_without_a_published_hash_the_user_has_to_say_so(models, shelf, tmp_path):
    package = argos_package(tmp_path / "translate-en_de-1_9.argosmodel").read_bytes()
    name = "translate-en_de-1_9.argosmodel"
    shelf.put(f"/{name}", package)
    catalogue(models.catalogue, f"{shelf.url}/", argos={"en_de": {name: {}}})
    refused(models("add", "en_de"), "its publisher gives no hash", "--trust-first-use")
    assert not shelf.asked
    done = models("add", "en_de", "--trust-first-use")
    assert done.returncode == 0, done.stderr
    digest = hashlib.sha256(package).hexdigest()
    assert f"{shelf.url}/{name}: sha256 {digest}" in done.stdout
    manifest = json.loads((models.folder / "en_de" / "model.json").read_text())
    assert manifest["downloads"] == {f"{shelf.url}/{name}": digest}
    pinned = models("add", f"{shelf.url}/{name}", "--sha256", digest, "--license", "x", "--replace")
    assert pinned.returncode == 0, pinned.stderr
    refused(
        models("add", f"{shelf.url}/{name}", "--sha256", "0" * 64, "--license", "x", "--replace"),
        "its hash is ",
    )


def test_opus_mt_is_converted_without_torch(models, shelf, tmp_path):
    shelf.put("/en-fr/opus.zip", opus_zip(tmp_path / "opus.zip").read_bytes())
    catalogue(models.catalogue, f"{shelf.url}/", opus={"en_fr": {"en-fr/opus.zip": {}}})
    done = models("add", "en_fr", "--from", "opus", "--trust-first-use")
    assert done.returncode == 0, done.stderr
    assert "Hello world! -> " in done.stdout
    files = set(hash_files(models.folder / "en_fr"))
    assert {"ctranslate2_model/model.bin", "source.spm", "target.spm", "LICENSE"} <= files


def test_an_opus_zip_that_reaches_outside_is_refused(models, tmp_path):
    folder = tmp_path / "opus"
    subprocess.run(["unzip", "-q", opus_zip(tmp_path / "o.zip"), "-d", folder], check=True)
    (folder / "decoder.yml").write_text("models: [/etc/passwd]\nvocabs: [v.yml, v.yml]\n")
    done = models("add", folder, "--pair", "en_fr", "--license", "CC-BY-4.0")
    refused(done, "decoder.yml names /etc/passwd, which lies outside of it")


@pytest.fixture
def repository(shelf, tmp_path):
    """One of Hugging Face with a converted model: its API's answer, and its files."""
    folder = converted_folder(tmp_path / "hub", "source.spm")
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    siblings = []
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        facts = shelf.put(f"/acme/opus-en-de/resolve/c0ffee/{path.name}", data)
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        lfs = {"lfs": {**facts, "pointerSize": 133}} if len(data) > 100_000 else {}
        siblings.append({"rfilename": path.name, "size": len(data), "blobId": blob, **lfs})
    siblings.append({"rfilename": "tf_model.h5", "size": 10**9, "blobId": "0" * 40})
    return {"id": "acme/opus-en-de", "sha": "c0ffee", "siblings": siblings}


def publish(shelf, repository, revision="main", **card):
    about = json.dumps({**repository, "cardData": card}).encode()
    shelf.put(f"/api/models/acme/opus-en-de/revision/{revision}", about)


def test_a_repository_of_hugging_face_is_added(models, shelf, repository):
    publish(shelf, repository, license="cc-by-4.0")
    done = models("add", "en_de", "--from", "hf:acme/opus-en-de")
    assert done.returncode == 0, done.stderr
    assert "opus-en-de: licence cc-by-4.0" in done.stdout
    assert "Hello world! -> Hallo Welt!" in done.stdout
    assert not any("tf_model" in path for path, _ in shelf.asked)


def test_a_small_file_is_hashed_too(models, shelf, repository):
    publish(shelf, repository, license="cc-by-4.0")
    shelf.files["/acme/opus-en-de/resolve/c0ffee/config.json"] += b" "
    refused(models("add", "en_de", "--from", "hf:acme/opus-en-de"), "config.json cannot be")


def test_a_licence_against_commercial_use_is_said_before_the_download(models, shelf, repository):
    publish(shelf, repository, license="cc-by-nc-4.0")
    done = models("add", "en_de", "--from", "hf:acme/opus-en-de")
    assert done.returncode == 0
    assert "cc-by-nc-4.0 FORBIDS COMMERCIAL USE of opus-en-de" in done.stderr


def test_an_unknown_repository_is_one_sentence(models):
    refused(models("add", "en_de", "--from", "hf:acme/nothing"), "404", "Check the name")


def test_a_pair_that_nobody_has_leads_to_the_search(models, firefox):
    refused(models("add", "en_tlh"), "No model for en_tlh is known", "models search en")
    refused(models("add", "en_pt", "--from", "opus"), "opus has no model for en_pt; argos and")


def test_search_shows_the_best_first(models, firefox):
    lines = models("search", "pt").stdout.splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["en_pt", "firefox", "COMET", "0.870"],
        ["en_pt", "argos", "COMET", "0.800"],
    ]
    refused(models("search", "tlh"), "No model for 'tlh' is known")


def test_list_size_verify_and_remove_know_what_was_added(models, firefox):
    assert models("add", "en_pt").returncode == 0
    folder = models.folder / "en_pt"
    assert str(folder) in models("list").stdout and "models/en_pt" in models("list").stdout
    assert "fits a serverless endpoint with memory: 1024" in models("size", folder).stdout
    assert f"{folder}: firefox-en_pt 1, 3 files as listed" in models("verify").stdout
    (folder / "vocab.enpt.spm").write_bytes(b"damaged")
    refused(models("verify"), "vocab.enpt.spm is altered")
    assert models("remove", "en_pt").returncode == 0
    assert not folder.exists()
    refused(models("remove", "en_pt"), "is not there")
    refused(models("remove", "../en_pt"), "is not there")


def test_verify_names_a_folder_without_a_manifest(models):
    make_folder("en_pt", Path(models.folder.parent))
    done = models("verify", MODELS_DIR=str(models.folder.parent))
    assert done.returncode == 0
    assert "en_pt: no list of files to compare with; python -m models hash" in done.stdout


def test_the_catalogue_in_the_repository_names_a_hundred_pairs():
    from models.catalogue import best, search

    found = search()
    assert len({entry.pair for entry in found}) > 100
    for entry in found:
        assert entry.license and entry.attribution and entry.files
        for file in entry.files:
            assert file.url.startswith("https://")
            assert file.is_pinned or entry.source != "firefox"
    for pair in ("en_fr", "fr_en", "en_es", "de_en", "en_ja"):
        assert best(pair).source == "firefox"
        assert best(pair).comet > 0.8
