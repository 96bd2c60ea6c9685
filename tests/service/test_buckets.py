import random

from hypothesis import given
from hypothesis import strategies as st

from hashmatch.service import buckets
from hashmatch.service.buckets import Buckets


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_burst_and_then_so_much_a_second():
    clock = Clock()
    limit = Buckets(4, 2, clock)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 0]
    assert limit.take("a") == 0.5
    assert limit.take("b") == 0
    clock.now = 0.5
    assert limit.take("a") == 0
    assert limit.take("a") == 0.5


def test_more_than_a_bucket_holds_takes_a_full_one():
    clock = Clock()
    limit = Buckets(4, 2, clock)
    assert limit.take("a", 100) == 0
    assert limit.take("a", 100) == 2


@given(seed=st.integers(0, 1000))
def test_no_key_gets_more_than_the_burst_and_the_rate(seed):
    source, clock = random.Random(seed), Clock()
    limit = Buckets(5, 3, clock)
    taken = 0
    for _ in range(200):
        clock.now += source.choice([0, 0.01, 0.5])
        taken += limit.take("a") == 0
        assert taken <= 5 + 3 * clock.now + 1e-6


def test_who_came_seldom_is_forgotten(monkeypatch):
    clock = Clock()
    limit = Buckets(4, 2, clock)
    for key in range(50):
        limit.take(str(key))
    assert len(limit) == 50
    clock.now = 60
    limit.take("late")
    assert len(limit) == 1
    monkeypatch.setattr(buckets, "_MOST", 10)
    for key in range(50):
        limit.take(str(key))
    assert len(limit) == 10


def test_no_limit():
    limit = Buckets(1, 0)
    assert not any(limit.take("a") for _ in range(100))
    assert not len(limit)
