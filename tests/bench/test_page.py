import base64
import re
from html.parser import HTMLParser

from hashmatch.bench import page

PLOTS = {"latency": b"\x89PNG one", "memory": b"\x89PNG two"}


class Elements(HTMLParser):
    """All start tags, and the text."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_loads_nothing_from_elsewhere(report):
    text = page.render(report, PLOTS)
    elements = Elements(text)
    assert not elements.open
    tags = {tag for tag, _ in elements.found}
    assert not tags & {"script", "link", "iframe", "object", "base", "form", "video"}
    for _, attributes in elements.found:
        assert "href" not in attributes
        assert attributes.get("src", "data:").startswith("data:")
    assert not re.search(r"https?:|url\(|@import", text)


def test_the_plots_are_inside(report):
    images = [each for tag, each in Elements(page.render(report, PLOTS)).found if tag == "img"]
    inside = [base64.b64decode(image["src"].partition(",")[2]) for image in images]
    assert inside == list(PLOTS.values())
    assert all(image["alt"] for image in images)


def test_all_that_is_told_is_escaped(report):
    text = page.render(report, {})
    assert "A &lt;fast&gt; one" in text
    assert "a &lt;b&gt;.npy" in text
    assert "<fast>" not in text


def test_the_page_says_what_was_measured_and_on_what(report):
    said = " ".join(Elements(page.render(report, {})).text)
    for word in ("1, same sets", "0.9300", "132", "8,192 (100)", "24.0 GiB", "natural", "avx2"):
        assert word in said, word
