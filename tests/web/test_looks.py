"""How the page looks, and how it is heard: every state, in both directions, by day and by night."""

import os

import pytest

STATES = [
    "welcome", "choose", "chosen", "revealed", "review", "whole-only", "away", "done",
    "case-unknown", "case-open", "case-platforms", "case-withdrawn", "refused", "lost",
]  # fmt: skip
LOOKS = [("en", "light"), ("ar", "dark"), ("de", "light")]
MORE_LOOKS = [("en", "dark"), ("ar", "light"), ("uk", "light"), ("fr", "light"), ("es", "dark")]
"""Seen too where pictures are asked for."""


@pytest.fixture(
    scope="module",
    params=[*LOOKS, *(MORE_LOOKS if os.environ.get("HASHMATCH_SCREENSHOTS") else ())],
    ids="-".join,
)
def looks(request, visit, choices, screenshots):
    language, scheme = request.param
    kinds = ("photo", "other", "copy", "empty", "pdf", "truncated")
    outcome = visit(
        "chrome", "gallery", ["gallery"], language=language, scheme=scheme,
        pictures={"mixed": [choices[kind] for kind in kinds]}, screenshots=screenshots,
    )["gallery"]  # fmt: skip
    assert outcome["ok"], outcome["error"]
    return outcome["facts"]


def test_every_state_is_seen(looks):
    assert looks["states"] == STATES


def test_axe_finds_nothing(looks):
    assert looks["violations"] == []


def test_nothing_is_wider_than_the_screen(looks):
    """At 320 px, which is 1,280 px at 400 %, and with the text alone at 200 %."""
    assert looks["overflows"] == []


def test_without_scripts_it_says_what_to_do(looks):
    assert "hashmatch submit PICTURE" in looks["shown"]
