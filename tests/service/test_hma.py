import hashlib
from dataclasses import replace

import pytest

from hashmatch import hash_image
from hashmatch.types import Hash

# two pictures of the same, as HMA's own example of /m/compare has them: 9 bits apart
ONE = "facd8bcb2a49bcebdec1985298d5fe84bcd006c187c598c720c3c087b3fdb318"


def off_by(text, bits):
    value = int(text, 16)
    for bit in range(bits):
        value ^= 1 << (7 * bit)
    return f"{value:064x}"


@pytest.fixture
def settings(settings):
    return replace(settings, hma=True)


@pytest.fixture
def post(client, tokens):
    def send(path, **more):
        return client.post(path, headers=tokens["check"], **more)

    return send


def test_hash_of_a_form_and_of_a_body(post, picture):
    told = post("/h/hash", files={"photo": ("a.jpg", picture, "image/jpeg")}).json()
    assert told.keys() == {"pdq"}
    assert Hash.from_hex("pdq", told["pdq"]) - hash_image(picture) <= 6
    assert post("/h/hash", content=picture).json() == told
    film = b"--boundary\r\n\r\n" * 100 + b"\r\n"
    told = post("/h/hash", files={"video": ("a.mp4", film)}).json()
    assert told == {"video_md5": hashlib.md5(film, usedforsecurity=False).hexdigest()}


@pytest.mark.parametrize("files", [{"picture": b"x"}, [("photo", b"x"), ("photo", b"y")]])
def test_forms_that_are_refused(post, files):
    answer = post("/h/hash", files=files)
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")


@pytest.mark.parametrize("kind", ["multipart/form-data", 'multipart/form-data; boundary="x"'])
@pytest.mark.parametrize("body", [b"", b"--x\r\n\r\n", b"--x\r\n--x--", b"x" * 1000])
def test_forms_that_are_damaged(client, tokens, kind, body):
    headers = {**tokens["check"], "Content-Type": kind}
    answer = client.post("/h/hash", content=body, headers=headers)
    assert (answer.status_code, answer.json()["reason"]) == (400, "bad_request")


def test_look_up_by_file_and_by_signal(post, picture, registry, caught_up):
    listed = hash_image(picture)
    (entry,) = registry.add("default", [listed], source="test").entries
    caught_up()
    told = post("/m/lookup", files={"photo": picture}).json()
    ((match,),) = told["pdq"].values()
    assert match["bank_content_id"] == entry
    assert int(match["distance"]) <= 6
    told = post("/m/lookup", json={"signal_type": "pdq", "signal": off_by(listed.hex, 4)}).json()
    assert told == {"default": [{"bank_content_id": entry, "distance": "4"}]}
    assert post("/m/lookup", json={"signal_type": "pdq", "signal": ONE}).json() == {}


def test_look_up_asks_policy_and_raw_look_up_does_not(post, registry, caught_up):
    registry.create_list("harmless", allow_list=True)
    (one,) = registry.add("default", [Hash.from_hex("pdq", ONE, 90)], source="test").entries
    (two,) = registry.add("harmless", [Hash.from_hex("pdq", ONE, 90)], source="test").entries
    caught_up()
    signal = {"signal_type": "pdq", "signal": off_by(ONE, 3)}
    assert post("/m/lookup", json=signal).json() == {}
    assert post("/m/raw_lookup", json=signal).json() == {"matches": [one, two]}
    told = post("/m/raw_lookup", json={**signal, "include_distance": True}).json()
    assert told["matches"][0] == {"bank_content_id": one, "distance": "3"}


def test_beyond_the_threshold_is_no_match_there(post, registry, caught_up):
    registry.add("default", [Hash.from_hex("pdq", ONE, 90)], source="test")
    caught_up()
    for bits, found in ((31, 1), (32, 0), (36, 0)):
        signal = {"signal_type": "pdq", "signal": off_by(ONE, bits)}
        assert len(post("/m/lookup", json=signal).json()) == found, bits
        assert len(post("/m/raw_lookup", json=signal).json()["matches"]) == found


def test_compare(post):
    answer = post("/m/compare", json={"pdq": [ONE, off_by(ONE, 9)]})
    assert answer.json() == {"pdq": [True, {"distance": 9}]}
    answer = post("/m/compare", json={"pdq": [ONE, off_by(ONE, 32)]})
    assert answer.json() == {"pdq": [False, {"distance": 32}]}
    digests = [hashlib.md5(text, usedforsecurity=False).hexdigest() for text in (b"a", b"b")]
    assert post("/m/compare", json={"video_md5": digests}).json()["video_md5"][0] is False


@pytest.mark.parametrize(
    "body",
    [
        ["banana"],
        {"pdq": "banana"},
        {"pdq": []},
        {"pdq": ["banana", "banana"]},
        {"pdq": [ONE, ONE, ONE]},
        {"pdq": [ONE, ONE[:-2]]},
        {"pdq": [ONE, 5]},
        {"vpdq": [ONE, ONE]},
    ],
)
def test_comparisons_that_are_refused(post, body):
    assert post("/m/compare", json=body).status_code in {400, 422}


@pytest.mark.parametrize("path", ["/h/hash?url=x", f"/m/lookup?signal={ONE}", "/m/raw_lookup"])
def test_nothing_is_taken_from_a_query_string(client, tokens, path):
    answer = client.get(path, headers=tokens["check"])
    assert answer.status_code == 400
    assert f"POST {path.partition('?')[0]}" in answer.json()["detail"]
    assert ONE not in answer.text


def test_status(client, tokens, registry, caught_up):
    registry.add("default", [Hash.from_hex("pdq", ONE, 90)], source="test")
    caught_up()
    assert client.get("/status").text == "I-AM-ALIVE"
    told = client.get("/m/index/status", headers=tokens["check"]).json()
    assert (told["pdq"]["present"], told["pdq"]["size"]) == (True, 1)
    assert told["video_md5"] == {**told["pdq"], "present": False, "size": 0}


def test_all_but_the_status_takes_a_token(client, app):
    from hashmatch.service import hma

    for method, path, _ in hma.ROUTES:
        expected = 200 if path == "/status" else 401
        assert client.request(method, path).status_code == expected, path
    assert {path for _, path, _ in hma.ROUTES} <= {route.path for route in app.routes}


class TestWithoutIt:
    @pytest.fixture
    def settings(self, settings):
        return replace(settings, hma=False)

    def test_the_paths_are_not_there(self, client, tokens):
        assert client.get("/status").status_code == 404
        assert client.post("/m/lookup", headers=tokens["check"]).status_code == 404
