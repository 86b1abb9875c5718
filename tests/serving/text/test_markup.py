"""HTML and XML: text is translated, everything else comes back byte for byte."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from serving.text.markup.difference import differing
from serving.text.markup.tokens import tokenize
from tests.serving.text.documents import BY_HAND, at_random, with_tags_in_strings
from tests.serving.text.translating import Each, identity, one, reversing, translate

DOCUMENTS = (*BY_HAND, *(at_random(seed) for seed in range(40)))
TAGGED = (
    "You can <a>find a copy</a> of the book in any good library.",
    "We <em>really</em> like the new version of the program.",
    "It is <strong>not</strong> a good idea to close the window now.",
    "The <a>old house</a> behind the church was sold <em>last year</em>.",
    "If you came here <b>by chance</b>, you may want to read the <a>current version</a>.",
    "They have been <i>waiting for us</i> since the morning.",
    "Please <b>read</b> the rules before you <b>sign</b> the contract.",
    "The price of the <b>second ticket</b> is only half as high.",
    "She wrote <em>three books</em> about the history of the town.",
    "Most people <a>agree with him</a>, but nobody says so.",
    "You must <u>press the red button</u> twice to start the machine.",
    "My <b>little sister</b> wants to become a doctor.",
)
NOISE = Each(lambda segment: f"& {segment[::-1]} <b> \ue0000:1\ue001 \"'")


class Skeleton(HTMLParser):
    """The path to each tag, and the tags, as a parser of its own sees them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.paths: Counter[tuple[str, ...]] = Counter()
        self.tags: Counter[str] = Counter()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[_without_read(self.get_starttag_text())] += 1
        self.paths[(*self.opened, tag)] += 1
        if tag not in ("br", "img", "input", "meta"):
            self.opened.append(tag)

    def handle_endtag(self, tag):
        self.tags[f"</{tag}>"] += 1
        if tag in self.opened:
            while self.opened.pop() != tag:
                pass

    def handle_comment(self, data):
        self.tags[f"<!--{data}-->"] += 1


def _without_read(tag: str) -> str:
    return re.sub(r"""\b(alt|title|placeholder|aria-label)=("[^"]*"|'[^']*'|\w+)""", r"\1", tag)


