"""`python -m models catalogue refresh`, against indexes in the shapes of Mozilla's, Argos' and
Hugging Face's."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from models import indexes
from tests.handlers.firefox import make_folder
from tests.models.shelf import Shelf, catalogue
from tests.running import ROOT

MIRROR = "hf:someone/firefox-models"
BUCKET = indexes.FIREFOX.removesuffix("/db/models.json")
FOLDER = "models/en-pt/tiny_abc/exported"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = make_folder("en_pt", tmp_path_factory.mktemp("firefox"))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def shelf():
    with Shelf() as running:
        yield running


@pytest.fixture
def models(tmp_path, shelf):
    """Runs the command, every address led to the shelf."""

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "models", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "MODELS_DIR": str(tmp_path / "models"),
                "MODELS_CATALOGUE": str(run.catalogue),
                "MODELS_MIRROR": shelf.url,
                "NO_PROXY": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            timeout=120,
        )

    run.catalogue = tmp_path / "sources.json"
    return run


def publish(shelf, url, document):
    address = urlsplit(url)
    shelf.put(f"/{address.netloc}{address.path}", json.dumps(document).encode())


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def entry(source, target, status="Release", comet=0.86, architecture="tiny", weights=b"w"):
    """As Mozilla's db/updater.py writes one."""
    pair = f"{source}{target}"
    home = f"models/{source}-{target}/{architecture}_abc/exported"
    return {
        "architecture": architecture,
        "releaseStatus": status,
        "sourceLanguage": source,
        "targetLanguage": target,
        "files": {
            "model": {
                "path": f"{home}/model.{pair}.intgemm.alphas.bin.gz",
                "uncompressedSize": len(weights),
                "uncompressedHash": sha256(weights),
            },
            "lexicalShortlist": {"path": f"{home}/lex.50.50.{pair}.s2t.bin.gz"},
            "vocab": {"path": f"{home}/vocab.{pair}.spm.gz"},
        },
        "modelStatistics": {"parameters": 1, "encoderParameters": 1, "decoderParameters": 1},
        **({"metrics": {"flores200-plus": {"bleu": 40.1, "comet": comet}}} if comet else {}),
    }


def mozilla(shelf, *entries):
    by_pair = {}
    for one in entries:
        by_pair.setdefault(f"{one['sourceLanguage']}-{one['targetLanguage']}", []).append(one)
    publish(
        shelf,
        indexes.FIREFOX,
        {"generated": "2026-11-29T00:00:00Z", "baseUrl": BUCKET, "models": by_pair},
    )


def package(source, target, version="1.9", **facts):
    """As argospm-index has one."""
    code = f"translate-{source}_{target}"
    file = f"{code}-{version.replace('.', '_')}.argosmodel"
    return {
        "package_version": version,
        "argos_version": "1.9.0",
        "from_code": source,
        "from_name": "A",
        "to_code": target,
        "to_name": "B",
        "links": [f"ipfs://Qm{file}", f"https://argos-net.com/v1/{file}"],
        "code": code,
        **facts,
    }


def known(models, **sources):
    catalogue(models.catalogue, "https://example.com/", **sources)


def written(models):
    return json.loads(models.catalogue.read_text())


