"""Each rule by itself: what goes in, what comes out."""

import re
import time
from dataclasses import replace

import pytest

from serving.errors import HandlerError
from serving.text.mend import capitals, endings, initials, masks, numbers, repetition
from serving.text.protect import rules as protected
from serving.text.protect.rules import protected_spans
from serving.text.protect.spans import Span
from serving.text.protect.terms import term_finder
from tests.serving.text.translating import Each, identity, one, translate


def found(text, keep=()):
    return [text[span.start : span.end] for span in protected_spans(text, term_finder(keep))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {name}, {0:.2f} of {count, number}", ["{name}", "{0:.2f}", "{count, number}"]),
        ("{{ a.b }} and {% if x %}", ["{{ a.b }}", "{% if x %}"]),
        ("{n, plural, one {# a} other {# b}} left", ["{n, plural, one {# a} other {# b}}"]),
        ("%s, %1$d, %(n)s, %.2f %% %@", ["%s", "%1$d", "%(n)s", "%.2f", "%%", "%@"]),
        ("${v} $NAME $(x) :param %name%", ["${v}", "$NAME", "$(x)", ":param", "%name%"]),
        ('a <x id="7"></x> b <br/> c <b>', ['<x id="7"></x>', "<br/>", "<b>"]),
        ("See https://a.b/c(d)?e=f. Or (www.x.org)!", ["https://a.b/c(d)?e=f", "www.x.org"]),
        ("It begins with https:// or (ldaps://).", ["https://", "ldaps://"]),
        ("Mail me@x.org, not @anna #now", ["me@x.org", "@anna", "#now"]),
        (
            "In /etc/hosts, ./a.sh, C:\\x\\y and b.txt.",
            ["/etc/hosts", "./a.sh", "C:\\x\\y", "b.txt"],
        ),
        ("run `ls -l` or ``a`b``", ["`ls -l`", "``a`b``"]),
        ("good 👍🏽👍🏽 job 🇩🇪 :-)", ["👍🏽👍🏽", "🇩🇪", ":-)"]),
        ("file_{n}a is {a}{b}", ["file_{n}a", "{a}{b}"]),
        ("[X7X] of [[0]], ⟦a b⟧ or __MAX_SIZE__", ["[X7X]", "[[0]]", "⟦a b⟧", "__MAX_SIZE__"]),
        ("<0>a</0> and <1/>, <%= n %>", ["<0>", "</0>", "<1/>", "<%= n %>"]),
        ("$t(a.b), @:a.b. or @.lower:(c) $1 $2", ["$t(a.b)", "@:a.b", "@.lower:(c)", "$1", "$2"]),
        ("%d%% or %s%%, 5 %s of 10", ["%d%%", "%s%%", "%s"]),
        ("{\\an8}Hello {\\i1}you{\\i0}", ["{\\an8}", "{\\i1}", "{\\i0}"]),
        ("In src/assets/images or lib/a, he said[^1]", ["src/assets/images", "lib/a", "[^1]"]),
        ("{{#if a}}Hello{{else}}you{{/if}}", ["{{#if a}}", "{{else}}", "{{/if}}"]),
        ("{{#if a}}{{b}}{{/if}}Hello", ["{{#if a}}{{b}}{{/if}}"]),
        (
            "EXAMPLE.COM, A.B@EXAMPLE.ORG, SETUP.EXE",
            ["EXAMPLE.COM", "A.B@EXAMPLE.ORG", "SETUP.EXE"],
        ),
        ("a java.io.File.of or com.acme.App", ["java.io.File.of", "com.acme.App"]),
        ("In $HOME/bin, ${root}/a/b or {n}/month", ["$HOME/bin", "${root}/a/b", "{n}"]),
        ("你好{name}先生", ["{name}"]),
        ("Begin with #!/bin/sh or (#!/usr/bin/env perl).", ["#!/bin/sh", "#!/usr/bin/env"]),
        # What only looks like one of them:
        ("50% discount, 100%ige and 75 % nice", []),
        ("It costs $5 or US$ 7, and/or 3:30 pm", []),
        ("{see the other page} a < b > c", []),
        ("etc. e.g. this: that; km/h", []),
        ("Done.Then go. He is at x.y.q, v.i.p.s and $5/month", []),
        ("It is $2 or $3, 75 %ige, __not this__", []),
        ("and/or, he/she/it; WHO ARE YOU.IT IS ME [sic]", []),
    ],
)
def test_what_is_protected(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("{{#if user}}Welcome back{{/if}}", "{{#if user}}WELCOME BACK{{/if}}"),
        ("{% if user %}Hello{% endif %}", "{% if user %}HELLO{% endif %}"),
        ("See:\n```sh\nls it\n\necho you\n```\nDone", "SEE:\n```sh\nls it\n\necho you\n```\nDONE"),
        ("~~~\nkeep\n```\nkeep\n~~~~\nHi you", "~~~\nkeep\n```\nkeep\n~~~~\nHI YOU"),
        ("```\nnever closed", "```\nNEVER CLOSED"),
        ("| a cat | b |\n|---|:-:|\n| x | a dog |", "| A CAT | B |\n|---|:-:|\n| X | A DOG |"),
        ("~~old text~~ new text", "~~OLD TEXT~~ NEW TEXT"),
        (
            "so:\n\n    def a(b):\n        return b\n\ndone",
            "SO:\n\n    def a(b):\n        return b\n\nDONE",
        ),
        ("\tfor (;;) {\n\t\tgo\n\t}\nend", "\tfor (;;) {\n\t\tgo\n\t}\nEND"),
        ("run\n\n    $ make run", "RUN\n\n    $ make run"),
        ("dear,\n\n    note (as ever):\n    it is.", "DEAR,\n\n    NOTE (AS EVER):\n    IT IS."),
        ("it\n    is = so", "IT\n    IS = SO"),
        *(
            (f"see\n\n    {prose}", f"SEE\n\n    {prose.upper()}")
            for prose in ("the file(s)", "or it is $5 (or so)", 'as "so": a and/or b', "end;)")
        ),
        *(
            (f"see\n\n    {code}", f"SEE\n\n    {code}")
            for code in (
                "ls -la it",
                "/bin/sh it",
                '"name": "it",',
                "it(this, that)",
                "<p>it",
                "a = it",
            )
        ),
        (
            "{% if a %}Hello, {{ a }}{% else %}Log in{% endif %}",
            "{% if a %}HELLO, {{ a }}{% else %}LOG IN{% endif %}",
        ),
        ("<% if x %>Hello<% end %>", "<% if x %>HELLO<% end %>"),
        ("<0>Hello</0>", "<0>HELLO</0>"),
        ("{\\an8}Hello", "{\\an8}HELLO"),
        ("[^1]: The note's own text", "[^1]: THE NOTE'S OWN TEXT"),
    ],
)
def test_what_blocks_enclose_is_translated(text, translated):
    [found] = translate([text], Each(str.upper))
    assert (found.text, found.warnings) == (translated, ())


