"""What a client does when a server is slow, busy, broken, or not what it says."""

import logging

import pytest
from standin import Fault, Standin

from hashmatch.errors import (
    ExchangeCredentialsError,
    ExchangeRefusedError,
    ExchangeUnavailableError,
    InvalidExchangeError,
)
from hashmatch.exchanges import Patience, Remote, remote


class Echo(Standin):
    def answer(self, request):
        del request
        return Fault(200, {}, b"hello")


@pytest.fixture
def server():
    made = Echo()
    yield made
    made.close()


@pytest.fixture
def client(server, pauses):
    made = Remote(
        server.url, auth=("user", "pass word"), headers={"x-key": "se cret"}, sleep=pauses.append
    )
    yield made
    made.close()


def test_an_answer_comes_with_the_servers_time(server, client):
    from datetime import timedelta

    server.skew = timedelta(days=-400)
    answer = client.get("/x")
    assert answer.body == b"hello"
    assert abs((answer.at - server.now()).total_seconds()) < 100


def test_without_a_date_it_is_our_time(server, client):
    server.sends_date = False
    assert abs((client.get("/x").at - server.now()).total_seconds()) < 100


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_passing_faults_are_tried_again_with_growing_pauses(server, client, pauses, status):
    server.faults = [Fault(status)] * 4
    assert client.get("/x").body == b"hello"
    assert len(server.asked) == 5
    for number, pause in enumerate(pauses):
        assert 0.25 * 2**number <= pause <= 0.5 * 2**number


def test_it_ends_some_time(server, client, pauses):
    server.faults = [Fault(503)] * 100
    with pytest.raises(ExchangeUnavailableError, match="answers 503"):
        client.get("/x")
    assert len(server.asked) == Patience().tries
    assert len(pauses) == Patience().tries - 1


def test_the_server_may_name_the_pause(server, client, pauses):
    server.faults = [Fault(429, {"retry-after": "7"})]
    client.get("/x")
    assert pauses == [7]


def test_a_pause_named_as_a_time_goes_by_the_servers_clock(server, client, pauses):
    from datetime import timedelta
    from email.utils import format_datetime

    server.skew = timedelta(hours=3)
    until = format_datetime(server.now() + timedelta(seconds=30), usegmt=True)
    server.faults = [Fault(503, {"retry-after": until})]
    client.get("/x")
    assert 20 <= pauses[0] <= 31


@pytest.mark.parametrize("text", ["soon", "-1", "", "Mon, 99 Foo 2020"])
def test_a_pause_that_makes_no_sense(server, client, pauses, text):
    server.faults = [Fault(429, {"retry-after": text})]
    client.get("/x")
    assert 0 < pauses[0] <= 0.5


def test_a_server_that_asks_for_an_hour_is_left_alone(server, client, pauses):
    server.faults = [Fault(429, {"retry-after": "3600"})]
    with pytest.raises(ExchangeUnavailableError, match="3600 s"):
        client.get("/x")
    assert pauses == []


def test_a_server_that_is_not_there(pauses):
    client = Remote("http://127.0.0.1:9", sleep=pauses.append)
    with pytest.raises(ExchangeUnavailableError, match="ConnectError"):
        client.get("/x")
    client.close()


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_not_tried_again(server, client, status):
    server.faults = [Fault(status)]
    with pytest.raises(ExchangeCredentialsError):
        client.get("/x")
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410, 422])
def test_refused_requests_are_not_tried_again_nor_followed(server, client, status):
    server.faults = [Fault(status, {"location": "/elsewhere"})]
    with pytest.raises(ExchangeRefusedError, match=str(status)):
        client.get("/x")
    assert len(server.asked) == 1


def test_an_answer_without_end_is_cut_off(server, client, monkeypatch):
    monkeypatch.setattr(remote, "MAX_ANSWER", 1000)
    server.faults = [Fault(200, {}, b"x" * 1001)]
    with pytest.raises(ExchangeRefusedError, match="more than 1000"):
        client.get("/x")


def test_a_compressed_bomb_is_cut_off(server, client, monkeypatch):
    import gzip

    monkeypatch.setattr(remote, "MAX_ANSWER", 1000)
    body = gzip.compress(b"x" * 100_000)
    server.faults = [Fault(200, {"content-encoding": "gzip"}, body)]
    with pytest.raises(ExchangeRefusedError, match="more than 1000"):
        client.get("/x")


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example/x", "x", ""])
def test_credentials_go_to_their_server_only(client, path):
    with pytest.raises(ExchangeRefusedError, match="another place"):
        client.get(path)


@pytest.mark.parametrize("path", ["/\x00", "/\ud800", "/" + "x" * 100_000])
def test_places_that_are_no_addresses(client, path):
    with pytest.raises(ExchangeRefusedError, match="no address"):
        client.get(path)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org", "ftp://example.org", "https://", "", "https://a:b@example.org",
        "https://example.org/?key=x", "https://[broken",
    ],
)  # fmt: skip
def test_unsafe_addresses(url):
    with pytest.raises(InvalidExchangeError, match="https://host/path"):
        Remote(url)


def test_neither_logs_nor_errors_hold_credentials(server, client, caplog):
    caplog.set_level(logging.DEBUG)
    server.faults = [Fault(500)] * 6
    with pytest.raises(ExchangeUnavailableError) as raised:
        client.get("/x")
    assert raised.value.__cause__ is None
    told = caplog.text + str(raised.value)
    for secret in ("pass word", "se cret", server.asked[0].headers["authorization"]):
        assert secret not in told
