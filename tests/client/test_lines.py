"""Chunks and the journal, by generated input."""

import io
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.errors import UsageError
from client.in_flight import in_order
from client.journal import Journal
from client.lines import CHUNK_BYTES, CHUNK_LINES, read_chunks

TEXTS = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.sampled_from(["\n", "\r\n", "\r", ""]),
        st.sampled_from([1, 1, 1, 300]),
    ),
    max_size=30,
).map(lambda parts: "".join((text + end) * times for text, end, times in parts))


@given(TEXTS)
def test_chunks_put_together_are_the_text(text):
    chunks = list(read_chunks(io.BytesIO(text.encode()), "x"))
    again = "".join(chunk.join([line for _, line, _ in chunk.split()]) for chunk in chunks)
    assert again.encode() == text.encode()
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))


@given(TEXTS)
def test_a_chunk_has_whole_lines_up_to_its_limits(text):
    for chunk in read_chunks(io.BytesIO(text.encode()), "x"):
        assert len(chunk.lines) <= CHUNK_LINES
        assert chunk.size <= CHUNK_BYTES or len(chunk.lines) == 1
        assert not any("\n" in line for _, line, _ in chunk.split())


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
    gate.release(3)
    assert next(results) == 0
    assert len(taken) == 6
    gate.release(1000)
    assert list(results) == list(range(1, 100))


def map_noting(taken):
    for item in range(100):
        taken.append(item)
        yield item
