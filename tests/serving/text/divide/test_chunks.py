"""Where a sentence that is too long is cut."""

import pytest

from serving.text.divide.chunks import cut


def words(texts):
    return [text.split() for text in texts]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a b c d. e f, g h i j k l", "a b c d."),
        ('a b c d." e f, g h i j k l', 'a b c d."'),
        ("a b c d; e, f g h i j k l", "a b c d;"),
        ("a b c d, e f g h i j k l", "a b c d,"),
        ("a b c d e f g h i j k l", "a b c d e f"),
    ],
)
def test_a_cut_is_at_a_sentence_s_end_or_else_a_clause_s(text, first):
    chunks = cut(text, words, 6)
    assert "".join(chunks) == text
    assert chunks[0].strip() == first
