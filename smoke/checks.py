"""What is asked of a deployment. Each check says what falls short, or nothing."""

import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from smoke.expected import Expected, canary_of
from smoke.service import Reply, Service

ELSEWHERE = "https://elsewhere.example"
WRONG_KEY = "nobody." + "0" * 64
HELLO = "Hello!"
LOG_SECONDS = 60.0  # until CloudWatch shows a line


class Finding(NamedTuple):
    """`short` says what falls short; empty where nothing does. `note` is for a reader."""

    check: str
    short: str
    note: str = ""


def check_pairs(service: Service, expected: Expected) -> Iterator[Finding]:
    """The pairs that are listed, and the canary of each."""
    listed = _listed(service.get("/languages"))
    wanted = set(listed if expected.pairs is None else expected.pairs)
    missing = sorted(wanted - listed)
    short = f"/languages does not list {', '.join(missing)}" if missing else ""
    yield Finding("pairs", short or ("" if listed else "/languages lists no pair"))
    for pair in sorted(wanted & listed):
        canary = canary_of(pair)
        if canary is not None:
            yield _canary(service, pair, canary)


def _listed(reply: Reply) -> set[str]:
    languages = reply.json if isinstance(reply.json, list) else []
    return {
        f"{language['code']}_{target}"
        for language in languages
        for target in language["targets"]
        if target != language["code"]
    }


def _canary(service: Service, pair: str, canary: Any) -> Finding:
    check, texts = f"pair {pair}", [text for text, _ in canary.sentences]
    started = time.monotonic()
    reply = service.translate(texts, canary.source, canary.target)
    if reply.status != 200:
        return Finding(check, f"{len(texts)} canary sentences are answered {_said(reply)}")
    score = canary.score(reply.json["translatedText"])
    took = time.monotonic() - started
    told = f"chrF {score:.1f}, floor {canary.floor:g}; {len(texts)} sentences in {took:.1f} s"
    return Finding(check, told if score < canary.floor else "", told)


def check_keys(service: Service, expected: Expected) -> Iterator[Finding]:
    """Whoever has none, or a wrong one, is refused; each of the stack's is taken."""
    if not expected.needs_key:
        return
    for name, key, wanted in (("no key", "", 400), ("a wrong key", WRONG_KEY, 403)):
        reply = service.post("/translate", {"q": HELLO, "source": "en", "target": "de"}, key=key)
        short = "" if reply.status == wanted else f"{name} is answered {_said(reply)}, not {wanted}"
        yield Finding(f"keys: {name}", short)
    for name, key in sorted(expected.keys.items()):
        reply = service.post("/v2/usage", {}, key=key)
        short = "" if reply.status == 200 else f"the key {name} is answered {_said(reply)}"
        yield Finding(f"keys: {name}", short)


def check_cors(service: Service, expected: Expected) -> Iterator[Finding]:
    """Pages of the origins that are set may call, others may not."""
    if expected.origins is None:
        return
    anybody = "*" in expected.origins
    for origin in [o for o in expected.origins if o != "*"] or ([ELSEWHERE] if anybody else []):
        allowed = _allowed(service, origin)
        short = "" if allowed in (origin, "*") else f"{origin} may not call: it reads {allowed!r}"
        yield Finding(f"CORS: {origin}", short)
    if not anybody:
        allowed = _allowed(service, ELSEWHERE)
        short = f"any page may call: {ELSEWHERE} reads {allowed!r}" if allowed else ""
        yield Finding("CORS: other origins", short)


def _allowed(service: Service, origin: str) -> str:
    """What a browser's preflight reads."""
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-api-key",
    }
    return service.call("OPTIONS", "/translate", None, asked).headers.get(
        "Access-Control-Allow-Origin", ""
    )


def check_limits(service: Service, expected: Expected) -> Iterator[Finding]:
    """Too long a text is refused with the number, the quota is the one that is set, and counts."""
    settings = service.get("/frontend/settings").json or {}
    limit = int(settings.get("charLimit", 0))
    pair = next(iter(sorted(_listed(service.get("/languages")))), "en_de")
    source, _, target = pair.partition("_")
    reply = service.translate(["a" * (limit + 1)], source, target)
    refused = reply.status == 400 and str(limit) in str(reply.json)
    short = "" if refused else f"a text of {limit + 1} characters is answered {_said(reply)}"
    yield Finding("limits: length of a text", short)
    texts = {"text": [HELLO] * 51, "target_lang": target.upper()}
    reply = service.post("/v2/translate", texts)
    short = "" if reply.status == 413 else f"51 texts are answered {_said(reply)}, not 413"
    yield Finding("limits: texts of a request", short)
    for name, key in sorted(expected.keys.items()):
        yield _quota(service, name, key, expected.daily_characters.get(name, 0))
    if service.key:
        yield _counted(service, source, target)