@pytest.mark.parametrize("form", ["html", "xml"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_tokens_joined_are_the_markup(document, form):
    assert "".join(token.raw for token in tokenize(document, form == "html")) == document


@pytest.mark.parametrize("form", ["html", "xml"])
def test_a_model_that_changes_nothing_changes_no_tag(form):
    for document, found in zip(
        DOCUMENTS, translate(DOCUMENTS, identity(), format=form), strict=True
    ):
        assert _collapsed(found.text) == _collapsed(document)


def _collapsed(markup: str) -> str:
    """Entities as the characters they are, white space as one space: text is written anew."""
    entities = {"&nbsp;": "\u00a0", "&#33;": "!", "&copy": "©", "&quot;": '"', "&amp;": "&"}
    for entity, character in entities.items():
        markup = markup.replace(entity, character)
    for character, entity in {"<": "&lt;", ">": "&gt;"}.items():
        markup = markup.replace(entity, character)
    return re.sub(r"\s+", " ", markup)


@pytest.mark.parametrize(
    "handler", [reversing(), NOISE, Each(lambda s: "")], ids=("reversing", "noise", "empty")
)
def test_tags_and_nesting_are_the_same_whatever_the_model_does(handler):
    documents = [at_random(seed) for seed in range(40)]
    for document, found in zip(
        documents, translate(documents, handler, format="html"), strict=True
    ):
        before, after = Skeleton(document), Skeleton(found.text)
        assert after.tags == before.tags, (document, found.text)
        assert after.paths == before.paths, (document, found.text)


@pytest.mark.parametrize("form", ["html", "xml"])
def test_a_tag_in_a_protected_string_costs_no_text(form):
    documents = list(with_tags_in_strings(600))
    found = translate(documents, identity(), format=form)
    assert [(d, f.text) for d, f in zip(documents, found, strict=True) if d != f.text] == []
    for document, other in zip(
        documents, translate(documents, reversing(), format=form), strict=True
    ):
        assert Skeleton(other.text).paths == Skeleton(document).paths, (document, other.text)


@pytest.mark.parametrize(
    "kept", ["https://<b>example.com</b>/a", "#<span>cats</span>", "<i>index</i>.html"]
)
def test_a_tag_in_a_protected_string_goes_where_the_string_goes(kept):
    handler = Each(lambda segment: " ".join(reversed(segment.split())))
    assert one(f"see {kept} now please", handler, format="html") == f"please now {kept} see"


def test_tags_and_nesting_are_the_same_with_the_models(random_model, en_de):
    documents = [at_random(seed) for seed in range(200, 203)]
    for handler in (random_model, en_de):
        found = translate(documents, handler, format="html", alternatives=1, beam_size=2)
        for document, translation in zip(documents, found, strict=True):
            for candidate in (translation.text, *translation.alternatives):
                assert Skeleton(candidate).tags == Skeleton(document).tags, (document, candidate)
                assert Skeleton(candidate).paths == Skeleton(document).paths, (document, candidate)


@pytest.mark.parametrize(
    "kept",
    [
        "<code>Hello you</code>",
        "<pre>Hello\n  you</pre>",
        "<script>let hello = '<b>you</b>'</script>",
        "<style>p { hello: you }</style>",
        "<kbd>Hello you</kbd>",
        "<!-- Hello you -->",
        '<p translate="no">Hello <b title="Hello you">you</b></p>',
        '<span class="x notranslate">Hello you</span>',
        "<svg><text>Hello you</text></svg>",
        "<mark>Hello <mark>you</mark></mark>",
    ],
)
def test_what_is_not_to_be_translated_is_not(kept):
    handler = Each(str.upper)
    document = f"<p>a house</p>{kept}<p>a car</p>"
    found = one(document, handler, format="html", ignore_tags=("MARK",))
    assert found == f"<p>A HOUSE</p>{kept}<p>A CAR</p>"


@pytest.mark.parametrize(
    ("document", "translated"),
    [
        ("<td>a car</td>", "<td>A CAR</td>"),
        ("a &lt; b &amp; c", "A &lt; B &amp; C"),
        ("<p>a\n   car</p>\n", "<p>A CAR</p>\n"),
        ("<img alt='a car'>", "<img alt='A CAR'>"),
        ("<a title=help>x</a>", '<a title="HELP">X</a>'),
        ('<a title="say &quot;hi&quot;">x</a>', '<a title="SAY &quot;HI&quot;">X</a>'),
        ("<a data-x=' title=\"no\"' aria-label=yes>x</a>", None),
        ("<option>a</option><option>b</option>", "<option>A</option><option>B</option>"),
        ("&nbsp;a&nbsp;", "&nbsp;A&nbsp;"),
        ("5 &euro;", "5 &euro;"),
    ],
)
def test_text_is_written_as_markup(document, translated):
    translated = translated or '<a data-x=\' title="no"\' aria-label="YES">X</a>'
    assert one(document, Each(str.upper), format="html") == translated


def test_a_tag_goes_where_its_words_go():
    words = {"the big house": "das Haus, das große", "big": "große"}
    found = one("the <b>big</b> house", Each(words.__getitem__), format="html")
    assert found == "das Haus, das <b>große</b>"


def test_a_tag_goes_around_the_punctuation_that_it_held():
    text = "<b>Warning:</b> this cannot be undone, <i>(see below)</i>."
    assert one(text, identity(), format="html") == text


def test_words_that_cannot_be_found_are_what_a_mask_changes():
    words = {"the big house": "ein riesiges Haus", "big": "groß", "the Tom house": "ein Tom Haus"}
    [found] = translate(["the <b>big </b>house"], Each(words.__getitem__), format="html")
    assert (found.text, found.warnings) == ("ein <b>riesiges </b>Haus", ())


def test_a_second_mask_is_tried_where_the_first_is_lost():
    words = {"the big house": "ein riesiges Haus", "big": "groß", "the Tom house": "ein Haus"}
    words["the 1957 house"] = "ein 1957 Haus"
    [found] = translate(["the <b>big</b> house"], Each(words.__getitem__), format="html")
    assert (found.text, found.warnings) == ("ein <b>riesiges</b> Haus", ())


@pytest.mark.parametrize(
    ("document", "content", "whole", "expected"),
    [
        ("He was <b>big</b> then.", "sehr riesig", "Er war riesig.", "Er war <b>riesig</b>."),
        ("Set <b>value</b> to it.", "Wert", "Setze value darauf.", "Setze <b>value</b> darauf."),
        ("He <i>can</i> do it.", "Es kann", "Er könnte es tun.", "He <i>Es kann</i> do it."),
        ("Set <b>value</b> to value.", "Wert", "Setze value.", "Set <b>Wert</b> to value."),
    ],
    ids=["a word more", "copied", "short words", "repeated"],
)
def test_at_last_a_part_of_the_words_is_looked_for(document, content, whole, expected):
    words = {re.sub("<.*?>", "", document): whole, re.search(">(.*)<", document)[1]: content}
    [found] = translate([document], Each(lambda text: words.get(text, text)), format="html")
    assert found.text == expected


@pytest.mark.parametrize(
    ("whole", "before", "after", "content", "expected"),
    [
        ("ein Palast", "ein ", "", "Haus", "Palast"),
        ("Er sagt, dass er kommt.", "Er sagt, ", " er kommt.", "das", "dass"),
        ("das sehr große Haus", "das ", " Haus", "große", "große"),
        ("ein (riesiges) Haus", "ein ", " Haus", "großes", "riesiges"),
        ("die Taste \ue0000\ue001 da", "die ", " da", "Taste \ue0000\ue001", "Taste \ue0000\ue001"),
        ("gar nicht ähnlich", "etwas ganz ", " anderes hier", "x", None),
        ("das Haus", "das ", " Haus", "große", None),
        ("das a b c d e f Haus", "das ", " Haus", "große", None),
    ],
)
def test_what_differs_is_where_the_mask_was(whole, before, after, content, expected):
    found = differing(whole, before, after, content)
    assert (whole[slice(*found)] if found else None) == expected


@pytest.mark.parametrize(
    "document", ["a <b>a</b> house is a house", "the <b>big</b> and the big", "a <i>b</i> c"]
)
def test_a_repeated_or_single_letter_is_not_taken_for_another(document):
    [found] = translate([document], identity(), format="html")
    assert (found.text, found.warnings) == (document, ())


@pytest.mark.parametrize(
    "document",
    [
        "Append a port, like <g>ldap.acme.org:1389</g>.",
        "Take <g>index%2==0</g> of them.",
        "As if <g>-D<g>name</g>=<g>value</g></g> were given.",
        "See http://a.org/ant-1.7.zip and say <g>ant-1.7</g> here.",
        "You get <g><code>this</code></g> and <g><code>that</code></g> too.",
    ],
)
def test_what_is_copied_keeps_its_tags(document):
    [own] = translate([document], identity(), format="xml")
    assert own.text == document and not own.warnings


def test_a_character_is_written_as_the_entity_that_it_always_was():
    [own, mixed] = translate(
        ["Caf&eacute; &mdash; of <b>Andr&eacute;</b>", "It &mdash; or — it"],
        Each(lambda text: text.replace("of", "é")),
        format="html",
    )
    assert own.text == "Caf&eacute; &mdash; &eacute; <b>Andr&eacute;</b>"
    assert mixed.text == "It — or — it"


def test_words_that_are_nowhere_are_translated_by_themselves():
    words = {"the big house": "ein Palast", "the": "das", "big": "große", "house": "Haus"}
    words |= {"the Tom house": "ein Schloss", "the 1957 house": "viele Schlösser"}
    [found] = translate(["the <b>big</b> house"], Each(words.__getitem__), format="html")
    assert found.text == "das <b>große</b> Haus"
    assert found.warnings == ("translated_in_pieces",)


def test_a_strong_model_keeps_most_sentences_with_tags_whole(en_pt):
    """Where what an element holds is not found, a mask nearly always tells its place."""
    found = translate(TAGGED, en_pt, "en", "pt", format="html")
    pieces = [f.text for f in found if "translated_in_pieces" in f.warnings]
    assert len(pieces) <= 1, pieces


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("Bring your own <b>towel</b> and soap, please.", "sua própria <b>toalha</b> e"),
        ("There is a <b>lovely</b> garden behind the house.", "um <b>belo</b> jardim"),
        ("Every user has a name and a <b>role</b>.", "uma <b>função</b>."),
    ],
)
def test_attention_tells_what_a_word_was_translated_to(en_pt, document, said):
    [own] = translate([document], en_pt, "en", "pt", format="html")
    assert said in own.text and not own.warnings


