from dataclasses import replace

import pytest
from starlette.requests import Request
from submitting import picture_json

from hashmatch.errors import TooManyError
from hashmatch.service.rates import Rates, client_of

PICTURES = {"pictures": [picture_json({"hasher": "md5", "hash": "0123456789abcdef" * 2})]}


def request(peer="192.0.2.1", *forwarded):
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


class TestBuckets:
    def test_a_burst_and_then_so_many_an_hour(self, clock):
        rates = Rates(100, 60, clock=clock)
        for _ in range(5):
            rates.spend(request(), 20)
        with pytest.raises(TooManyError, match="Try again in 1200 s") as refusal:
            rates.spend(request(), 20)
        assert refusal.value.seconds == 1200
        rates.spend(request("192.0.2.2"), 100)
        clock.now = 1200
        rates.spend(request(), 20)
        with pytest.raises(TooManyError):
            rates.spend(request(), 1)

    def test_one_request_may_take_all_and_more(self, clock):
        rates = Rates(100, 60, clock=clock)
        rates.spend(request(), 1000)
        with pytest.raises(TooManyError):
            rates.spend(request(), 1)

    def test_clients_are_forgotten(self, clock):
        rates = Rates(100, 100, clock=clock)
        for number in range(50):
            rates.spend(request(f"192.0.2.{number}"), 100)
        assert len(rates._buckets._left) == 50
        clock.now = 3600
        rates.spend(request("198.51.100.1"), 100)
        assert len(rates._buckets._left) == 1

    def test_no_address_is_held(self, clock):
        rates = Rates(100, 60, clock=clock)
        rates.spend(request("192.0.2.1"), 1)
        (held,) = rates._buckets._left
        other = Rates(100, 60, clock=clock)
        other.spend(request("192.0.2.1"), 1)
        assert len(held) == 16
        assert held not in other._buckets._left

    def test_no_bound_at_all(self, clock):
        rates = Rates(1, 0, clock=clock)
        for _ in range(10):
            rates.spend(request(), 1000)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("203.0.113.9",), "192.0.2.1"),  # no proxy of ours
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("1.1.1.1, 203.0.113.9, 10.9.9.9",), "203.0.113.9"),
        ("10.0.0.1", ("1.1.1.1", "203.0.113.9"), "203.0.113.9"),
        ("10.0.0.1", ("not an address",), "unknown"),
        ("::ffff:10.0.0.1", ("2001:db8:1:2:3::4",), "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", (), "2001:db8:1:2::/64"),
    ],
)
def test_who_a_client_is(peer, forwarded, client):
    proxies = Rates(1, 1, ["10.0.0.0/8"])._proxies
    assert client_of(request(peer, *forwarded), proxies) == client


class TestCases:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, case_burst=42, case_hourly=42, proxies=("127.0.0.0/8",))

    def test_are_slowed_down_by_client(self, client):
        one = {"X-Forwarded-For": "203.0.113.1"}
        assert client.post("/v1/cases", json=PICTURES, headers=one).status_code == 201
        assert client.post("/v1/cases", json=PICTURES, headers=one).status_code == 201
        refused = client.post("/v1/cases", json=PICTURES, headers=one)
        assert (refused.status_code, refused.json()["reason"]) == (429, "too_many")
        assert 0 < int(refused.headers["retry-after"]) <= 1800
        other = {"X-Forwarded-For": "203.0.113.2"}
        assert client.post("/v1/cases", json=PICTURES, headers=other).status_code == 201
