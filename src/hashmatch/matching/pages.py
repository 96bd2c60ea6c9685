"""When a page, a form or a chart is a listed one: all of it must be the same.

Pages of one design have near hashes, and most parts in common; what is written on them differs.
They are told by how little of them is bare (`hashmatch.hashers.bare`): figures are told in
`benchmarks/reposts/README.md`.
"""

from typing import Final

__all__ = [
    "RATHER",
    "is_another",
    "is_another_screen",
    "is_doubtful",
    "is_page",
    "is_rather_a_page",
]

PAGE: Final = 0.09
"""The share of its parts' regions that is bare, up to which what is seen is a page, or a chart: up
to 0.08. Photographs have 0.1 and more, but where they are clipped to black and white."""
PAPER: Final = 0.76
"""And how much it looks like one, at least: pages, boards and codes of 22 kinds have 0.84 and more,
photographs before a plain wall, or of thin leaves all over, of which as little is bare, up to 0.71
(2 of 180)."""
RATHER: Final = 0.28
"""And up to which it is rather a page than a photograph: a chat in which a small picture hangs."""
RATHER_PAPER: Final = 0.6
"""And how much it looks like one then: the picture does not."""
REACH: Final = 31
"""Bits of its hash up to which a page may be a listed one: its design alone brings it nearer than
other pictures ever come."""
FILLED_IN: Final = 70
"""Bits of `worst`, over which a page differs in one place: forms are the same, but what is filled
in. Copies have up to 65,"""
ANOTHER_SCREEN: Final = 90
"""And over which what is rather a page does, if its hash is no nearer than `REACH`. Copies under
lettering may, but are bare to 0.34 and more."""
CLIPPED: Final = 78
"""and up to 73 where a photograph is clipped so that it looks like a page, but has"""
HARDLY_CHANGED: Final = 20
"""bits of the whole, at most, that differ. Forms with as few have 79 and more."""
ALL_OF_IT: Final = 45
"""And bits of `worst`, up to which it is the very one. Smaller copies have up to 44, others of one
design 60 and more, but for a calendar of another month: 30."""


def is_page(bare: float, paper: float) -> bool:
    """Whether so little of what is seen is bare that it is a page.

    Args:
        bare: the share of its parts' regions that is bare, 0 to 1.
        paper: how much it looks like a page, 0 to 1 (`hashmatch.hashers.paper`).
    """
    return bare <= PAGE and paper >= PAPER


def is_rather_a_page(bare: float, paper: float) -> bool:
    """Whether it is rather a page than a photograph.

    Args:
        bare: as in `is_page`.
        paper: likewise.
    """
    return bare <= RATHER and paper >= RATHER_PAPER


def is_another(bare: float, paper: float, worst: int | None, bits: int) -> bool:
    """Whether what is seen is a page, and not the listed one.

    Args:
        bare: as in `is_page`.
        paper: likewise.
        worst: see `hashmatch.matching.there.worst`; None where too few parts tell.
        bits: in which its hash differs from the listed one's.
    """
    most = CLIPPED if bits <= HARDLY_CHANGED else FILLED_IN
    return is_page(bare, paper) and (bits > REACH or (worst is not None and worst > most))


def is_another_screen(bare: float, paper: float, worst: int | None, bits: int) -> bool:
    """Whether what is seen, where a hash is near, is rather a page, and not the listed one.

    Args:
        bare: as in `is_page`.
        paper: likewise.
        worst: as in `is_another`.
        bits: likewise.
    """
    told = bits > REACH and worst is not None and worst > ANOTHER_SCREEN
    return told and is_rather_a_page(bare, paper)


def is_doubtful(bare: float, paper: float, worst: int | None) -> bool:
    """Whether what is seen is a page that is like a listed one, but not surely that very one."""
    return is_page(bare, paper) and worst is not None and worst > ALL_OF_IT
