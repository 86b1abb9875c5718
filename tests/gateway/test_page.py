"""The page in a real browser, as a person uses it: mouse, keyboard, phone, screen reader's tree."""

import hashlib
import json
import re
import shutil
import urllib.request

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.doubles.loopback import Loopback, RequestHandler
from tests.running import MODELS, ROOT, Server

expect.set_options(timeout=15_000)  # a browser on a busy machine

KEY = "web." + "s" * 43
PICTURES = ROOT / "docs" / "images"
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-quic"),
]
NAMELESS = """() => [...document.querySelectorAll("button, select, textarea, input")]
  .filter((e) => !(e.labels?.length || e.textContent.trim() || e.ariaLabel))
  .map((e) => e.outerHTML)"""
CONTRAST = """(selector) => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = (color) => parse(color).slice(0, 3).map((v) => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const element = document.querySelector(selector), style = (e) => getComputedStyle(e);
  let behind = element;
  while (parse(style(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
  const [a, b] = [light(style(element).color), light(style(behind).backgroundColor)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""  # WCAG 2's contrast of an element's text with what lies behind it


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: apt-get install chromium (make test does)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser):
    """Opens the page in a fresh browser profile; fails on any error in its console."""
    contexts, wrong = [], []

    def start(server, width=1200, height=760, scheme="light", locale="en-US", path="/"):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(server.url + path)
        expect(page.locator("#target")).not_to_have_value("")
        if path == "/":  # most tests are of German and English, whichever pair comes first
            page.locator("#target").select_option("en")
        return page

    yield start
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def page(open_page, server):
    return open_page(server)


def text(page):
    return page.get_by_label("Text to translate")


def result(page):
    return page.locator("output")


def status(page):
    return page.locator("#status")


def alert(page):
    return page.get_by_role("alert")


def translate(page, words):
    text(page).fill(words)
    page.get_by_role("button", name="Translate", exact=True).click()


def test_translates_what_was_typed_into_what_was_chosen(page):
    page.get_by_label("From").select_option("en")
    page.get_by_label("To", exact=True).select_option("de")
    translate(page, "Good morning!\n\nThank you!")
    expect(result(page)).to_have_text("Guten Morgen!\n\nDanke!", use_inner_text=True)
    expect(status(page)).to_have_text(re.compile(r"^Translated in [\d.]+ s$"))


def test_the_keyboard_alone_is_enough(page):
    expect(text(page)).to_be_focused()
    page.keyboard.type("Wo ist der Bahnhof?")
    page.keyboard.press("Control+Enter")
    expect(result(page)).to_have_text("Where is the train station?")
    for name in ("Clear", "Translate", "Share", "Copy"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()


def test_detects_the_language_and_turns_to_the_other_one(page):
    translate(page, "Where is the train station?")  # English, and English is the target
    expect(result(page)).to_have_text("Onde está a estação de trem?")
    # German too, but that is a demonstration.
    expect(page.get_by_label("To", exact=True)).to_have_value("pt")
    expect(status(page)).to_contain_text("from English (")


@pytest.mark.parametrize(
    ("codes", "end"),
    [
        (["unsure"], " s The model is unsure: have it checked."),
        (["numbers_changed"], " s Worth a second look: its numbers differ."),
        (["untranslated", "script_unknown"], ": a sentence stayed as it was."),
        (["unsure", "repetition"], ": have it checked. Worth a second look: it repeats itself."),
        (["translated_in_pieces"], " s"),
    ],
    ids=str,
)
def test_says_gently_what_to_look_at(page, codes, end):
    body = json.dumps({"translatedText": "Hmm.", "warnings": codes})
    page.route("**/translate", lambda route: route.fulfill(body=body))
    translate(page, "Guten Morgen!")
    expect(status(page)).to_have_text(re.compile(rf"^Translated in [\d.]+.*{re.escape(end)}$"))
    assert alert(page).inner_text() == ""


def test_a_real_model_is_unsure_of_gibberish(page):
    page.get_by_label("From").select_option("de")
    translate(page, "Ngof wzkl trpoa sdhfjk qwoeir zmxnb vlkajsd.")
    expect(status(page)).to_contain_text("The model is unsure: have it checked.")


def test_translates_words_as_the_glossary_says(page):
    page.get_by_label("From").select_option("en")
    page.get_by_label("To", exact=True).select_option("de")
    page.get_by_text("Glossary", exact=True).click()
    page.get_by_label("A word and its translation a line").fill("world = Erde\n\ncat = Kater\n")
    text(page).fill("Hello world!")
    page.get_by_role("button", name="Translate", exact=True).click()
    expect(result(page)).to_have_text("Hallo Erde!")
    page.reload()
    expect(page.get_by_label("A word and its translation a line")).to_have_value(
        "world = Erde\n\ncat = Kater\n"
    )
    page.get_by_label("A word and its translation a line").fill("nobody's")
    text(page).fill("Hello world!")
    page.get_by_role("button", name="Translate", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(
        "There is no glossary of this name for these languages."
    )


def test_says_which_pair_is_a_demonstration(page):
    note = page.get_by_role("note")
    page.get_by_label("From").select_option("en")
    page.get_by_label("To", exact=True).select_option("pt")
    expect(note).to_be_hidden()
    page.get_by_label("To", exact=True).select_option("de")
    expect(note).to_contain_text("English to German is a demonstration: a small model")


@pytest.mark.parametrize("text", ["😀 123", "Bonjour, je voudrais un café"])
def test_says_when_no_language_was_found(page, text):
    translate(page, text)
    expect(result(page)).to_have_text(text)
    expect(status(page)).to_have_text("In no language that this server translates: unchanged")


def test_swaps_the_languages_and_the_texts(page):
    translate(page, "Guten Morgen!")
    expect(result(page)).to_have_text("Good morning!")
    page.get_by_role("button", name="Swap the languages").click()
    expect(page.get_by_label("From")).to_have_value("en")
    expect(page.get_by_label("To", exact=True)).to_have_value("de")
    expect(text(page)).to_have_value("Good morning!")
    expect(result(page)).to_have_text("Guten Morgen!")


def test_remembers_the_languages(page):
    page.get_by_label("From").select_option("en")
    page.reload()
    expect(page.get_by_label("From")).to_have_value("en")
    expect(page.get_by_label("To", exact=True)).to_have_value("de")


def asked(page):
    """The texts of the page's requests, one by one."""
    found = []

    def note(request):
        if request.url.endswith("/translate"):
            found.append(request.post_data_json["q"])

    page.on("request", note)
    return found


