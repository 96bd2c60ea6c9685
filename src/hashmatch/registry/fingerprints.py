"""What a person submits of a picture: its fingerprints, each with what of the picture it is of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from hashmatch import packed
from hashmatch.errors import InvalidHashError
from hashmatch.types import Hash

Kind = Literal["whole", "view", "parts"]
"""``whole``: the picture, or its file, as it is; ``view``: another rendering of the picture;
``parts``: its parts and tiles, as `hashmatch.packed` packs them, by the hasher ``pdq-part``."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_VIEW: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One fingerprint of a picture.

    Attributes:
        hash: the hash.
        kind: what of the picture it is of; see `Kind`.
        view: the name of the rendering, for a ``view`` only: 1 to 32 of a-z 0-9 -.
    """

    hash: Hash
    kind: Kind = "whole"
    view: str | None = None


Picture = Sequence[Fingerprint]
"""All that is submitted of one picture."""


def is_whole(fingerprint: Fingerprint) -> bool:
    """Whether it is the hash that the parts of its picture belong to."""
    return fingerprint.kind == "whole" and fingerprint.hash.hasher == "pdq"


def check_picture(picture: Picture) -> None:
    """Refuse what no picture can be; see `check`.

    Raises:
        InvalidHashError: likewise; or parts more than once, or without the whole picture.
    """
    for fingerprint in picture:
        check(fingerprint)
    parts = sum(each.kind == "parts" for each in picture)
    if parts > 1 or (parts and not any(map(is_whole, picture))):
        raise InvalidHashError(
            "A picture has one fingerprint of the kind 'parts' at most, which comes with the PDQ "
            "of the whole picture."
        )


def check(fingerprint: Fingerprint) -> None:
    """Refuse what no fingerprint can be.

    Raises:
        InvalidHashError: an unknown kind; a view without a name, or a name without a view; parts
            that are none.
    """
    # callers without types (a request) come here too
    if fingerprint.kind not in KINDS:
        raise InvalidHashError(
            f"There is no kind of fingerprint {str(fingerprint.kind)[:40]!r} here; "
            f"there are {', '.join(KINDS)}."
        )
    if (fingerprint.kind == "parts") != (fingerprint.hash.hasher == packed.HASHER):
        raise InvalidHashError(
            f"A fingerprint of the kind 'parts' is one by {packed.HASHER}, and the other way round."
        )
    if fingerprint.kind == "parts":
        packed.checked(fingerprint.hash.code)
    if fingerprint.kind != "view":
        if fingerprint.view is not None:
            raise InvalidHashError("Only a fingerprint of the kind 'view' has the name of a view.")
    elif fingerprint.view is None or not _VIEW.fullmatch(fingerprint.view):
        raise InvalidHashError(
            "A fingerprint of the kind 'view' says which view it is of, in 1 to 32 of a-z, 0-9 "
            "and '-', such as 'flip-y'."
        )
