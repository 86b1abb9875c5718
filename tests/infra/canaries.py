"""A model that translates the sentences of the shipped canaries as they ask, and no other text."""

import json
from functools import cache

from tests.running import ROOT


def answer(question: str | bytes) -> str:
    """The document that the container would answer; an unknown text comes back as it is."""
    known = _canaries()
    texts = json.loads(question)["texts"]
    return json.dumps({"translations": [{"text": known.get(text, text)} for text in texts]})


@cache
def _canaries() -> dict[str, str]:
    manifests = [json.loads(path.read_text("utf-8")) for path in ROOT.glob("models/*/model.json")]
    return {
        text: translation
        for manifest in manifests
        for text, translation in manifest.get("canary", {}).get("sentences", ())
    }
