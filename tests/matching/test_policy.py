from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch import hashers
from hashmatch.matching.policy import Near, Reach, judge, reach, widest_reach
from hashmatch.registry import HashList
from hashmatch.types import Hash

PDQ, MD5, PHASH = hashers.get("pdq"), hashers.get("md5"), hashers.get("phash")
GOOD = Hash("pdq", bytes(32), 90)
NOW = datetime.now(UTC)


def make_list(name="default", **settings):
    return HashList(1, name, NOW, **settings)


def near(distance, hash_list=None, entry=7, hasher=PDQ, quality=90):
    return Near(entry, hash_list or make_list(), hasher, distance, quality)


def verdict(*found, searched=GOOD, **options):
    lists = list({each.hash_list.name: each.hash_list for each in found}.values())
    return judge(found, searched, lists or [make_list()], **options)


class TestReach:
    def test_of_pdq_is_what_the_list_says(self):
        for threshold, review in ((31, 45), (0, 0), (7, 200), (256, 256)):
            settings = make_list(threshold=threshold, review_threshold=review)
            assert reach(settings, PDQ) == (threshold, review)

    def test_of_another_hasher_is_what_it_advises_in_the_same_proportion(self):
        usual = Reach(PHASH.block_threshold, PHASH.review_threshold)
        assert reach(make_list(), PHASH) == usual
        wide = reach(make_list(threshold=62, review_threshold=90), PHASH)
        assert wide == (2 * usual.threshold, 2 * usual.review)
        assert reach(make_list(threshold=0, review_threshold=0), PHASH) == (0, 0)

    def test_of_digests_is_0(self):
        assert reach(make_list(threshold=256, review_threshold=256), MD5) == (0, 0)

    @given(st.integers(0, 256), st.integers(0, 256))
    def test_review_is_never_nearer_than_the_threshold(self, one, two):
        settings = make_list(threshold=min(one, two), review_threshold=max(one, two))
        for hasher in (PDQ, PHASH, MD5, hashers.get("ahash")):
            assert reach(settings, hasher).review >= reach(settings, hasher).threshold

    def test_an_allow_list_has_no_review(self):
        assert reach(make_list(allow_list=True), PDQ) == (31, 31)

    @pytest.mark.parametrize(("settings", "seen"), [
        ({}, 40), ({"review_threshold": 90}, 80), ({"review_threshold": 33}, 31),
        ({"threshold": 0, "review_threshold": 0}, 0), ({"allow_list": True}, 31),
    ])  # fmt: skip
    def test_a_view_asks_for_fewer_reviews_and_a_far_fetched_one_for_none(self, settings, seen):
        settings = make_list(**settings)
        given = reach(settings, PDQ)
        assert reach(settings, PDQ, "given") == given
        assert reach(settings, PDQ, "seen") == (given.threshold, seen)
        assert reach(settings, PDQ, "far-fetched") == (given.threshold, given.threshold)
        assert reach(settings, MD5, "seen") == (0, 0)

    def test_the_widest_of_several_lists(self):
        lists = [make_list(), make_list(review_threshold=60), make_list(threshold=1)]
        assert widest_reach(lists, PDQ) == 60
        assert widest_reach(lists, PDQ, "seen") == 53
        assert widest_reach(lists, PDQ, "far-fetched") == 31
        assert widest_reach([], PDQ) == 0


class TestViews:
    @pytest.mark.parametrize(("view", "distance", "action"), [
        ("original", 45, "review"), ("original", 46, "pass"),
        ("rotate-90", 40, "review"), ("rotate-90", 41, "pass"), ("nearest-512", 41, "pass"),
        ("rectangle-3", 40, "review"), ("rectangle-3/wider", 40, "review"),
        ("rectangle-3/wider", 41, "pass"),
        ("rectangle-3/flip-x", 31, "block"), ("rectangle-3/flip-x", 32, "pass"),
    ])  # fmt: skip
    def test_the_more_a_view_supposes_the_nearer_it_has_to_be(self, view, distance, action):
        assert verdict(near(distance)._replace(view=view)).action == action


class TestOneMatch:
    @pytest.mark.parametrize(
        ("distance", "action"),
        [(0, "block"), (31, "block"), (32, "review"), (45, "review"), (46, "pass")],
    )
    def test_thresholds_are_inclusive(self, distance, action):
        found = verdict(near(distance))
        assert found.action == action
        assert [match.distance for match in found.matches] == ([distance] if distance < 46 else [])
        assert found.status == "ok"

    def test_a_list_that_only_reviews(self):
        assert verdict(near(0, make_list(action="review"))).action == "review"

    def test_reasons(self):
        assert verdict().reason == "No entry is near it."
        assert verdict(near(1)).reason == (
            "Entry 7 of list 'default' blocks it (1 bit away by pdq, within the threshold of 31)."
        )
        assert verdict(near(40)).reason == (
            "Entry 7 of list 'default' asks for a review "
            "(40 bits away by pdq, over the threshold of 31)."
        )
        assert verdict(near(0, hasher=MD5)).reason == (
            "Entry 7 of list 'default' blocks it (the very same file by md5)."
        )
        assert verdict(near(4), near(5, entry=8)).reason.endswith("; 1 match beside it.")
        assert verdict(near(4), near(5, entry=8), near(6, entry=9)).reason.endswith(
            "; 2 matches beside it."
        )