def test_the_cells_of_a_row_are_translated_one_by_one():
    handler = identity()
    assert one("| a cat | a dog |", handler) == "| a cat | a dog |"
    assert handler.seen == ["a cat", "a dog"]


def test_kept_terms_are_whole_words_in_their_own_case():
    text = "Acme Cloud by Acme; acme, Acmes, C++"
    assert found(text, ("Acme", "Acme Cloud", "C++", "")) == ["Acme Cloud", "Acme", "C++"]


def test_many_kept_terms_take_little_time():
    terms = tuple(f"term{number} of many" for number in range(4000))
    started = time.process_time()
    assert found("term1 of many " * 7000, terms)[0] == "term1 of many"
    assert time.process_time() - started < 4


@pytest.mark.parametrize("kept", ["<{email}>", "<anna@example.com>"])
def test_angle_brackets_stay_around_what_is_protected(kept):
    handler = Each(lambda segment: segment.replace("<", "-").replace(">", "-"))
    assert one(f"Anna {kept} wrote", handler) == f"Anna {kept} wrote"


@pytest.mark.parametrize("opening", ["“", '"', "„", "«", "[", "{", "‘", "("])
def test_an_opening_quote_stays_before_what_it_opens(opening):
    lost = re.compile(r"(?<=.)(?:[^\w\s]|Tom|Anna|\d)")
    handler = Each(lambda segment: lost.sub("", segment))
    for form, kept in (("text", "{name}"), ("html", "<b>Anna</b>")):
        text = f"He says: {opening}{kept} is here"
        assert f"{opening}{kept}" in one(text, handler, format=form)


