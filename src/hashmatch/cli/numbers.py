"""Numbers on a command line: ``1e6`` and ``1_000_000`` are whole, and commas make lists of them."""

from typing import Any

import click


class Numbers(click.ParamType[tuple[int, ...]]):
    """Whole numbers from 1 on, apart by commas."""

    name = "numbers"

    def __init__(self, most: int = 1 << 62) -> None:
        self._most = most

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Read what was typed."""
        if isinstance(value, tuple):
            return value
        return tuple(self._number(part.strip(), param, ctx) for part in str(value).split(","))

    def _number(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = float(text)
            whole = int(number)
        except (ValueError, OverflowError):  # no number; infinite, or none at all
            self.fail(f"{text!r} is not a number such as 1000 or 1e6", param, ctx)
        if whole != number or not 1 <= whole <= self._most:
            self.fail(f"{text} is not a whole number from 1 to {self._most:,}", param, ctx)
        return whole


def flat(several: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """The numbers of an option that may be repeated: each once, rising."""
    return tuple(sorted({number for numbers in several for number in numbers}))
