import numpy as np
import pytest

from hashmatch import hash_image
from hashmatch.hashers import View, views_of
from hashmatch.matching import Upload
from hashmatch.types import Hash


@pytest.fixture
def framed(photo):
    """The photograph with a border of its own shape, which plain PDQ does not see through."""
    pixels = np.full((photo.shape[0] + 160, photo.shape[1] + 160, 3), 240, np.uint8)
    pixels[80:-80, 80:-80] = photo
    return pixels


def listed(registry, matcher, *hashes):
    registry.add("default", hashes, source="test")
    matcher.refresh()


def test_a_picture_inside_a_border_is_blocked_and_the_verdict_says_so(
    registry, matcher, photo, framed
):
    listed(registry, matcher, hash_image(photo))
    assert hash_image(framed) - hash_image(photo) > 60
    verdict = matcher.check(framed)
    assert verdict.action == "block"
    assert verdict.matches[0].view in {"trimmed", "rectangle-1"}
    assert "picture" in verdict.reason.split("(")[1]


def test_and_mirrored_as_well(registry, matcher, photo, framed):
    listed(registry, matcher, hash_image(photo))
    (match,) = matcher.check(np.ascontiguousarray(framed[:, ::-1])).matches
    assert match.view.endswith("/flip-y")
    assert "mirrored left to right" in matcher.check(framed[:, ::-1].copy()).reason


@pytest.mark.parametrize(("turned", "away", "action"), [
    (False, 31, "block"), (False, 40, "review"), (True, 31, "block"), (True, 40, "pass"),
])  # fmt: skip
def test_what_is_turned_within_a_picture_is_looked_for_near_by_only(
    turned, away, action, registry, matcher, framed, flip
):
    views = {view.name: view.hash for view in views_of(framed)}
    name = next(name for name in views if name.startswith(("trimmed", "rectangle")))
    wanted = views[f"{name}/rotate-90" if turned else name]
    listed(registry, matcher, Hash("pdq", flip(wanted.code, away), 100))
    assert matcher.check(framed).action == action


@pytest.mark.parametrize(("given", "seen", "action"), [
    (44, 43, "review"), (46, 40, "review"), (46, 41, "pass"), (45, 31, "block"),
])  # fmt: skip
def test_a_view_hides_no_other_that_counts_where_another_list_reaches_further(
    registry, matcher, flip, given, seen, action
):
    registry.create_list("wider", review_threshold=90)
    code = bytes(range(32))
    listed(registry, matcher, Hash("pdq", code, 100))
    views = (
        View("original", Hash("pdq", flip(code, given), 90)),
        View("rotate-90", Hash("pdq", flip(code, seen), 90)),
    )
    assert matcher.judge(Upload((), views)).action == action


def test_the_quality_that_counts_is_that_of_the_view(registry, matcher):
    """A picture on an empty page: the page tells little, the picture enough; and the reverse."""
    page, picture = bytes(32), bytes([255] * 32)
    listed(registry, matcher, Hash("pdq", picture, 100))
    for qualities, action in (((20, 90), "block"), ((90, 20), "pass")):
        views = (
            View("original", Hash("pdq", page, qualities[0])),
            View("trimmed", Hash("pdq", picture, qualities[1])),
        )
        assert matcher.judge(Upload((), views)).action == action
