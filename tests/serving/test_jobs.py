"""Jobs side by side: all at the same time, but no more than is worth its memory."""

from handlers import Options, Segment, Translation
from serving.jobs import AT_ONCE, Ask, together
from tests.serving.text.translating import identity, one


def asking(number, rounds):
    """Asks for its number in each round; returns all that it got."""
    found = []
    for turn in range(rounds):
        [answer] = yield [Ask(Segment(f"{number}.{turn}", []), Options())]
        found.append(answer.text)
    return found


def work_off(job):
    """What it returns, and how many segments each of its rounds has."""
    sizes, answers = [], None
    try:
        while True:
            asks = job.send(answers)
            sizes.append(len(asks))
            answers = [Translation(str(ask.segment)) for ask in asks]
    except StopIteration as stop:
        return stop.value, sizes


def test_each_gets_its_own_answers_in_every_round():
    found, sizes = work_off(together([asking(0, 1), asking(1, 3), asking(2, 0), asking(3, 2)]))
    assert found == [["0.0"], ["1.0", "1.1", "1.2"], [], ["3.0", "3.1"]]
    assert sizes == [3, 2, 1]


def test_one_is_begun_where_another_has_ended():
    count = 3 * AT_ONCE + 1
    jobs = (asking(number, 1 + number % 2) for number in range(count))
    found, sizes = work_off(together(jobs))
    assert found == [[f"{n}.{turn}" for turn in range(1 + n % 2)] for n in range(count)]
    assert max(sizes) == AT_ONCE
    assert len(sizes) <= 6


def test_none_is_no_work():
    assert work_off(together([])) == ([], [])


class Counting:
    """The identity, and the most segments it ever got."""

    def __init__(self):
        self.most = 0
        self._handler = identity()

    def translate(self, segments, options):
        self.most = max(self.most, len(segments))
        return [Translation(str(segment)) for segment in segments]


def test_a_sentence_of_nothing_but_tags_is_not_asked_for_all_at_once():
    """16 documents of one such sentence were 10 million objects."""
    counting = Counting()
    text = "<b>a</b> b " * 2000
    assert one(text, counting, format="html") == text
    assert 0 < counting.most <= 2 * AT_ONCE