class TestSeveralMatches:
    def test_the_most_severe_decides_and_comes_first(self):
        mild = make_list("mild", action="review")
        found = verdict(near(0, mild, 1), near(40, entry=2), near(30, entry=3), near(2, entry=4))
        assert found.action == "block"
        assert [match.entry for match in found.matches] == [4, 3, 1, 2]
        assert [match.action for match in found.matches] == ["block", "block", "review", "review"]

    def test_equal_distances_come_by_entry(self):
        found = verdict(near(3, entry=9), near(3, entry=2))
        assert [match.entry for match in found.matches] == [2, 9]

    def test_an_allow_list_overrules(self):
        allow = make_list("harmless", allow_list=True)
        found = verdict(near(0, entry=1), near(10, allow, 2), near(40, entry=3))
        assert found.action == "pass"
        assert [match.action for match in found.matches] == ["block", "review", "pass"]
        assert found.reason == (
            "Entry 2 of list 'harmless' allows it (10 bits away by pdq, within the threshold of "
            "31), and overrules 2 matches."
        )

    def test_an_allow_list_alone(self):
        allow = make_list("harmless", allow_list=True)
        found = verdict(near(0, allow))
        assert (found.action, len(found.matches)) == ("pass", 1)
        assert "overrules" not in found.reason

    def test_an_allow_list_beyond_its_threshold_says_nothing(self):
        allow = make_list("harmless", allow_list=True)
        assert verdict(near(0), near(32, allow, 2)).action == "block"


class TestQuality:
    def test_a_picture_of_too_little_is_not_matched_by_its_looks(self):
        found = verdict(near(0, quality=49), searched=Hash("pdq", bytes(32), 49))
        assert (found.action, found.matches, found.status) == ("pass", (), "low_quality")
        assert found.reason == (
            "No entry is near it. Its quality is 49, too little to be compared by its looks with "
            "list 'default'."
        )

    def test_but_by_its_bytes(self):
        found = verdict(near(0, hasher=MD5, quality=3), searched=Hash("pdq", bytes(32), 3))
        assert (found.action, found.status) == ("block", "low_quality")
        assert "the very same file by md5" in found.reason

    def test_the_minimum_is_enough(self):
        found = verdict(near(0, quality=50), searched=Hash("pdq", bytes(32), 50))
        assert (found.action, found.status) == ("block", "ok")

    def test_an_entry_of_too_little_is_not_matched_either(self):
        found = verdict(near(0, quality=10))
        assert (found.action, found.status) == ("pass", "ok")

    def test_each_list_has_its_own_minimum(self):
        bold = make_list("bold", min_quality=0)
        found = verdict(
            near(0, bold, 1, quality=20),
            near(0, entry=2, quality=20),
            searched=Hash("pdq", bytes(32), 20),
        )
        assert (found.action, found.status) == ("block", "low_quality")
        assert [match.list_name for match in found.matches] == ["bold"]
        assert found.reason.endswith("with list 'default'.")

    def test_an_unknown_quality_is_good_enough(self):
        assert verdict(near(0, quality=None)).action == "block"

    def test_many_lists_are_not_all_named(self):
        lists = [make_list(f"list-{number}") for number in range(5)]
        found = judge([], Hash("pdq", bytes(32), 1), lists)
        assert found.reason.endswith("lists 'list-0', 'list-1', 'list-2' and 2 more.")


def test_what_could_not_be_decoded_says_so():
    found = verdict(near(0, hasher=MD5), searched=Hash("md5", bytes(16)), decoded=False)
    assert (found.action, found.status) == ("block", "not_decoded")
    assert found.reason.endswith("It could not be decoded; only its exact bytes were compared.")


LISTS = st.builds(
    lambda number, low, high, action, allow: HashList(
        number, f"list-{number}", NOW, min(low, high), max(low, high), 50, action, allow
    ),
    st.integers(1, 5),
    st.integers(0, 256),
    st.integers(0, 256),
    st.sampled_from(["block", "review"]),
    st.booleans(),
)
NEARS = st.lists(
    st.builds(
        Near,
        st.integers(1, 99),
        LISTS,
        st.sampled_from([PDQ, PHASH]),
        st.integers(0, 64),
        st.sampled_from([None, 0, 49, 50, 100]),
    ),
    max_size=8,
)


@given(NEARS)
def test_laws_of_every_verdict(found):
    lists = [each.hash_list for each in found]
    result = judge(found, GOOD, lists)
    severity = [("block", "review", "pass").index(match.action) for match in result.matches]
    assert severity == sorted(severity)
    allowed = [m for m in result.matches if m.action == "pass"]
    if result.action == "pass":
        assert allowed or not result.matches
    else:
        assert not allowed
        assert result.action == result.matches[0].action
    assert len(result.matches) <= len(found)
    assert judge(found[::-1], GOOD, lists).action == result.action
