"""Submitted pictures as JSON says them, and what became of them."""

from typing import Any

from hashmatch.registry import Fingerprint, Picture, PictureOutcome


def told(picture: Picture) -> dict[str, Any]:
    """A picture, as it is sent."""
    return {"fingerprints": [_fingerprint(each) for each in picture]}


def outcomes(told: Any) -> tuple[PictureOutcome, ...]:
    """What a service says became of pictures.

    Raises:
        KeyError: it does not say so.
        TypeError: likewise.
    """
    return tuple(PictureOutcome(each["state"], each["reason"]) for each in told)


def _fingerprint(fingerprint: Fingerprint) -> dict[str, Any]:
    said = {
        "kind": fingerprint.kind,
        "hasher": fingerprint.hash.hasher,
        "hash": fingerprint.hash.hex,
        "quality": fingerprint.hash.quality,
    }
    return said if fingerprint.view is None else {**said, "view": fingerprint.view}
