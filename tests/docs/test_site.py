"""The site as a browser gets it: every link leads somewhere, and nothing comes from elsewhere."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from hashmatch import indexes, matching, registry
from hashmatch.service.openapi import DOCUMENT

LOADS = {
    "audio": ["src"], "embed": ["src"], "iframe": ["src"], "image": ["href", "xlink:href"],
    "img": ["src", "srcset"], "input": ["src"], "object": ["data"], "script": ["src"],
    "source": ["src", "srcset"], "track": ["src"], "use": ["href", "xlink:href"],
    "video": ["src", "poster"],
}  # fmt: skip
"""What makes a browser load something, beside `link` (but for those that only say where)."""
ONLY_SAYS = {"canonical", "index", "next", "prev", "search", "author", "copyright"}


class Page(HTMLParser):
    """What a page loads, where it links to, and what in it can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.loads, self.links, self.ids = [], [], set()
        self.inline = []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.ids |= {told[name] for name in ("id", "name") if told.get(name)}
        self.loads += [told[name] for name in LOADS.get(tag, ()) if told.get(name)]
        self.inline += [told["style"]] if told.get("style") else []
        if tag == "link" and not ONLY_SAYS & set((told.get("rel") or "").split()):
            self.loads.append(told["href"])
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])

    handle_startendtag = handle_starttag


@pytest.fixture(scope="module")
def pages(site):
    return {path.resolve(): Page(path) for path in site.rglob("*.html")}


def is_elsewhere(url):
    return bool(urlsplit(url).netloc)


def test_the_pages_are_there(pages):
    names = {path.name for path in pages}
    assert {
        "start-person.html", "start-platform.html", "start-measure.html", "matching.html",
        "copies.html", "privacy.html", "fleet.html", "hma.html", "exchanges.html",
        "benchmarks.html", "migrating.html", "api.html", "http.html", "commands.html",
    } <= names  # fmt: skip


def test_nothing_is_loaded_from_elsewhere(pages):
    elsewhere = {(path.name, url) for path, page in pages.items() for url in page.loads
                 if is_elsewhere(url)}  # fmt: skip
    assert not elsewhere


def test_styles_and_pictures_load_nothing_from_elsewhere(site, pages):
    texts = {path.name: path.read_text() for end in ("*.css", "*.svg") for path in site.rglob(end)}
    texts |= {path.name: " ".join(page.inline) for path, page in pages.items()}
    assert any(name.endswith(".svg") for name in texts)
    for name, text in texts.items():
        named = re.findall(r"""(?:url\(|@import|xlink:href=|\bsrc=)\s*["']?([^"')\s]+)""", text)
        assert not [url for url in named if is_elsewhere(url)], name


def test_scripts_ask_for_nothing_from_elsewhere(site):
    calls = re.compile(r"""(?:fetch|importScripts|import|open)\(\s*["'`]((?:https?:)?//[^"'`]+)""")
    found = {path.name: calls.findall(path.read_text()) for path in site.rglob("*.js")}
    assert found
    assert not any(found.values()), found


def test_links_and_anchors_lead_somewhere(pages):
    lost = []
    for path, page in pages.items():
        for url in page.links + page.loads:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                lost.append((path.name, url))
            elif parts.fragment and target in pages:
                lost += [(path.name, url)] * (unquote(parts.fragment) not in pages[target].ids)
    assert not lost


def test_links_elsewhere_are_encrypted(pages):
    links = [url for page in pages.values() for url in page.links if is_elsewhere(url)]
    assert links
    assert not [url for url in links if not url.startswith("https://")]


@pytest.mark.parametrize("module", [indexes, matching, registry])
def test_the_api_reference_has_every_public_name(pages, module):
    ids = set().union(*(page.ids for page in pages.values()))
    missing = [name for name in module.__all__ if f"{module.__name__}.{name}" not in ids]
    assert not missing


def test_the_http_reference_has_every_route(site):
    text = (site / "made" / "http.html").read_text()
    for path, methods in DOCUMENT["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in text


def test_pages_can_be_searched_without_a_service(site):
    index = (site / "searchindex.js").read_text()
    assert (
        "threshold" in json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    )
