"""Entities in plain text: the model reads characters, the translation has entities again."""

import pytest

from tests.serving.text.translating import Each, identity, one, translate


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Tom &amp; Jerry ran", ["Tom & Jerry ran"]),
        ("It&#39;s great, isn&#39;t it?", ["It's great, isn't it?"]),
        ("Press &quot;Save&quot; now", ['Press "Save" now']),
        ("Caf&eacute; of 5&nbsp;km", ["Café of 5\u00a0km"]),
        ("a &lt;b&gt;bold&lt;/b&gt; word", ["a", "bold", "word"]),
        ("Thanks &#128591; for it", ["Thanks for it", "Thanks Tom for it"]),
        # Protected where nobody could say how a translation should write it:
        ("R&D, you &amp; me", ["R&D, you", "me"]),
        ("It&#39;s what I&apos;m told", ["It", "s what I", "m told"]),
        ("one&zwnj;two &unknown; three", ["one", "two", "three"]),
        ("see https://a.b/?x=1&amp;y=2 now", ["see Tom now"]),
        ("write &amp;nbsp; here", ["write", "here"]),
    ],
)
def test_the_model_reads_what_they_say(text, seen):
    handler = identity()
    assert one(text, handler) == text
    assert handler.seen == seen


def test_what_is_translated_is_written_the_same_way():
    handler = Each({"It's you & me": 'Sei\'s "du" & ich'}.__getitem__)
    [found] = translate(["It&#39;s you &amp; me"], handler)
    assert (found.text, found.warnings) == ('Sei&#39;s "du" &amp; ich', ())


def test_an_and_may_become_a_word():
    handler = Each({"Terms & conditions": "Termos e condições"}.__getitem__)
    [found] = translate(["Terms &amp; conditions"], handler, target="pt")
    assert (found.text, found.warnings) == ("Termos e condições", ())
