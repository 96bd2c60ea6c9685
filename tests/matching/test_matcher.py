import asyncio
import io
import threading

import numpy as np
import pytest
from submitting import one_picture

from hashmatch import hash_image, hashers
from hashmatch.errors import (
    HasherMismatchError,
    InvalidCodesError,
    InvalidRadiusError,
    NotAPictureError,
    PictureTooLargeError,
    RegistryUnavailableError,
    TruncatedPictureError,
    UnknownHasherError,
)
from hashmatch.hashers import ByteHasher, Limits, PixelHasher, lookup
from hashmatch.matching import Matcher
from hashmatch.matching import follower as follower_module
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


class TestRefresh:
    def test_additions_withdrawals_and_lists_become_effective(self, registry, matcher, photo):
        value = hash_image(photo)
        assert matcher.check(photo).action == "pass"
        receipt = registry.submit(one_picture([value]))
        assert matcher.check(photo).action == "pass"  # not yet
        assert matcher.refresh() == matcher.sequence == registry.sequence()
        assert matcher.check(photo).action == "block"
        registry.update_list("default", action="review")
        matcher.refresh()
        assert matcher.check(photo).action == "review"
        registry.withdraw_case(receipt.number, receipt.secret_phrase)
        matcher.refresh()
        assert matcher.check(photo).action == "pass"
        registry.create_list("other")
        registry.add("other", [value], source="test")
        matcher.refresh()
        assert matcher.check(photo).action == "block"
        registry.remove_list("other")
        matcher.refresh()
        assert matcher.check(photo).action == "pass"

    def test_following_and_loading_anew_come_to_the_same(self, registry, matcher, monkeypatch):
        generator = np.random.default_rng(3)
        for turn in range(30):
            seeds = generator.integers(0, 256, 4)
            some = [Hash("pdq", bytes([seed]) * 32) for seed in seeds]
            some += [Hash("md5", bytes([seed]) * 16) for seed in seeds[:2]]
            name = ("default", "other")[turn % 2]
            if name not in {known.name for known in registry.lists()}:
                registry.create_list(name)
            added = registry.add(name, some, source="test")
            if turn % 3 == 0:
                registry.withdraw(added.entries[::2])
            if turn % 11 == 10:
                registry.remove_list("other")
            if turn % 4 == 0:
                matcher.refresh()
        with monkeypatch.context() as patch:
            patch.setattr(follower_module, "RELOAD_AFTER", 10**9)
            matcher.refresh()
        fresh = Matcher(registry)
        assert matcher.sequence == fresh.sequence == registry.sequence()
        for hasher, width in (("pdq", 32), ("md5", 16)):
            every = np.repeat(np.arange(256, dtype=np.uint8)[:, None], width, axis=1)
            radius = 64 if hasher == "pdq" else 0
            followed = matcher.match(every, radius, hasher)
            loaded = fresh.match(every, radius, hasher)
            assert (followed.ids == loaded.ids).all()
            assert (followed.offsets == loaded.offsets).all()
            assert set(loaded.ids) == {
                int(entry) for batch in registry.entries(hasher) for entry in batch.ids
            }

    def test_far_behind_it_loads_anew(self, registry, matcher, photo, monkeypatch):
        monkeypatch.setattr(follower_module, "RELOAD_AFTER", 3)
        monkeypatch.setattr(follower_module, "PAGE", 2)
        registry.add("default", [Hash("pdq", bytes([n]) * 32) for n in range(5)], source="test")
        registry.add("default", [hash_image(photo)], source="test")
        follow, asked = registry.follow, []

        def two(after, limit=2):
            asked.append((after, limit))
            return follow(after, limit)

        monkeypatch.setattr(registry, "follow", two)
        assert matcher.refresh() == registry.sequence()
        assert len(asked) == 4  # a page; for the anchor of what was loaded; the end; the proof
        assert matcher.check(photo).action == "block"

    def test_many_pages_of_changes(self, registry, matcher):
        codes = np.random.default_rng(1).integers(0, 256, (25_000, 32), np.uint8)
        registry.add("default", [Hash("pdq", code.tobytes()) for code in codes], source="test")
        registry.withdraw(range(1, 25_001, 2))
        matcher.refresh()
        matches = matcher.match(codes[:1000], 0)
        assert matches.ids.tolist() == list(range(2, 1001, 2))

    def test_a_failure_half_way_loses_nothing(self, registry, matcher, photo, monkeypatch):
        registry.add("default", [hash_image(photo)], source="test")
        follow, calls = registry.follow, []

        def fail_on_the_second_page(after):
            calls.append(after)
            if len(calls) == 2:
                raise RegistryUnavailableError("the disk gave an error")
            return follow(after)

        with monkeypatch.context() as patch:
            patch.setattr(registry, "follow", fail_on_the_second_page)
            with pytest.raises(RegistryUnavailableError):
                matcher.refresh()
        assert matcher.check(photo).action == "pass"
        matcher.refresh()
        assert matcher.check(photo).action == "block"

    def test_what_is_added_while_it_loads_is_not_lost(self, registry, photo, stranger, monkeypatch):
        registry.add("default", [hash_image(photo)], source="test")
        entries = registry.entries

        def add_meanwhile(hasher):
            yield from entries(hasher)
            if hasher == "pdq":
                registry.add("default", [hash_image(stranger)], source="test")
                registry.withdraw([1])

        with monkeypatch.context() as patch:
            patch.setattr(registry, "entries", add_meanwhile)
            matcher = Matcher(registry)
        matcher.refresh()
        assert matcher.check(photo).action == "pass"
        assert matcher.check(stranger).action == "block"

    def test_checks_in_threads_see_one_state_while_another_refreshes(
        self, registry, matcher, photo
    ):
        """The picture is always in exactly one of two lists: each check must find it once."""
        value = hash_image(photo)
        registry.create_list("other")
        entry = registry.add("default", [value], source="test").entries[0]
        matcher.refresh()
        done, wrong = threading.Event(), []

        def check():
            while not done.is_set():
                verdict = matcher.check(photo)
                if verdict.action != "block" or not 1 <= len(verdict.matches) <= 2:
                    wrong.append(verdict)

        threads = [threading.Thread(target=check) for _ in range(3)]
        for thread in threads:
            thread.start()
        for turn in range(15):
            added = registry.add(("other", "default")[turn % 2], [value], source="test")
            registry.withdraw([entry])
            (entry,) = added.entries
            matcher.refresh()
        done.set()
        for thread in threads:
            thread.join()
        assert wrong == []


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
