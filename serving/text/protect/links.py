"""URLs, e-mail addresses, domains, file paths and dotted names."""

import re
from collections.abc import Iterator

from serving.text.protect.signs import lines_with
from serving.text.protect.spans import Span

_STOP = r"\s<>\"“”„»«。，、；：！？（）「」『』【】《》"
_URL = (
    r"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9+.-]{1,20}://"  # https:// alone, too
    rf"|(?:www\.|WWW\.|mailto:|tel:)(?=[^{_STOP}]))[^{_STOP}]*"
)
_EMAIL = (
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_DOMAIN = (
    r"(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]{1,63}\.){1,8}"
    r"(?:com|org|net|edu|gov|info|io|dev|app|ai|co|eu|de|uk|fr|es|it|nl|at|ch|pl|jp|cn|ru|br"
    # In capitals no word of the next sentence: YOU.IT.
    r"|COM|ORG|NET|EDU|GOV|INFO|EU|DE|UK|FR|NL|CH|PL|JP|CN|RU|BR)"
    rf"(?![A-Za-z0-9-])(?:[/?#][^{_STOP}]*)?"
)
_PATH = (
    r"(?<![^\s(\[\"'„“«=:,])(?:~|\.\.?|#!)?/[\w@%+~.-][\w@%+~./*-]*"  # /etc/hosts ./a ~/b
    r"|(?<![\w./@$-])\$(?:[A-Za-z_]\w*|\{\w+\})(?:/[\w@%+~.*-]+)+"  # $HOME/bin ${a}/b
    r"|(?<![\w./@-])(?:src|lib|usr|etc|var|opt|assets|node_modules)/[\w@%+~.-][\w@%+~./*-]*"
    rf"|(?<!\w)[A-Za-z]:\\[^{_STOP}|?*]*"
    rf"|\\\\\w[^{_STOP}|?*]*"
)
_FILE = (
    r"(?<![\w./\\@-])[\w.-][\w./-]{0,200}\.(?:txt|md|rst|pdf|docx?|xlsx?|pptx?|csv|tsv|json|ya?ml"
    r"|toml|ini|cfg|conf|xml|html?|css|jsx?|tsx?|py|rb|go|rs|java|c|h|cpp|sh|bat|exe|dll|so|zip"
    r"|t?gz|tar|png|jpe?g|gif|svg|webp|mp[34]|mov|log|sql|lock|env|bin"
    r"|TXT|MD|RST|PDF|DOCX?|XLSX?|PPTX?|CSV|TSV|JSON|YA?ML|TOML|INI|CFG|XML|HTML?|CSS|JS|EXE|DLL"
    r"|ZIP|T?GZ|TAR|PNG|JPE?G|GIF|SVG|WEBP|MP[34]|SQL)(?![\w])"
)
_NAME = r"(?<![\w.@/-])[A-Za-z_]\w{1,63}(?:\.[A-Za-z_]\w{1,63}){2,8}(?![\w@/-])"  # java.io.File
_LINK = re.compile("|".join((_URL, _EMAIL, _PATH, _FILE, _NAME, _DOMAIN)), re.ASCII)
_SIGN = re.compile(r"[:@/\\.](?:(?<!\.)|(?=\S))")
"""Every link contains one of these, and few sentences do: it is searched first."""
_TRAILING = ".,;:!?'*_’"


def find_links(text: str) -> Iterator[Span]:
    """Each link without the punctuation of its sentence."""
    for start, stop in lines_with(_SIGN, text):
        for match in _LINK.finditer(text, start, stop):
            end = _end(match[0])
            if end > 1:
                yield Span(match.start(), match.start() + end)


def _end(link: str) -> int:
    opened = {pair: link.count(pair[1]) - link.count(pair[0]) for pair in ("()", "[]", "{}")}
    end = len(link)
    while end and (link[end - 1] in _TRAILING or _is_unopened(link[end - 1], opened)):
        end -= 1
    return end


def _is_unopened(character: str, opened: dict[str, int]) -> bool:
    """Whether the bracket closes one that the sentence opened; counts those in ``opened`` down."""
    for pair, surplus in opened.items():
        if character == pair[1] and surplus > 0:
            opened[pair] -= 1
            return True
    return False
