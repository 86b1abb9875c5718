"""What must come back, and sentences to put it into."""

from collections.abc import Iterator

KEPT = ("Acme Cloud", "Kubernetes", "C++")
PROTECTED = (
    *("{name}", "{0}", "{}", "{user.name}", "{count, number}", "{0:.2f}", "{ name }"),
    *("{{x}}", "{{ user.name | upper }}", "{% if x %}", "${value}", "$HOME", "$(dir)"),
    *("%s", "%d", "%1$d", "%(count)s", "%.2f", "%@", "%-10s", "%%", "%name%", "%1", "%{who}"),
    *("#{tag}", ":param", ":smile:", "{n, plural, one {# item} other {# items}}"),
    *("[X7X]", "[[0]]", "⟦0⟧", "$1", "$t(key)", "@:key", "__NAME__", "<%= name %>", "%d%%", "%s%%"),
    *("<0>", "</0>", "<1/>", "{\\an8}", "[^1]", "{{#if x}}", "{{else}}", "{{/if}}", "<% if x %>"),
    *("src/assets/images", "EXAMPLE.COM", "SETUP.EXE"),
    *('<x id="7"/>', '<x id="7"></x>', "<br>", "<b>", "</b>"),
    *("https://example.com/a.b?c=d&e=f#g", "www.example.org", "example.com", "ftp://h/x.tar.gz"),
    *("me@example.com", "first.last+tag@mail.example.co.uk", "mailto:a@b.de"),
    *("/etc/hosts", "./run.sh", "~/notes.txt", "C:\\Users\\me", "src/app/main.py", "README.md"),
    *("@anna", "@the_team", "#sunset", "#123", "`git commit -m x`", "``a`b``"),
    *("😀", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "👍🏽👍🏽", "❤️", "→", "™", ":-)", "<3"),
    *KEPT,
)
_SENTENCES = (
    "Please open {} and try again.",
    "{} is not here.",
    "Do you know {}?",
    "I have seen {} and {} today, but {} was missing.",
    "Wait ({}): it works. Then ask {}!",
    "PLEASE READ {} NOW",
)


def with_protected() -> Iterator[tuple[str, dict[str, int]]]:
    """Texts, and how often each of their protected strings stands in them."""
    for index, first in enumerate(PROTECTED):
        for sentence in _SENTENCES:
            others = [PROTECTED[(index + step) % len(PROTECTED)] for step in (0, 7, 23)]
            wanted = dict.fromkeys(others[: sentence.count("{}")], 1)
            text = sentence
            for protected in wanted:
                text = text.replace("{}", protected.replace("{}", "\0"), 1)
            assert first in wanted
            yield text.replace("\0", "{}"), wanted
