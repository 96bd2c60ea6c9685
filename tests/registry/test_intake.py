import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from submitting import one_picture, pictures_of

from hashmatch import hash_image
from hashmatch.errors import SubmissionRefusedError
from hashmatch.registry import Fingerprint, degenerate
from hashmatch.registry.degenerate import is_degenerate
from hashmatch.registry.intake import LIVE, PictureOutcome, kept, outcomes_from
from hashmatch.types import Hash

pytestmark = pytest.mark.usefixtures("quick_phrases")

Y, X = np.mgrid[:256, :256]
FLAT = {
    "white": np.full((256, 256), 255),
    "black": np.zeros((256, 256)),
    "a slope": (X + Y) // 2,
    "stripes": X // 16 % 2 * 255,
    "a square": (np.maximum(abs(X - 128), abs(Y - 128)) < 60) * 255,
}


@pytest.mark.parametrize("name", FLAT)
def test_hashes_of_flat_pictures_are_degenerate(name):
    assert is_degenerate(hash_image(FLAT[name].astype(np.uint8)))


def test_hashes_of_photographs_are_not(photographs):
    for photo in photographs.values():
        value = hash_image(photo)
        assert not is_degenerate(value)
        assert int.from_bytes(value.code).bit_count() == 128


@pytest.mark.shared
def test_hashes_of_natural_pictures_are_not(shared):
    codes = np.load(shared / "pdq_natural_crops.npy")[::20]
    assert not [code for code in codes if is_degenerate(Hash("pdq", code.tobytes()))]


@pytest.mark.parametrize(
    "value",
    [
        Hash("pdq", bytes(32)),
        Hash("pdq", b"\xff" * 32),
        Hash("pdq", b"\x0f" * 32),
        Hash("pdq", b"\x0f\xf0" * 16),
        Hash("pdq", bytes(range(1, 17)) + bytes(16)),
        Hash("phash", bytes(7) + b"\x03"),
        Hash.from_hex("md5", "d41d8cd98f00b204e9800998ecf8427e"),
        Hash("sha256", bytes(32)),
    ],
)
def test_hashes_of_nothing(value):
    assert is_degenerate(value)


@given(st.binary(min_size=16, max_size=16).filter(lambda code: len({*code}) > 1))
def test_digests_of_files_are_what_they_are(code):
    assert not is_degenerate(Hash("md5", code))


def test_a_degenerate_hash_is_refused_and_the_digest_beside_it_is_not(registry, hashes):
    flat = Fingerprint(Hash("pdq", bytes(32), 100))
    digest = Fingerprint(Hash("sha256", hashes(1)[0].code))
    with pytest.raises(SubmissionRefusedError):
        registry.submit([[flat]])
    receipt = registry.submit([[flat], [flat, digest]])
    assert [(each.state, each.reason) for each in receipt.pictures] == [
        ("refused", "degenerate"), ("live", "degenerate"),
    ]  # fmt: skip
    assert registry.count_entries("default") == 1


class TestNearAnAllowList:
    def test_a_picture_goes_to_review_with_all_that_is_new_of_it(self, registry, hashes):
        some = hashes(4)
        registry.add("default", some[:1], source="keeper")
        pictures = [*one_picture(some[:3]), *one_picture(some[3:])]
        key = "0123456789abcdef" * 2
        receipt = registry.submit(pictures, near_allowed={0}, retry_key=key)
        assert [(each.state, each.reason) for each in receipt.pictures] == [
            ("review", "allow_listed"), ("live", None),
        ]  # fmt: skip
        assert registry.held() == {2: "allow_listed", 3: "allow_listed"}
        again = registry.submit(pictures, near_allowed={0}, retry_key=key)
        assert again == receipt

    def test_a_follower_never_sees_it_live(self, registry, hashes):
        registry.submit(pictures_of(hashes(1)), near_allowed={0})
        (added,) = registry.follow(1, limit=1)
        assert (added.kind, added.held) == ("add", "allow_listed")
        (held,) = registry.follow(2)
        assert (held.kind, held.entry, held.held, held.code) == ("hold", 1, "allow_listed", None)

    def test_who_submits_it_too_is_told(self, registry, hashes):
        some = pictures_of(hashes(1))
        registry.submit(some, near_allowed={0})
        assert registry.submit(some).pictures == (PictureOutcome("review", "allow_listed"),)
        number = registry.submit(some).number
        assert (registry.case(number).active, registry.case(number).in_review) == (1, 1)
        registry.decide(1, "confirm")
        assert registry.case(number).in_review == 0
        assert registry.submit(some).pictures == (LIVE,)


def test_every_outcome_has_words_and_comes_back_from_the_database():
    outcomes = (
        LIVE,
        *(PictureOutcome("refused", why) for why in ("low_quality", "degenerate")),
        *(PictureOutcome("live", why) for why in ("low_quality", "degenerate")),
        *(PictureOutcome("review", why) for why in ("allow_listed", "held")),
    )
    assert outcomes_from(kept(outcomes)) == outcomes
    assert len({each.words for each in outcomes}) == len(outcomes)


@given(
    st.binary(min_size=32, max_size=32)
    | st.lists(
        st.sampled_from([b"ab", b"cd", b"\0\0", b"\1\0", b"xy", b"ba", b"\0\x80"]),
        min_size=16,
        max_size=16,
    ).map(b"".join)
)
def test_columns_are_those_of_a_table_of_bits(code):
    bits = np.unpackbits(np.frombuffer(code, np.uint8), bitorder="little").reshape(16, 16)
    turned = np.packbits(bits.T.reshape(-1), bitorder="little").tobytes()
    assert degenerate._has_columns(code) == degenerate._has_rows(turned)
