"""From what a search found to a verdict. Pure: no picture, no database, no index."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from hashmatch import packed
from hashmatch.matching.alignment import InPlace
from hashmatch.matching.seen import in_words, placed_in_words
from hashmatch.registry import HashList, Hold
from hashmatch.types import ORIGINAL, Action, Hash, Match, Placed, Verdict

# What `HashList` is made with: here every hasher reaches as far as it advises
_USUAL_THRESHOLD: Final = 31
_USUAL_REVIEW_THRESHOLD: Final = 45

_HELD: Final[dict[Hold, str]] = {
    "flood": "it matched unusually many uploads",
    "opinions": "others found that it matches wrongly",
    "allow_listed": "it is near a picture that is known to be harmless",
    "operator": "an operator decided so",
}
"""Why an entry is held back, in words."""

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
    copies of photographs (`benchmarks/README.md`) all that were placed lay within 31, but for some
    under large lettering; of 3,072 pairs of strangers in one dress none that was not mostly the
    same picture.
    """

    name: str = packed.HASHER
    perceptual: bool = True
    block_threshold: int = 31
    review_threshold: int = 45


PARTS: Final = _Parts()

FOREIGN: Final = 0.1
"""The share of visible tiles that may show something else: pages of one program are alike."""
SURELY_FOREIGN: Final = 0.08
"""And that may to block."""
SHOWN: Final = 0.35
"""The share of a listed picture that is visible, below which somebody looks at it: a listed collage
has pictures in it that are others' too."""
PIECE: Final = 0.55
"""And below which somebody does where it fills little of the upload: one half of a listed collage
may come back in a collage of others. A picture of 16:9 that is cut to a square keeps 0.56."""
OVERLAID: Final = 75
"""Bits up to which a picture may be hidden by lettering and stickers. Distinct tiles are nearly
never so near: of 4e8 pairs of natural crops twelve were."""
AGREEMENT: Final = 0.15
"""The share of its parts that must then agree: the same lettering alone brings fewer together."""
HIDDEN: Final = 4
"""And of so many parts that agree one tile, in shares, may be hidden wholly: where a program's
page is the same and the picture in it another, parts of the picture lack as its tiles do."""
THERE: Final = 4
"""Parts that must be in their very places, where nothing flat lies over them, to ask for a look by
themselves: no stranger's is so near by chance, but ornaments and lettering may be alike."""
OTHERS: Final = 0.06
"""And of so many others, for each of them, may show something else there. Where a page, or a
collage, shows another picture, nothing lies over it, and its parts differ as strangers do."""
OTHERS_NEAR: Final = 0.15
"""The same where hashes are not far either,"""
OTHERS_AROUND: Final = 0.3
"""and where others' pictures are around it, for one may lie in the place of what was cut off."""
WITHOUT_HOLE: Final = 90
"""And bits up to which nothing in its place is another picture's: a collage of which all but one
place come back is for a person to judge."""
FILLS: Final = 0.65
"""The share of an upload that a listed picture takes, up to which what surrounds it is others'."""
SAME: Final = 0.42
"""The share of a listed picture that is there, closely, if what is around it is others'."""
GONE: Final = 0.25
"""The share of a listed picture that is not there, from which on a corner of it, where other
pictures are around, is one picture of a listed collage: others have that picture too."""
LEAST: Final = 0.3
"""And more than this share must be there, closely, to be told from one at all."""
DENIED: Final = 0.35
"""The share of its tiles that show something else, from which on a picture of near hash is another
page of one program: copies under a banner of two fifths have up to 0.32."""
DOUBTED: Final = 0.2
"""And from which on it is where parts say so as well: those of a blurred copy are lost, and its
tiles are not."""
PLAIN: Final = 48
"""Parts of which a picture has less where it is a flag, or a logo: hashes of such are near each
other, so that what is in its place must be the same too. Photographs have 64."""
PLAINLY_FOREIGN: Final = 0.12
"""Their share of tiles that show something else: flags of one layout have 0.13 and more."""
OTHERS_SEEN: Final = 0.25
"""The share of visible tiles that show something else, from which on other pictures are around,"""
CUT: Final = 0.75
"""where so much of a listed picture is visible at most. Scribbles hide tiles of what is whole."""
VOTES: Final = 8
"""Parts that must agree where too little is visible to be compared; then somebody looks at it."""


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


def reach(hash_list: HashList, hasher: Advice) -> Reach:
    """How far a list reaches by a hasher.

    A list's thresholds are bits of PDQ. Another hasher's bits mean something else: it reaches as
    far as it advises where the list has the usual thresholds, and wider or narrower as the list
    does; for parts it may say how far itself. An allow-list has no review.
    """
    near = hasher.block_threshold * hash_list.threshold // _USUAL_THRESHOLD
    far = hasher.review_threshold * hash_list.review_threshold // _USUAL_REVIEW_THRESHOLD
    if hasher.name == packed.HASHER:
        near = near if hash_list.part_threshold is None else hash_list.part_threshold
        far = far if hash_list.part_review_threshold is None else hash_list.part_review_threshold
    return Reach(near, near if hash_list.allow_list else max(near, far))


def widest_reach(hash_lists: Iterable[HashList], hasher: Advice) -> int:
    """The radius within which a search finds all that any list wants to know of."""
    return max((reach(each, hasher).review for each in hash_lists), default=0)


