"""What counts as a browser's own is that alone."""

import pytest
from web.traffic import by_the_page

HERE = "http://127.0.0.1:8000"
ICON = f"{HERE}/assets/icon-e897a1940f2a.svg"


def asked(url, method="GET", body=""):
    return {"method": method, "url": url, "body": body}


@pytest.mark.parametrize(
    "request_",
    [
        asked(f"{HERE}/v1/statistics"),
        asked(f"{ICON}?said=something"),
        asked(ICON, body="something"),
        asked(ICON, method="POST"),
        asked(f"{HERE}/assets/icon-said.svg"),
        asked(f"{HERE}/assets/icon-e897a1940f2a5.svg"),
        asked(ICON.replace("127.0.0.1", "elsewhere.example")),
        asked("http://elsewhere.example/google.com"),
        asked("google.com.example:443", method="CONNECT"),
    ],
)
def test_what_could_say_something_is_the_pages(request_):
    assert by_the_page([request_]) == [request_]


def test_what_a_browser_asks_for_by_itself_is_not():
    assert by_the_page([asked(ICON), asked("accounts.google.com:443", method="CONNECT")]) == []