def _quota(service: Service, name: str, key: str, wanted: int) -> Finding:
    usage = service.post("/v2/usage", {}, key=key).json or {}
    found = usage.get("character_limit")
    same = found == wanted if wanted else found is not None and found >= 10**12
    told = f"the key {name} may use {found} characters a day, not {wanted or 'as many as it likes'}"
    return Finding(f"limits: quota of {name}", "" if same else told)


def _counted(service: Service, source: str, target: str) -> Finding:
    """Other callers of the key may add to it meanwhile."""
    before, reply, after = (
        service.post("/v2/usage", {}).json,
        service.translate([HELLO], source, target),
        service.post("/v2/usage", {}).json,
    )
    if reply.status != 200:
        return Finding("limits: usage", f"a text is answered {_said(reply)}")
    grown = after["character_count"] - before["character_count"]
    short = "" if grown >= len(HELLO) else f"{len(HELLO)} characters raised the usage by {grown}"
    return Finding("limits: usage", short)


def check_errors(service: Service, expected: Expected) -> Iterator[Finding]:
    """Each interface says what is wrong in its own form, as JSON, with an id to report."""
    for path, name in (("/nothing/here", "error"), ("/v2/nothing", "message")):
        reply = service.get(path, X_Request_ID="smoke-404")
        is_ours = reply.status == 404 and isinstance(reply.json, dict) and name in reply.json
        short = "" if is_ours else f"{path} is answered {_said(reply)}, without {name!r}"
        if not short and reply.headers.get("X-Request-ID") != "smoke-404":
            short = f"{path} is answered without the caller's X-Request-ID"
        yield Finding(f"errors: {path}", short)
    reply = service.post("/translate", {"q": HELLO, "source": "xx", "target": "yy"})
    known = reply.status == 400 and isinstance(reply.json, dict) and "error" in reply.json
    yield Finding("errors: unknown pair", "" if known else f"it is answered {_said(reply)}")


def check_metrics(service: Service, expected: Expected) -> Iterator[Finding]:
    """A translation is counted: on the page of metrics, or in the log line of its request."""
    pair = next(iter(sorted(_listed(service.get("/languages")))), "en_de")
    identity = f"smoke-{secrets.token_hex(6)}"
    reply = service.translate([HELLO], *pair.split("_", 1), X_Request_ID=identity)
    if reply.status != 200:
        yield Finding("metrics", f"a text is answered {_said(reply)}")
    elif expected.name:
        yield _logged(expected.name, identity, pair)
    else:
        key = {"Authorization": f"Bearer {service.key}"} if service.key else {}
        page = service.get("/metrics", **key)
        counted = page.status == 200 and f'pair="{pair}",dialect="libretranslate"' in str(page.body)
        short = "" if counted else f"/metrics is answered {_said(page)}, without the pair {pair}"
        yield Finding("metrics: /metrics", short)


def _logged(name: str, identity: str, pair: str) -> Finding:
    from client.aws import aws_failures, make_client

    logs, deadline = make_client("logs"), time.monotonic() + LOG_SECONDS
    group, check = f"/aws/lambda/{name}", "metrics: CloudWatch"
    while True:
        with aws_failures():
            events = logs.filter_log_events(
                logGroupName=group,
                filterPattern=f'"{identity}"',
                startTime=int(1000 * (time.time() - 900)),
            )["events"]
        lines = [event["message"] for event in events]
        if any(f'"Pair": "{pair}"' in line and f'"{name}"' in line for line in lines):
            return Finding(check, "")
        if time.monotonic() > deadline:
            told = "has no metrics" if lines else f"is not there after {LOG_SECONDS:g} s"
            return Finding(check, f"the line of request {identity} in {group} {told}")
        time.sleep(PAUSE)


PAUSE = 1.0  # seconds
CHECKS: tuple[Callable[[Service, Expected], Iterator[Finding]], ...] = (
    check_pairs,
    check_keys,
    check_cors,
    check_limits,
    check_errors,
    check_metrics,
)


def _said(reply: Reply) -> str:
    """Status and sentence; a wrong answer may hold anything, so little of it."""
    document = reply.json
    sentence = ""
    if isinstance(document, dict):
        sentence = str(document.get("error") or document.get("message") or "")
    return f"{reply.status} {sentence[:100]!r}" if sentence else str(reply.status)
