"""Chunks and the journal, by generated input."""

import io
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fidelity.texts import sets
from client.errors import Refused, UsageError
from client.in_flight import in_order
from client.journal import Journal
from client.lines import read_chunks
from client.transport import Limits
from serving.text.divide.wrapping import find_wrapped
from tests.client.running import wait_for
from tests.running import ROOT

DATA = ROOT / "benchmarks" / "data"

TEXTS = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.sampled_from(["\n", "\r\n", "\r", ""]),
        st.sampled_from([1, 1, 1, 300]),
    ),
    max_size=30,
).map(lambda parts: "".join((text + end) * times for text, end, times in parts))

LIMITS = st.builds(Limits, st.sampled_from([1, 3, 64]), st.sampled_from([300, 8192]))


busy = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
"""The machine may be: what is generated is small."""


@busy
@given(TEXTS, LIMITS)
def test_chunks_put_together_are_the_text(text, limits):
    chunks = list(read_chunks(io.BytesIO(text.encode()), "x", limits))
    again = "".join(chunk.join([line for _, line, _ in chunk.split()]) for chunk in chunks)
    assert again.encode() == text.encode()
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))


@busy
@given(TEXTS, LIMITS)
def test_a_chunk_has_lines_or_pieces_of_them_up_to_its_limits(text, limits):
    for chunk in read_chunks(io.BytesIO(text.encode()), "x", limits):
        assert len(chunk.parts) <= limits.texts
        assert chunk.size <= limits.characters
        assert not any("\n" in line for _, line, _ in chunk.split())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("It was fun. But it ended. It goes on", ["It was fun. ", "But it ended. ", "It goes on"]),
        ("He saw Dr. Who and ran away from him", ["He saw Dr. Who and ", "ran away from him"]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijklmnopqrst", "uvwxyz"]),
        ("ééééééééééé" + "e", ["éééééééééé", "ée"]),
        ("a" + "é" * 10, ["a" + "é" * 9, "é"]),
        ("本日は。晴天なり。", ["本日は。", "晴天なり。"]),
        ("short\nand a line too long", ["short\n", "and a line too long"]),
    ],
)
def test_a_long_line_is_cut_where_it_hurts_least(text, pieces):
    chunks = read_chunks(io.BytesIO(text.encode()), "x", Limits(64, 20))
    assert [part.content.decode() for chunk in chunks for part in chunk.parts] == pieces


def test_what_the_service_takes_for_a_wrapped_paragraph_is_one_part():
    english = sets("en")
    texts = [text.sent for text in (*english["mail"], *english["wrapped"])]
    wrapped = [text for text in texts if any(find_wrapped(text))]
    assert len(wrapped) > 12
    for text in wrapped:
        assert parts_by_paragraph(f"Dear you\n\n{text}\n\nBye\n")[2:-2] == [f"{text}\n"]


def test_lines_of_a_corpus_and_of_a_list_are_parts_by_themselves():
    corpus = DATA.joinpath("sentences.en").read_text().splitlines(keepends=True)
    assert parts_by_paragraph("".join(corpus)) == corpus
    some = ["- Bring your own towel, soap and a pillow.\n", "- Do not forget the keys.\n"] * 9
    assert parts_by_paragraph("".join(some)) == some


@busy
@given(TEXTS, LIMITS)
def test_paragraphs_put_together_are_the_text(text, limits):
    chunks = list(read_chunks(io.BytesIO(text.encode()), "x", limits, by_paragraph=True))
    again = "".join(chunk.join([line for _, line, _ in chunk.split()]) for chunk in chunks)
    assert again.encode() == text.encode()
    assert all(chunk.size <= limits.characters for chunk in chunks)


def parts_by_paragraph(text: str) -> list[str]:
    chunks = read_chunks(io.BytesIO(text.encode()), "x", Limits(), by_paragraph=True)
    return [part.content.decode() for chunk in chunks for part in chunk.parts]


def test_what_is_no_utf_8_is_named_by_its_place_in_the_line():
    chunks = read_chunks(io.BytesIO(b"fine\n" + b"word " * 9 + b"\xff\n"), "x", Limits(64, 20))
    with pytest.raises(Refused, match=r"x, line 2 is not UTF-8 \(byte 0xff at column 46\)"):
        [chunk.split() for chunk in chunks]


def test_a_journal_cut_off_anywhere_keeps_its_whole_lines(tmp_path):
    path, header = tmp_path / "j", {"sha256": "x"}
    with Journal(path, header) as journal:
        for index in (2, 0, 1):
            journal.add(index, f"Grüße {index}\n", [])
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        with Journal(path, header) as journal:
            kept = max(0, whole[:length].count(b"\n") - 1)
            assert len(journal) == kept
            journal.add(9, "last", [])
            assert [record["chunk"] for record in journal.records()] == [
                *sorted([2, 0, 1][:kept]),
                9,
            ]


def test_a_journal_is_held_by_one_run(tmp_path):
    with (
        Journal(tmp_path / "j", {"sha256": "x"}),
        pytest.raises(UsageError, match="Another run is writing"),
    ):
        Journal(tmp_path / "j", {"sha256": "x"})


def test_in_order_reads_a_bounded_number_ahead():
    taken, gate = [], threading.Semaphore(0)
    results = in_order(lambda item: gate.acquire() and item, map_noting(taken), width=3)
    found = []
    reader = threading.Thread(target=lambda: found.extend(results))
    reader.start()
    gate.release(3)  # of whichever calls are under way
    wait_for(lambda: len(taken) >= 6)
    time.sleep(0.05)
    assert len(taken) <= 3 + 6
    gate.release(1000)
    reader.join(20)
    assert found == list(range(100))


def test_in_order_hands_out_what_is_done_before_a_pause():
    def items():
        yield "a"
        yield None
        seen.append(list(found))
        yield "b"

    seen, found = [], []
    for result in in_order(str.upper, items(), width=3):
        found.append(result)
    assert (seen, found) == ([["A"]], ["A", "B"])


def map_noting(taken):
    for item in range(100):
        taken.append(item)
        yield item
