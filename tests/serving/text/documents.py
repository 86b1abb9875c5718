"""Documents of HTML and XML: written by hand, and made at random."""

from collections.abc import Iterator
from random import Random

BY_HAND = (
    "<td>One house</td>",
    "<p>Hello <b>big</b> world &amp; co<br>ok</P>",
    '<a href="x?a=1&b=2" title="Say &quot;hello&quot;" class=x>Read <em>this</em></a>, please.',
    "a < b and AT&T are &lt;good&gt; &copy 2024",
    "<p>One. <b>Two. Three</b> four.",
    "<ul>\r\n  <li>My house\r\n   is big<li>My <em>car\n</ul>",
    "<script>if(a<b){'Hello'}</script><style>p{a:b}</style><!-- Hello --><pre> Hello\n  you</pre>",
    "</b>Good morning <i>everyone</p>",
    "<p>I live in <span class='a notranslate b'>Acme Town</span> now.</p>",
    '<p translate="no">Not <i>this</i></p> but this',
    "<p title='unclosed>Hello",
    "Press <kbd>Ctrl</kbd>+<kbd>C</kbd> now",
    "&nbsp;Hello&nbsp;<custom-el>my friend</custom-el>, I know you&#33;",
    "<my-card><my-title>Hello</my-title>\n<my-text>I am here.</my-text></my-card>",
    "<img alt='A red car' src=x><input placeholder=\"Your name\"><a aria-label=Help>?</a>",
    "<!DOCTYPE html><html><head><title>My page</title><meta charset=utf-8></head><body></body>",
    "<b><i>Both</i></b> and <b>one <i>in</i> the other</b>, <i></i> none.",
    "<b>badly <i>nested</b> tags</i> here",
    "<![CDATA[x]]> and <?php echo 'Hello' ?> and <![if IE]>you<![endif]>",
    "An unclosed <!-- comment that goes on",
    "An unclosed <b tag='that goes on",
    "<svg><text>Hello</text></svg><math><mi>x</mi></math><textarea>Hello you</textarea>",
    "Hello {name}, <b>you have %d</b> messages 😀 at https://example.com/?a=1&b=2 now.",
    "\ue000private\ue001 use \ue0003:4\ue001",
    "</><></ p><1> text < p>",
    "<SPAN>UPPER CASE</SPAN> <Br/> <x-y/>text",
    "",
    "   ",
    "<>",
)
_INLINE = ("b", "i", "a", "span", "em", "my-tag")
_BLOCK = ("p", "div", "li", "td", "h1", "section")
_WORDS = ["the", "house", "is", "big", "and", "my", "friend", "has", "a", "red", "car", "today"]
_ATTRIBUTES = ("", ' class="x"', ' title="A red car"', " data-a='1 > 0'", " hidden", ' alt="&lt;"')
_LEAVES = ("<br>", "<!-- no -->", "<img alt='my house'>", "<code>x = 1</code>", "&amp;", "&nbsp;")


def at_random(seed: int, size: int = 12) -> str:
    """A well-formed document with about ``size`` elements."""
    random = Random(seed)
    return "".join(_block(random, 3) for _ in range(max(1, size // 6)))


def _block(random: Random, depth: int) -> str:
    name = random.choice(_BLOCK)
    inside = _block if depth and random.random() < 0.4 else _sentence
    body = "".join(inside(random, depth - 1) for _ in range(random.randint(1, 3)))
    return f"<{name}{random.choice(_ATTRIBUTES)}>{body}</{name}>{random.choice(['', ' ', chr(10)])}"


def _sentence(random: Random, depth: int) -> str:
    parts = [_part(random, 2) for _ in range(random.randint(1, 6))]
    return random.choice([" ", "\n  ", ""]) + " ".join(parts) + random.choice([". ", "!", ""])


def _part(random: Random, depth: int) -> str:
    chance = random.random()
    words = " ".join(random.choices(_WORDS, k=random.randint(1, 4)))
    if chance < 0.5 or not depth:
        return words
    if chance < 0.6:
        return random.choice(_LEAVES)
    name = random.choice(_INLINE)
    return f"<{name}{random.choice(_ATTRIBUTES)}>{words} {_part(random, depth - 1)}</{name}>"


_STRINGS = (
    *("https://example.com/a", "#cats", "index.html", "me@example.com", "{name}", "%(count)s"),
    *("`git log`", "/etc/hosts", "@anna", "${value}", "www.example.org/a/b"),
)


def with_tags_in_strings(count: int) -> Iterator[str]:
    """Sentences with tags within a protected string, at its edges, and over them."""
    random = Random(count)
    for number in range(count):
        string = _STRINGS[number % len(_STRINGS)]
        first, last = sorted(random.sample(range(len(string) + 1), 2))
        name = random.choice(["b", "span", "em"])
        inner = f"{string[:first]}<{name}>{string[first:last]}</{name}>{string[last:]}"
        yield random.choice(
            [
                f"See {inner} now.",
                f'I love <a href="/x">{inner}</a> a lot',
                f"<u>The page {string[:first]}</u>{string[first:]} is new",
                f"Go to {string[:first]}<u>{string[first:last]}</u><i>{string[last:]} today</i>.",
            ]
        )