@pytest.mark.parametrize(
    ("source", "translated", "language", "expected"),
    [
        ("of scope", "O âmbito", "pt", "o âmbito"),
        ("Scope", "O âmbito", "pt-BR", "O âmbito"),
        ("house", "Haus", "de", "Haus"),
        ("casa", "House", "en", "house"),
        ("inglês", "English", "en", "English"),
        ("eu sei", "I know", "en", "I know"),
        ("nasa", "NASA", "pt", "NASA"),
        ("the iphone", "iPhone", "pt", "iPhone"),
        ("5", "5", "pt", "5"),
        ("a", "", "pt", ""),
    ],
)
def test_a_part_of_a_sentence_begins_as_it_did(source, translated, language, expected):
    assert initials.restore(translated, source, language) == expected


def test_only_parts_begin_with_a_small_letter():
    handler = Each(lambda segment: segment.replace("Tom", "").replace("1957", "").capitalize())
    assert one("see {name} now please", handler, target="pt") == "see {name} now please"
    assert one("see you", handler, target="pt") == "See you"


def test_masks_go_in_and_spans_come_back():
    text = "Hello {name}!"
    masked = masks.protect(text, [Span(6, 12)], masks.NAMES_FIRST)
    assert masked.text == "Hello Tom!"
    assert masks.restore("Hallo Tom!", masked) == ["Hallo ", Span(6, 12), "!"]
    for broken in ("Hallo!", "Tom Tom", "Hallo Tomas", "Hallo ATom", ""):
        assert masks.restore(broken, masked) is None


def test_a_mask_is_no_word_of_the_sentence():
    masked = masks.protect("Tom, {name}!", [Span(5, 11)], masks.NAMES_FIRST)
    assert masked.text == "Tom, Boston!"


def test_a_mask_that_became_part_of_a_number_is_refused():
    masked = masks.protect("{n} cars", [Span(0, 3, "number")], masks.NAMES_FIRST)
    assert masks.restore("89 Autos", masked) is not None
    assert masks.restore("1.89 Autos", masked) is None


def test_an_owner_may_lose_the_apostrophe():
    masked = masks.protect("{name}'s car", [Span(0, 6)], masks.NAMES_FIRST)
    assert masks.restore("Toms Auto", masked) == ["", Span(0, 6), "s Auto"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("SAVE FILE", "Save file"),
        ("PLEASE, READ THIS 3 TIMES!", "Please, read this 3 times!"),
        ("ÄPFEL", "Äpfel"),
        ("OK", None),
        ("USA", None),
        ("Save", None),
        ("SAVE File", None),
        ("ΚΑΛΗΜΕΡΑ", "Καλημερα"),
        ("漢字漢字", None),
        ("THE iPHONE IS HERE", "The iPHONE is here"),
        ("USER GUIDE v2", "User guide v2"),
        ("THE FILE is HERE", None),
        ("iOS v2", None),
    ],
)
def test_capitals_become_a_sentence(text, sentence):
    assert capitals.protect(text, "en") == sentence


def test_capitals_come_back():
    assert capitals.restore("Datei speichern", "de") == "DATEI SPEICHERN"
    assert capitals.restore("istanbul", "tr") == "İSTANBUL"
    assert capitals.protect("ISPARTA İL", "tr") == "Isparta il"
    handler = Each({"Please call Tom": "Bitte ruf Tom an"}.__getitem__)
    assert one("PLEASE CALL {name}", handler) == "BITTE RUF {name} AN"
    handler = Each({"The iPHONE is here": "Das iPHONE ist da"}.__getitem__)
    assert one("THE iPHONE IS HERE", handler) == "DAS iPHONE IST DA"


def test_capitals_can_be_left_as_they_are():
    handler = identity()
    assert one("SAVE FILE", handler, recase=False) == "SAVE FILE"
    assert handler.seen == ["SAVE FILE"]