def test_xml_of_translation_tools_survives(en_de):
    wishes = {"format": "xml", "ignore_tags": ("x",)}
    text = 'Hello <x id="7"></x>, how are you?'
    assert one(text, en_de, **wishes) == 'Hallo <x id="7"></x>, wie geht es dir?'


def segments(document, **wishes):
    handler = identity()
    assert one(document, handler, **wishes) == document
    return handler.seen


@pytest.mark.parametrize("form", ["html", "xml"])
def test_no_sentence_goes_past_a_splitting_tag(form):
    document = "<a>Firefox is <q>a browser</q> of Mozilla</a>"
    assert segments(document, format=form)[0] == "Firefox is a browser of Mozilla"
    found = segments(document, format=form, splitting_tags=("Q",))
    assert found == ["Firefox is", "a browser", "of Mozilla"]


@pytest.mark.parametrize("form", ["html", "xml"])
def test_a_non_splitting_tag_stands_in_a_sentence(form):
    document = "<a><p>Firefox</p> <p>is old.</p></a>"
    wishes = {"format": form, "non_splitting_tags": ("p",)}
    assert segments(document, format=form) == ["Firefox", "is old."]
    assert segments(document, **wishes)[0] == "Firefox is old."
    assert segments(document, **wishes, splitting_tags=("p",)) == ["Firefox", "is old."]
