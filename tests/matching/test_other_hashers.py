"""Lists with entries of hashers that others have written."""

import numpy as np
import pytest

from hashmatch import hash_image, hashers
from hashmatch.errors import HasherMismatchError, UnknownHasherError
from hashmatch.hashers import ByteHasher, PixelHasher, lookup
from hashmatch.matching import Matcher
from hashmatch.types import Hash


class Odd(PixelHasher):
    """A hasher of somebody else's, of an odd width."""

    name, bits, block_threshold, review_threshold = "odd", 72, 0, 2

    def _hash(self, pixels):
        return bytes([int(pixels.mean())]) + bytes(8), None


class Length(ByteHasher):
    """A digest of somebody else's."""

    name, bits = "length", 32

    def _hash(self, data):
        return len(data).to_bytes(4)


class TestHashersOfOthers:
    @pytest.fixture(autouse=True)
    def _installed(self, monkeypatch):
        get = lookup.get
        monkeypatch.setattr(
            hashers,
            "get",
            lambda name: {"odd": Odd(), "length": Length()}.get(name) or get(name),
            raising=False,
        )

    def test_take_part(self, registry, matcher, photo, encode):
        registry.know_hasher("odd", 72)
        registry.know_hasher("length", 32)
        data = encode(photo, "PNG")
        registry.add("default", [Odd().hash(photo), Length().hash(data)], source="test")
        matcher.refresh()
        verdict = matcher.check(data)
        assert [(m.hasher, m.distance) for m in verdict.matches] == [("odd", 0), ("length", 0)]
        darker = (photo * 0.99).astype(np.uint8)
        assert [m.hasher for m in matcher.check(darker).matches] in ([], ["odd"])

    def test_must_be_installed_where_there_are_entries(self, registry, matcher, photo):
        registry.know_hasher("elsewhere", 64)
        registry.add("default", [Hash("elsewhere", bytes(8)), hash_image(photo)], source="test")
        before = matcher.sequence
        for _ in range(2):
            with pytest.raises(UnknownHasherError, match="'elsewhere'"):
                matcher.refresh()
        assert matcher.sequence == before
        with pytest.raises(UnknownHasherError):
            Matcher(registry)

    def test_must_have_the_width_of_the_entries(self, registry):
        registry.know_hasher("odd", 64)
        registry.add("default", [Hash("odd", bytes(8))], source="test")
        with pytest.raises(HasherMismatchError, match=r"64 bits.*72"):
            Matcher(registry)


def test_pictures_of_too_little_are_matched_by_no_hasher_of_pixels(registry, encode, monkeypatch):
    get = lookup.get
    monkeypatch.setattr(
        hashers, "get", lambda name: Odd() if name == "odd" else get(name), raising=False
    )
    registry.know_hasher("odd", 72)
    blank = np.full((64, 64, 3), 200, np.uint8)
    registry.add("default", [Odd().hash(blank)], source="test")
    verdict = Matcher(registry).check(encode(blank, "PNG"))
    assert (verdict.action, verdict.status) == ("pass", "low_quality")
