"""From what a search found to a verdict. Pure: no picture, no database, no index."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from hashmatch import packed
from hashmatch.hashers import Likelihood, is_whole, likelihood
from hashmatch.matching import another, evidence
from hashmatch.matching.alignment import VOTES as PLACED_BY
from hashmatch.matching.in_place import InPlace
from hashmatch.matching.seen import in_words, placed_in_words
from hashmatch.registry import HashList, Hold
from hashmatch.types import ORIGINAL, Action, Hash, Match, Placed, Verdict

# What `HashList` is made with: here every hasher reaches as far as it advises
_USUAL_THRESHOLD: Final = 31
_USUAL_REVIEW_THRESHOLD: Final = 45

_OF_VIEWS: Final = 8, 9
"""The share of a list's review threshold, 40 of 45 bits, that counts of a view. There are up to 93,
each of which may come near an entry by chance: simple pictures did, as tickets and flags are, at 41
to 45 bits; copies of photographs are hardly ever that far by all of their views."""

_HELD: Final[dict[Hold, str]] = {
    "flood": "it matched unusually many uploads",
    "opinions": "others found that it matches wrongly",
    "allow_listed": "it is near a picture that is known to be harmless",
    "operator": "an operator decided so",
}
"""Why an entry is held back, in words."""

_PIECE: Final = 0.35
"""The share of a listed picture that is visible, below which somebody looks at it,"""
_HALF: Final = 0.56
"""and of what may be a collage: half of that is a picture that others have, too. A picture of 16:9
that is cut to a square keeps 0.5625."""

_SEVERITY: Final[dict[Action, int]] = {"block": 2, "review": 1, "pass": 0}


class Advice(Protocol):
    """What a hasher says of its distances; every `Hasher` does."""

    @property
    def name(self) -> str:
        """The hasher's name."""

    @property
    def perceptual(self) -> bool:
        """Whether distances above 0 mean anything."""

    @property
    def block_threshold(self) -> int:
        """How near a picture is taken for the same, by default."""

    @property
    def review_threshold(self) -> int:
        """How near a picture is worth a look, by default."""


class _Parts(NamedTuple):
    """What parts advise, once they have placed a picture: see `Advice`.

    Bits are those of the whole picture's hash in its place, or of its tiles. Of 2,478 altered
    copies of photographs (`benchmarks/reposts/README.md`) all that were placed lay within 31, but
    for some under large lettering; of 3,072 pairs of strangers in one dress none that was not
    mostly the same picture.
    """

    name: str = packed.HASHER
    perceptual: bool = True
    block_threshold: int = 31
    review_threshold: int = 45


PARTS: Final = _Parts()


class Reach(NamedTuple):
    """How far, in bits of one hasher, the thresholds of a list reach; both inclusive."""

    threshold: int
    review: int


class Near(NamedTuple):
    """An entry that a search found near a picture.

    Attributes:
        entry: its id.
        hash_list: its list.
        hasher: by which the two were compared.
        distance: bits in which they differ.
        quality: the lower one of the picture's and the entry's; None where neither is known.
        view: the rendering of the picture that is so near.
        held: why the entry is held back; None where it is live.
        placed: where it lies in the picture, by parts; None where hashes were compared at once.
        in_place: then what is seen of it, where the picture could be looked at once more.
        strict: whether it must be within the threshold of blocking, as parts would say more than a
            hash that is not as near, or because the picture is so plain that it has few.
    """

    entry: int
    hash_list: HashList
    hasher: Advice
    distance: int
    quality: int | None
    view: str = ORIGINAL
    held: Hold | None = None
    placed: Placed | None = None
    in_place: InPlace | None = None
    strict: bool = False


def reach(hash_list: HashList, hasher: Advice, by: Likelihood = "given") -> Reach:
    """How far a list reaches by a hasher, and a view of such a likelihood.

    A list's thresholds are bits of PDQ. Another hasher's bits mean something else: it reaches as
    far as it advises where the list has the usual thresholds, and wider or narrower as the list
    does; for parts it may say how far itself. An allow-list has no review.
    """
    near = hasher.block_threshold * hash_list.threshold // _USUAL_THRESHOLD
    far = hasher.review_threshold * hash_list.review_threshold // _USUAL_REVIEW_THRESHOLD
    if hasher.name == packed.HASHER:
        near = near if hash_list.part_threshold is None else hash_list.part_threshold
        far = far if hash_list.part_review_threshold is None else hash_list.part_review_threshold
    return of_view(Reach(near, near if hash_list.allow_list else max(near, far)), by)


