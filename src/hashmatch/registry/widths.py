"""Which hashers a registry knows, and how wide their codes are: the check at its gate."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from hashmatch.errors import HasherMismatchError, InvalidHashError, UnknownHasherError
from hashmatch.registry import audit, clock
from hashmatch.registry.schema import hashers
from hashmatch.types import Hash


class Width(NamedTuple):
    """A hasher as the registry knows it."""

    hasher_id: int
    bits: int


def read(connection: Connection) -> dict[str, Width]:
    """Every known hasher."""
    rows = connection.execute(select(hashers.c.name, hashers.c.id, hashers.c.bits))
    return {name: Width(hasher_id, bits) for name, hasher_id, bits in rows}


def make_known(connection: Connection, name: str, bits: int) -> None:
    """Make a hasher known; again and again is as good as once."""
    known = read(connection).get(name)
    if known is None:
        if not (0 < len(name) <= 64 and name.isidentifier()):
            raise InvalidHashError(
                f"A hasher cannot be called {name[:80]!r}; a name is a short Python identifier."
            )
        if bits <= 0 or bits % 8 or bits > 65_536:
            raise InvalidHashError(
                f"A code of {name} cannot have {bits} bits; it has whole bytes, at most 8,192."
            )
        connection.execute(insert(hashers).values(name=name, bits=bits))
        audit.append(connection, clock.now(), "hasher.know", f"hasher {name}", bits=bits)
    elif known.bits != bits:
        raise HasherMismatchError(
            f"This registry holds {name} hashes of {known.bits} bits; {bits} bits cannot be "
            "compared with them. Give the other form of the hasher a name of its own."
        )


def check(value: Hash, widths: Mapping[str, Width]) -> int:
    """The id of a hash's hasher, where the hash is one that can be kept.

    Raises:
        UnknownHasherError: the registry does not know the hasher.
        InvalidHashError: the code is not as wide as the hasher's, or the quality not 0 to 100.
    """
    width = widths.get(value.hasher)
    if width is None:
        raise UnknownHasherError(
            f"This registry does not know a hasher {value.hasher[:64]!r}; "
            f"it knows {', '.join(sorted(widths))}."
        )
    if 8 * len(value.code) != width.bits:
        raise InvalidHashError(
            f"a {value.hasher} hash has {width.bits // 4} hexadecimal digits, "
            f"not {2 * len(value.code)}"
        )
    if value.quality is not None and not 0 <= value.quality <= 100:
        raise InvalidHashError(f"a quality is from 0 to 100, not {value.quality}")
    return width.hasher_id
