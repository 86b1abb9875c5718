"""The sentences measured, and the models."""

from pathlib import Path

from handlers.engine.decoding import output_cap
from handlers.engine.pieces import Pieces

ROOT = Path(__file__).parent.parent
SENTENCES = Path(__file__).parent / "data" / "sentences.en"
MODEL = ROOT / "models" / "en_de"


def sentences() -> list[str]:
    return SENTENCES.read_text("utf-8").splitlines()


def short_sentences(count: int) -> list[str]:
    """Of 5 to 8 tokens, with the same cap, which a random model always hits."""
    pieces = MODEL / "sentencepiece.model"
    lines = sentences()
    tokens = Pieces(pieces, pieces).encode(lines)
    return [
        line
        for line, own in zip(lines, tokens, strict=True)
        if 5 <= len(own) <= 8 and output_cap(len(own)) == output_cap(8)
    ][:count]


def write(lines: list[str], path: Path) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path