def test_translates_while_one_types(page):
    texts = asked(page)
    text(page).press_sequentially("Guten Morgen!", delay=5)
    expect(result(page)).to_have_text("Good morning!")
    assert texts == ["Guten Morgen!"], "one request once the typing rests"
    text(page).fill("")
    expect(result(page)).to_be_empty()
    expect(status(page)).to_be_empty()


def test_what_is_typed_next_cancels_what_is_under_way(page):
    held = []
    page.route("**/translate", lambda route: held.append(route) if not held else route.continue_())
    cancelled = []
    page.on("requestfailed", lambda request: cancelled.append(request.post_data_json["q"]))
    text(page).fill("Guten Abend!")
    expect(page.locator("#sheets")).to_have_class("sheets busy")
    text(page).fill("Guten Morgen!")
    expect(result(page)).to_have_text("Good morning!")
    assert cancelled == ["Guten Abend!"]


def test_typing_can_be_left_alone(page):
    live = page.get_by_label("Translate while typing")
    expect(live).to_be_checked()
    live.uncheck()
    texts = asked(page)
    text(page).fill("Guten Morgen!")
    page.wait_for_timeout(1000)
    assert texts == []
    page.reload()
    expect(live).not_to_be_checked()
    expect(text(page)).to_have_value("Guten Morgen!")
    assert texts == []


def test_a_text_is_there_after_a_reload_and_not_in_another_tab(page, server):
    text(page).fill("Guten Morgen!")
    page.reload()
    expect(text(page)).to_have_value("Guten Morgen!")
    expect(result(page)).to_have_text("Good morning!")
    other = page.context.new_page()
    other.goto(server.url)
    expect(other.locator("#target")).not_to_have_value("")
    expect(text(other)).to_have_value("")


def test_clears_all_and_lets_one_type_on(page):
    clear = page.get_by_role("button", name="Clear")
    expect(clear).to_be_hidden()
    translate(page, "Guten Morgen!")
    expect(result(page)).to_have_text("Good morning!")
    clear.click()
    expect(text(page)).to_have_value("")
    expect(result(page)).to_be_empty()
    expect(text(page)).to_be_focused()
    page.reload()
    expect(text(page)).to_have_value("")


