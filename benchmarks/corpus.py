"""The sentences measured, and the models."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SENTENCES = Path(__file__).parent / "data" / "sentences.en"
MODEL = ROOT / "tests" / "data" / "en_de"
REAL = ROOT / "models" / "en_pt"


def sentences() -> list[str]:
    return SENTENCES.read_text("utf-8").splitlines()


def write(lines: list[str], path: Path) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path
