"""XML of a stranger, read without doctypes: none can define entities, or name files to include.

Expat is asked directly, with every feature refused that an attack on a reader of XML needs; a
document that breaks off is told from one that is whole, and what came before the break is kept.
"""

from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAX_DEPTH: Final = 32


class Document(NamedTuple):
    """What could be read: the root element, None where nothing could; names without namespaces.

    Attributes:
        root: the root element; elements that had not ended at the break are ended there.
        is_whole: the document was read to its end.
    """

    root: Element | None
    is_whole: bool


class _RefusedError(Exception):
    """The document uses what is not taken from strangers."""


def read(body: bytes) -> Document:
    """Read a document, or as much of it as there is."""
    builder = TreeBuilder()
    open_names: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_names) == MAX_DEPTH:
            raise _RefusedError
        open_names.append(_local(name))
        builder.start(open_names[-1], attributes)

    def end(name: str) -> None:
        del name
        builder.end(open_names.pop())

    def refuse(*_: object) -> int:
        raise _RefusedError

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, _RefusedError, ValueError, LookupError):
        is_whole = False
    else:
        is_whole = True
    if not is_whole:
        # what is open at the break has not all been read: its children have, but for the last
        while open_names:
            builder.end(open_names.pop())
    try:
        return Document(builder.close(), is_whole)
    except AssertionError:  # no element at all
        return Document(None, is_whole=False)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
