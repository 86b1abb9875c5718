"""Batches, turns and failures, with a handler that says when it goes on. No clocks."""

import threading

import pytest

from handlers import Options, Segment, Translation
from serving.errors import Stopping, TimedOut
from serving.jobs import Ask
from serving.lanes.batcher import Batcher
from serving.lanes.caller import Caller


def segments(count, tokens, name="s"):
    return [Segment(f"{name}{number}", ["t"] * tokens) for number in range(count)]


class Gated:
    """Each call waits for `go`, and is noted when it starts."""

    def __init__(self):
        self.calls = []
        self.options = []
        self.changed = threading.Condition()
        self.allowed = 0

    def translate(self, batch, options):
        with self.changed:
            self.calls.append(list(batch))
            self.options.append(options)
            number = len(self.calls)
            self.changed.notify_all()
            assert self.changed.wait_for(lambda: self.allowed >= number, 10)
        if "bad" in batch:
            raise ValueError("bad")
        return [Translation(text.upper()) for text in batch]

    def wait_for_calls(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.calls) >= count, 10), self.calls

    def go(self, calls=10**6):
        with self.changed:
            self.allowed = calls
            self.changed.notify_all()


class ByLength(Gated):
    def batch_key(self, segment):
        return len(segment.tokens)


class Request(threading.Thread):
    """Asks at once, and waits in a thread of its own; `texts` or `error` once it is joined."""

    def __init__(self, batcher, handler, wanted, options=Options(), caller=None):  # noqa: B008
        super().__init__(daemon=True)
        asks = [Ask(segment, options) for segment in wanted]
        self.batcher, self.texts, self.error = batcher, None, None
        self.ticket = batcher.begin(handler, asks, caller or Caller())
        self.start()

    def run(self):
        try:
            self.texts = [t.text for t in self.batcher.wait(self.ticket)]
        except Exception as error:
            self.error = error


def translate(batcher, handler, wanted, caller=None):
    """In this thread."""
    asks = [Ask(segment, Options()) for segment in wanted]
    return batcher.wait(batcher.begin(handler, asks, caller or Caller()))


def join(*requests):
    for request in requests:
        request.join(10)
        assert not request.is_alive()


def test_each_caller_gets_its_own_in_order():
    handler = ByLength()
    handler.go()
    batcher = Batcher(lanes=2)
    wanted = [
        [Segment(f"r{request}s{n}", ["t"] * (1 + (n * request) % 7)) for n in range(50)]
        for request in range(8)
    ]
    requests = [Request(batcher, handler, own) for own in wanted]
    join(*requests)
    assert [r.texts for r in requests] == [[s.upper() for s in own] for own in wanted]


def test_no_segments_are_no_call():
    assert translate(Batcher(lanes=1), Gated(), []) == []


def test_a_lone_request_starts_at_once_and_what_comes_meanwhile_shares_a_batch():
    handler, batcher = Gated(), Batcher(lanes=1)
    first = Request(batcher, handler, segments(1, 5, "first"))
    handler.wait_for_calls(1)
    others = [Request(batcher, handler, segments(1, 5, f"{n}-")) for n in range(6)]
    handler.go()
    join(first, *others)
    assert handler.calls[0] == ["first0"]
    assert sorted(handler.calls[1]) == [f"{n}-0" for n in range(6)]
    assert len(handler.calls) == 2


def test_batches_hold_no_more_than_the_tokens_allowed():
    handler, batcher = Gated(), Batcher(lanes=1, max_tokens=100)
    handler.go()
    join(request := Request(batcher, handler, segments(95, 10) + segments(3, 150, "long")))
    assert len(request.texts) == 98
    sizes = [sum(len(segment.tokens) for segment in call) for call in handler.calls]
    assert sizes == [150] * 3 + [100] * 9 + [50]


def test_long_segments_go_first():
    handler, batcher = Gated(), Batcher(lanes=1, max_tokens=64)
    handler.go()
    wanted = [Segment(f"{n:02}", ["t"] * n) for n in range(1, 40)]
    join(Request(batcher, handler, wanted))
    sent = [len(segment.tokens) for call in handler.calls for segment in call]
    assert sent == sorted(sent, reverse=True)


def test_only_equal_keys_and_equal_options_share_a_batch():
    handler, batcher = ByLength(), Batcher(lanes=1)
    first = Request(batcher, handler, segments(1, 3, "first"))
    handler.wait_for_calls(1)
    beam = Options(beam_size=4)
    others = [
        Request(batcher, handler, segments(2, 5, "a")),
        Request(batcher, handler, segments(2, 6, "b")),
        Request(batcher, handler, segments(2, 5, "c"), beam),
        Request(batcher, handler, segments(2, 5, "d")),
    ]
    handler.go()
    join(first, *others)
    assert sorted(sorted(call) for call in handler.calls[1:]) == [
        ["a0", "a1", "d0", "d1"],
        ["b0", "b1"],
        ["c0", "c1"],
    ]
    assert [beam == options for options in handler.options].count(True) == 1


def test_two_handlers_never_share_a_batch():
    one, two, batcher = Gated(), Gated(), Batcher(lanes=1)
    one.go()
    two.go()
    requests = [Request(batcher, handler, segments(4, 5)) for handler in (one, two) * 3]
    join(*requests)
    assert sum(map(len, one.calls)) == sum(map(len, two.calls)) == 12


def test_idle_lanes_share_a_document():
    handler, batcher = Gated(), Batcher(lanes=2)
    request = Request(batcher, handler, segments(40, 10))
    handler.wait_for_calls(2)
    assert len(handler.calls[0]) == 20
    handler.go()
    join(request)


