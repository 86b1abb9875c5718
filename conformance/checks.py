"""The contract of `handlers.contract.shape`, and what the pipeline makes of a handler."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from conformance.plugin import ask, memory, processes, through
from handlers import ModelFolder, Options, Segment, Translation
from serving.plugins.claims import Plugins
from serving.plugins.models import Model
from serving.service.translator import Translator


def test_the_plugin_that_was_meant_serves_the_folder(
    folder: ModelFolder, plugins: Plugins, pytestconfig: pytest.Config
) -> None:
    picked, meant = plugins.claim(folder), pytestconfig.getoption("--plugin")
    print(f"{folder.path} is served by {picked.plugin} ({picked.origin})")
    claims = [
        f"{claim.plugin} claims {claim.source} → {claim.target}"
        f"{', of a format' if claim.can_load else ''}: "
        f"{'matches' if claim.matches(folder) else 'does not match'}, "
        f"names {claim.specificity[0]} languages"
        for claim in plugins.claims
    ]
    assert meant in ("", picked.plugin), (
        f"{picked.plugin} was picked. Claims: {'; '.join(claims)}. Who names more languages wins, "
        "then who names a format (can_load)."
    )


def test_it_starts_in_time(
    model: Model, start: dict[str, float], pytestconfig: pytest.Config
) -> None:
    print(f"started in {start['seconds']:.2f} s")
    assert start["seconds"] <= pytestconfig.getoption("--start-seconds")


def test_it_answers_each_segment(model: Model, texts: list[str]) -> None:
    assert len(ask(model, *texts)) == len(texts)
    assert ask(model) == []


def test_order_is_kept(model: Model, texts: list[str]) -> None:
    alone = [ask(model, text)[0] for text in texts]
    assert ask(model, *reversed(texts)) == alone[::-1]


def test_it_says_the_same_again(model: Model, texts: list[str]) -> None:
    assert ask(model, *texts) == ask(model, *texts)


def test_a_sentence_is_the_same_alone_as_in_company(
    translator: Translator, texts: list[str]
) -> None:
    alone = [through(translator, text)[0] for text in texts]
    assert through(translator, *texts * 3) == alone * 3


def test_threads_do_not_disturb_each_other(model: Model, texts: list[str]) -> None:
    expected = ask(model, *texts)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ask(model, *texts), range(16)))
    assert found == [expected] * 16


def test_options_are_obeyed_or_ignored(model: Model, texts: list[str]) -> None:
    options = Options(alternatives=2, beam_size=4, no_repeat_ngram_size=3)
    for found in model.guest.translate(texts[:2], options):
        assert isinstance(found, Translation)
        assert len(found.alternatives) <= 2
        assert found.text not in found.alternatives
        assert found.score is None or found.score <= 0


def test_tokens_come_for_each_text(model: Model, texts: list[str]) -> None:
    started = time.perf_counter()
    found = model.guest.tokenize(texts)
    milliseconds = 1000 * (time.perf_counter() - started) / len(texts)
    print(f"{milliseconds:.3f} ms to tokenise a text")
    assert all(found)
    assert milliseconds < 5, "the server's loop waits for it"


def test_batch_keys_are_stable(model: Model, texts: list[str]) -> None:
    for text, tokens in zip(texts, model.guest.tokenize(texts), strict=True):
        segment = Segment(text, tokens)
        assert model.guest.batch_key(segment) == model.guest.batch_key(segment)


def test_nothing_longer_than_it_takes_comes(
    model: Model, translator: Translator, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if model.guest.max_tokens is None:
        pytest.skip("the handler has no max_tokens: it takes sentences of any length")
    longest: list[int] = []
    original = model.guest.translate

    def look(segments: Sequence[str], options: Options) -> list[Translation]:
        longest.extend(len(tokens) for tokens in model.guest.tokenize(segments))
        return original(segments, options)

    monkeypatch.setattr(model.guest, "translate", look)
    through(translator, ", and ".join(text[:-1] for text in texts * 8) + ".")
    assert max(longest) <= model.guest.max_tokens


@pytest.mark.parametrize("kept", ["{name}", "%1$s", "https://example.com/a?b=1", "a@example.com"])
def test_placeholders_come_back(translator: Translator, texts: list[str], kept: str) -> None:
    assert kept in through(translator, f"{texts[0][:-1]} {kept}.")[0]


def test_lines_and_spaces_come_back(translator: Translator, texts: list[str]) -> None:
    (found,) = through(translator, f"  {texts[0]}\n\n\t{texts[1]}\r\n")
    assert found.startswith("  ") and found.endswith("\r\n") and "\n\n\t" in found


def test_tags_come_back(translator: Translator, texts: list[str]) -> None:
    first, _, rest = texts[0].partition(" ")
    (found,) = through(translator, f"<p><b>{first}</b> {rest}<br></p>", format="html")
    for tag in ("<p>", "<b>", "</b>", "<br>", "</p>"):
        assert found.count(tag) == 1


def test_memory_does_not_grow(model: Model, texts: list[str], pytestconfig: pytest.Config) -> None:
    for _ in range(10):
        ask(model, *texts)
    before = memory()
    for _ in range(40):
        ask(model, *texts)
    grown = (memory() - before) / 1e6
    print(f"{grown:.1f} MB gained in {40 * len(texts)} segments")
    assert grown <= pytestconfig.getoption("--growth-mb")


def test_how_fast_it_is(model: Model, texts: list[str]) -> None:
    tokens = sum(map(len, model.guest.tokenize(texts)))
    started = time.perf_counter()
    ask(model, *texts)
    milliseconds = 1000 * (time.perf_counter() - started)
    print(f"{milliseconds / len(texts):.1f} ms a segment, {milliseconds / tokens:.2f} ms a token")


def test_it_closes_in_time(model: Model) -> None:
    """The last: nothing is asked of the handler afterwards."""
    if not model.guest.closes:
        pytest.skip("the handler has no close()")
    started = time.perf_counter()
    model.guest.close()
    seconds = time.perf_counter() - started
    print(f"closed in {seconds:.2f} s")
    assert seconds < 2, "the server waits no longer"
    assert processes() == [], "these would outlive the handler"