def refreshed(models, *arguments):
    done = models("catalogue", "refresh", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_firefox_has_the_best_released_model_of_each_pair(models, shelf):
    known(models, firefox={"en_fr": {"a.gz": {}}})
    mozilla(
        shelf,
        entry("en", "fr", comet=86.5, architecture="base", weights=b"best"),
        entry("en", "fr", comet=0.85),
        entry("en", "fr", status="Nightly", comet=0.9, architecture="large"),
        entry("ja", "en", status=None),
        entry("zh_hant", "en", status="Release Desktop", comet=None),
    )
    said = refreshed(models, "firefox")
    assert said == "firefox: 2 pairs, 1 new, 1 changed\n"
    found = written(models)["firefox"]
    assert found["base"] == f"{BUCKET}/" and list(found["models"]) == ["en_fr", "zh-hant_en"]
    best = found["models"]["en_fr"]
    assert (best["name"], best["comet"]) == ("firefox-base-en-fr", 0.865)
    assert best["version"] == sha256(b"best")[:12]
    assert best["files"] == {
        "models/en-fr/base_abc/exported/lex.50.50.enfr.s2t.bin.gz": {},
        "models/en-fr/base_abc/exported/model.enfr.intgemm.alphas.bin.gz": {
            "unpacked_sha256": sha256(b"best")
        },
        "models/en-fr/base_abc/exported/vocab.enfr.spm.gz": {},
    }
    assert "comet" not in found["models"]["zh-hant_en"]


def test_argos_has_the_newest_package_of_each_pair(models, shelf):
    pinned = {"translate-en_fr-1_9.argosmodel": {"sha256": "a" * 64}}
    known(models, argos={"en_fr": pinned, "en_xx": {"gone.argosmodel": {}}})
    packages = [
        package("en", "fr", "1.10"),
        package("en", "fr"),
        package("en", "pb"),
        {key: value for key, value in package("en", "sv").items() if key != "links"},
    ]
    publish(shelf, indexes.ARGOS, packages)
    assert refreshed(models, "argos").startswith("argos: 2 pairs, 1 new, 0 changed, gone: en_xx; 1")
    found = written(models)["argos"]["models"]
    # The known one has a hash, of which the newer one has none.
    assert found["en_fr"]["files"] == {
        "https://example.com/translate-en_fr-1_9.argosmodel": {"sha256": "a" * 64}
    }
    assert found["en_pt-BR"]["files"] == {"translate-en_pb-1_9.argosmodel": {}}
    assert found["en_pt-BR"]["name"] == "argos-en-pb"


@pytest.fixture
def published(shelf, files):
    """A real model: in Mozilla's bucket, compressed, and in a repository of Hugging Face."""
    for name, data in files.items():
        publish_file = f"/{urlsplit(BUCKET).netloc}{urlsplit(BUCKET).path}/{FOLDER}/{name}.gz"
        shelf.put(publish_file, gzip.compress(data, 1))
    weights = next(data for name, data in files.items() if name.startswith("model."))
    one = entry("en", "pt", weights=weights)
    paths = {name.split(".")[0]: f"{FOLDER}/{name}.gz" for name in files}
    for kind, start in (("model", "model"), ("lexicalShortlist", "lex"), ("vocab", "vocab")):
        one["files"][kind]["path"] = paths[start]
    mozilla(shelf, one)
    siblings = [
        {"rfilename": "README.md", "size": 3, "blobId": "0" * 40},
        *(
            {
                "rfilename": f"base-memory/enpt/{name}",
                "size": len(data),
                "blobId": "1" * 40,
                "lfs": {"sha256": sha256(data), "size": len(data), "pointerSize": 133},
            }
            for name, data in files.items()
        ),
    ]
    about = {"id": "someone/firefox-models", "sha": "c0ffee", "siblings": siblings}
    publish(shelf, "https://huggingface.co/api/models/someone/firefox-models/revision/main", about)
    return shelf


def test_a_mirror_with_the_same_weights_tells_the_other_hashes(models, published, files):
    known(models, firefox={"en_pt": {"old.gz": {}}})
    refreshed(models, "firefox", "--hashes", MIRROR)
    found = written(models)["firefox"]["models"]["en_pt"]["files"]
    assert {facts["unpacked_sha256"] for facts in found.values()} == set(
        map(sha256, files.values())
    )
    done = models("add", "en_pt", "--sample", "Good morning!")
    assert done.returncode == 0, done.stderr
    assert "Good morning! -> Bom dia!" in done.stdout


def test_what_does_not_unpack_to_its_hash_is_thrown_away(models, published, files):
    known(models, firefox={"en_pt": {"old.gz": {}}})
    refreshed(models, "firefox", "--hashes", MIRROR)
    (vocabulary,) = (path for path in published.files if "vocab" in path)
    published.files[vocabulary] = gzip.compress(b"another")
    done = models("add", "en_pt")
    assert done.returncode == 1 and "its hash is " in done.stderr, done.stderr
    published.files[vocabulary] = b"no gzip"
    assert "but should be" in models("add", "en_pt").stderr


def test_a_model_with_every_hash_is_not_given_up_for_one_without(models, published):
    pinned = {"a.gz": {"sha256": "a" * 64, "size": 1}, "b.gz": {"sha256": "b" * 64, "size": 1}}
    known(models, firefox={"en_pt": pinned})
    said = refreshed(models, "firefox")
    assert "1 stay as they were, because the newer ones come without hashes" in said
    found = written(models)["firefox"]["models"]["en_pt"]
    assert found["files"] == {f"https://example.com/{name}": pinned[name] for name in pinned}


def test_an_index_that_is_not_whole_changes_nothing(models, shelf):
    known(models, firefox={f"en_{code}": {"a.gz": {}} for code in ("fr", "de", "es", "it", "pt")})
    before = models.catalogue.read_bytes()
    mozilla(shelf, entry("en", "fr"))
    done = models("catalogue", "refresh", "firefox")
    assert "firefox lists 1 pairs, but 5 were known" in done.stderr
    publish(shelf, indexes.FIREFOX, {"models": [1]})
    assert "written in a way that is not known here" in models("catalogue", "refresh").stderr
    shelf.files.clear()
    done = models("catalogue", "refresh")
    assert "db/models.json cannot be read: HTTP Error 404" in done.stderr
    done = models("catalogue", "refresh", "opus")
    assert done.stderr == "models: opus has no index; firefox and argos have.\n"
    assert models.catalogue.read_bytes() == before


def test_the_catalogue_is_written_as_it_stands(models, shelf):
    """So that a refresh that finds nothing new is an empty diff."""
    models.catalogue.write_bytes((ROOT / "models" / "sources.json").read_bytes())
    before = models.catalogue.read_text()
    argos = json.loads(before)["argos"]["models"]
    packages = [
        package(*model["name"].split("-")[1:], model["version"]) for model in argos.values()
    ]
    publish(shelf, indexes.ARGOS, packages)
    assert refreshed(models, "argos") == "argos: 96 pairs, 0 new, 0 changed\n"
    assert models.catalogue.read_text() == before
