"""What a person submits of a picture: its fingerprints, each with what of the picture it is of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from hashmatch.errors import InvalidHashError
from hashmatch.types import Hash

Kind = Literal["whole", "view"]
"""``whole``: the picture, or its file, as it is; ``view``: another rendering of the picture."""

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


def check(fingerprint: Fingerprint) -> None:
    """Refuse what no fingerprint can be.

    Raises:
        InvalidHashError: an unknown kind; a view without a name, or a name without a view.
    """
    # callers without types (a request) come here too
    if fingerprint.kind not in KINDS:
        raise InvalidHashError(
            f"There is no kind of fingerprint {str(fingerprint.kind)[:40]!r} here; "
            f"there are {', '.join(KINDS)}."
        )
    if fingerprint.kind != "view":
        if fingerprint.view is not None:
            raise InvalidHashError("Only a fingerprint of the kind 'view' has the name of a view.")
    elif fingerprint.view is None or not _VIEW.fullmatch(fingerprint.view):
        raise InvalidHashError(
            "A fingerprint of the kind 'view' says which view it is of, in 1 to 32 of a-z, 0-9 "
            "and '-', such as 'flip-y'."
        )