def test_a_link_shows_a_colleague_the_same(page, open_page, server):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("From").select_option("de")
    translate(page, "Wo ist der Bahnhof? 50 % & mehr")
    expect(page.get_by_role("button", name="Share")).to_be_enabled()
    page.get_by_role("button", name="Share").click()
    expect(status(page)).to_have_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{server.url}/?source=de&target=en&q=Wo")
    other = open_page(server, path=link.removeprefix(server.url))
    expect(text(other)).to_have_value("Wo ist der Bahnhof? 50 % & mehr")
    expect(other.get_by_label("From")).to_have_value("de")
    expect(result(other)).to_have_text(result(page).inner_text())
    assert other.url == f"{server.url}/", "a reload keeps what is typed from here on"


def test_other_translations_are_asked_for_when_they_are_wanted(page):
    page.get_by_label("From").select_option("en")
    page.get_by_label("To", exact=True).select_option("de")
    translate(page, "Thank you for your help.")
    expect(result(page)).not_to_be_empty()
    first = result(page).inner_text()
    page.get_by_text("Other translations").click()
    choices = page.locator("#choices").get_by_role("button")
    expect(choices).not_to_have_count(0)
    other = choices.first.inner_text()
    assert other != first
    choices.first.click()
    expect(result(page)).to_have_text(other)


def test_a_glossary_can_be_chosen_where_there_is_one(page):
    listed = [
        {"glossary_id": "a1", "name": "Words", "source_lang": "de", "target_lang": "en"},
        {"glossary_id": "b2", "name": "Palavras", "source_lang": "en", "target_lang": "pt"},
    ]
    body = json.dumps({"glossaries": listed})
    page.route("**/v2/glossaries", lambda route: route.fulfill(body=body))
    sent = []

    def answer(route):
        sent.append(route.request.post_data_json)
        route.fulfill(body='{"translatedText": "Hello."}')

    page.route("**/translate", answer)
    page.reload()
    glossary = page.get_by_label("Kept glossary")
    expect(page.get_by_label("From")).to_have_value("auto")
    expect(glossary).to_be_hidden()
    page.get_by_label("From").select_option("de")
    page.get_by_label("To", exact=True).select_option("en")
    assert glossary.locator("option").all_inner_texts() == ["none", "Words"]
    glossary.select_option("Words")
    translate(page, "Hallo.")
    expect(result(page)).to_have_text("Hello.")
    assert sent[-1]["glossary"] == "a1"


FILES = """(name) => {
  const data = new DataTransfer();
  data.items.add(new File(["Guten Morgen!"], name, { type: "text/plain" }));
  return data;
}"""


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_a_file_is_translated(page, way):
    page.get_by_label("From").select_option("de")
    if way == "chosen":
        file = {"name": "Brief.txt", "mimeType": "text/plain", "buffer": b"Guten Morgen!"}
        page.get_by_label("Translate a file").set_input_files(file)
    else:
        data = page.evaluate_handle(FILES, "Brief.txt")
        page.dispatch_event("#text", "dragenter", {"dataTransfer": data})
        expect(page.locator("#sheets")).to_have_class("sheets dropping")
        page.dispatch_event("#text", "drop", {"dataTransfer": data})
    expect(page.locator("#file-status")).to_have_text("Brief.txt is translated.")
    with page.expect_download() as got:
        page.get_by_role("link", name="Download Brief.txt").click()
    assert got.value.path().read_bytes() == b"Good morning!"


def test_a_file_on_its_way_shows_its_progress(page):
    held = []
    page.route("**/translate_file", lambda route: held.append(route))
    file = {"name": "Brief.txt", "mimeType": "text/plain", "buffer": b"Guten Morgen!"}
    page.get_by_label("Translate a file").set_input_files(file)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#file-status")).to_have_text(re.compile("Sending Brief.txt|Translating"))
    held[0].fulfill(status=429, headers={"Retry-After": "7"}, body='{"error": "Slowdown."}')
    expect(alert(page)).to_have_text("Too many requests. Try again in 7 seconds.")
    expect(page.get_by_role("progressbar")).to_be_hidden()


def test_a_file_of_another_kind_is_refused_here(page):
    data = page.evaluate_handle(FILES, "Foto.jpeg")
    page.dispatch_event("#text", "drop", {"dataTransfer": data})
    expect(alert(page)).to_contain_text("Foto.jpeg cannot be translated here. Files may be: .")


def test_a_server_without_files_offers_none(browser, open_page):
    with Server(MODELS, GATEWAY_FILES="off") as server:
        page = open_page(server)
        expect(page.get_by_text("Translate a file")).to_be_hidden()


