"""Checks of pictures and codes, and how a matcher is opened and closed."""

import asyncio
import io

import numpy as np
import pytest
from submitting import one_picture

from hashmatch import hash_image
from hashmatch.errors import (
    InvalidCodesError,
    InvalidRadiusError,
    NotAPictureError,
    PictureTooLargeError,
    RegistryUnavailableError,
    TruncatedPictureError,
    UnknownHasherError,
)
from hashmatch.hashers import Limits
from hashmatch.matching import Matcher
from hashmatch.registry import Registry
from hashmatch.types import Hash


@pytest.fixture
def listed(registry, matcher, photo, encode):
    """A registry with one photograph in it, that the matcher knows."""
    registry.submit(one_picture([hash_image(encode(photo, "PNG"))]))
    matcher.refresh()
    return registry


class TestCheck:
    @pytest.mark.usefixtures("listed")
    def test_the_same_picture_in_other_files(self, matcher, photo, encode):
        half = photo[::2, ::2]
        brighter = np.clip(photo.astype(int) + 20, 0, 255).astype(np.uint8)
        for copy in (
            encode(photo, "PNG"),
            encode(photo, quality=50),
            encode(half),
            encode(brighter),
            encode(photo, "WEBP"),
        ):
            verdict = matcher.check(copy)
            assert (verdict.action, verdict.status) == ("block", "ok")
            assert verdict.matches[0].entry == 1
            assert verdict.hash.hasher == "pdq"

    @pytest.mark.usefixtures("listed")
    @pytest.mark.parametrize(
        ("view", "words", "turn"),
        [
            ("flip-y", "mirrored left to right", lambda p: p[:, ::-1]),
            ("flip-x", "mirrored top to bottom", lambda p: p[::-1]),
            ("rotate-180", "turned by 180°", lambda p: np.rot90(p, 2)),
            # What was turned one way is found by turning it the other way.
            ("rotate-90", "turned by 90°", lambda p: np.rot90(p, 3)),
            ("rotate-270", "turned by 270°", np.rot90),
            ("flip-plus-1", "mirrored along the diagonal", lambda p: np.swapaxes(p, 0, 1)),
            (
                "flip-minus-1",
                "mirrored along the other diagonal",
                lambda p: np.rot90(np.swapaxes(p, 0, 1), 2),
            ),
        ],
    )
    @pytest.mark.usefixtures("listed")
    def test_turned_and_mirrored_copies(self, matcher, photo, encode, view, words, turn):
        for upload in (turn(photo), encode(np.ascontiguousarray(turn(photo)), quality=60)):
            verdict = matcher.check(upload)
            assert verdict.action == "block"
            assert [(match.view, match.hasher) for match in verdict.matches] == [(view, "pdq")]
            assert f"({words}, " in verdict.reason

    @pytest.mark.usefixtures("listed")
    def test_a_picture_as_it_is_needs_no_words_about_how_it_lies(self, matcher, photo):
        verdict = matcher.check(photo)
        assert verdict.matches[0].view == "original"
        assert "turned" not in verdict.reason
        assert "mirrored" not in verdict.reason

    def test_a_symmetric_picture_matches_an_entry_once(self, registry, matcher, photo):
        both = np.concatenate([photo, photo[:, ::-1]], axis=1)
        registry.submit(one_picture([hash_image(both)]))
        matcher.refresh()
        verdict = matcher.check(both)
        assert [(match.view, match.distance) for match in verdict.matches] == [("original", 0)]

    def test_a_stranger_passes(self, matcher, stranger, encode):
        verdict = matcher.check(encode(stranger))
        assert (verdict.action, verdict.matches, verdict.reason) == (
            "pass",
            (),
            "No entry is near it.",
        )

    @pytest.mark.usefixtures("listed")
    def test_every_form_that_a_picture_comes_in(self, matcher, photo, encode, tmp_path):
        data = encode(photo, "PNG")
        path = tmp_path / "photo.png"
        path.write_bytes(data)
        for upload in (
            data,
            bytearray(data),
            memoryview(data),
            path,
            str(path),
            io.BytesIO(data),
            photo,
        ):
            assert matcher.check(upload).matches[0].distance == 0

    def test_an_empty_registry(self, matcher, photo, encode):
        assert matcher.check(encode(photo)).action == "pass"

    def test_low_quality_is_said_and_nothing_is_matched_by_looks(self, registry, matcher, encode):
        blank = encode(np.full((64, 64, 3), 200, np.uint8), "PNG")
        registry.add("default", [hash_image(blank)], source="test")
        matcher.refresh()
        verdict = matcher.check(blank)
        assert (verdict.action, verdict.status, verdict.matches) == ("pass", "low_quality", ())
        registry.add("default", [hash_image(blank, "sha256")], source="test")
        matcher.refresh()
        verdict = matcher.check(blank)
        assert (verdict.action, verdict.status) == ("block", "low_quality")
        assert [match.hasher for match in verdict.matches] == ["sha256"]
        assert matcher.check(encode(np.full((65, 64, 3), 200, np.uint8), "PNG")).action == "pass"

    def test_digests_find_the_very_same_file(self, registry, matcher, photo, encode):
        data = encode(photo)
        registry.add("default", [hash_image(data, "md5"), hash_image(data, "sha256")], source="t")
        matcher.refresh()
        verdict = matcher.check(data)
        assert verdict.action == "block"
        assert {(match.hasher, match.distance) for match in verdict.matches} == {
            ("md5", 0),
            ("sha256", 0),
        }
        assert matcher.check(data + b" ").action == "pass"
        assert matcher.check(photo).action == "pass"  # an array has no bytes

    def test_an_allow_list_overrules(self, listed, matcher, photo, encode):
        listed.create_list("harmless", allow_list=True)
        listed.add("harmless", [hash_image(photo)], source="test")
        matcher.refresh()
        verdict = matcher.check(encode(photo))
        assert verdict.action == "pass"
        assert {match.list_name for match in verdict.matches} == {"default", "harmless"}
        assert "'harmless' allows it" in verdict.reason

    def test_the_thresholds_of_each_list(self, registry, matcher, photo, flip):
        code = hash_image(photo).code
        registry.create_list("narrow", threshold=5, review_threshold=5)
        registry.create_list("wide", threshold=5, review_threshold=60, action="review")
        registry.add("narrow", [Hash("pdq", flip(code, 6))], source="test")
        registry.add(
            "wide", [Hash("pdq", flip(code, 60)), Hash("pdq", flip(code, 61))], source="test"
        )
        matcher.refresh()
        assert [(m.list_name, m.distance, m.action) for m in matcher.check(photo).matches] == [
            ("wide", 60, "review")
        ]

    def test_entries_of_little_quality_are_not_matched_by_looks(self, registry, matcher, photo):
        registry.add("default", [Hash("pdq", hash_image(photo).code, 10)], source="test")
        matcher.refresh()
        assert matcher.check(photo).action == "pass"

    @pytest.mark.usefixtures("listed")
    def test_no_reason_holds_a_hash(self, matcher, photo, encode):
        verdict = matcher.check(encode(photo))
        assert verdict.hash.hex not in verdict.reason
        assert verdict.hash.hex not in repr(verdict)


