import pytest
from submitting import one_picture

from hashmatch.errors import InvalidListError, ListExistsError, ListNotFoundError
from hashmatch.registry import HashList


def test_a_list_has_the_settings_it_was_made_with(registry):
    made = registry.create_list(
        "memes", threshold=10, review_threshold=20, min_quality=0, action="review", allow_list=True
    )
    assert made == registry.hash_list("memes")
    assert made == HashList(made.id, "memes", made.created, 10, 20, 0, "review", allow_list=True)
    assert registry.lists() == (registry.hash_list("default"), made)


def test_settings_that_are_not_given_stay(registry):
    before = registry.create_list("memes", threshold=10)
    after = registry.update_list("memes", action="review")
    assert (after.threshold, after.action) == (10, "review")
    assert after.id == before.id
    assert registry.hash_list("memes") == after


def test_thresholds_of_parts_can_be_set_and_taken_away(registry):
    made = registry.create_list("memes", part_threshold=20, part_review_threshold=20)
    assert (made.part_threshold, made.part_review_threshold) == (20, 20)
    after = registry.update_list("memes", part_threshold=None)
    assert (after.part_threshold, after.part_review_threshold) == (None, 20)
    assert registry.hash_list("memes") == after


def test_list_changes_are_in_the_feed(registry):
    made = registry.create_list("memes")
    registry.update_list("memes", threshold=5)
    registry.update_list("memes", threshold=5)  # changes nothing, so is no change
    registry.remove_list("memes")
    assert [(change.kind, change.list_id) for change in registry.follow(1)] == [
        ("set_list", made.id),
        ("set_list", made.id),
        ("remove_list", made.id),
    ]


def test_a_removed_list_takes_its_entries_along(registry, hashes):
    some = hashes(5)
    registry.create_list("old")
    registry.add("old", some, source="test")
    registry.add("default", some[:2], source="test")
    assert registry.remove_list("old") == 5
    (batch,) = registry.entries("pdq")
    assert len(batch) == 2
    assert all(change.code is None for change in registry.follow() if change.list_id != 1)
    with pytest.raises(ListNotFoundError):
        registry.hash_list("old")


def test_a_name_can_be_used_again(registry, hashes):
    first = registry.create_list("again")
    registry.add("again", hashes(1), source="test")
    registry.remove_list("again")
    second = registry.create_list("again")
    assert second.id != first.id
    assert registry.count_entries("again") == 0


@pytest.mark.parametrize("name", ["", "Memes", "-a", ".a", "a b", "a/b", "é", "a" * 65, "a\n"])
def test_names_that_a_list_cannot_have(registry, name):
    with pytest.raises(InvalidListError, match="cannot be called"):
        registry.create_list(name)


@pytest.mark.parametrize(
    "settings",
    [
        {"threshold": -1},
        {"threshold": 46},
        {"review_threshold": 30},
        {"review_threshold": 257},
        {"part_threshold": 257},
        {"part_threshold": 3.5},
        {"part_threshold": False},
        {"part_review_threshold": -1},
        {"part_threshold": 21, "part_review_threshold": 20},
        {"threshold": 3.5},
        {"threshold": True},
        {"min_quality": 101},
        {"min_quality": -1},
        {"min_quality": None},
        {"action": "pass"},
        {"allow_list": 1},
        {"colour": "red"},
    ],
)
def test_settings_that_a_list_cannot_have(registry, settings):
    with pytest.raises(InvalidListError):
        registry.create_list("memes", **settings)
    with pytest.raises(InvalidListError):
        registry.update_list("default", **settings)
    assert [known.name for known in registry.lists()] == ["default"]
    assert registry.sequence() == 1


def test_a_setting_that_cannot_be_is_named_with_its_bounds(registry):
    with pytest.raises(InvalidListError, match=r"threshold .* 0 to review_threshold, 45; not 300"):
        registry.create_list("memes", threshold=300)


def test_a_list_exists_once(registry):
    with pytest.raises(ListExistsError, match="'default'"):
        registry.create_list("default")


def test_lists_that_are_not_there(registry, hashes, tmp_path):
    for ask in (
        lambda: registry.hash_list("gone"),
        lambda: registry.update_list("gone", threshold=1),
        lambda: registry.remove_list("gone"),
        lambda: registry.count_entries("gone"),
        lambda: registry.add("gone", hashes(1), source="test"),
        lambda: registry.submit(one_picture(hashes(1)), "gone"),
        lambda: registry.import_file("gone", tmp_path / "some.txt"),
        lambda: registry.export_file("gone", tmp_path / "some.txt"),
    ):
        with pytest.raises(ListNotFoundError, match="'gone'"):
            ask()
