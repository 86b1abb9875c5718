"""The container as everyone writes it: Flask, one ``translate_batch`` a request."""

import os

import ctranslate2
import sentencepiece
from flask import Flask, request

folder = os.environ["MODEL"]
pieces = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/sentencepiece.model")
translator = ctranslate2.Translator(f"{folder}/ctranslate2_model", device="cpu")
limit = int(os.environ.get("MAX_DECODING_LENGTH", "256"))
app = Flask(__name__)


@app.get("/ping")
def ping():
    return ""


@app.post("/invocations")
def invocations():
    lines = request.get_data(as_text=True).splitlines()
    results = translator.translate_batch(
        pieces.encode(lines, out_type=str), max_decoding_length=limit
    )
    return "\n".join(pieces.decode(result.hypotheses[0]) for result in results)
