"""The tokens that tell multilingual models which languages are meant."""

import pytest

from handlers import ModelError
from models.language_tokens import _ISO_639_3, prefixes

NLLB = {"▁a", "eng_Latn", "fra_Latn", "zho_Hans", "zho_Hant", "arb_Arab", "arb_Latn", "srp_Cyrl"}
M2M = {"▁a", "__en__", "__fr__", "__zh__", "__no__", "__pt__"}
OPUS = {"▁a", ">>fra<<", ">>spa<<", ">>cmn_Hans<<", ">>cmn_Hant<<", ">>pt<<", ">>pt_BR<<"}


@pytest.mark.parametrize(
    ("vocabulary", "pair", "found"),
    [
        (NLLB, ("en", "fr"), ("eng_Latn", "fra_Latn")),
        (NLLB, ("zh", "zh-Hant"), ("zho_Hans", "zho_Hant")),
        (NLLB, ("ar", "sr-Cyrl"), ("arb_Arab", "srp_Cyrl")),
        (NLLB, ("eng", "fr-CA"), ("eng_Latn", "fra_Latn")),
        (M2M, ("en", "pt-BR"), ("__en__", "__pt__")),
        (M2M, ("nb", "zh-Hans"), ("__no__", "__zh__")),
    ],
)
def test_source_and_target_of_nllb_and_m2m_100(vocabulary, pair, found):
    assert prefixes(vocabulary, *pair) == {
        "source_prefix": [found[0]],
        "target_prefix": [found[1]],
    }


@pytest.mark.parametrize(("target", "token"), [("fr", ">>fra<<"), ("es", ">>spa<<")])
def test_target_of_an_opus_model_with_several(target, token):
    assert prefixes(OPUS, "en", target) == {"source_prefix": [token]}


def test_a_model_of_one_pair_needs_none():
    assert prefixes({"▁a", "▁__", ">>", "<s>"}, "en", "de") == {}


@pytest.mark.parametrize(
    ("vocabulary", "target", "sentence"),
    [
        (NLLB, "xx", "has no token for 'xx'. Give its own with --source-prefix"),
        (M2M, "xx", "has no token for 'xx'"),
        (OPUS, "de", "has no token for 'de'"),
        (OPUS, "pt", r"has several tokens for 'pt' \(>>pt<<, >>pt_BR<<\)"),
    ],
)
def test_a_language_it_does_not_know_is_refused_by_name(vocabulary, target, sentence):
    with pytest.raises(ModelError, match=sentence):
        prefixes(vocabulary, "en", target)


def test_every_code_of_the_table_is_two_to_three_letters():
    assert len(_ISO_639_3) > 120
    assert all(len(two) == 2 and len(three) == 3 for two, three in _ISO_639_3.items())
