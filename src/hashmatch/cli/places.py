"""What `--registry` names: a registry that is opened here, or a service that is asked over HTTP.

A service's token is read from the environment variable ``HASHMATCH_TOKEN``: what stands on a
command line is kept by shells and seen by other users.
"""

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hashmatch.hashers import Source
    from hashmatch.matching import Matcher
    from hashmatch.matching.uploads import Depth
    from hashmatch.pipeline import Checked, Client
    from hashmatch.registry import Registry
    from hashmatch.types import Verdict

TOKEN: Final = "HASHMATCH_TOKEN"  # noqa: S105 - the name of a variable


def is_service(place: str) -> bool:
    """Whether a place is the URL of a service."""
    return place.startswith(("http://", "https://"))


def open_cases(place: str) -> "Registry | Client":
    """What opens cases, and shows and withdraws them."""
    if is_service(place):
        return _client(place)
    from hashmatch.registry import Registry

    return Registry.open(place)


@contextmanager
def open_checks(place: str, depth: "Depth") -> "Iterator[Callable[[Source], Verdict | Checked]]":
    """What checks pictures; a service is sent their codes only."""
    if is_service(place) and depth == "fast":
        with _client(place) as client:
            yield client.check
        return
    with open_matcher(place) as matcher:
        yield lambda picture: matcher.check(picture, depth)


def open_matcher(place: str) -> "Matcher":
    """What checks pictures here, also with the lists of a service."""
    from hashmatch.matching import Matcher

    matcher = Matcher.open(place, token=os.environ.get(TOKEN))
    if not matcher.entries:  # a place that was mistyped is made anew, and would pass everything
        click.echo("hashmatch: The lists have no entry yet; nothing can be found.", err=True)
    return matcher


def _client(url: str) -> "Client":
    from hashmatch.pipeline import Client

    return Client(url, os.environ.get(TOKEN))
