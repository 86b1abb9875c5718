"""A request's fields are one table: the JSON body, both backends, both OpenAPI files and the page
have each of them, with the same default."""

import json
import re
from dataclasses import MISSING, fields

import pytest

import handlers
from gateway.backend import BESIDE, Translation, TranslationRequest
from gateway.deepl_parameters import ALREADY_SO
from gateway.openapi import document
from gateway.sagemaker_backend import _parts, _translations
from serving.contract.app import _answer
from serving.contract.body import read_json
from serving.contract.media import JSON
from serving.errors import BadRequest
from serving.fields import MAX_CODE, Choice, Language, Number, Strings, Terms
from serving.laptop.local_backend import LocalBackend
from serving.request import RULES, Answer, Request
from serving.settings import Settings
from tests.running import ROOT, Server
from tests.serving.contract_document import contract_document

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
KINDS = (handlers.Translation, Translation)
GATEWAYS_OWN = BESIDE
BASIC = TranslationRequest(("Hello",), "en", "de")
WISHES = sorted({field.name for field in fields(TranslationRequest)} - GATEWAYS_OWN)


def other(name):
    """A value of the field that is not its default."""
    if name == "texts":
        return ("Hello", "Good morning")
    rule = RULES[name]
    if isinstance(rule, Choice):
        return rule.choices[-1]
    if isinstance(rule, Number):
        return rule.minimum + 1
    if isinstance(rule, Terms):
        return {"house": "Palast"}
    return ("a", "b") if isinstance(rule, Strings) else "fr"


def default(field):
    if field.default_factory is not MISSING:
        return field.default_factory()
    return None if field.default is MISSING else field.default


def encoded(request):
    """As the SageMaker backend sends it."""
    ((_, body),) = _parts(request)
    return body


def with_(name):
    return TranslationRequest(**{**vars(BASIC), name: other(name)})


@pytest.mark.parametrize("name", WISHES)
def test_what_the_gateway_is_asked_reaches_the_server_both_ways(name):
    asked = with_(name)
    here = Request(**asked.document())
    there = read_json(encoded(asked), {}, Settings())
    assert here == there
    assert getattr(here, name) == getattr(asked, name) == other(name)


def test_what_nobody_asks_for_is_the_same_everywhere():
    server = {field.name: default(field) for field in fields(Request)}
    for field in fields(TranslationRequest):
        if field.name not in GATEWAYS_OWN:
            assert field.name in server
            if field.name not in ("source", "target"):  # the gateway knows them always
                assert default(field) == server[field.name], field.name
    assert Request(**BASIC.document()) == read_json(encoded(BASIC), {}, Settings())
    assert json.loads(encoded(BASIC)) == {"texts": ["Hello"], "source": "en", "target": "de"}


def test_every_field_but_the_texts_has_a_rule():
    assert [field.name for field in fields(Request)] == ["texts", *RULES]
    with pytest.raises(BadRequest, match=f"Known are text, texts, {', '.join(RULES)}"):
        read_json(b'{"colour": 1}', {}, Settings())


@pytest.mark.parametrize("name", RULES)
def test_a_field_is_read_from_json_and_told_on_the_page(name):
    given = {"text": "Hello", name: other(name)}
    request = read_json(json.dumps(given).encode(), {}, Settings())
    assert getattr(request, name) == other(name)
    (row,) = re.findall(rf"^\| (`(?:\w+`, `)*{name}`(?:, `\w+`)*) \| (.+?) \|", PAGE, re.MULTILINE)
    rule, settings = RULES[name], Settings()
    told = {
        Choice: lambda: ", ".join(f"`{choice}`" for choice in rule.choices),
        Number: lambda: f"{rule.minimum} to {rule.maximum(settings)}",
        Strings: lambda: "list of strings",
        Terms: lambda: "object of strings",
        Language: lambda: (
            f"language code, {MAX_CODE} characters at most; a region (`de-AT`) is passed over"
            " where only its language is served"
        ),
    }
    assert row[1] == told[type(rule)]()


def test_the_contracts_document_has_every_field():
    properties = contract_document()["components"]["schemas"]["Request"]["properties"]
    assert list(properties) == ["text", "texts", *RULES]
    assert properties["split"] == {"enum": ["sentences", "punctuation", "none"]}
    assert properties["beam_size"] == {"type": ["integer", "null"], "minimum": 1, "maximum": 5}


def honoured():
    """The parameters of DeepL's /v2/translate that the code reads."""
    files = ("deepl.py", "deepl_parameters.py", "glossary_choice.py")
    code = "".join((ROOT / "gateway" / name).read_text("utf-8") for name in files)
    read = re.findall(r'(?:\.first|\.every|(?:flag|names)\(parameters,)[ (]"(\w+)"', code)
    return set(read) - {"type"}  # of /v2/languages


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_the_public_document_has_every_parameter_that_is_taken(kind):
    body = document()["paths"]["/v2/translate"]["post"]["requestBody"]["content"][kind]
    keys = {"auth_key", "api_key"}
    assert set(body["schema"]["properties"]) - keys == honoured() | set(ALREADY_SO)


class Answering:
    """In place of the translator: one translation with nothing at its default."""

    pairs, demonstrations = (("en", "de"),), ()
    translation = handlers.Translation(
        "Hallo", ("Hallo du",), -0.25, ("repetition",), 0.75, (handlers.Term("a", "b", "found"),)
    )

    def translate(self, request):
        return Answer([self.translation], "en_de", "ours", "1", 5, 1, 2, 0, {})


def test_a_translation_comes_back_the_same_both_ways():
    fields_of_all = [[field.name for field in fields(kind)] for kind in KINDS]
    document = contract_document()["components"]["schemas"]["Translation"]
    assert fields_of_all[0] == fields_of_all[1] == list(document["properties"])
    body = _answer(Answering().translate(None), JSON).body
    assert LocalBackend(Answering()).translate(BASIC) == _translations(body, 1)
    for name in fields_of_all[0]:
        assert getattr(_translations(body, 1)[0], name) == getattr(Answering.translation, name)


@pytest.mark.parametrize("recase", ["0", "1"])
def test_capitals_are_treated_alike_by_the_contract_and_the_public_api(recase):
    text = "GOOD MORNING!"
    with Server(ROOT / "models" / "en_de", SERVING_RECASE=recase) as server:
        (contract,) = server.translate(text).json["translations"]
        asked = json.dumps({"q": text, "source": "en", "target": "de"}).encode()
        public = server.post(asked, "/translate", Content_Type="application/json").json
    assert public["translatedText"] == contract["text"]
    assert (contract["text"] == "GUTEN MORGEN!") == (recase == "1")
