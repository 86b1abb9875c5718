"""Text as rows of a model's vocabularies."""

from models.training.tokens import Tokens, train_pieces
from tests.running import ROOT


def test_only_what_the_model_can_say_is_trained_on(tmp_path):
    text = tmp_path / "text"
    text.write_bytes((ROOT / "LICENSE").read_bytes())
    pieces = train_pieces(text, tmp_path / "sentencepiece", 400)
    lacking = [piece for piece in pieces if piece != "L"]
    tokens = Tokens(tmp_path / "sentencepiece.model", pieces, lacking, "<unk>")
    assert [len(tokens.ids([pair])) for pair in (("xL", "xy"), ("xy", "xL"))] == [1, 0]
    ((source, target),) = tokens.ids([("xL", "xy")])
    assert [pieces[row] for row in source][-1] == "L"
    assert [lacking[row] for row in target][-1] == "y"
