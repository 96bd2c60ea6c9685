import math

from hashmatch.registry import phrases


def test_a_phrase_has_at_least_64_random_bits():
    words = phrases.word_list()
    assert len(set(words)) == len(words)
    assert phrases.WORDS * math.log2(len(words)) >= 64
    assert len(phrases.new().split()) == phrases.WORDS
    assert len({phrases.new() for _ in range(200)}) == 200


def test_the_words_are_easy_to_write_down():
    for word in phrases.word_list():
        assert word.isascii()
        assert word.isalpha()
        assert word.islower()
        assert 3 <= len(word) <= 8


def test_no_word_is_another_one_in_the_plural():
    words = set(phrases.word_list())
    assert not {word for word in words if word + "s" in words}


def test_only_the_phrase_fits_however_it_is_typed():
    kept = phrases.hash_of("acorn bridge candle daisy echo forest")
    assert kept.startswith("$argon2id$")
    assert "acorn" not in kept
    assert phrases.fits("acorn bridge candle daisy echo forest", kept)
    assert phrases.fits("  Acorn, BRIDGE-candle\n daisy. echo;forest ", kept)
    assert not phrases.fits("acorn bridge candle daisy echo", kept)
    assert not phrases.fits("bridge acorn candle daisy echo forest", kept)
    assert not phrases.fits("", kept)


def test_nothing_fits_where_nothing_is_kept():
    assert not phrases.fits("acorn bridge candle daisy echo forest", None)
    assert not phrases.fits("", None)
