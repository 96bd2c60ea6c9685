"""Who keeps an entry in its list: the list's keeper, the open cases, and the exchanges.

It stays while any of them does.
"""

from typing import Final

from sqlalchemy import ColumnElement, exists, or_

from hashmatch.registry.schema import case_entries, cases, entries, exchange_entries

_other_cases: Final = case_entries.alias()

is_kept: Final[ColumnElement[bool]] = or_(
    entries.c.direct,
    exists().where(
        _other_cases.c.entry_id == entries.c.id,
        _other_cases.c.case_id == cases.c.id,
        cases.c.state == "open",
    ),
    exists().where(exchange_entries.c.entry_id == entries.c.id),
)
"""For a WHERE on entries."""