@pytest.mark.parametrize(
    ("source", "translated", "expected"),
    [
        ("Save", "Speichern.", "Speichern"),
        ("Save", "Speichern!", "Speichern"),
        ("Save.", "Speichern.", "Speichern."),
        ('He said "no."', "Er sagte nein.", "Er sagte nein."),
        ("Really", "¿De verdad?", "De verdad"),
        ("Name:", "Name.", "Name."),
        ("Wait", "Warte...", "Warte..."),
        ("Hello", "Olá,", "Olá"),
        ("FAQ", "FAQ (", "FAQ"),
        ("Name:", "Nome:", "Nome:"),
        ("Hello,", "Olá,", "Olá,"),
        ("Off", "-", "-"),
        ("Hello", "", ""),
        ("Hello", ".", "."),
    ],
)
def test_a_label_grows_no_full_stop(source, translated, expected):
    assert endings.restore(translated, source) == expected


@pytest.mark.parametrize(
    ("source", "translated", "suspicious"),
    [
        ("I am here.", "Ich bin hier.", False),
        ("No no no no!", "Nein nein nein nein!", False),
        ("very very good", "sehr, sehr, sehr gut", False),
        ("Save", "Sicher sicher sicher sicher", True),
        ("One house", "ein Haus und " * 4, True),
        ("Projekt", "fallenfallenfallenfallenfallenfallenfallenfallen", True),
        ("Save", "Wort " * 20 + "Ende", True),
        ("Hi", "a b c d e f g h i j k l m n o p q r s t u v w x y z", True),
        ("人工智能翻译服务", "a translation service made of artificial intelligence", False),
    ],
)
def test_loops_are_seen(source, translated, suspicious):
    assert repetition.is_suspicious(source, translated) is suspicious


class Looping(Each):
    """Loops until it is asked not to repeat itself."""

    def translate(self, segments, options):
        self.function = str if options.no_repeat_ngram_size else (lambda s: f"{s} " * 9)
        return super().translate(segments, options)


def test_a_loop_is_asked_again_once():
    handler = Looping(str)
    [found] = translate(["One house"], handler)
    assert (found.text, found.warnings) == ("One house", ())
    assert handler.seen == ["One house"] * 2


def test_a_loop_that_stays_is_flagged():
    handler = Each(lambda segment: f"{segment} " * 9)
    [found] = translate(["One house"], handler)
    assert found.warnings == ("repetition",)
    assert handler.seen == ["One house"] * 2


def test_a_handler_names_its_masks():
    handler = identity()
    handler.masks = ["X1", "X2"]
    assert one("Hello {name}!", handler) == "Hello {name}!"
    assert handler.seen == ["Hello X1!"]
    handler = Each(lambda segment: segment.replace("X1", "x"))
    handler.masks = ("X1",)
    assert one("Hello {name}!", handler) == "Hello {name}!"
    assert handler.seen == ["Hello X1!", "Hello Tom!"]


@pytest.mark.parametrize("masks", ["X1", (1,), ["{0}"], ["a" * 20]])
def test_masks_are_words(masks):
    handler = identity()
    handler.masks = masks
    with pytest.raises(HandlerError, match=r"Each.masks is .*, but must be a list of words"):
        translate(["One house"], handler)


def test_what_a_handler_does_not_heed_is_not_asked_again():
    handler = Each(lambda segment: f"{segment} " * 9)
    handler.options = ("beam_size",)
    [found] = translate(["One house"], handler)
    assert found.warnings == ("repetition",)
    assert handler.seen == ["One house"]


@pytest.mark.parametrize("options", ["beam_size", ("beam",), 3, (3,)])
def test_options_are_named(options):
    handler = identity()
    handler.options = options
    names = "alignment, alternatives, beam_size, no_rep"
    with pytest.raises(HandlerError, match=f"Each.options is .*: {names}"):
        translate(["One house"], handler)


