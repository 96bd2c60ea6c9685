import os
from dataclasses import replace

import httpx
import psutil
import pytest
from serving import Started
from starlette.requests import Request
from submitting import picture_json

from hashmatch.errors import BusyError, RegistryUnavailableError, TooManyError
from hashmatch.service import cases
from hashmatch.service.buckets import Buckets
from hashmatch.service.rates import Rates, client_of

PICTURES = {"pictures": [picture_json({"hasher": "md5", "hash": "0123456789abcdef" * 2})]}


def request(peer="192.0.2.1", *forwarded):
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


class TestClients:
    @pytest.fixture
    def rates(self, clock):
        return Rates(Buckets(100, 1 / 60, salt=b"salt", clock=clock))

    def test_a_burst_and_then_so_many_an_hour(self, rates, clock):
        for _ in range(5):
            rates.spend(request(), 20)
        with pytest.raises(TooManyError, match="Try again in 1200 s") as refusal:
            rates.spend(request(), 20)
        assert refusal.value.seconds == 1200
        rates.spend(request("192.0.2.2"), 100)
        clock.now += 1200
        rates.spend(request(), 20)
        with pytest.raises(TooManyError):
            rates.spend(request(), 1)

    def test_one_request_may_take_all_and_more(self, rates):
        rates.spend(request(), 1000)
        with pytest.raises(TooManyError):
            rates.spend(request(), 1)

    def test_no_bound_at_all(self):
        rates = Rates(Buckets(1, 0, salt=b"salt"))
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
    proxies = Rates(Buckets(1, 1, salt=b"salt"), ["10.0.0.0/8"])._proxies
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

    def test_what_the_service_could_not_do_costs_nothing(self, client, monkeypatch):
        def away(*_, **__):
            raise RegistryUnavailableError("The database is away.")

        with monkeypatch.context() as patched:
            patched.setattr(cases, "submit_pictures", away)
            for _ in range(5):
                assert client.post("/v1/cases", json=PICTURES).status_code == 503
        answers = [client.post("/v1/cases", json=PICTURES).status_code for _ in range(3)]
        assert answers == [201, 201, 429]

    def test_that_the_service_is_busy_costs_nothing(self, client, node, monkeypatch):
        def busy():
            raise BusyError("Too many cases are being written.")

        with monkeypatch.context() as patched:
            patched.setattr(node, "phrase_turn", busy)
            for _ in range(5):
                assert client.post("/v1/cases", json=PICTURES).json()["reason"] == "busy"
        assert client.post("/v1/cases", json=PICTURES).status_code == 201


@pytest.mark.skipif(os.name == "nt", reason="processes share nothing there")
def test_what_one_process_grants_the_other_counts(place, tmp_path):
    """Each is asked while the other is stopped."""
    options = ("--workers", "2", "--decoders", "1", "--case-burst", "80", "--case-hourly", "1")
    with Started(place, tmp_path / "logs", *options) as service:

        def status_of(stopped):
            stopped.suspend()
            try:  # that costs twenty, and is refused then
                return httpx.post(f"{service.url}/v1/cases", json={"pictures": []}).status_code
            finally:
                stopped.resume()

        children = psutil.Process(service.process.pid).children()
        one, other = (each for each in children if "spawn_main" in " ".join(each.cmdline()))
        asked = [one, other, other, one, one, other]
        assert [status_of(each) for each in asked] == [422, 422, 422, 422, 429, 429]
