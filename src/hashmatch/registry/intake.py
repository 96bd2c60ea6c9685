"""What becomes of a submitted picture: which of its fingerprints are taken, and why not the rest.

Nobody looks at what a person submits, so that what can be seen of a hash alone has to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from hashmatch.registry import degenerate
from hashmatch.registry.degenerate import DIGESTS
from hashmatch.registry.fingerprints import Fingerprint, Picture, is_whole
from hashmatch.registry.hold_reasons import Hold
from hashmatch.registry.lists import HashList

PictureState = Literal["live", "review", "refused", "withdrawn"]
"""``live``: looked for; ``review``: after somebody has looked at it; ``refused``: not at all;
``withdrawn``: no longer for this case."""

Reason = Literal["low_quality", "degenerate", "allow_listed", "held"]
"""Why a picture, or some of its fingerprints, were not simply taken."""

_TAKEN: Final = "This picture is being looked for."
_TAKEN_BACK: Final = "This case was taken back, and no longer asks to look for this picture."
_WORDS: Final[dict[tuple[PictureState, Reason], str]] = {
    ("live", "low_quality"): "Too little can be seen in this picture to find altered copies of it. "
    "Exact copies are being looked for.",
    ("live", "degenerate"): "This picture is nearly flat, or one pattern throughout, so that "
    "altered copies of it cannot be told from other pictures. Exact copies are being looked for.",
    ("refused", "degenerate"): "This picture is nearly flat, or one pattern throughout, so that it "
    "cannot be told from other pictures and cannot be looked for.",
    ("review", "allow_listed"): "This picture looks like one that is known to be harmless. A "
    "person decides on what matches it, before anything is blocked.",
    ("review", "held"): "This picture is known already. A person decides on what matches it, "
    "before anything is blocked.",
    ("refused", "low_quality"): "Too little can be seen in this picture to tell it from others, so "
    "it cannot be looked for.",
}


@dataclass(frozen=True, slots=True)
class PictureOutcome:
    """What became of one submitted picture.

    Attributes:
        state: see `PictureState`.
        reason: why it is not simply live; None where it is.
    """

    state: PictureState
    reason: Reason | None = None

    @property
    def words(self) -> str:
        """The same as a plain sentence, for the person who submitted it."""
        if self.state == "withdrawn":
            return _TAKEN_BACK
        return _TAKEN if self.reason is None else _WORDS[self.state, self.reason]

    @property
    def kept(self) -> str:
        """As it stands in the database; `outcomes_from` reads it."""
        return self.state if self.reason is None else f"{self.state}:{self.reason}"


LIVE: Final = PictureOutcome("live")
WITHDRAWN: Final = PictureOutcome("withdrawn")


@dataclass(frozen=True, slots=True)
class Examined:
    """A picture after the checks.

    Attributes:
        taken: its fingerprints that become entries.
        outcome: what became of it.
        parts: its parts and tiles; None where there are none, or its looks are not searched.
    """

    taken: tuple[Fingerprint, ...]
    outcome: PictureOutcome
    parts: bytes | None = None


def examine(picture: Picture, hash_list: HashList) -> Examined:
    """Look at one picture.

    A fingerprint by which strangers' pictures would be found is left out. What is left is taken,
    if only the digests of the file: by them, exact copies are found. Parts are taken with the hash
    of the whole picture, which says what is where they say.
    """
    searched = [each for each in picture if each.kind != "parts"]
    reasons = [_why_not(each, hash_list) for each in searched]
    taken = tuple(each for each, why in zip(searched, reasons, strict=True) if why is None)
    why = next((why for why in reasons if why is not None), None)
    if not taken:
        return Examined((), PictureOutcome("refused", why))
    only_digests = all(each.hash.hasher in DIGESTS for each in taken)
    outcome = PictureOutcome("live", why) if why and only_digests else LIVE
    parts = next((each.hash.code for each in picture if each.kind == "parts"), None)
    return Examined(taken, outcome, parts if any(map(is_whole, taken)) else None)


def kept(outcomes: Iterable[PictureOutcome]) -> str:
    """What became of the pictures of a case, as one line for the database."""
    return ",".join(each.kept for each in outcomes)


def outcomes_from(line: str) -> tuple[PictureOutcome, ...]:
    """What `kept` made the line from."""
    parts = (each.partition(":") for each in line.split(",") if each)
    return tuple(PictureOutcome(state, reason or None) for state, _, reason in parts)  # type: ignore[arg-type]  # our own words


def in_review(outcome: PictureOutcome, holds: Iterable[Hold]) -> PictureOutcome:
    """What became of a picture some of whose entries are held back."""
    whys = {*holds}
    if not whys:
        return outcome
    return PictureOutcome("review", "allow_listed" if "allow_listed" in whys else "held")


def _why_not(fingerprint: Fingerprint, hash_list: HashList) -> Reason | None:
    if degenerate.is_degenerate(fingerprint.hash):
        return "degenerate"
    quality = fingerprint.hash.quality
    if quality is not None and quality < hash_list.min_quality:
        return "low_quality"
    return None
