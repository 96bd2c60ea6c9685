"""Where a hash came from: one short line of text that stands beside it."""

from typing import Final

from hashmatch.errors import RegistryError

MAX_LENGTH: Final = 200

_FORMULA: Final = ("=", "+", "-", "@", "'")  # a table program would run a cell that begins so


def checked(source: str) -> str:
    """The text without white space around it.

    Raises:
        RegistryError: it is empty, longer than 200 characters, or not one printable line.
    """
    text = source.strip()
    if not text:
        raise RegistryError("a source is a short text that says where a hash came from")
    if len(text) > MAX_LENGTH:
        raise RegistryError(f"a source has at most {MAX_LENGTH} characters, not {len(text)}")
    if not text.isprintable():
        raise RegistryError("a source is one line of printable characters")
    return text


def to_cell(source: str) -> str:
    """The text as a cell of a CSV file, made harmless for programs that take cells for formulas."""
    return "'" + source if source.startswith(_FORMULA) else source


def from_cell(cell: str) -> str:
    """What `to_cell` made the cell from."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