def test_a_sentence_passes_a_document_of_another_kind():
    handler, batcher = ByLength(), Batcher(lanes=1, max_tokens=100)
    document = Request(batcher, handler, segments(100, 10, "document"))
    handler.wait_for_calls(1)
    sentence = Request(batcher, handler, segments(1, 4, "sentence"))
    handler.go(1)
    handler.wait_for_calls(2)
    handler.go(2)
    handler.wait_for_calls(3)
    # At most one batch of the document was between.
    assert ["sentence0"] in handler.calls[1:3]
    handler.go()
    join(document, sentence)


def test_a_sentence_is_no_part_of_a_documents_batch():
    handler, batcher = Gated(), Batcher(lanes=1, max_tokens=100)
    document = Request(batcher, handler, segments(100, 10, "document"))
    handler.wait_for_calls(1)
    sentence = Request(batcher, handler, segments(1, 4, "sentence"))
    handler.go(2)
    handler.wait_for_calls(3)
    assert ["sentence0"] in handler.calls[1:3]
    handler.go()
    join(document, sentence)


def test_documents_share_batches():
    handler, batcher = Gated(), Batcher(lanes=1, max_tokens=100)
    first = Request(batcher, handler, segments(15, 10, "a"))
    handler.wait_for_calls(1)
    others = [Request(batcher, handler, segments(14, 10, name)) for name in "bc"]
    handler.go()
    join(first, *others)
    assert len(handler.calls) < 6
    assert any(len({text[0] for text in call}) > 1 for call in handler.calls)


def test_the_express_lane_takes_a_sentence_while_all_lanes_are_on_long_batches():
    handler, batcher = Gated(), Batcher(lanes=2, max_tokens=500)
    document = Request(batcher, handler, segments(500, 10, "document"))
    handler.wait_for_calls(2)
    sentence = Request(batcher, handler, segments(1, 5, "sentence"))
    handler.wait_for_calls(3)
    assert handler.calls[2] == ["sentence0"]
    assert len(handler.calls) == 3  # the document does not use it
    handler.go()
    join(document, sentence)


def test_documents_take_turns():
    handler, batcher = ByLength(), Batcher(lanes=1, max_tokens=100)
    documents = [Request(batcher, handler, segments(50, 10, "a"))]
    handler.wait_for_calls(1)
    documents.append(Request(batcher, handler, segments(50, 11, "b")))
    handler.go()
    join(*documents)
    order = "".join(call[0][0] for call in handler.calls)
    assert order.startswith("aabababab")


def test_a_failure_fails_only_the_requests_of_its_batch():
    handler, batcher = ByLength(), Batcher(lanes=1)
    first = Request(batcher, handler, segments(1, 3))
    handler.wait_for_calls(1)
    bad = Request(batcher, handler, [Segment("bad", ["t"] * 5), *segments(1, 7, "x")])
    good = Request(batcher, handler, segments(3, 6))
    handler.go()
    join(first, bad, good)
    assert isinstance(bad.error, ValueError)
    assert (first.error, good.error) == (None, None)


def test_a_wrong_number_of_translations_is_an_error():
    class Short:
        def translate(self, batch, options):
            return [Translation("only one")]

    with pytest.raises(RuntimeError, match="1 translations for 2 segments"):
        translate(Batcher(lanes=1), Short(), segments(2, 5))


def test_out_of_patience_drops_what_has_not_started():
    handler, batcher = Gated(), Batcher(lanes=1)
    first = Request(batcher, handler, segments(1, 5, "first"))
    handler.wait_for_calls(1)
    with pytest.raises(TimedOut, match=r"longer than 0\.05 s"):
        translate(batcher, handler, segments(1, 5, "late"), Caller(0.05))
    handler.go()
    join(first, last := Request(batcher, handler, segments(1, 5, "last")))
    assert handler.calls == [["first0"], ["last0"]]
    assert last.texts == ["LAST0"]


def test_a_caller_that_has_left_is_dropped():
    handler, batcher = Gated(), Batcher(lanes=1)
    first = Request(batcher, handler, segments(1, 5, "first"))
    handler.wait_for_calls(1)
    caller = Caller(has_left=lambda: True)
    left = Request(batcher, handler, segments(1, 5, "left"), caller=caller)
    handler.go()
    join(first, left)
    assert isinstance(left.error, Stopping)
    assert handler.calls == [["first0"]]


def test_abandon_answers_all_at_once():
    handler, batcher = Gated(), Batcher(lanes=1)
    running = Request(batcher, handler, segments(1, 5))
    handler.wait_for_calls(1)
    waiting = Request(batcher, handler, segments(1, 5))
    assert batcher.longest() > 0
    batcher.abandon(Stopping("bye"))
    join(running, waiting)
    assert (str(running.error), str(waiting.error)) == ("bye", "bye")
    handler.go()


def test_a_timeout_of_the_handlers_own_is_its_failure():
    class Remote:
        def translate(self, batch, options):
            raise TimeoutError("upstream")

    with pytest.raises(TimeoutError, match="upstream"):
        translate(Batcher(lanes=1), Remote(), segments(1, 5), Caller(10))


def test_a_document_holds_no_more_than_a_batch_a_lane_in_the_engine():
    handler, batcher = Gated(), Batcher(lanes=2, max_tokens=512)
    document = Request(batcher, handler, segments(2000, 9))
    handler.wait_for_calls(2)
    assert sum(len(s.tokens) for call in handler.calls for s in call) <= 2 * 512
    handler.go()
    join(document)
    assert max(sum(len(s.tokens) for s in call) for call in handler.calls) <= 512
