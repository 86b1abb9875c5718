"""The page in a real browser, as a person uses it: mouse, keyboard, phone, screen reader's tree."""

import hashlib
import json
import re
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.running import MODELS, ROOT, Server

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

    def start(server, width=1200, height=760, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(server.url)
        # Most tests are of German and English, whichever pair the page begins with.
        expect(page.get_by_label("To", exact=True)).not_to_have_value("")
        page.get_by_label("To", exact=True).select_option("en")
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
    expect(result(page)).to_have_text("Where's the train station?")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Translate", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Copy")).to_be_focused()


def test_detects_the_language_and_turns_to_the_other_one(page):
    translate(page, "Where is the train station?")  # English, and English is the target
    expect(result(page)).to_have_text("Onde está a estação de trem?")
    # German too, but that is a demonstration.
    expect(page.get_by_label("To", exact=True)).to_have_value("pt")
    expect(status(page)).to_contain_text("from English (")


@pytest.mark.parametrize(("confidence", "end"), [(0.3, "unsure of this translation"), (0.9, " s")])
def test_says_when_the_model_is_unsure(page, confidence, end):
    body = json.dumps({"translatedText": "Hmm.", "confidence": confidence})
    page.route("**/translate", lambda route: route.fulfill(body=body))
    translate(page, "Guten Morgen!")
    expect(status(page)).to_have_text(re.compile(rf"^Translated in .*{end}$"))


@pytest.mark.parametrize(
    ("codes", "end"),
    [
        (["numbers_changed"], ". Worth a second look: its numbers differ"),
        (["untranslated", "script_unknown"], ": a sentence stayed as it was"),
        (["translated_in_pieces"], " s"),
    ],
    ids=str,
)
def test_says_gently_what_to_look_at(page, codes, end):
    body = json.dumps({"translatedText": "Hmm.", "warnings": codes})
    page.route("**/translate", lambda route: route.fulfill(body=body))
    translate(page, "Guten Morgen!")
    expect(status(page)).to_have_text(re.compile(rf"^Translated in [\d.]+ s.*{end}$"))


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
    expect(result(page)).to_be_empty()


def test_remembers_the_languages(page):
    page.get_by_label("From").select_option("en")
    page.reload()
    expect(page.get_by_label("From")).to_have_value("en")
    expect(page.get_by_label("To", exact=True)).to_have_value("de")


def test_counts_characters_and_refuses_too_many(page):
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
    tree = page.locator("body").aria_snapshot()
    for named in (
        'heading "Translate" [level=1]',
        'combobox "From"',
        'combobox "To"',
        'button "Swap the languages"',
        'textbox "Text to translate"',
        'region "Translation"',
    ):
        assert named in tree
    expect(result(page)).to_have_attribute("aria-live", "polite")
    translate(page, "Guten Morgen!")
    expect(result(page)).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("device", "width", "height"), [("desktop", 1200, 640), ("phone", 390, 844)]
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
    assert page.evaluate(CONTRAST, "#count") >= 4.5
    assert page.evaluate(CONTRAST, "#translate") >= 4.5
    picture = page.screenshot(animations="disabled")
    assert picture.startswith(b"\x89PNG")
    kept = PICTURES / f"page-{device}-{scheme}.png"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(picture)
