"""Text comes back whole: structure, protected strings, neighbours, time."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers import ModelFolder
from handlers.default import DefaultHandler
from tests.running import MODELS, ROOT, Server
from tests.serving.text.hostile import NAUGHTY, SCRIPTS, UNITS, every_block
from tests.serving.text.samples import KEPT, PROTECTED, with_protected
from tests.serving.text.translating import Each, counted, identity, translate

SENTENCES = (ROOT / "tests" / "data" / "sample.en").read_text("utf-8").splitlines()
HELLO = "Hello world!"


def soak(quick, full):
    """The same figure twice: quick in every run, in full under ``make soak``."""
    return [quick, pytest.param(full, marks=[pytest.mark.soak, pytest.mark.timeout(900)])]


def generated(seed: int) -> str:
    """Words, protected strings, separators and odd characters, in any order."""
    dice = random.Random(seed)
    kinds = (
        lambda: dice.choice(SENTENCES),
        lambda: dice.choice(PROTECTED),
        lambda: dice.choice(NAUGHTY),
        lambda: dice.choice(SCRIPTS),
        lambda: dice.choice((" ", "  ", "\n", "\r\n", "\t", "\n\n", " - ", ". ", "! ", "\u00a0")),
        lambda: chr(dice.choice((dice.randrange(1, 0x300), dice.randrange(0xE000, 0x110000)))),
    )
    return "".join(dice.choice(kinds)() for _ in range(dice.randrange(1, 12)))


@pytest.mark.parametrize("count", soak(1000, 10_000))
def test_a_model_that_changes_nothing_changes_nothing(count, record):
    different = 0
    for first in range(0, count, 250):
        texts = [generated(seed) for seed in range(first, first + 250)]
        found = translate(texts, identity(), keep=KEPT)
        different += sum(one.text != text for one, text in zip(found, texts, strict=True))
    assert different == 0
    record(
        f"{count} generated texts through a handler that changes nothing",
        "0 differences",
        f"{different} differences",
    )


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
@example("K\u00c5NGSTR\u00d6M \u212a\u212b")
def test_any_text_is_the_same_to_a_model_that_changes_nothing(text):
    assert translate([text], identity())[0].text == text


@pytest.mark.parametrize("every", soak(8, 1))
def test_protected_strings_survive_a_random_model(endless, every, record):
    texts = list(with_protected())[::every]
    found = translate([text for text, _ in texts], DefaultHandler(ModelFolder(endless)), keep=KEPT)
    broken = [
        (text, one.text)
        for (text, wanted), one in zip(texts, found, strict=True)
        if any(one.text.count(protected) != text.count(protected) for protected in wanted)
    ]
    assert broken == []
    record(
        "protected strings on a model with random weights",
        "all of them come back byte for byte",
        f"{len(texts) - len(broken)} of {len(texts)} texts whole",
    )


@pytest.mark.parametrize("words", [1, 40, 400, *soak(2000, 20_000)])
def test_what_is_sent_is_what_is_counted(words, record):
    """Sentences in as sentences out, no token twice, none left out."""
    sentences = [SENTENCES[i % len(SENTENCES)] for i in range(max(1, words // 6))]
    pieces = DefaultHandler(ModelFolder(MODELS / "en_de"))
    handler = Each(str)
    handler.tokenize, handler.max_tokens = pieces.tokenize, pieces.max_tokens
    [found], stats = counted(["\n".join(sentences)], handler)
    assert len(found.text.splitlines()) == len(sentences)
    assert stats.segments == len(handler.seen) >= len(sentences)
    assert stats.tokens == handler.tokens == sum(map(len, pieces.tokenize(handler.seen)))
    assert max(len(pieces.tokenize([s])[0]) for s in handler.seen) <= pieces.max_tokens
    record(
        "sentences through the splitter, 1 to 20 000 tokens",
        "as many lines out as in, tokens sent = tokens counted",
        f"{len(sentences)} lines and {stats.tokens} tokens: equal",
    )


@pytest.mark.parametrize("every", soak(40, 1))
def test_hostile_texts_are_answered_over_http(server, every, record):
    corpus = [*NAUGHTY, *SCRIPTS, *(unit * 60 for unit in UNITS), *every_block()][::every]
    answers = 0
    for first in range(0, len(corpus), 20):
        for form in ("text", "html", "xml")[: 3 if every == 1 else 2]:
            reply = server.translate(HELLO, *corpus[first : first + 20], format=form, beam_size=1)
            assert reply.status == 200, reply.body
            translations = [one["text"] for one in reply.json["translations"]]
            assert translations[0] == "Hallo Welt!"
            answers += len(translations)
    record(
        "hostile texts (every Unicode block, 40 scripts, naughty strings)",
        "no 5xx, no hang, the text beside them unchanged",
        f"{answers} texts answered, 0 × 5xx",
    )


@pytest.mark.parametrize(
    "body", [b'{"text": "a\\u0000b"}', b'{"text": "\\ud800"}', b'{"text": "\\udc00 b"}', b"\xff"]
)
def test_what_is_no_text_is_refused(server, body):
    reply = server.post(body, Content_Type="application/json")
    assert reply.status == 400
    assert reply.json["error"]["code"] == "bad_request"


@pytest.mark.parametrize("size", soak(800, 100_000))
@pytest.mark.parametrize("unit", ["Go! ", "{a} b, ", "a\n", "word ", "<b>a</b> b ", "漢。"])
def test_the_worst_case_is_answered_in_time(endless, size, unit, record):
    with Server(endless) as server:
        started = time.monotonic()
        reply = server.translate(
            unit * (size // len(unit)), format="html" if "<" in unit else "text"
        )
        seconds = time.monotonic() - started
    assert reply.status in (200, 413)
    assert seconds <= 26
    record(
        f"{size} characters of {unit!r} on a model that never ends",
        "200 or 413 in 25 s",
        f"{reply.status} in {seconds:.1f} s",
    )


@pytest.mark.parametrize("mixes", soak(8, 32))
def test_a_text_does_not_depend_on_its_neighbours(en_de, mixes, record):
    texts = [*SENTENCES[:12], "Hello {name}, look at https://example.com!", "SAVE FILE", "😀 Hi"]
    alone = {text: translate([text], en_de)[0] for text in texts}

    def mixed(seed):
        dice = random.Random(seed)
        mix = dice.sample(texts + SENTENCES[12:60], dice.randrange(2, 40))
        return [(text, one) for text, one in zip(mix, translate(mix, en_de), strict=True)]

    with ThreadPoolExecutor(8) as pool:
        results = [pair for pairs in pool.map(mixed, range(mixes)) for pair in pairs]
    compared = [(text, one) for text, one in results if text in alone]
    assert len(compared) > mixes
    assert [(text, one) for text, one in compared if one.text != alone[text].text] == []
    record(
        "the same text alone, in batches of others, in 8 threads",
        "identical",
        f"{len(compared)} of {len(compared)} identical in {mixes} mixes",
    )


@pytest.fixture(scope="module")
def en_de():
    return DefaultHandler(ModelFolder(MODELS / "en_de"))
