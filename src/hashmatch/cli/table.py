"""A plain table: columns aligned, nothing drawn around them."""

from collections.abc import Callable, Sequence

import click


def print_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int] = (),
    style: Callable[[str], str] = str,
) -> None:
    """Print rows under heads.

    Args:
        heads: the names of the columns.
        rows: cells, as many in each row as there are heads.
        right: columns that are aligned at their right end.
        style: what is done to the last cell of each row where a terminal shows it.
    """
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for number, cells in enumerate((heads, *rows)):
        padded = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        last = padded.pop().rstrip()
        click.echo("  ".join([*padded, style(last) if number else last]).rstrip())
