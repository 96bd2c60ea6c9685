"""Both clients against a service, and against one that misbehaves."""

import asyncio
import inspect
import io
import threading
from dataclasses import replace

import httpx
import numpy as np
import pytest
from PIL import Image
from serving import until

from hashmatch import hash_image
from hashmatch.errors import (
    BadRequestError,
    CaseNotFoundError,
    ForbiddenError,
    NotAPictureError,
    ServiceError,
    ServiceUnavailableError,
    SubmissionRefusedError,
    TruncatedPictureError,
    UnauthenticatedError,
)
from hashmatch.hashers import listed_parts
from hashmatch.packed import HASHER
from hashmatch.pipeline import AsyncClient, Client, Patience
from hashmatch.pipeline.client import calls
from hashmatch.registry import Fingerprint
from hashmatch.types import Hash

QUICK = Patience(seconds=5, attempts=2, first_pause=0.01)


class Waiting:
    """An `AsyncClient` that is used as a `Client` is, so that one test serves both."""

    def __init__(self, *arguments, **options):
        self.client = AsyncClient(*arguments, **options)
        self.loop = asyncio.new_event_loop()

    def __getattr__(self, name):
        method = getattr(self.client, name)
        return lambda *given, **named: self.loop.run_until_complete(method(*given, **named))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        self.loop.close()


@pytest.fixture(params=[Client, Waiting], ids=["threads", "event loop"])
def kind(request):
    return request.param


@pytest.fixture
def settings(settings, request):
    """With a decoder where pictures are sent."""
    sent = request.node.callspec.params.get("sends") if hasattr(request.node, "callspec") else None
    return replace(settings, decoders=int(sent == "pictures"))


@pytest.fixture
def client(kind, url, token):
    with kind(url, token, patience=QUICK) as opened:
        yield opened


@pytest.fixture
def listed(registry, photo, url):
    """The picture is in a list, and the service has taken that."""
    registry.add("default", [hash_image(photo)], source="test")
    with httpx.Client(base_url=url) as http:
        until(lambda: http.get("/readyz").json()["sequence"] == registry.sequence())


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("sends", ["codes", "pictures"])
def test_a_picture_is_found_in_both_ways(kind, url, token, picture, sends, tmp_path, photo):
    (tmp_path / "a.jpg").write_bytes(picture)
    with kind(url, token, sends=sends) as client:
        for upload in (picture, tmp_path / "a.jpg"):
            checked = client.check(upload)
            assert (checked.action, checked.status) == ("block", "ok")
            (match,) = checked.matches
            assert (match.entry, match.list_name, match.hasher) == (1, "default", "pdq")
            assert match.distance <= 10
            assert match.view == "original"
            assert checked.quality > 90
            assert "Entry 1 of list 'default' blocks it" in checked.reason
        if sends == "codes":
            mirrored = client.check(np.ascontiguousarray(photo[:, ::-1]))
            assert (mirrored.action, mirrored.matches[0].view) == ("block", "flip-y")


