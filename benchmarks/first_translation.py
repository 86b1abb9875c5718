"""What a start cannot do without: import the engine, load the model, translate once."""

import sys

import ctranslate2
import sentencepiece

folder = sys.argv[1]
pieces = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/sentencepiece.model")
engine = ctranslate2.Translator(f"{folder}/ctranslate2_model", intra_threads=1)
tokens = pieces.encode("Hello world!", out_type=str)
print(pieces.decode(engine.translate_batch([tokens])[0].hypotheses[0]), flush=True)
