"""The small English–German model in the layouts that others ship."""

import json
import shutil
import zipfile

from tests.running import SMALL

ENGINE = SMALL / "ctranslate2_model"
PIECES = SMALL / "sentencepiece.model"
METADATA = {"package_version": "1.9", "argos_version": "1.9.0", "from_code": "en", "to_code": "de"}


def argos_package(path, pieces="sentencepiece.model", **metadata):
    """A zip with one folder, as on the Argos index."""
    root = path.stem
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(f"{root}/metadata.json", json.dumps(METADATA | metadata))
        package.writestr(f"{root}/README.md", "# English to German\n")
        package.writestr(f"{root}/stanza/en/tokenize/ewt.pt", b"a sentence splitter")
        package.write(PIECES, f"{root}/{pieces}")
        for part in ENGINE.iterdir():
            package.write(part, f"{root}/model/{part.name}")
    return path


def converted_folder(path, pieces="sentencepiece.model"):
    """A folder as CTranslate2's converters write it, the tokeniser beside."""
    shutil.copytree(ENGINE, path)
    shutil.copyfile(PIECES, path / pieces)
    return path
