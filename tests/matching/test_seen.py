import pytest

from hashmatch.matching.seen import in_words


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("original", ""),
        ("flip-y", "mirrored left to right"),
        ("area-512", "squashed to 512 x 512"),
        ("trimmed", "the picture inside a border"),
        ("rectangle-11", "a picture within it"),
        ("rectangle-2/rotate-90", "a picture within it, turned by 90°"),
        ("rectangle-2/wider", "a picture within it, cut a little at the left and right"),
        ("rectangle-2/taller", "a picture within it, cut a little at the top and bottom"),
        ("trimmed/flip-x", "the picture inside a border, mirrored top to bottom"),
        ("a view of tomorrow", ""),
    ],
)
def test_views_are_told_in_words(view, words):
    assert in_words(view) == words
