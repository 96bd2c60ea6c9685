import gzip
import json
from dataclasses import replace

import pytest

from hashmatch.errors import InvalidSignpostsError
from hashmatch.service import pages, signposts
from hashmatch.service.pages import Pages

GZIPPED = gzip.compress(b"index en", mtime=0)
OURS = {
    "leave_to": "https://example.org/",
    "countries": {"GB": {"police": "101", "helplines": []}},
    "anywhere": [{"name": "Someone", "contact": "example.org", "for": "everyone"}],
}


@pytest.fixture
def folder(tmp_path):
    """A built page of two languages."""
    built = tmp_path / "web"
    (built / "assets").mkdir(parents=True)
    (built / "client").mkdir()
    for name in ("index", "case"):
        for language in ("en", "ar"):
            (built / f"{name}.{language}.html").write_text(f"{name} {language}")
    (built / "console.en.html").write_text("console en")
    (built / "index.en.html.br").write_bytes(b"brotli")
    (built / "index.en.html.gz").write_bytes(GZIPPED)
    (built / "assets/index-0123.js").write_text("program")
    (built / "client/worker.js").write_text("worker")
    (built / "signposts.json").write_text("{}")
    return built


@pytest.fixture
def app(folder, settings, monkeypatch):
    monkeypatch.setattr(pages, "files", lambda _: folder.parent)
    folder.rename(folder.parent / "_web")
    from hashmatch.service import create_app

    return create_app(settings)


@pytest.mark.parametrize(
    ("path", "headers", "said"),
    [
        ("/", {}, "index en"),
        ("/", {"Accept-Language": "ar"}, "index ar"),
        ("/", {"Accept-Language": "fr, ar-EG;q=0.8, en;q=0.5"}, "index ar"),
        ("/", {"Accept-Language": "ar;q=0.2, en-GB"}, "index en"),
        ("/", {"Accept-Language": "ar;q=x, ;;,"}, "index en"),
        ("/", {"Accept-Language": "ar;q=0"}, "index en"),
        ("/?lang=ar", {"Accept-Language": "en"}, "index ar"),
        ("/?lang=../x", {}, "index en"),
        ("/case", {"Accept-Language": "ar"}, "case ar"),
        ("/console", {"Accept-Language": "ar"}, "console en"),
        ("/assets/index-0123.js", {}, "program"),
        ("/client/0123456789ab/worker.js", {}, "worker"),
        ("/signposts.json", {}, "{}"),
    ],
)
def test_what_is_served(client, path, headers, said):
    answer = client.get(path, headers={"Accept-Encoding": "identity", **headers})
    assert (answer.status_code, answer.text) == (200, said)


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/..%2Findex.en.html", "/client/x/none", "/index.en.html"]
)
def test_what_is_not_there(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("taken", "packing", "content"),
    [("gzip, br", "br", b"brotli"), ("gzip", "gzip", GZIPPED), ("identity", None, b"index en")],
)
def test_files_come_packed_as_the_browser_takes_them(client, taken, packing, content):
    with client.stream("GET", "/", headers={"Accept-Encoding": taken}) as answer:
        assert b"".join(answer.iter_raw()) == content
    assert answer.headers.get("content-encoding") == packing
    assert "accept-encoding" in answer.headers["vary"]


@pytest.mark.parametrize(
    "path", ["/", "/case", "/console", "/assets/index-0123.js", "/client/x/worker.js"]
)
def test_every_file_is_kept_in_by_its_headers(client, path):
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["connect-src"] == policy["style-src"] == "'self'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers


def test_what_may_be_kept(client):
    assert client.get("/").headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/assets/index-0123.js").headers["cache-control"]
    signs = client.get("/signposts.json")
    assert signs.headers["cache-control"] == "no-cache"
    again = client.get("/signposts.json", headers={"If-None-Match": signs.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_installation_without_the_page_says_so(tmp_path, settings, monkeypatch):
    from serving import served

    from hashmatch.service import create_app

    monkeypatch.setattr(pages, "files", lambda _: tmp_path / "nothing")
    with served(create_app(settings)) as client:
        answer = client.get("/")
    assert answer.status_code == 404
    assert "not part of this installation" in answer.json()["title"]


def test_signposts_of_an_operator_take_the_place_of_ours(folder, settings, monkeypatch):
    from serving import served

    from hashmatch.service import create_app

    own = folder.parent / "own.json"
    own.write_text(json.dumps(OURS))
    folder.rename(folder.parent / "_web")
    monkeypatch.setattr(pages, "files", lambda _: folder.parent)
    with served(create_app(replace(settings, signposts=str(own)))) as client:
        assert client.get("/signposts.json").json() == OURS


@pytest.mark.parametrize(
    "change",
    [
        {"leave_to": "javascript:alert(1)"},
        {"leave_to": None},
        {"countries": {"gb": {"helplines": []}}},
        {"countries": {"GB": {}}},
        {"countries": {"GB": {"police": 101, "helplines": []}}},
        {"countries": []},
        {"anywhere": [{"name": "Someone", "contact": "example.org", "for": "children"}]},
        {"anywhere": None},
    ],
)
def test_signposts_that_no_page_can_show(tmp_path, change):
    own = tmp_path / "own.json"
    own.write_text(json.dumps({**OURS, **change}))
    with pytest.raises(InvalidSignpostsError, match=r"own\.json"):
        signposts.read(own)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_signposts_that_are_none(tmp_path, content):
    own = tmp_path / "own.json"
    own.write_bytes(content)
    with pytest.raises(InvalidSignpostsError, match=r"own\.json"):
        signposts.read(own)
    with pytest.raises(InvalidSignpostsError, match="cannot be read"):
        signposts.read(tmp_path / "none.json")


def test_the_built_signposts_are_good():
    from pathlib import Path

    built = Path(__file__).parents[2] / "native/web/page/signposts.json"
    assert json.loads(signposts.read(built))["countries"]["GB"]["police"] == "101"


def test_no_file_is_read_from_a_folder_that_is_not_there(tmp_path):
    assert Pages(folder=tmp_path / "none")._files == {}
