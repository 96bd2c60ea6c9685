"""A table with a title and a rule below its heads, as wide as it takes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashmatch.bench.wording import Table

__all__ = ["print_ruled"]


def print_ruled(title: str, table: "Table") -> None:
    """Print a table; its first column is words, the others numbers."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Drawn

    heads, rows = table
    drawn = Drawn(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for place, head in enumerate(heads):
        drawn.add_column(head, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        drawn.add_row(*row)
    console = Console()
    needed = _width([heads, *rows])
    # A table that a file, or a narrow window, cuts off is of no use: let it be as wide as it is.
    console.width = max(console.width, needed)
    console.print(drawn)


def _width(lines: Iterable[tuple[str, ...]]) -> int:
    columns = zip(*lines, strict=True)
    return sum(max(map(len, column)) + 3 for column in columns) + 2