class TestRefusals:
    @pytest.mark.usefixtures("listed")
    def test_are_raised_where_nothing_is_known_of_the_bytes(self, matcher, photo, encode, tmp_path):
        with pytest.raises(NotAPictureError):
            matcher.check(b"Dear Sir or Madam")
        with pytest.raises(TruncatedPictureError):
            matcher.check(encode(photo)[:2000])
        path = tmp_path / "letter.jpg"
        path.write_bytes(b"Dear Sir or Madam")
        with pytest.raises(NotAPictureError, match=r"letter\.jpg: "):
            matcher.check(path)
        with pytest.raises(FileNotFoundError):
            matcher.check(tmp_path / "gone.jpg")
        with pytest.raises(TypeError):
            matcher.check(7)

    def test_what_cannot_be_decoded_is_still_known_by_its_bytes(
        self, registry, matcher, photo, encode
    ):
        broken = encode(photo)[:2000]
        registry.add("default", [hash_image(broken, "sha256")], source="test")
        matcher.refresh()
        verdict = matcher.check(broken)
        assert (verdict.action, verdict.status) == ("block", "not_decoded")
        assert verdict.hash.hasher == "sha256"
        with pytest.raises(TruncatedPictureError):
            matcher.check(broken[:-1])

    def test_limits(self, registry, photo, encode):
        matcher = Matcher(registry, Limits(max_bytes=1000))
        with pytest.raises(PictureTooLargeError):
            matcher.check(encode(photo))