def widest_threshold(hash_lists: Iterable[HashList], hasher: Advice) -> int:
    """The radius within which a search finds all that any list acts on without a review."""
    return max((reach(each, hasher).threshold for each in hash_lists), default=0)


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
    too_low = found.quality is not None and found.quality < hash_list.min_quality
    if too_low and found.hasher.perceptual:
        return None
    near, far = reach(hash_list, found.hasher)
    if (found.placed is not None and _is_of_a_collage(found.placed)) or _is_denied(found.in_place):
        return None
    shown = found.placed is None or _is_shown(found.placed)
    if shown and found.distance <= near and _is_sure(found.placed):
        action: Action = "pass" if hash_list.allow_list else hash_list.action
    elif hash_list.allow_list:
        return None
    elif (shown and found.distance <= far) or _is_worth_a_look(found, far):
        action = "review"
    else:
        return None
    if found.held is not None:
        if hash_list.allow_list:
            return None
        action = "review"
    name = found.hasher.name
    match = Match(
        found.entry, hash_list.name, name, found.distance, action, found.view, found.placed
    )
    return match, found


def _is_denied(seen: InPlace | None) -> bool:
    """Whether what is seen in the place of a picture says that it is another one, of near hash."""
    if seen is None:
        return False
    if seen.parts >= PLAIN:
        return seen.foreign > DENIED or (seen.other and seen.foreign >= DOUBTED)
    return seen.foreign > PLAINLY_FOREIGN or (seen.apart is not None and seen.apart > OVERLAID)


def _is_shown(placed: Placed) -> bool:
    """Whether enough of a listed picture is visible for hashes to say that it is the one."""
    compared = placed.whole_distance is not None or placed.tiles > 0
    return compared and placed.foreign <= FOREIGN and _has_few_others(placed, OTHERS_NEAR)


def _is_sure(placed: Placed | None) -> bool:
    """Whether nobody has to look at a place where hashes are near."""
    return placed is None or (
        placed.visible >= SHOWN and not _is_piece(placed) and _is_without_hole(placed)
    )


def _is_piece(placed: Placed) -> bool:
    """Whether a piece of a listed picture is there, with much else around it."""
    return placed.visible < PIECE and placed.fills <= FILLS


def _is_of_a_collage(placed: Placed) -> bool:
    """Whether what is there is but one picture of a listed collage, or too little to tell.

    A crop of a picture, put among others, has seldom kept a corner of it.
    """
    gone = 1 - placed.visible + placed.visible * placed.foreign
    if placed.fills <= FILLS:
        return gone >= GONE and (placed.corner or placed.same <= LEAST)
    cut = placed.visible <= CUT and placed.foreign >= OTHERS_SEEN
    return cut and placed.corner


def _is_without_hole(placed: Placed) -> bool:
    """Whether nothing of what is seen in a listed picture's place seems to be of another one."""
    return placed.foreign <= SURELY_FOREIGN and (
        placed.worst is None or placed.worst <= WITHOUT_HOLE
    )


def _has_few_others(placed: Placed, share: float) -> bool:
    """Whether few parts, beside those that are there, seem to be of another picture."""
    return placed.bare_other <= share * placed.bare_same


def _is_worth_a_look(found: Near, far: int) -> bool:
    """Whether a place is, though the hashes there are not near.

    A list that reviews less than is usual wants sure matches only.
    """
    placed = found.placed
    if placed is None:
        return False
    if _is_likely(placed):
        return True
    return far >= found.hasher.review_threshold and (
        _is_overlaid(placed) or _is_beneath(placed) or _is_among(placed)
    )


def _is_overlaid(placed: Placed) -> bool:
    """Whether a picture seems to be there under lettering or stickers."""
    bits = [each for each in (placed.whole_distance, placed.tile_distance) if each is not None]
    return (
        placed.tiles > 0
        and max(bits, default=256) <= OVERLAID
        and placed.agreement >= AGREEMENT
        and placed.foreign * HIDDEN <= placed.agreement
        and _has_few_others(placed, OTHERS_NEAR)
    )


def _is_beneath(placed: Placed) -> bool:
    """Whether a picture is there wherever nothing lies over it, however much does."""
    return placed.bare_same >= THERE and _has_few_others(placed, OTHERS)


def _is_among(placed: Placed) -> bool:
    """Whether much of a picture is there, with others' where the rest of it would be."""
    return placed.fills <= FILLS and placed.same >= SAME and _has_few_others(placed, OTHERS_AROUND)


def _is_likely(placed: Placed) -> bool:
    """Whether parts alone are worth a look: nothing was compared, and many of them agree."""
    compared = placed.whole_distance is not None or placed.tiles > 0
    return not compared and placed.votes >= VOTES


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
    """What keeps a place from being a sure match, in words."""
    placed = found.placed
    if placed is None:
        return ""
    if _is_likely(placed):
        return "; too little of it visible to be compared"
    if not _is_shown(placed) or found.distance > reach(found.hash_list, found.hasher).review:
        much = "other pictures are around a part of it" if _is_among(placed) else "much is over it"
        return f"; {much}, which is for a person to judge"
    if placed.visible < SHOWN or _is_piece(placed):
        return "; so small a part of it is for a person to judge"
    hole = "; something else is in one place of it, which is for a person to judge"
    return "" if _is_without_hole(placed) else hole


def _counted(matches: int) -> str:
    return f"{matches} match{'' if matches == 1 else 'es'}"


def _named(hash_lists: Sequence[HashList]) -> str:
    names = ", ".join(repr(each.name) for each in hash_lists[:3])
    more = f" and {len(hash_lists) - 3} more" if len(hash_lists) > 3 else ""
    return f"list{'' if len(hash_lists) == 1 else 's'} {names}{more}"
