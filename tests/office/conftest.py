"""Documents made, translated by a real server, and opened again: each step once for all tests."""

import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import deepl
import pytest
import requests

from tests.office import sources
from tests.office.libreoffice import LibreOffice
from tests.running import Server

WRITER = "HTML (StarWriter)"
SOURCES = {
    "letter.fodt": (sources.LETTER, ("odt", "docx", "epub")),
    "page.html": (sources.PAGE, ("odt", "docx")),
    "book.fods": (sources.WORKBOOK, ("ods", "xlsx")),
    "tbl.csv": (sources.TABLE, ("ods", "xlsx")),
    "deck.fodp": (sources.SLIDES, ("odp", "pptx")),
}
LIBRARIES = {
    "word.docx": sources.word,
    "excel.xlsx": sources.excel,
    "powerpoint.pptx": sources.powerpoint,
}
BOOK = "letter-epub"
NAMES = [
    *(f"{Path(name).stem}-{kind}" for name, (_, kinds) in SOURCES.items() for kind in kinds),
    *(name.replace(".", "-") for name in LIBRARIES),
]
OPENED = [name for name in NAMES if name != BOOK]  # LibreOffice writes EPUB, and reads none


@dataclass
class Translated:
    """Files by their names in `NAMES`."""

    originals: dict[str, Path]
    by_libretranslate: dict[str, Path]
    by_deepl: dict[str, bytes]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    return LibreOffice(tmp_path_factory.mktemp("libreoffice"))


@pytest.fixture(scope="session")
def accents(tmp_path_factory: pytest.TempPathFactory):
    """A server whose German is English with accents."""
    folder = tmp_path_factory.mktemp("accents")
    (folder / "models" / "en_de").mkdir(parents=True)
    info = folder / "plugin" / "accents-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: accents\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[serverless_translation.handlers]\naccents = tests.office.accents\n"
    )
    with Server(folder / "models", PYTHONPATH=str(folder / "plugin")) as running:
        yield running


@pytest.fixture(scope="session")
def originals(office: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("originals")
    found = {}
    for name, (content, kinds) in SOURCES.items():
        source = folder / name
        source.write_text(content, "utf-8")
        for kind in kinds:
            (made,) = office.convert([source], kind, folder, WRITER if name == "page.html" else "")
            found[f"{source.stem}-{kind}"] = made.rename(folder / f"{source.stem}-{kind}.{kind}")
    for name, make in LIBRARIES.items():
        path = folder / name.replace(".", "-")
        found[path.name] = path.with_suffix(Path(name).suffix)
        make(found[path.name])
    return found


@pytest.fixture(scope="session")
def translated(
    accents: Server, originals: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Translated:
    folder = tmp_path_factory.mktemp("translated")
    done = {}
    for name, path in originals.items():
        done[name] = folder / f"{name}-translated{path.suffix}"
        done[name].write_bytes(by_libretranslate(accents, path))
    client = deepl.DeepLClient("any", server_url=accents.url)
    by_deepl = {name: _by_deepl(client, path) for name, path in originals.items()}
    client.close()
    return Translated(originals, done, by_deepl)


def by_libretranslate(server: Server, path: Path) -> bytes:
    with path.open("rb") as file:
        answer = requests.post(
            f"{server.url}/translate_file",
            data={"source": "en", "target": "de"},
            files={"file": (path.name, file)},
            timeout=60,
        )
    assert answer.status_code == 200, answer.text
    return requests.get(answer.json()["translatedFileUrl"], timeout=10).content


def _by_deepl(client: deepl.DeepLClient, path: Path) -> bytes:
    """Without the client's own pauses of five seconds."""
    handle = client.translate_document_upload(
        path.read_bytes(), source_lang="EN", target_lang="DE", filename=path.name
    )
    while not (status := client.translate_document_get_status(handle)).done:
        assert status.ok, status.error_message
        time.sleep(0.05)
    out = BytesIO()
    client.translate_document_download(handle, out)
    return out.getvalue()