@pytest.mark.parametrize(
    ("locale", "button", "named", "said"),
    [
        ("de-AT", "Übersetzen", "Portugiesisch", "Übersetzt in"),
        ("pt-BR", "Traduzir", "Português", "Traduzido em"),
        ("fr-FR", "Translate", "Portuguese", "Translated in"),
    ],
)
def test_speaks_the_browsers_language(open_page, server, locale, button, named, said):
    page = open_page(server, locale=locale)
    assert page.locator("html").get_attribute("lang") == {"fr": "en"}.get(locale[:2], locale[:2])
    page.locator("#target").select_option(label=named)
    text(page).or_(page.locator("#text")).first.fill("Good morning!")
    page.get_by_role("button", name=button, exact=True).click()
    expect(result(page)).to_have_text("Bom dia!")
    expect(status(page)).to_contain_text(said)
    assert page.evaluate(NAMELESS) == []


def test_each_language_has_every_word_with_the_same_places(page):
    words = page.evaluate("WORDS")
    places = {
        tongue: {name: sorted(re.findall(r"\{\d\}", word)) for name, word in own.items()}
        for tongue, own in words.items()
    }
    assert list(places) == ["en", "de", "pt"]
    assert places["en"] == places["de"] == places["pt"]
    assert all(word for own in words.values() for word in own.values())


class Prefixed(RequestHandler):
    """A proxy that has the server below /mt/."""

    def do_GET(self):
        self._pass_on(None)

    def do_POST(self):
        self._pass_on(self.body())

    def _pass_on(self, body):
        below, found, path = self.path.partition("/mt")
        if below or not found:
            return self.send_error(404)
        kind = {"Content-Type": self.headers.get("Content-Type", "")}
        request = urllib.request.Request(self.double.behind + path, body, kind)
        with urllib.request.urlopen(request, timeout=30) as found:
            names = ("Content-Type", "Content-Security-Policy", "Content-Disposition")
            headers = {name: found.headers[name] for name in names if name in found.headers}
            return self.answer(found.status, found.read(), headers)


@pytest.fixture
def prefixed(server):
    proxy = Loopback()
    proxy.handler, proxy.behind = Prefixed, server.url
    with proxy:
        yield proxy


def test_works_below_a_path(open_page, prefixed):
    page = open_page(prefixed, path="/mt/")
    page.locator("#target").select_option("en")
    translate(page, "Guten Morgen!")
    expect(result(page)).to_have_text("Good morning!")
    page.get_by_label("From").select_option("de")
    file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"Guten Morgen!"}
    page.get_by_label("Translate a file").set_input_files(file)
    with page.expect_download() as got:
        page.get_by_role("link", name="Download a.txt").click()
    assert got.value.path().read_bytes() == b"Good morning!"
    assert got.value.url.startswith(f"{prefixed.url}/mt/download_file/")
    page.get_by_role("link", name="API").click()
    expect(page).to_have_url(f"{prefixed.url}/mt/docs")


def test_counts_characters_and_refuses_too_many(page):
    page.get_by_label("Translate while typing").uncheck()
    text(page).fill("ä😀")
    expect(page.locator("#count")).to_have_text("2 / 50,000")
    translate(page, "a" * 50_001)
    expect(alert(page)).to_have_text(
        "The text has 50,001 characters; 50,000 can be translated at once."
    )
    expect(text(page)).to_have_attribute("aria-invalid", "true")
    expect(result(page)).to_be_empty()