@pytest.mark.parametrize("sends", ["pictures"])
def test_a_crop_is_found_thoroughly_where_pictures_are_sent(
    kind, url, token, sends, registry, photo
):
    whole, parts = hash_image(photo), Hash(HASHER, listed_parts(photo))
    registry.submit([[Fingerprint(whole), Fingerprint(parts, "parts")]])
    with httpx.Client(base_url=url) as http:
        until(lambda: http.get("/readyz").json()["sequence"] == registry.sequence())
    height, width = photo.shape[:2]
    file = io.BytesIO()
    Image.fromarray(photo[height // 8 :, width // 8 :]).save(file, "JPEG")
    with kind(url, token, sends=sends) as client:
        assert client.check(file.getvalue()).action == "pass"
        checked = client.check(file.getvalue(), "thorough")
    assert checked.action == "block"
    (match,) = checked.matches
    assert (match.hasher, match.view) == (HASHER, "placed")
    assert match.placed.votes >= 8
    assert len(match.placed.outline) == 4


def test_codes_are_not_looked_at_thoroughly(client, picture):
    with pytest.raises(BadRequestError, match="Send pictures"):
        client.check(picture, "thorough")


def test_strangers_pass(client, picture):
    assert client.check(picture).action == "pass"


@pytest.mark.usefixtures("listed")
def test_an_allow_list_overrules(client, registry, picture, photo):
    registry.create_list("harmless", allow_list=True)
    registry.add("harmless", [hash_image(photo)], source="test")
    until(lambda: len(client.check(picture).matches) == 2)
    checked = client.check(picture)
    assert checked.action == "pass"
    assert "'harmless' allows it" in checked.reason


@pytest.mark.parametrize("sends", ["codes", "pictures"])
def test_what_is_no_picture(kind, url, token, picture, registry, sends):
    with kind(url, token, sends=sends, patience=QUICK) as client:
        with pytest.raises(NotAPictureError):
            client.check(b"Dear Sir or Madam")
        with pytest.raises(TruncatedPictureError):
            client.check(picture[:3000])
        registry.add("default", [hash_image(picture[:3000], "sha256")], source="test")

        def known():
            try:
                checked = client.check(picture[:3000])
            except TruncatedPictureError:
                return False
            return (checked.action, checked.status) == ("block", "not_decoded")

        until(known)


def test_only_codes_are_sent(picture, photo):
    sent = []

    def answer(request):
        sent.append((str(request.url), request.content))
        count = len(httpx.Response(200, content=request.content).json()["codes"])
        results = [{"action": "pass", "matches": []}] * count
        return httpx.Response(200, json={"sequence": 1, "results": results})

    with Client("https://a.example", "t", transport=httpx.MockTransport(answer)) as client:
        assert client.check(picture).action == "pass"
    assert {url for url, _ in sent} == {"https://a.example/v1/matches"}
    assert all(len(body) < 2000 for _, body in sent)
    hexadecimal = hash_image(photo).hex
    assert not any(hexadecimal in url for url, _ in sent)


def test_a_case_from_beginning_to_end(client, photo, registry):
    receipt = client.submit([[Fingerprint(hash_image(photo))]])
    assert [each.state for each in receipt.pictures] == ["live"]
    shown = client.case(receipt.number)
    assert (shown.number, shown.state, shown.active) == (receipt.number, "open", 1)
    assert shown == registry.case(receipt.number)
    with pytest.raises(CaseNotFoundError):
        client.withdraw_case(receipt.number, "not my words")
    with pytest.raises(CaseNotFoundError):
        client.withdraw_case(receipt.number, "schöne\nWörter")
    assert client.withdraw_case(receipt.number, receipt.secret_phrase).state == "withdrawn"
    with pytest.raises(CaseNotFoundError):
        client.case("0000-0000-0001")
    with pytest.raises(SubmissionRefusedError) as refused:
        client.submit([[Fingerprint(Hash("pdq", bytes(32), 1))]])
    assert [each.state for each in refused.value.pictures] == ["refused"]


def test_a_case_whose_answer_is_lost_is_opened_once(url, token, photo, registry):
    real = httpx.HTTPTransport()
    lost = [True]

    class Flaky(httpx.BaseTransport):
        def handle_request(self, request):
            response = real.handle_request(request)
            if lost.pop() if lost else False:
                response.read()
                raise httpx.ReadError("the answer was lost")
            return response

        def close(self):
            real.close()

    before = registry.sequence()
    with Client(url, token, transport=Flaky(), patience=QUICK) as client:
        receipt = client.submit([[Fingerprint(hash_image(photo))]])
    assert registry.sequence() == receipt.sequence == before + 1
    assert registry.case(receipt.number).entries == 1


def test_tokens(kind, url, registry, picture):
    with kind(url, patience=QUICK) as client, pytest.raises(UnauthenticatedError):
        client.check(picture)
    other = registry.issue_credential("other", {"submit"}).token

    def known():
        with kind(url, other, patience=QUICK) as client:
            try:
                client.check(picture)
            except UnauthenticatedError:
                return False
            except ForbiddenError:
                return True

    until(known)


def test_nobody_is_there(kind):
    with (
        kind("http://127.0.0.1:9", patience=QUICK) as client,
        pytest.raises(ServiceUnavailableError, match="ConnectError"),
    ):
        client.case("0000")


def test_a_token_does_not_follow_a_redirect(kind):
    asked = []

    def answer(request):
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://elsewhere.example/"})

    with (
        kind("https://a.example", "t", transport=httpx.MockTransport(answer)) as client,
        pytest.raises(ServiceError),
    ):
        client.case("0000")
    assert set(asked) == {"a.example"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"not json", b'{"results": [1]}'])
def test_answers_in_other_forms(kind, picture, body):
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    for sends in ("codes", "pictures"):
        with kind("https://a.example", sends=sends, transport=transport) as client:
            with pytest.raises(ServiceError):
                client.check(picture)
            with pytest.raises(ServiceError):
                client.case("0000")
            with pytest.raises(ServiceError):
                client.submit([[Fingerprint(Hash("pdq", bytes(32), 90))]])


@pytest.mark.parametrize("url", ["registry.example", "ftp://a.example", ""])
def test_what_is_no_url(kind, url):
    with pytest.raises(BadRequestError):
        kind(url)


def test_connections_are_used_again(url, token, picture, monkeypatch):
    import httpcore

    opened = []
    connect = httpcore.SyncBackend.connect_tcp
    monkeypatch.setattr(
        httpcore.SyncBackend,
        "connect_tcp",
        lambda self, *a, **o: opened.append(1) or connect(self, *a, **o),
    )
    with Client(url, token) as client:
        for _ in range(5):
            client.check(picture)
    assert len(opened) == 1


def test_threads_share_a_client(url, token, picture):
    with Client(url, token) as client:
        actions = []
        threads = [
            threading.Thread(target=lambda: actions.append(client.check(picture).action))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert actions == ["pass"] * 4


def test_the_event_loop_goes_on_while_a_picture_is_hashed(url, token, picture):
    async def check_and_count():
        async with AsyncClient(url, token) as client:
            checks = asyncio.gather(*(client.check(picture) for _ in range(4)))
            turns = 0
            while not checks.done():
                await asyncio.sleep(0)
                turns += 1
            return [each.action for each in await checks], turns

    actions, turns = asyncio.run(check_and_count())
    assert actions == ["pass"] * 4
    assert turns > 10


def test_many_codes_are_asked_for_in_parts(monkeypatch):
    monkeypatch.setattr(calls, "CODES", 4)
    sizes = []

    def answer(request):
        sizes.append(len(httpx.Response(200, content=request.content).json()["codes"]))
        return httpx.Response(200, json={"results": [{}] * sizes[-1]})

    with Client("https://a.example", transport=httpx.MockTransport(answer)) as client:
        assert len(client.run(calls.match("pdq", [bytes(32)] * 10, [None] * 10))) == 10
    assert sizes == [4, 4, 2]


def test_both_clients_offer_the_same():
    def public(of):
        return {
            name: inspect.signature(method)
            for name, method in inspect.getmembers(of, inspect.isfunction)
            if not name.startswith("_")
        }

    assert public(Client) == public(AsyncClient)