class TestMatch:
    def test_entries_and_distances_for_each_code(self, registry, matcher, photo, flip):
        code = hash_image(photo).code
        registry.add("default", [Hash("pdq", flip(code, n)) for n in (50, 3, 45, 0)], source="test")
        registry.withdraw([2])
        matcher.refresh()
        codes = np.frombuffer(code + bytes(32), np.uint8).reshape(2, 32)
        matches = matcher.match(codes)
        assert matches.offsets.tolist() == [0, 2, 2]
        assert matches[0].ids.tolist() == [4, 3]
        assert matches[0].distances.tolist() == [0, 45]
        assert matcher.match(codes, radius=50)[0].ids.tolist() == [4, 3, 1]
        assert matcher.match(codes, radius=0)[0].ids.tolist() == [4]
        assert len(matcher.match(codes[:0])) == 0

    def test_the_widest_list_sets_the_radius(self, registry, matcher, photo, flip):
        code = hash_image(photo).code
        registry.add("default", [Hash("pdq", flip(code, 80))], source="test")
        registry.create_list("wide", review_threshold=100)
        matcher.refresh()
        codes = np.frombuffer(code, np.uint8).reshape(1, 32)
        assert matcher.match(codes)[0].ids.tolist() == [1]

    def test_other_hashers(self, registry, matcher):
        digest = Hash("md5", bytes(range(16)))
        codes = np.frombuffer(digest.code, np.uint8).reshape(1, 16)
        assert len(matcher.match(codes, hasher="md5").ids) == 0
        registry.add("default", [digest], source="test")
        registry.create_list("two")
        registry.add("two", [digest], source="test")
        matcher.refresh()
        assert matcher.match(codes, hasher="md5")[0].ids.tolist() == [1, 2]
        assert matcher.match(codes, 0, hasher="md5")[0].distances.tolist() == [0, 0]

    def test_refusals(self, matcher):
        with pytest.raises(InvalidCodesError):
            matcher.match(np.zeros((1, 8), np.uint8))
        with pytest.raises(InvalidCodesError):
            matcher.match(bytes(32))
        with pytest.raises(InvalidRadiusError):
            matcher.match(np.zeros((1, 32), np.uint8), 257)
        with pytest.raises(UnknownHasherError):
            matcher.match(np.zeros((1, 32), np.uint8), hasher="nohash")


def test_in_an_event_loop(registry, matcher, photo):
    registry.add("default", [hash_image(photo)], source="test")
    matcher.refresh()
    codes = np.frombuffer(hash_image(photo).code, np.uint8).reshape(1, 32)

    async def ask():
        return await asyncio.gather(matcher.check_async(photo), matcher.match_async(codes, 0))

    verdict, matches = asyncio.run(ask())
    assert verdict.action == "block"
    assert matches.ids.tolist() == [1]


class TestOpen:
    def test_a_folder(self, tmp_path, photo):
        with Registry.open(tmp_path / "place") as registry:
            registry.submit(one_picture([hash_image(photo)]))
        with Matcher.open(tmp_path / "place") as matcher:
            assert matcher.check(photo).action == "block"
        matcher.close()

    def test_a_place_that_cannot_be_opened(self):
        with pytest.raises(RegistryUnavailableError):
            Matcher.open("https://registry.example")

    def test_a_matcher_leaves_a_registry_open_that_others_opened(self, registry):
        with Matcher(registry):
            pass
        assert registry.lists()

    @pytest.mark.parametrize("opened", [True, False], ids=["opened", "made"])
    def test_a_closed_matcher_answers_no_more(self, opened, registry, photo, tmp_path):
        """What is withdrawn after that would be found for ever."""
        codes = np.zeros((1, 32), np.uint8)
        matcher = Matcher.open(tmp_path / "registry") if opened else Matcher(registry)
        with matcher:
            assert matcher.check(photo).action == "pass"
        for asked in (
            lambda: matcher.check(photo),
            lambda: matcher.check_then(photo, print),
            lambda: matcher.locate(photo),
            lambda: matcher.match(codes),
            lambda: matcher.match_lists(codes),
            lambda: asyncio.run(matcher.check_async(photo)),
            lambda: matcher.sequence,
            lambda: matcher.state,
            matcher.refresh,
            lambda: matcher.follow(1.0),
        ):
            with pytest.raises(RuntimeError, match=r"closed.*Matcher\.open"):
                asked()
        matcher.close()
