"""Pictures that crash, hang or swell the process that decodes them."""

import io
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil
import pytest
from PIL import Image
from serving import until

from hashmatch.errors import DecoderLostError
from hashmatch.service import frames

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the signals used here are POSIX")


@pytest.fixture
def settings(settings):
    return replace(settings, decoders=1, queue=1, decode_seconds=2.0)


@pytest.fixture
def check(client, tokens):
    def send(picture):
        return client.post("/v1/checks", content=picture, headers=tokens["check"])

    return send


@pytest.fixture
def pid(check, node, picture):
    """The decoder at work."""
    assert check(picture).status_code == 200
    (found,) = node.decoders.pids
    return found


def test_decoding_makes_way_for_what_answers_others(pid):
    assert psutil.Process(pid).nice() == min(19, psutil.Process().nice() + 5)


class TestSecrets:
    @pytest.fixture
    def settings(self, settings, monkeypatch):
        for name in ("HASHMATCH_REGISTRY", "HASHMATCH_SERVICE", "PGPASSWORD"):
            monkeypatch.setenv(name, "correct horse battery staple")
        monkeypatch.setenv("NUMBA_CACHE_DIR_OF_SOME_TEST", "plain")
        return settings

    def test_a_decoder_is_told_none(self, pid):
        told = psutil.Process(pid).environ()
        assert told["NUMBA_CACHE_DIR_OF_SOME_TEST"] == "plain"
        assert not any("horse" in value for value in told.values())


def test_a_decoder_that_hangs_is_replaced(check, node, picture, pid):
    os.kill(pid, signal.SIGSTOP)
    answer = check(picture)
    assert (answer.status_code, answer.json()["reason"]) == (422, "decoder_lost")
    assert "longer than it may" in answer.json()["detail"]
    assert check(picture).status_code == 200
    assert pid not in node.decoders.pids
    assert node.decoders.lost["hung"] == 1


def test_a_decoder_that_crashes_costs_one_request(check, node, picture, pid):
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor() as threads:
        answer = threads.submit(check, picture)
        until(lambda: node.decoders.waiting == 1)
        os.kill(pid, signal.SIGKILL)
        assert (answer.result().status_code, answer.result().json()["reason"]) == (
            422,
            "decoder_lost",
        )
    assert "crashed" in answer.result().json()["detail"]
    assert check(picture).status_code == 200
    assert node.decoders.lost["crashed"] == 1


def test_the_queue_is_bounded(check, node, picture, pid):
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor() as threads:
        waiting = [threads.submit(check, picture) for _ in range(2)]
        until(lambda: node.decoders.waiting == 2)
        answer = check(picture)
        assert (answer.status_code, answer.json()["reason"]) == (429, "busy")
        assert answer.headers["retry-after"] == "1"
        os.kill(pid, signal.SIGCONT)
        assert [each.result().status_code for each in waiting] == [200, 200]
    assert node.decoders.waiting == 0


def test_a_client_that_hangs_up_frees_its_place(client, tokens, node, picture, pid):
    def half():
        yield picture[:1000]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        client.post("/v1/checks", content=half(), headers=tokens["check"])
    until(lambda: node.decoders.waiting == 0)
    assert client.post("/v1/checks", content=picture, headers=tokens["check"]).status_code == 200
    assert node.decoders.pids == [pid]


class TestMemory:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, decode_bytes=300 << 20, decode_seconds=30.0)

    @pytest.mark.skipif(os.uname().sysname != "Linux", reason="limits on memory are Linux's")
    def test_a_picture_that_swells(self, check, node, picture, pid):
        file = io.BytesIO()
        Image.new("RGB", (9000, 9000)).save(file, "PNG")  # 240 MB of pixels in a few hundred KB
        answer = check(file.getvalue())
        assert (answer.status_code, answer.json()["reason"]) == (422, "too_large")
        assert "lacks memory" in answer.json()["detail"]
        assert check(picture).status_code == 200
        assert node.decoders.pids == [pid]


def test_many_pictures_at_once_each_get_their_own_answer(client, tokens, picture, other_picture):
    def send(data):
        while True:
            answer = client.post("/v1/checks", content=data, headers=tokens["check"])
            if answer.status_code != 429:
                return answer.json().get("quality"), answer.json()["reason"]

    lots = [picture, other_picture, b"garbage"] * 8
    alone = {data: send(data) for data in lots[:3]}
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(send, lots)) == [alone[data] for data in lots]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 60_000,
        b'{"digests": 1, "views": [], "refusal": null}',
        b'{"digests": [["md5", "zz"]], "views": [], "refusal": null}',
        b'{"digests": [], "views": [["original", "pdq", "00", "high"]], "refusal": null}',
        b'{"digests": [], "views": [["original", "pdq", "00", 5]], "refusal": null}',
        *(
            b'{"digests": [], "views": [["original", "pdq", "%s", 5, %s]], "refusal": null}'
            % (b"00" * 32, place)
            for place in (
                b"null",
                b"[0, 0, 1]",
                b"[0, 0, 1, 1.1]",
                b"[0.5, 0, 0.5, 1]",
                b"[NaN, 0, 1, 1]",
            )
        ),
        b'{"digests": [["none", "00"]], "views": [], "refusal": null}',
        b'{"digests": [], "views": [], "refusal": ["no such reason", "x"]}',
        b"\x80\x04\x95\x1b\x00\x00\x00",
    ],
)
def test_answers_of_a_decoder_that_was_taken_over(answer):
    with pytest.raises(DecoderLostError):
        frames.upload_from(answer)
