"""`glossary create NAME FILE`, `list`, `show NAME`, `delete NAME`."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from client.errors import UsageError
from client.glossaries import Glossaries
from client.glossary_file import read_dictionaries
from client.pair import Pair

_USES = {
    "create": ("NAME", "FILE"),
    "list": (),
    "show": ("NAME",),
    "delete": ("NAME",),
}


def run_glossary(
    words: Sequence[str],
    pair: Pair,
    as_json: bool,
    connect: Callable[[], Glossaries],
    write: Callable[[str], None],
) -> None:
    """``words`` come after ``glossary``; a name may be an id. Raises one of `client.errors`."""
    what, *names = words or ("",)
    if what not in _USES or len(names) != len(_USES[what]):
        uses = ", ".join(" ".join((use, *takes)) for use, takes in _USES.items())
        raise UsageError(f"Glossary takes one of: {uses}.")
    if what == "create":
        name, file = names
        dictionaries = read_dictionaries(Path(file), pair)
        write(connect().create(name, dictionaries).describe() + "\n")
        return
    glossaries = connect()
    if what == "list":
        write("".join(f"{each.describe()}\n" for each in glossaries.list()))
    elif what == "delete":
        glossaries.delete(glossaries.find(*names))
    else:
        _show(glossaries, names[0], as_json, write)


def _show(glossaries: Glossaries, name: str, as_json: bool, write: Callable[[str], None]) -> None:
    terms = glossaries.terms(glossaries.find(name))
    if as_json:
        named = {"_".join(pair): _as_object(text) for pair, text in terms.items()}
        write(json.dumps(named, ensure_ascii=False) + "\n")
        return
    for (source, target), text in terms.items():
        ends = f"\t{source}\t{target}" if len(terms) > 1 else ""
        write("".join(f"{line}{ends}\n" for line in text.split("\n")))


def _as_object(text: str) -> dict[str, str]:
    pairs = (line.partition("\t") for line in text.split("\n"))
    return {term: wanted for term, _, wanted in pairs}
