"""Translations remembered: what, how many, and for whom."""

import gc
import threading
import tracemalloc

import pytest

from handlers import Options, Segment, Translation
from serving.jobs import Ask
from serving.lanes.batcher import Batcher
from serving.lanes.cache import Cache
from serving.lanes.caller import Caller
from serving.plugins.models import Model
from serving.service.asking import Asking


class Counting:
    def __init__(self):
        self.seen = []

    def translate(self, segments, options):
        self.seen += segments
        return [Translation(f"{segment}/{options.beam_size}") for segment in segments]


class Folder:
    def __init__(self, pair):
        self.pair = pair


def segments(*texts):
    return [Segment(text, list(text)) for text in texts]


def model(handler, pair="en_de"):
    return Model(Folder(pair), None, handler)


def asking(handler, cache, pair="en_de"):
    return Asking(model(handler, pair), Batcher(lanes=1), cache, Caller(), max_tokens=1000)


def translate(asking, segments, options=Options()):  # noqa: B008
    """The texts of one round."""

    def job():
        return (yield [Ask(segment, options) for segment in segments])

    (found,) = asking.results([job()])
    return texts(found)


def key(text):
    return "en_de", Options(), text


def texts(translations):
    return [translation.text for translation in translations]


def test_what_was_translated_is_not_translated_again():
    handler, cache = Counting(), Cache(100, 10**6)
    translate(asking(handler, cache), segments("a", "b"))
    second = asking(handler, cache)
    assert translate(second, segments("b", "c", "a")) == [
        "b/None",
        "c/None",
        "a/None",
    ]
    assert sorted(handler.seen) == ["a", "b", "c"]
    assert second.cached == 2


def test_a_segment_twice_in_a_request_is_translated_once():
    handler = Counting()
    own = asking(handler, Cache(100, 10**6))
    assert translate(own, segments("a", "b", "a")) == [
        "a/None",
        "b/None",
        "a/None",
    ]
    assert sorted(handler.seen) == ["a", "b"]
    assert own.cached == 1


def test_other_options_and_other_pairs_are_other_entries():
    handler, cache = Counting(), Cache(100, 10**6)
    for pair, options in [("en_de", Options()), ("en_fr", Options()), ("en_de", Options(0, 4))]:
        translate(asking(handler, cache, pair), segments("a"), options)
    assert handler.seen == ["a", "a", "a"]
    assert translate(asking(handler, cache), segments("a"), Options(0, 4)) == ["a/4"]


def test_without_entries_everything_is_translated():
    handler, cache = Counting(), Cache(0, 10**6)
    own = asking(handler, cache)
    for _ in range(2):
        translate(own, segments("a", "a"))
    assert handler.seen == ["a"] * 4
    assert (own.cached, len(cache)) == (0, 0)


def test_the_entries_used_last_are_kept():
    cache = Cache(2, 10**6)
    cache.note([key("a"), key("b")], [Translation("A"), Translation("B")])
    cache.look([key("a")])
    cache.note([key("c")], [Translation("C")])
    assert cache.look([key("a"), key("b"), key("c")]) == [Translation("A"), None, Translation("C")]


KINDS = {
    "short": ("Sentence {}.", "Satz {}.", ()),
    "long source": ("{} " + "long words of a source " * 40, "kurz", ()),
    "wide source": ("{} " + "漢" * 500, "short", ()),
    "widest source": ("{} " + "😀" * 500, "short", ()),
    "wide translation": ("short {}", "漢" * 500, ()),
    "alternatives": ("short {}", "Text {}", ("A" * 300, "é" * 300, "漢" * 300)),
    "empty": ("{}", "", ()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_its_bytes_are_a_bound_of_what_is_really_used(kind):
    source, text, others = KINDS[kind]
    limit = 500_000
    cache = Cache(10**6, limit)
    own = Asking(model(Counting()), None, cache, Caller(), max_tokens=1000)
    tracemalloc.start()
    try:
        for number in range(1500):
            # Nothing is shared with other entries: each may be a request by itself.
            entry = own.key(Ask(source.format(number), Options(beam_size=None)))
            alternatives = tuple("".join(list(other)) for other in others)
            cache.note([entry], [Translation("".join(list(text.format(number))), alternatives)])
        del entry, alternatives
        gc.collect()  # of tuples that are gone, Python keeps some for the next
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 20 < len(cache) < 1500
    print(f"{kind}: {len(cache)} entries, {used / limit:.2f} of the limit")
    assert 0.5 * limit < used <= limit, f"{used} bytes for {len(cache)} entries"


def test_an_entry_larger_than_the_cache_is_not_kept():
    cache = Cache(10, 5000)
    cache.note([key("a")], [Translation("A")])
    cache.note([key("b")], [Translation("B" * 10_000)])
    assert cache.look([key("b")]) == [None]
    assert cache.used <= 5000


def test_a_failure_is_not_remembered():
    class Failing(Counting):
        def translate(self, segments, options):
            if not self.seen:
                self.seen.append("failed")
                raise ValueError
            return super().translate(segments, options)

    handler, cache = Failing(), Cache(100, 10**6)
    for expected in (None, ["a/None"]):
        try:
            found = translate(asking(handler, cache), segments("a"))
        except ValueError:
            found = None
        assert found == expected


def test_many_threads():
    cache = Cache(50, 10**6)
    wrong = []

    def work(seed):
        for number in range(2000):
            text = str((number * seed) % 97)
            (found,) = cache.look([key(text)])
            if found not in (None, Translation(text)):
                wrong.append(found)
            cache.note([key(text)], [Translation(text)])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(cache) == 50


def test_the_log_line_has_what_was_cached(server):
    text = "My old toy is broken, and nobody else asks for this sentence."
    for _ in range(2):
        assert server.text(text, "source=en;target=de;request_id=cached-twice").status == 200
    lines = [line for line in server.log if line.get("request_id") == "cached-twice"]
    assert [line["cached"] for line in lines] == [0, lines[1]["segments"]]
    assert lines[1]["segments"] > 0
