"""What once froze or swelled the server, at the largest size it takes, as whole requests."""

import gzip
import json
from urllib.parse import urlencode

JSON, FORM, TEXT = "application/json", "application/x-www-form-urlencoded", "text/plain"
MULTIPART = "multipart/form-data; boundary=x"
CHARACTERS = 100_000
BODY = 4 * 2**20
PUBLIC_BODY = 4_000_000
LARGEST = {
    "GATEWAY_CHARACTER_LIMIT": str(CHARACTERS),
    "GATEWAY_BODY_LIMIT": str(PUBLIC_BODY),
}
"""Settings of a server whose public API takes as much as its contract."""


def request(
    body: bytes, path: str = "/invocations", kind: str = JSON, packed: bool = False
) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
    head += "Content-Encoding: gzip\r\n" if packed else ""
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def chunked(body: bytes) -> bytes:
    head = f"POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON}\r\n"
    framed = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + framed


def filled(pattern: str, prefix: str = "", suffix: str = "") -> str:
    room = CHARACTERS - len(prefix) - len(suffix)
    return prefix + (pattern * (room // len(pattern) + 1))[:room] + suffix


TAGS = "".join(f"<t{number % 3000}>a</t{number % 3000}> " for number in range(5000))[:CHARACTERS]
WIDE, PERCENT = filled("vitamin C\u00a0. "), filled("0", "%")
BRACKETS, CAPITALS = filled("(", "a", "a 😀"), filled("AB ")
REFERENCE, MARKED = filled("1", "&#", ";"), filled("<b>a</b> b ")
EQUAL = b"{" + b'"a":1,' * (PUBLIC_BODY // 6 - 2) + b'"a":1}'
DIFFERENT = json.dumps({str(n): 1 for n in range(300_000)}).encode()
# Just as many as are parsed: by the contract, and by the public API.
PARSED = json.dumps({str(n): 1 for n in range(6600)}).encode()
PARSED_PUBLICLY = json.dumps({str(n): 1 for n in range(5000)}).encode()
CUE = b"1\n00:00:01,000 --> 00:00:02,000\n"


def _text(text: str, **fields: object) -> bytes:
    return request(json.dumps({"source": "en", "target": "de", "text": text, **fields}).encode())


def _document(text: str, **fields: object) -> bytes:
    return json.dumps({"q": text, "source": "en", "target": "de", **fields}).encode()


def _libretranslate(text: str, **fields: object) -> bytes:
    return request(_document(text, **fields), "/translate")


def _deepl(text: str, **fields: object) -> bytes:
    document = {"text": [text], "source_lang": "EN", "target_lang": "DE", **fields}
    return request(json.dumps(document).encode(), "/v2/translate")


def _form(body: bytes, path: str = "/translate") -> bytes:
    return request(body, path, FORM)


def _file(name: str, content: bytes) -> bytes:
    fields = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % field
        for field in ((b"source", b"en"), (b"target", b"de"))
    )
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = fields + head.encode() + content + b"\r\n--x--\r\n"
    return request(body, "/translate_file", MULTIPART)


CONTRACT = {
    "capitals before wide spaces": _text(WIDE),
    "a percent sign and zeros": _text(PERCENT),
    "a source of a megabyte": _text("Hello!", source="e" * 1_000_000),
    "a keep term in every word": _text(filled("a_"), keep=["_"]),
    "many keep terms alike": _text(filled("-"), keep=["-" * 200 + str(n) for n in range(4000)]),
    "keys that come twice": request(b"{" + b'"a":1,' * (BODY // 6 - 2) + b'"a":1}'),
    "keys that are all different": request(DIFFERENT),
    "as many keys as are parsed": request(PARSED),
    "a list of numbers": request(b'{"texts":[' + b"1," * (BODY // 2 - 20) + b"1]}"),
    "brackets that do not close": _text(BRACKETS, split="none"),
    "capitals in one piece": _text(CAPITALS, split="none"),
    "a character reference of digits": _text(REFERENCE, format="html"),
    "many tags to be ignored": _text(
        TAGS, format="xml", ignore_tags=[f"t{n}" for n in range(4000)]
    ),
    "words": _text(filled("word ")),
    "marked-up words": _text(MARKED, format="html"),
    "words in chunks": chunked(
        json.dumps({"source": "en", "target": "de", "text": filled("word number. ")}).encode()
    ),
    "keys in chunks": chunked(DIFFERENT),
}
PUBLIC = {
    "/translate: capitals before wide spaces": _libretranslate(WIDE),
    "/translate: a percent sign and zeros": _libretranslate(PERCENT),
    "/translate: a character reference of digits": _libretranslate(REFERENCE, format="html"),
    "/translate: words of an unknown language": _libretranslate(filled("word "), source="auto"),
    "/translate: marked-up words": _libretranslate(MARKED, format="html"),
    "/translate: marked-up words, packed": request(
        gzip.compress(_document(MARKED, format="html")), "/translate", packed=True
    ),
    "/translate: paragraphs": _libretranslate(filled("<p>a</p>"), format="html"),
    "/translate: keys that come twice": request(EQUAL, "/translate"),
    "/translate: keys that are all different": request(DIFFERENT, "/translate"),
    "/translate: as many keys as are parsed": request(PARSED_PUBLICLY, "/translate"),
    "/translate: a list of numbers": request(
        b'{"q":[' + b"1," * (PUBLIC_BODY // 2 - 20) + b"1]}", "/translate"
    ),
    "/translate: a form of percent signs": _form(b"q=" + b"%" * (PUBLIC_BODY - 2)),
    "/translate: a form of as many escapes as are parsed": _form(
        urlencode({"q": "é%" * 250_000, "source": "en", "target": "de"}).encode()
    ),
    "/translate: plain text": request(filled("word ").encode(), "/translate", TEXT),
    "/translate_file: a form of line breaks": request(
        b"--x\r\n\r\n" + b"\r\n--" * (PUBLIC_BODY // 4 - 100) + b"\r\n--x--\r\n",
        "/translate_file",
        MULTIPART,
    ),
    "/translate_file: a subtitle of one word": _file("a.srt", CUE + b"a" * 99_000 + b"\n\n"),
    "/translate_file: many subtitles": _file("a.srt", (CUE + b"a b\n\n") * 2500),
    "/translate_file: a page of tags": _file("a.html", MARKED.encode()),
    "/v2/translate: capitals before wide spaces": _deepl(WIDE),
    "/v2/translate: brackets that do not close": _deepl(BRACKETS, split_sentences="0"),
    "/v2/translate: capitals in one piece": _deepl(CAPITALS, split_sentences="0"),
    "/v2/translate: many tags to be ignored": _deepl(
        TAGS, tag_handling="xml", ignore_tags=[f"t{n}" for n in range(1000)]
    ),
    "/v2/translate: keys that come twice": request(EQUAL, "/v2/translate"),
    "/v2/translate: a list of numbers": request(
        b'{"text":[' + b"1," * (PUBLIC_BODY // 2 - 20) + b"1]}", "/v2/translate"
    ),
}