def test_copies_the_translation(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    translate(page, "Guten Morgen!")
    expect(result(page)).to_have_text("Good morning!")
    page.get_by_role("button", name="Copy").click()
    expect(status(page)).to_have_text("Copied")
    text(page).fill("")
    text(page).press("Control+v")
    expect(text(page)).to_have_value("Good morning!")


def test_a_server_that_is_gone_is_explained(open_page):
    with Server() as server:
        page = open_page(server)
    translate(page, "Hello world!")
    expect(alert(page)).to_have_text(
        "The server cannot be reached. Check that it is running, then try again."
    )


@pytest.fixture(scope="module")
def locked():
    keys = json.dumps({"web": hashlib.sha256(KEY.encode()).hexdigest()})
    limits = {"GATEWAY_DAILY_CHARACTERS": "100", "GATEWAY_RATE_LIMIT": "6"}
    with Server(MODELS, GATEWAY_API_KEYS=keys, **limits) as server:
        yield server


def test_asks_for_the_key_and_remembers_it(open_page, locked):
    page = open_page(locked)
    key = page.get_by_label("API key (kept in this browser only)")
    translate(page, "Guten Morgen!")
    expect(alert(page)).to_have_text("This server needs an API key. Enter yours below.")
    expect(key).to_be_focused()
    key.fill("web.wrong")
    translate(page, "Guten Morgen!")
    expect(alert(page)).to_have_text(
        "The server does not know this API key. Check it for missing characters."
    )
    key.fill(KEY)
    translate(page, "Guten Morgen!")
    expect(result(page)).to_have_text("Good morning!")
    expect(alert(page)).to_be_empty()
    page.reload()
    expect(key).to_have_value(KEY)


def test_limits_are_explained(open_page, locked):
    page = open_page(locked)
    page.get_by_label("API key (kept in this browser only)").fill(KEY)
    translate(page, "Das ist zu lang. " * 10)
    expect(alert(page)).to_contain_text(
        "Today's characters are used up. New ones come at midnight (UTC)."
    )
    for _ in range(13):  # more than two minutes' worth, should one end meanwhile
        translate(page, "a")
        expect(page.locator("#sheets")).not_to_have_class("sheets busy")
        if alert(page).inner_text():
            break
    expect(alert(page)).to_contain_text("Too many requests. Try again in")


def test_waits_for_a_model_that_is_starting(page):
    refused = []

    def starting(route):
        if len(refused) < 2:
            refused.append(route.request.url)
            headers = {"Retry-After": "1", "Content-Type": "application/json"}
            return route.fulfill(status=503, headers=headers, body='{"error": "Starting."}')
        return route.continue_()

    page.route("**/translate", starting)
    translate(page, "Guten Morgen!")
    expect(status(page)).to_have_text("The model is starting. This can take a minute …")
    expect(result(page)).to_have_text("Good morning!", timeout=15_000)
    assert len(refused) == 2


def test_a_screen_reader_finds_names_for_everything(page):
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate(NAMELESS) == []
    translate(page, "Guten Morgen!")
    expect(result(page)).to_have_attribute("lang", "en")
    tree = page.locator("body").aria_snapshot()
    for named in (
        'heading "Translate" [level=1]',
        'combobox "From"',
        'combobox "To"',
        'button "Swap the languages"',
        'textbox "Text to translate"',
        'region "Translation"',
        'checkbox "Translate while typing"',
        'button "Translate a file"',
        'button "Clear"',
        'button "Share"',
        'button "Copy"',
    ):
        assert named in tree, tree
    expect(result(page)).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("device", "width", "height"),
    [("desktop", 1200, 640), ("phone", 390, 844), ("small", 320, 568), ("wide", 1920, 1080)],
)
def test_looks_right_everywhere(open_page, server, device, width, height, scheme):
    page = open_page(server, width, height, scheme)
    page.get_by_label("To", exact=True).select_option("pt")
    translate(
        page, "Good morning! Where is the train station?\n\nThank you very much for your help."
    )
    expect(result(page)).to_contain_text("Bom dia! Onde está a estação de trem?")
    assert page.evaluate("document.documentElement.scrollWidth") == width, "no sideways scrolling"
    for role in ("textbox", "combobox", "button"):
        for control in page.get_by_role(role).all():
            assert control.bounding_box()["height"] >= 40, "large enough for a thumb"
    assert page.evaluate(CONTRAST, "#text") >= 7
    for soft in ("#count", "#translate", "#status", "#share", "#file-row", "#formats", "summary"):
        assert page.evaluate(CONTRAST, soft) >= 4.5, soft
    picture = page.screenshot(animations="disabled")
    assert picture.startswith(b"\x89PNG")
    kept = PICTURES / f"page-{device}-{scheme}.png"
    if not kept.exists() and device in ("desktop", "phone"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(picture)


@pytest.mark.parametrize(("width", "height"), [(1200, 640), (390, 844), (320, 568), (1920, 1080)])
def test_a_long_text_scrolls_in_its_box(open_page, server, width, height):
    page = open_page(server, width, height)
    page.get_by_label("From").select_option("de")
    translate(page, "Guten Morgen!\n" * 120)
    expect(result(page)).to_contain_text("Good morning!")
    for sheet in page.locator(".sheet").all():
        assert sheet.bounding_box()["height"] <= height
    for box in ("#text", "#result"):
        assert page.evaluate("(b) => $(b).scrollHeight > $(b).clientHeight", box[1:]), box
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
