"""The OpenAPI document as people read it: HTML for /docs, Markdown for docs/api.md."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

LOCAL = "http://127.0.0.1:8080"  # in the examples as they are written


class Example(NamedTuple):
    command: str
    output: str


class Call(NamedTuple):
    """One operation, ready to be shown."""

    heading: str  # POST /translate
    summary: str
    description: str
    fields: list[tuple[str, str]]  # (name, what it takes)
    examples: list[Example]


def calls(document: dict[str, Any], tag: str) -> Iterator[Call]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if tag in operation["tags"]:
                yield Call(
                    f"{method.upper()} {path}",
                    operation["summary"],
                    operation["description"],
                    list(_fields(document, operation)),
                    [Example(s["source"], s["output"]) for s in operation.get("x-codeSamples", [])],
                )


def as_markdown(document: dict[str, Any]) -> str:
    parts: list[str] = []
    for tag in document["tags"]:
        parts += [f"### {tag['name']}", _wrapped(tag["description"])]
        for call in calls(document, tag["name"]):
            parts += [f"#### `{call.heading}`", _wrapped(f"{call.summary}. {call.description}")]
            if call.fields:
                parts.append("\n".join(f"- `{name}`: {takes}" for name, takes in call.fields))
            parts += [f"```console\n$ {e.command}\n{e.output}\n```" for e in call.examples]
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str) -> str:
    return "\n\n".join(textwrap.fill(paragraph, 98) for paragraph in text.split("\n\n"))


_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h3 { margin-top: 2.5rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { padding: .75rem; overflow-x: auto; border: 1px solid #8884; border-radius: .5rem; }
"""


def as_html(document: dict[str, Any], address: str | None = None, root: str = "./") -> str:
    """`address` takes the place of the local server's in the examples; `root` leads to the page,
    relative, because a proxy may offer all this below a prefix that nobody told."""
    title = escape(document["info"]["title"])
    parts = [f"<h1>{title}</h1>", f"<p>{_inline(document['info']['description'])}</p>"]
    links = f'<a href="{root}">Try it</a> · <a href="{root}spec">OpenAPI document</a>'
    parts.append(f"<p>{links}</p>")
    for tag in document["tags"]:
        parts += [f"<h2>{escape(tag['name'])}</h2>", f"<p>{_inline(tag['description'])}</p>"]
        for call in calls(document, tag["name"]):
            parts += _call_html(_at(call, address or LOCAL))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def _at(call: Call, address: str) -> Call:
    moved = [Example(*(part.replace(LOCAL, address) for part in e)) for e in call.examples]
    return call._replace(examples=moved)


def _call_html(call: Call) -> Iterator[str]:
    yield f"<h3><code>{escape(call.heading)}</code></h3>"
    for paragraph in f"{call.summary}. {call.description}".split("\n\n"):
        yield f"<p>{_inline(paragraph)}</p>"
    if call.fields:
        items = "".join(
            f"<li><code>{escape(name)}</code>: {_inline(takes)}</li>" for name, takes in call.fields
        )
        yield f"<ul>{items}</ul>"
    for example in call.examples:
        yield f'<pre tabindex="0">$ {escape(example.command)}\n{escape(example.output)}</pre>'


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _fields(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for parameter in operation.get("parameters", []):
        yield parameter["name"], _takes(document, parameter["schema"], parameter.get("required"))
    content = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = next(
        (c["schema"] for c in content.values() if "properties" in c["schema"]), {}
    )
    for name, field in schema.get("properties", {}).items():
        yield name, _takes(document, field, name in schema["required"])


def _takes(document: dict[str, Any], schema: dict[str, Any], required: bool | None) -> str:
    first = schema.get("anyOf", [schema])[0]
    schema = {**_resolved(document, first), **first, **schema}
    notes = ["required"] if required else []
    if schema.get("enum"):
        notes.append(", ".join(f"`{_plain(value)}`" for value in schema["enum"]))
    notes += [f"at most {schema[k]}" for k in ("maxItems", "maximum") if k in schema]
    if "default" in schema:
        notes.append(f"default `{schema['default']}`")
    return "; ".join([*notes, *filter(None, [schema.get("description")])]) or _kind(schema)


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"].get(name, {})
    return found


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(schema: dict[str, Any]) -> str:
    kinds = {"array": "a list of strings", "string": "a string"}
    return kinds.get(schema.get("type", ""), "see above")
