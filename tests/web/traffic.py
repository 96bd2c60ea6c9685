"""What a browser asked for by itself, apart from what a page or its user sent."""

import re
from urllib.parse import urlsplit

MAKERS = (
    ".google.com",
    ".googleapis.com",
    ".gvt1.com",
    ".mozilla.com",
    ".mozilla.net",
    ".mozilla.org",
)
ICON = re.compile(r"http://127\.0\.0\.1:\d+/assets/icon-[0-9a-f]{12}\.svg")


def is_of_the_browser(request):
    """Whether it is a browser's own, to its maker: of no page, and it went nowhere."""
    url = request["url"]
    host = urlsplit(url if "://" in url else f"//{url}").hostname
    return host.endswith(MAKERS)


def is_the_icon(request):
    """Whether it asks for a page's icon and says nothing: browsers do so after the page is there.

    No event tells when: it may fall into any step of a test on a busy machine.
    """
    bare = request["method"] == "GET" and not request["body"]
    return bare and ICON.fullmatch(request["url"]) is not None


def by_the_page(requests):
    """What was sent by the page: all but what the browser asked for when it pleased."""
    return [each for each in requests if not (is_of_the_browser(each) or is_the_icon(each))]