def of_view(usual: Reach, by: Likelihood) -> Reach:
    """How far a reach goes by a view: a far-fetched one asks for no review."""
    share, of = _OF_VIEWS
    reviews = {"given": usual.review, "seen": usual.review * share // of, "far-fetched": 0}
    return Reach(usual.threshold, max(usual.threshold, reviews[by]))


def widest_reach(hash_lists: Iterable[HashList], hasher: Advice, by: Likelihood = "given") -> int:
    """The radius within which a search finds all that any list wants to know of."""
    return max((reach(each, hasher, by).review for each in hash_lists), default=0)


def judge(
    near: Iterable[Near], searched: Hash, hash_lists: Sequence[HashList], *, decoded: bool = True
) -> Verdict:
    """What the lists make of a picture.

    The most severe match decides, unless an allow-list has the picture: then it passes.

    Args:
        near: all entries within the reach of any list; those further away do no harm.
        searched: the hash that the verdict is to name.
        hash_lists: all lists, also those in which nothing was found.
        decoded: whether there were pixels to compare.
    """
    matches = sorted(
        (found for found in map(_match, near) if found is not None),
        key=lambda found: (-_SEVERITY[found[0].action], found[0].distance, found[0].entry),
    )
    matches = _once(matches)
    allowed = [found for found in matches if found[0].action == "pass"]
    deciding = allowed[0] if allowed else matches[0] if matches else None
    too_low = _lists_that_want_more(searched, hash_lists)
    words = [_why(deciding, len(matches), len(allowed))]
    if too_low:
        words.append(
            f"Its quality is {searched.quality}, too little to be compared by its looks with "
            f"{_named(too_low)}."
        )
    if not decoded:
        words.append("It could not be decoded; only its exact bytes were compared.")
    return Verdict(
        action="pass" if deciding is None else deciding[0].action,
        matches=tuple(match for match, _ in matches),
        hash=searched,
        reason=" ".join(words),
        status="not_decoded" if not decoded else "low_quality" if too_low else "ok",
    )


def _once(matches: list[tuple[Match, Near]]) -> list[tuple[Match, Near]]:
    """Of an entry that its parts found as well, what is more severe."""
    placed = {match.entry for match, found in matches if found.placed is not None}
    seen: set[int] = set()
    kept = []
    for match, found in matches:
        if match.entry not in seen:
            kept.append((match, found))
        if match.entry in placed:
            seen.add(match.entry)
    return kept


def _match(found: Near) -> tuple[Match, Near] | None:
    """What the entry's list makes of it; None where it is too far away, or of too little."""
    hash_list = found.hash_list
    told = found.placed
    if hash_list.allow_list:
        found = _as_of_several(found)
    too_low = found.quality is not None and found.quality < hash_list.min_quality
    if too_low and found.hasher.perceptual:
        return None
    by = likelihood(found.view) if found.placed is None else "given"
    reaches = reach(hash_list, found.hasher, by)
    if _is_denied(found, reaches.threshold):
        return None
    if _is_sure(found, reaches):
        action: Action = "pass" if hash_list.allow_list else hash_list.action
    elif not hash_list.allow_list and _is_worth_a_look(found, reaches):
        action = "review"
    else:
        return None
    if found.held is not None:
        if hash_list.allow_list:
            return None
        action = "review"
    name = found.hasher.name
    match = Match(found.entry, hash_list.name, name, found.distance, action, found.view, told)
    return match, found


def _as_of_several(found: Near) -> Near:
    """A picture as if it might be a collage: no place of an allowed one may be anything else."""
    placed, seen = found.placed, found.in_place
    if placed is not None:
        placed = replace(placed, single=False)
        placed = replace(placed, evidence=evidence.weigh(placed))
    return found._replace(
        placed=placed, in_place=None if seen is None else seen._replace(single=False)
    )


def _is_denied(found: Near, near: int) -> bool:
    """Whether more is known of an entry than a hash that is near, and says that it is not it."""
    too_far = found.strict and found.distance > near
    denied = another.is_denied if is_whole(found.view) else another.is_another_within
    collage = found.placed is not None and another.is_another_collage(found.placed)
    return too_far or collage or denied(found.in_place, found.distance)


def _is_sure(found: Near, reaches: Reach) -> bool:
    """Whether nobody has to look at it.

    Where parts have placed a picture, and not but a piece of it, evidence decides: less of it where
    hashes are near. They have to be near where but a view supposed it there; by a list that reaches
    less far than is usual; and by an allow-list, for what lies over an allowed picture is not
    allowed. By a list that blocks more, what is near is sure where others ask for a review.
    """
    is_near = found.distance <= reaches.threshold
    if found.placed is None:
        return is_near and not another.is_doubtful_page(found.in_place)
    weight = found.placed.evidence
    if _is_but_a_piece(found.placed):
        return False
    if found.hash_list.allow_list:
        return is_near and weight >= evidence.BLOCK
    if is_near and reaches.threshold > found.hasher.block_threshold:
        return weight >= evidence.REVIEW
    usual = reaches.threshold >= found.hasher.block_threshold and _reviews(reaches, found.hasher)
    anywhere = usual and found.placed.votes >= PLACED_BY
    enough = evidence.BLOCK_NEAR if is_near else evidence.BLOCK
    return (is_near or anywhere) and weight >= enough


def _is_worth_a_look(found: Near, reaches: Reach) -> bool:
    """Whether it is, by a list that reviews less than is usual only if hashes are near."""
    is_near = found.distance <= reaches.review
    if found.placed is None:
        return is_near
    return (is_near or _reviews(reaches, found.hasher)) and found.placed.evidence >= evidence.REVIEW


def _is_but_a_piece(placed: Placed) -> bool:
    """Whether so little of a listed picture is visible that a person has to judge."""
    return placed.visible < (_PIECE if placed.single else _HALF)


def _reviews(reaches: Reach, hasher: Advice) -> bool:
    """Whether a list reviews as much as a hasher advises, or more."""
    return reaches.review >= hasher.review_threshold


def _lists_that_want_more(searched: Hash, hash_lists: Sequence[HashList]) -> list[HashList]:
    quality = searched.quality
    if quality is None:
        return []
    return [each for each in hash_lists if quality < each.min_quality and not each.allow_list]


def _why(deciding: tuple[Match, Near] | None, count: int, allowed: int) -> str:
    if deciding is None:
        return "No entry is near it."
    match, found = deciding
    entry = f"Entry {match.entry} of list {match.list_name!r}"
    if found.hasher.perceptual:
        near = reach(found.hash_list, found.hasher).threshold
        seen = in_words(match.view) if found.placed is None else placed_in_words(found.placed)
        seen = f"{seen}, " if seen else ""
        where = "within" if match.distance <= near else "over"
        bits = f"{match.distance} bit{'' if match.distance == 1 else 's'} away by {match.hasher}"
        how = f"{seen}{bits}, {where} the threshold of {near}{_though(found)}"
    else:
        how = f"the very same file by {match.hasher}"
    if match.action == "pass":
        overruled = count - allowed
        rest = f", and overrules {_counted(overruled)}" if overruled else ""
        return f"{entry} allows it ({how}){rest}."
    if found.held is not None:
        how = f"{how}; it is held back, because {_HELD[found.held]}"
    verb = "blocks it" if match.action == "block" else "asks for a review"
    rest = f"; {_counted(count - 1)} beside it" if count > 1 else ""
    return f"{entry} {verb} ({how}){rest}."


def _though(found: Near) -> str:
    """What keeps a place from being near, or a sure match, in words."""
    placed = found.placed
    if placed is None:
        return ""
    reaches = reach(found.hash_list, found.hasher)
    if _is_sure(found, reaches):
        far = found.distance > reaches.threshold
        return "; wherever nothing lies over it, it is the same" if far else ""
    if placed.whole_distance is None and not placed.tiles:
        return "; too little of it visible to be compared"
    if _is_but_a_piece(placed):
        return "; so small a part of it is for a person to judge"
    return "; something else is in one place of it, or over it, which is for a person to judge"


def _counted(matches: int) -> str:
    return f"{matches} match{'' if matches == 1 else 'es'}"


def _named(hash_lists: Sequence[HashList]) -> str:
    names = ", ".join(repr(each.name) for each in hash_lists[:3])
    more = f" and {len(hash_lists) - 3} more" if len(hash_lists) > 3 else ""
    return f"list{'' if len(hash_lists) == 1 else 's'} {names}{more}"
