"""What is seen in the place of a picture whose hash is near: pure policy, without pictures."""

import pytest
from placed import LIST, SEARCHED, near_by, there

from hashmatch.hashers import get
from hashmatch.matching import policy
from hashmatch.matching.in_place import InPlace


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (InPlace(64, 0, None, 0.0, there()), "block"),
        (InPlace(64, 98, None, 0.19, there(other=9.0, lost=9.0, apart=128.0)), "block"),  # blurred
        (InPlace(64, 118, None, 0.2, there(other=2.4)), "block"),
        (InPlace(64, 118, None, 0.2, there(other=2.5)), "pass"),  # another post in the same app
        (InPlace(64, 20, None, 0.2, there(lost=2.0, apart=116.0)), "pass"),
        (InPlace(64, 20, None, 0.2, there(lost=2.0, apart=115.0)), "block"),
        (InPlace(64, 20, None, 0.35, there()), "block"),  # under a banner
        (InPlace(64, 20, None, 0.36, there()), "pass"),
        (InPlace(64, 14, None, 0.06, there(same=4.9, lost=1.0, apart=116.0)), "pass"),  # one page
        (InPlace(64, 14, None, 0.06, there(same=5.0, lost=1.0, apart=116.0)), "block"),
        (InPlace(64, 98, None, 0.06, there(same=4.9, lost=5.0, apart=116.0)), "block"),  # blurred
        (InPlace(48, 118, None, 0.0, there()), "block"),
        (InPlace(47, 75, None, 0.12, there()), "block"),
        (InPlace(47, 76, None, 0.0, there()), "pass"),  # another logo
        (InPlace(47, None, None, 0.13, there()), "pass"),
        (InPlace(64, 44, 78, 0.0, there(bare=0.09)), "review"),  # clipped to black and white
        (InPlace(64, 44, 79, 0.0, there(bare=0.09)), "pass"),  # the same form, filled in anew
        (InPlace(64, 44, 79, 0.0, there(bare=0.09)._replace(paper=0.75)), "block"),
        (InPlace(64, 44, 79, 0.0, there(bare=0.1)), "block"),
        (InPlace(64, 44, None, 0.0, there(bare=0.09)), "block"),
    ],
)
def test_a_near_hash_is_denied_by_what_is_seen_in_its_place(seen, expected):
    assert near_by(seen) == expected


def test_of_what_is_near_by_a_rectangle_another_page_or_collage_is_denied_only():
    """Its parts tell of all else, and the rectangle may be off by some samples."""
    filled_in = InPlace(64, 44, 79, 0.0, there(bare=0.09))
    assert near_by(filled_in, view="rectangle-3") == "pass"
    assert near_by(filled_in._replace(worst=78), view="rectangle-3") == "review"
    assert near_by(filled_in._replace(worst=45), view="rectangle-3") == "block"
    elsewhere = InPlace(64, 20, None, 0.9, there())
    assert near_by(elsewhere) == "pass"
    assert near_by(elsewhere, view="rectangle-3") == "block"


@pytest.mark.parametrize(("bits", "bare", "worst", "expected"), [
    (32, 0.28, 90, "review"), (32, 0.28, 91, "pass"), (32, 0.29, 128, "review"),
    (31, 0.28, 128, "block"), (32, 0.28, None, "review"),
])  # fmt: skip
def test_of_a_screen_that_is_not_very_near_no_place_may_be_another(bits, bare, worst, expected):
    seen = InPlace(64, 44, worst, 0.0, there(bare=bare))
    near = policy.Near(7, LIST, get("pdq"), bits, 90, in_place=seen)
    assert policy.judge([near], SEARCHED, [LIST]).action == expected


@pytest.mark.parametrize(("bare", "hole", "same", "expected"), [
    (0.28, 1.2, 3.9, "pass"), (0.29, 1.2, 3.9, "block"), (0.28, 1.1, 3.9, "block"),
    (0.28, 1.2, 4.0, "block"),
])  # fmt: skip
def test_of_a_near_chat_the_picture_in_it_tells(bare, hole, same, expected):
    seen = InPlace(64, 40, 70, 0.1, there(same=same, other=4.0, bare=bare)._replace(hole=hole))
    near = policy.Near(7, LIST, get("pdq"), 30, 90, in_place=seen)
    assert policy.judge([near], SEARCHED, [LIST]).action == expected


@pytest.mark.parametrize(("bits", "strict", "expected"), [
    (31, True, "block"), (32, True, "pass"), (32, False, "review"), (40, False, "review"),
])  # fmt: skip
def test_where_parts_would_say_more_a_hash_must_be_very_near(bits, strict, expected):
    near = policy.Near(7, LIST, get("pdq"), bits, 90, "rectangle-1", strict=strict)
    assert policy.judge([near], SEARCHED, [LIST]).action == expected


@pytest.mark.parametrize(("bits", "worst", "expected"), [
    (10, 45, "block"), (31, 45, "block"), (31, None, "block"), (10, 46, "review"),
    (20, 78, "review"), (21, 71, "pass"), (21, 70, "review"), (31, 70, "review"),
    (32, 45, "pass"), (32, None, "pass"),
])  # fmt: skip
def test_the_further_a_form_is_the_less_may_differ_in_one_place(bits, worst, expected):
    seen = InPlace(64, 44, worst, 0.0, there(bare=0.09))
    near = policy.Near(7, LIST, get("pdq"), bits, 90, in_place=seen)
    assert policy.judge([near], SEARCHED, [LIST]).action == expected
