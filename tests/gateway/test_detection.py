"""Detection: restricted to what is deployed, honest about what it cannot know."""

import pytest

from gateway.detection import Guess, detect, pick

TEXTS = {
    "en": "Where is the nearest train station, please?",
    "de": "Wo ist bitte der nächste Bahnhof?",
    "fr": "Où se trouve la gare la plus proche, s'il vous plaît ?",
    "ru": "Где находится ближайший вокзал?",
    "uk": "Де знаходиться найближчий вокзал, будь ласка?",
    "el": "Πού είναι ο πλησιέστερος σταθμός;",
    "ar": "أين تقع أقرب محطة قطار من فضلك؟",
    "he": "איפה נמצאת תחנת הרכבת הקרובה?",
    "ja": "一番近い駅はどこですか。",
    "ko": "가장 가까운 기차역이 어디입니까?",
    "zh-Hans": "请问最近的火车站在哪里？",
    "hi": "निकटतम रेलवे स्टेशन कहाँ है?",
    "th": "สถานีรถไฟที่ใกล้ที่สุดอยู่ที่ไหน",
    "nb": "Hvor er den nærmeste togstasjonen, og når går toget?",
}


@pytest.mark.parametrize("code", TEXTS)
def test_finds_the_language_among_many(code):
    best = detect(TEXTS[code], list(TEXTS))[0]
    assert best.language == code
    assert best.confidence > 50


@pytest.mark.parametrize("code", ["ja", "ru", "el", "th"])
def test_another_script_is_none_of_the_deployed_languages(code):
    assert detect(TEXTS[code], ["en", "de"]) == []


@pytest.mark.parametrize(
    "text",
    [
        TEXTS["fr"],
        "Bonjour, je voudrais un café",
        "Le chat mange la souris",
        "¿Dónde está la estación?",
        "Dove si trova la stazione?",
        "Ik wil graag een kopje koffie",
        "Dzień dobry, gdzie jest dworzec?",
    ],
)
def test_another_language_in_the_same_script_is_none_of_the_deployed_languages(text):
    assert detect(text, ["en", "de", "pt"]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hello", "OK", "Hello world!", "Menu", "Restaurant", "naïve résumé", "My name is Pierre",
        "Spaghetti bolognese", "Konto löschen?", "Menü", "Danke", "A casa é grande", "Sim",
        "Boa noite a todos", "O restaurante está fechado", "ciao everybody",
    ],
)  # fmt: skip
def test_a_word_that_other_languages_have_too_is_still_guessed(text):
    assert detect(text, ["en", "de", "pt"])


def test_a_language_the_model_does_not_know_may_be_the_one():
    assert detect(TEXTS["fr"], ["en", "mi"])[0].confidence < 5


def test_a_short_text_gets_less_confidence_than_a_sentence():
    short, sentence = detect("Hello", ["en", "de"]), detect(TEXTS["en"], ["en", "de"])
    assert short[0].confidence < 70 < sentence[0].confidence


@pytest.mark.parametrize("text", ["", " \n", "123 + 4", "😀👍🏽", "…!?"])
def test_a_text_without_letters_is_in_no_language(text):
    assert detect(text, list(TEXTS)) == []


def test_a_language_the_model_does_not_know_is_found_by_its_script():
    assert detect("བོད་སྐད", ["en", "de"]) == []
    assert detect("ਨੇੜਲਾ ਸਟੇਸ਼ਨ ਕਿੱਥੇ ਹੈ?", ["en", "pa"])[0].language == "pa"


def test_nobody_writes_in_a_pseudo_locale():
    assert [guess.language for guess in detect(TEXTS["en"], ["en", "en-XA"])] == ["en"]


def test_an_unsure_guess_that_is_the_target_gives_way():
    english, german = Guess("en", 40.0), Guess("de", 30.0)
    assert pick([english, german], "en") == german
    assert pick([english, german], "de") == english
    assert pick([Guess("en", 60.0), german], "en") == Guess("en", 60.0)
    assert pick([english], "en") == english
    assert pick([], "en") is None
