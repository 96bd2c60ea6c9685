"""Generated pages that are alike without being copies: papers, charts, apps, and what is plain."""

from collections.abc import Callable, Hashable
from typing import Final

import numpy as np

from hashmatch.bench.reposts import apps, charts, papers, plain
from hashmatch.bench.reposts.alterations.setting import Pixels

__all__ = ["PAGES", "says_the_same"]

PAGES: Final[dict[str, Callable[[np.random.Generator], Pixels]]] = {
    "documents": papers.letter,
    "letterheads": papers.letterhead,
    "forms": papers.form,
    "tickets": papers.ticket,
    "receipts": papers.receipt,
    "quote cards": papers.quote,
    "slides": papers.slide,
    "bar charts": charts.bars,
    "line charts": charts.curves,
    "pie charts": charts.pie,
    "one app": apps.inbox,
    "text chats": apps.talk,
    "weather": apps.weather,
    "settings": apps.settings,
    "calendars": apps.month,
    "code editors": apps.editor,
    "spreadsheets": apps.sheet,
    "flags": plain.flag,
    "logos": plain.logo,
    "QR codes": plain.qr_code,
    "boards": plain.board,
    "blank pages": plain.blank,
    "gradients": plain.gradient,
}
"""Kinds of pages: a random generator → another page of the kind, shape (h, w, 3)."""
_SAYS: Final[dict[str, Callable[[np.random.Generator], Hashable]]] = {
    "logos": plain.said_by_logo,
    "calendars": apps.said_by_month,
}
"""What pages say, where two may by chance say the same."""


def says_the_same(kind: str, one: np.random.Generator, other: np.random.Generator) -> bool:
    """Whether two pages of a kind are what a person calls one.

    Logos of one word and one shape are, in whatever colours; calendars of one month are, whatever
    is on. All other pages say too much for two of them to say the same.

    Args:
        kind: of `PAGES`.
        one: as the one is made from.
        other: as the other is.
    """
    says = _SAYS.get(kind)
    return says is not None and says(one) == says(other)
