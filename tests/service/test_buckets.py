import os
import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st
from other_processes import take_tokens

from hashmatch.service import buckets
from hashmatch.service.buckets import Buckets, refund, spend

SALT = b"salt"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_burst_and_then_so_much_a_second(clock):
    limit = Buckets(4, 2, salt=SALT, clock=clock)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 0]
    assert limit.take("a") == 0.5
    assert limit.take("b") == 0
    clock.now += 0.5
    assert limit.take("a") == 0
    assert limit.take("a") == 0.5


def test_more_than_a_bucket_holds_takes_a_full_one(clock):
    limit = Buckets(4, 2, salt=SALT, clock=clock)
    assert limit.take("a", 100) == 0
    assert limit.take("a", 100) == 2


@given(seed=st.integers(0, 1000))
def test_no_key_gets_more_than_the_burst_and_the_rate(seed):
    source, clock = random.Random(seed), Clock()
    limit = Buckets(5, 3, salt=SALT, clock=clock)
    taken = 0
    for _ in range(200):
        clock.now += source.choice([0, 0.01, 0.5])
        granted = limit.take("a") == 0
        if granted and source.random() < 0.2:
            limit.give_back("a")
        else:
            taken += granted
        assert taken <= 5 + 3 * (clock.now - 1000) + 1e-6


class TestRefund:
    def test_gives_back_what_a_request_spent(self, clock):
        limit, scope = Buckets(4, 2, salt=SALT, clock=clock), {}
        assert spend(scope, limit, "a", 3) == 0
        refund(scope)
        refund(scope)  # a second time there is nothing
        assert limit.take("a", 4) == 0
        assert limit.take("a", 1) > 0

    def test_gives_nothing_for_what_was_not_granted(self, clock):
        limit, scope = Buckets(4, 2, salt=SALT, clock=clock), {}
        limit.take("a", 4)
        assert spend(scope, limit, "a") == 1
        refund(scope)
        assert limit.take("a") == 0.5

    def test_of_more_than_a_bucket_holds(self, clock):
        limit, scope = Buckets(4, 2, salt=SALT, clock=clock), {}
        spend(scope, limit, "a", 100)
        refund(scope)
        assert [limit.take("a", 4), limit.take("a", 4)] == [0, 2]


def test_who_came_seldom_is_forgotten(clock):
    limit = Buckets(4, 2, salt=SALT, clock=clock)
    for key in range(50):
        limit.take(str(key))
    assert len(limit) == 50
    clock.now += 60
    limit.take("late")
    assert len(limit) == 1


def test_a_full_table_forgets_who_came_longest_ago(clock, monkeypatch):
    monkeypatch.setattr(buckets, "_SETS", 1)
    limit = Buckets(4, 0.01, salt=SALT, clock=clock)
    for key in range(12):
        clock.now += 1
        assert limit.take(str(key), 4) == 0
    assert len(limit) == 8
    assert limit.take("11", 4) > 0
    assert limit.take("0", 4) == 0


def test_no_limit():
    limit = Buckets(1, 0, salt=SALT)
    assert not any(limit.take("a") for _ in range(100))
    limit.give_back("a")
    assert not len(limit)


@pytest.mark.skipif(os.name == "nt", reason="files are locked by POSIX's means")
class TestTogether:
    def test_processes_share_a_bucket(self, clock, tmp_path):
        Buckets.prepare(tmp_path / "spent")
        one, other = (
            Buckets(4, 1, salt=SALT, file=tmp_path / "spent", clock=clock) for _ in range(2)
        )
        one.take("a", 3)
        assert other.take("a", 3) == 2
        other.give_back("a", 2)
        assert one.take("a", 3) == 0

    def test_nothing_is_granted_twice(self, tmp_path):
        """Four processes take from one bucket as fast as they can."""
        Buckets.prepare(tmp_path / "spent")
        with ProcessPoolExecutor(4, get_context("spawn")) as others:
            taken = [others.submit(take_tokens, tmp_path / "spent", 500) for _ in range(4)]
            assert sum(each.result() for each in taken) == 1_000

    def test_the_file_holds_no_key(self, tmp_path):
        Buckets.prepare(tmp_path / "spent")
        for salt in (b"one", b"other"):
            Buckets(4, 1, salt=salt, file=tmp_path / "spent").take("192.0.2.1")
        kept = (tmp_path / "spent").read_bytes()
        assert b"192.0.2" not in kept
        assert bytes([192, 0, 2, 1]) not in kept
        held = Buckets(4, 1, salt=b"one", file=tmp_path / "spent")
        assert len(held) == 2, "another salt makes another digest"