@pytest.mark.parametrize(
    ("source", "translated", "changed"),
    [
        ("1,000.5 cars", "1.000,5 Autos", False),
        ("10,000.50 of 1,234,567", "10 000,5 von 1.234.567", False),
        ("May 5, 2026", "5. Mai 2026", False),
        ("on 2026-05-03", "am 03.05.2026", False),
        ("at 2:30 pm", "um 14:30", False),
        ("come at 3 pm", "venha às 15h", False),
        ("at 2:30", "um halb drei", False),
        ("5 cars and 21 dogs", "fünf Autos und einundzwanzig Hunde", False),
        ("35 cars", "trinta e cinco carros", False),
        ("twenty cars", "20 Autos", False),
        ("the 20th century", "o século XX", False),
        ("100 years", "hundert Jahre", False),
        ("٣ cars", "3 Autos", False),
        ("5 cars", "sechs Autos", True),
        ("5 cars", "Autos", True),
        ("cars", "3 Autos", True),
        ("1,234,567 cars", "1234,567 Autos", True),
        ("$1,299.99", "$1,299,99", True),
        ("It is 3.5", "Es ist 35", True),
        ("at 2:30", "um 14:30", True),
        ("version 1.2.3", "Version 1.2.4", True),
    ],
)
def test_changed_numbers_are_flagged(source, translated, changed):
    assert numbers.is_changed(source, translated) is changed
    [found] = translate([f"{source} here"], Each(lambda _: f"{translated} hier"))
    assert found.warnings == (("numbers_changed",) if changed else ())


def test_a_placeholder_made_up_by_the_model_is_not_returned():
    [found] = translate(["Hello my friend"], Each(lambda segment: f"{segment} {{name}}"))
    assert (found.text, found.warnings) == ("Hello my friend", ("untranslated",))


def test_what_stands_beside_a_placeholder_is_not_made_up():
    [own] = translate(["It costs {price}/month for everybody."], identity())
    assert own.text == "It costs {price}/month for everybody." and not own.warnings


def test_a_sentence_does_not_end_within_a_url():
    handler = identity()
    one("Visit www.example.com/a.B?c. It is good.", handler)
    assert handler.seen == ["Visit Tom.", "It is good."]


@pytest.mark.parametrize(
    ("own", "tried"), [((), ["89", "1957", "Tom"]), (("X1", "X2"), ["89", "X1"])]
)
def test_names_stand_in_for_numbers_that_the_model_loses(own, tried):
    handler = Each(lambda segment: re.sub(r"\b\d+", "", segment))
    handler.masks = own
    [found] = translate(["Login on {0} from {1}."], handler)
    assert (found.text, found.warnings) == ("Login on {0} from {1}.", ())
    assert [segment.split()[2] for segment in handler.seen] == tried


def test_clauses_are_tried_before_pieces():
    words = {
        "Hello Tom, you have 89 new messages": "mangled",
        "Hello Boston, you have 1957 new messages": "mangled",
        "Hello Tom": "Hallo Tom",
        "you have 89 new messages": "du hast 89 neue Nachrichten",
    }
    handler = Each(lambda segment: words.get(segment, "mangled"))
    [found] = translate(["Hello {name}, you have {count} new messages"], handler)
    assert found.text == "Hallo {name}, du hast {count} neue Nachrichten"
    assert found.warnings == ("translated_in_pieces",)


def test_the_score_is_weighted_by_tokens():
    class Scored(Each):
        def translate(self, segments, options):
            found = super().translate(segments, options)
            return [replace(f, score=-float(len(s))) for f, s in zip(found, segments, strict=True)]

    [found] = translate(["aaaa. bb."], Scored(str))
    assert found.score == pytest.approx(-(5 * 5 + 3 * 3) / 8)


def test_embedded_models_keep_labels_short(en_de):
    labels = ["Save", "Cancel", "Home", "My account", "Search", "Settings", "New file", "Yes"]
    found = translate(labels, en_de)
    assert not [t.text for t in found if t.text[-1] in ".!?"]
    assert not [t.text for t in found if len(t.text.split()) > 4]


@pytest.mark.parametrize("text", ["ISBN 978-3-16-148410-0", "Lot ABC-123", "a", "\u200b"])
def test_a_new_rule_sees_every_text(monkeypatch, text):
    """A rule is a module and a line in the list: nothing else decides whether it runs."""

    def find_all(text):
        return [Span(*match.span()) for match in re.finditer(".+", text)]

    monkeypatch.setattr(protected, "COPIED", (find_all,))
    assert protected_spans(text) == [Span(0, len(text))]
    assert protected.invents(text)
