"""A progress bar with rate and remaining time, on standard error, where a person looks on."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

FEW: Final = 4
"""Steps that are done before a bar could be read."""


@contextmanager
def progress(total: int, doing: str) -> Iterator[Callable[[], None]]:
    """Show how far some work is; the function that is given counts one step."""
    if total <= FEW or not sys.stderr.isatty():
        yield lambda: None
        return
    with _bar() as bar:
        task = bar.add_task(doing, total=total, rate="")

        def advance() -> None:
            bar.advance(task)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{speed:.0f}/s" if speed else "")

        yield advance


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """Show long work of several kinds: the function is told which, how much of it, and of all."""
    if not sys.stderr.isatty():
        yield lambda _doing, _done, _total: None
        return
    with _bar() as bar:
        tasks: dict[str, TaskID] = {}

        def told(doing: str, done: int, total: int) -> None:
            if doing not in tasks:
                tasks[doing] = bar.add_task(doing, total=total, rate="")
            bar.update(tasks[doing], completed=done, total=total)
            speed = next(task.speed for task in bar.tasks if task.id == tasks[doing])
            bar.update(tasks[doing], rate=f"{speed:,.0f}/s" if speed else "")

        yield told


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


@contextmanager
def measured(doing: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """Show work that reports how much is done, and of how much; None where nobody looks on."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def told(total: int) -> Iterator[Callable[[str], None]]:
    """Show long steps by their names; the function that is given is called before each."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, completed=-1)
        yield lambda step: bar.update(task, advance=1, description=step)
