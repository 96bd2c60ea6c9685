"""A place as parts find it, what is seen in that of a near hash, and what lists make of them."""

from dataclasses import replace
from datetime import UTC, datetime

from hashmatch.hashers import get
from hashmatch.matching import policy
from hashmatch.matching.there import InTheirPlaces
from hashmatch.registry import HashList
from hashmatch.types import ORIGINAL, PLACED, Hash, Placed

LIST = HashList(1, "listed", datetime(2026, 1, 1, tzinfo=UTC))
SEARCHED = Hash("pdq", bytes(32), 90)
CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
WHOLE = Placed(
    turn=0.0, scale=1.0, mirrored=False, outline=CORNERS, votes=20, coverage=0.5, worst=None,
    visible=1.0, whole_distance=6, tile_distance=4, tile_bits=(2.0, 5.0, 10.0), tiles=50,
    foreign=0.0, agreement=0.0, alike=(24, 26),
    bare_same=20.0, bareness=0.5, paper=1.0, bare_other=0.0, same_in=(0.0, 0.0, 1.0, 1.0),
    holes=0.0, hole=0.0, lost=0.0, lost_bits=None,
    by_bits=(18.0, 1.5, 0.5, 0.0, 0.0, 0.0, 0.0), parted=0.0, other=0.75,
    fills=1.0, single=False, evidence=9.0,
)  # fmt: skip

PLAIN = replace(
    WHOLE, coverage=0.8, agreement=0.7, worst=20, bare_same=40.0, bareness=0.9, paper=0.4, votes=40,
    alike=(50, 52), by_bits=(36.0, 3.0, 1.0, 0.0, 0.0, 0.0, 0.0), other=0.02,
)  # fmt: skip
"""A copy of a photograph over which nothing lies."""


def action(placed, distance=None, hash_list=LIST, **more):
    return verdict(placed, distance, hash_list, **more).action


def verdict(placed, distance=None, hash_list=LIST, **more):
    known = [d for d in (placed.whole_distance, placed.tile_distance) if d is not None]
    bits = min(known, default=60) if distance is None else distance
    near = policy.Near(7, hash_list, policy.PARTS, bits, 90, PLACED, placed=placed, **more)
    return policy.judge([near], SEARCHED, [hash_list])


def there(same=20.0, other=0.0, lost=0.0, apart=None, bare=0.5):
    return InTheirPlaces(
        None, same, 0.5, bare, other, 0.0, 0.0, lost, apart,
        by_bits=(same, 0.0, 0.0, 0.0, 0.0, 0.0, other), parted=0.0, paper=1.0,
    )  # fmt: skip


def near_by(seen, bits=20, view=ORIGINAL):
    near = policy.Near(7, LIST, get("pdq"), bits, 90, view, in_place=seen)
    return policy.judge([near], SEARCHED, [LIST]).action
