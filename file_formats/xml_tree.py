"""Elements of an XML document with the places of their bytes."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from file_formats.errors import FormatError
from file_formats.xml_tokens import Token, read_xml

_MAX_NODES = 500_000  # in memory together, some 150 MB


@dataclass(slots=True)
class Node:
    """``data[start:end]``: an element; text, without a name; or something else, named ``#``."""

    name: str
    start: int
    end: int
    inner: tuple[int, int] = (0, 0)
    """What is between an element's tags."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    children: "list[Node]" = field(default_factory=list)
    holds_wanted: bool = False
    """Whether one of the elements that were looked for is within it."""

    def child(self, name: str) -> "Node | None":
        return next((child for child in self.children if child.name == name), None)


def find_elements(
    data: bytes, wanted: Collection[str], prefixes: Mapping[str, str], skipped: Collection[str] = ()
) -> Iterator[Node]:
    """The outermost elements of these names, whole; none within an element that is skipped."""
    stack: list[Node] = []
    count = 0
    for token in _without(skipped, read_xml(data, prefixes)):
        if stack:
            count += 1
            if count > _MAX_NODES:
                raise FormatError(f"A part of the file has more than {_MAX_NODES} elements.")
            done = _grow(stack, token, wanted)
            if done is not None:
                yield done
                count = 0
        elif token.kind == "start" and token.name in wanted:
            stack.append(_opened(token))


def _without(skipped: Collection[str], tokens: Iterator[Token]) -> Iterator[Token]:
    """Those that are in no element of these names."""
    depth = outside = 0
    for token in tokens:
        depth += (token.kind == "start") - (token.kind == "end")
        if token.kind == "start" and not outside and token.name in skipped:
            outside = depth
        if not outside:
            yield token
        elif token.kind == "end" and depth < outside:
            outside = 0


def _opened(token: Token) -> Node:
    return Node(token.name, token.start, -1, (token.end, -1), token.attributes)


def _grow(stack: list[Node], token: Token, wanted: Collection[str]) -> Node | None:
    """The outermost element, once it is whole."""
    node = stack[-1]
    if token.kind == "start":
        stack.append(_opened(token))
        node.children.append(stack[-1])
        if token.name in wanted:
            _tell(stack[:-1])
    elif token.kind == "end":
        stack.pop()
        node.inner, node.end = (node.inner[0], token.start), token.end
        return None if stack else node
    else:
        name = "" if token.kind == "text" else "#"
        node.children.append(Node(name, token.start, token.end, text=token.text))
    return None


def _tell(ancestors: list[Node]) -> None:
    for node in reversed(ancestors):
        if node.holds_wanted:
            return
        node.holds_wanted = True
