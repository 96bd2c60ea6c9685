from hashmatch.bench.reposts.split import half_of


def test_the_halves_are_as_they_were_dealt():
    """For ever: results of other years are compared with these."""
    names = ["photo-001.jpg", "photo-002.jpg", "photo-003.jpg", "01.png", "03.png", "large-01.jpg"]
    assert [half_of(name) for name in names] == [
        "tuning",
        "tuning",
        "reporting",
        "tuning",
        "tuning",
        "tuning",
    ]


def test_the_halves_are_about_equal():
    halves = [half_of(f"{number}.jpg") for number in range(1000)]
    assert 450 < halves.count("tuning") < 550
