"""Checks over HTTP: by sending the codes of an upload only, or by sending the upload."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from hashmatch import hashers
from hashmatch.errors import ServiceError
from hashmatch.hashers import Limits, Source, View, read_bytes
from hashmatch.matching import Upload, hash_upload
from hashmatch.matching.uploads import Depth
from hashmatch.pipeline.client import calls
from hashmatch.pipeline.client.steps import Ask, Call, Work
from hashmatch.types import ORIGINAL, Action, Match, Placed

HASHERS: Final = ("pdq", "md5", "sha256")
"""What an upload is hashed by where it is not sent."""
_SEVERITY: Final[dict[str, int]] = {"pass": 0, "review": 1, "block": 2}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a service makes of an upload.

    Attributes:
        action: the most severe action of the matches; ``"pass"`` where there is none, or where a
            match of an allow-list overrules the others.
        matches: most severe first, then nearest first; overruled ones included.
        quality: of the picture, 0 to 100; None where its pixels could not be had.
        reason: the verdict in words. Names no hash.
        status: as `hashmatch.types.Verdict` has it.
    """

    action: Action
    matches: tuple[Match, ...]
    quality: int | None
    reason: str
    status: Literal["ok", "low_quality", "not_decoded"]


def by_sending(upload: Source, limits: Limits, depth: Depth = "fast") -> Call[Checked]:
    """Send the picture; nothing of it is kept there."""
    data = yield Work(lambda: bytes(read_bytes(upload, limits)))
    headers = {"content-type": "application/octet-stream"}
    path = "/v1/checks" if depth == "fast" else f"/v1/checks?depth={depth}"
    told = calls.read_object((yield Ask("POST", path, data, headers, seconds=30.0)))
    try:
        matches = tuple(_match(each, each["hasher"], each["view"]) for each in told["matches"])
        return Checked(told["action"], matches, told["quality"], told["reason"], told["status"])
    except (KeyError, TypeError, ValueError):
        raise ServiceError("The service did not give a verdict.") from None


def by_codes(upload: Source, limits: Limits) -> Call[Checked]:
    """Hash the picture here, and send only its codes.

    Raises:
        PictureError: the picture was refused, and its bytes are in no list.
    """
    chosen = [hashers.get(name) for name in HASHERS]
    hashed: Upload = yield Work(lambda: hash_upload(upload, chosen, limits))
    views = [*hashed.views, *(View(ORIGINAL, digest) for digest in hashed.digests)]
    found: list[Match] = []
    overruled = False
    for name in HASHERS:
        mine = [view for view in views if view.hash.hasher == name]
        if not mine:
            continue
        codes = [view.hash.code for view in mine]
        # what quality a turned view has is that of the picture
        results = yield from calls.match(name, codes, [mine[0].hash.quality] * len(mine))
        near = _nearest(results, mine, name)
        overruled |= any(match.action == "pass" for match in near)
        found += near
    if hashed.refusal is not None and not found:
        raise hashed.refusal
    quality = next((view.hash.quality for view in hashed.views), None)
    return _judged(found, quality, overruled=overruled, decoded=hashed.refusal is None)


def _nearest(results: Iterable[Any], views: list[View], hasher: str) -> list[Match]:
    """For each entry, the view that is nearest to it."""
    nearest: dict[int, Match] = {}
    try:
        for view, result in zip(views, results, strict=True):
            for told in result["matches"]:
                match = _match(told, hasher, view.name)
                before = nearest.get(match.entry)
                if before is None or match.distance < before.distance:
                    nearest[match.entry] = match
    except (KeyError, TypeError):
        raise ServiceError("The service did not tell what the codes match.") from None
    return list(nearest.values())


def _match(told: dict[str, Any], hasher: str, view: str) -> Match:
    placed = None
    if "placed" in told:
        said: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in told["placed"].items()
        }
        said["outline"] = tuple((float(x), float(y)) for x, y in said["outline"])
        placed = Placed(**said)
    return Match(
        told["entry"], told["list"], hasher, told["distance"], told["action"], view, placed
    )


def _judged(found: list[Match], quality: int | None, *, overruled: bool, decoded: bool) -> Checked:
    matches = sorted(found, key=lambda match: (-_SEVERITY[match.action], match.distance))
    action: Action = "pass" if overruled or not matches else matches[0].action
    status: Literal["ok", "low_quality", "not_decoded"] = "ok" if decoded else "not_decoded"
    if not matches:
        reason = "No entry is near it."
    elif overruled:
        allowing = next(match for match in matches if match.action == "pass")
        reason = f"Entry {allowing.entry} of list {allowing.list_name!r} allows it."
    else:
        first = matches[0]
        verb = "blocks it" if action == "block" else "asks for review"
        reason = (
            f"Entry {first.entry} of list {first.list_name!r} {verb} "
            f"({first.distance} bits away by {first.hasher})."
        )
    return Checked(action, tuple(matches), quality, reason, status)
