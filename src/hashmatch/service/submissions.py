"""Submitted pictures, as JSON says them and as a person is told of them."""

from collections.abc import Iterable
from typing import Any

from hashmatch.errors import BadRequestError
from hashmatch.registry import KINDS, Fingerprint, Picture, PictureOutcome
from hashmatch.service.bodies import Fields


def pictures_from(body: Fields, most: int) -> list[Picture]:
    """The member ``pictures``: objects of fingerprints, of which there are so many at most.

    Raises:
        BadRequestError: they are malformed, or too many.
        InvalidHashError: a hash is not hexadecimal.
    """
    pictures = [
        tuple(map(_fingerprint, each.only("fingerprints").objects("fingerprints", most)))
        for each in body.objects("pictures", most)
    ]
    count = sum(map(len, pictures))
    if count > most:
        raise BadRequestError(f"There are {count:,} fingerprints, {most:,} at most are taken.")
    return list(pictures)


def told(outcomes: Iterable[PictureOutcome]) -> list[dict[str, Any]]:
    """What became of the pictures, in the order in which they came."""
    return [{"state": each.state, "reason": each.reason, "words": each.words} for each in outcomes]


def _fingerprint(fields: Fields) -> Fingerprint:
    kind: Any = fields.text("kind")
    if kind in KINDS:  # an unknown one is refused by its name, whatever comes with it
        fields.only("kind", "hasher", "hash", "quality", "view")
    return Fingerprint(fields.hash(), kind, fields.text("view", None))
