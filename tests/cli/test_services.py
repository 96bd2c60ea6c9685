"""The commands against a service, where they are used with a folder elsewhere."""

import os
import socket

import pytest
from serving import served, until

from hashmatch.registry import Registry
from hashmatch.service import Settings, create_app


@pytest.fixture
def service(here, monkeypatch):
    """The URL of a service, with a token in the environment."""
    with Registry.open(here / "far") as registry:
        token = registry.issue_credential("platform", {"check"}).token
    monkeypatch.setenv("HASHMATCH_TOKEN", token)
    with served(create_app(Settings(place=str(here / "far"), refresh_seconds=0.02))) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        yield str(client.base_url)


@pytest.mark.usefixtures("holiday")
def test_from_a_case_to_a_match_and_back(run, service, here):
    at = ("--registry", service)
    receipt = run("submit", "holiday.jpg", "--json", *at).lines[0]
    assert receipt["pictures"][0]["state"] == "live"
    until(lambda: run("check", "holiday.jpg", *at).code == 1)
    ran = run("check", "holiday.jpg", "coffee.png", "notes.jpg", "--json", *at)
    assert [line.get("action") for line in ran.lines] == ["block", "pass", None]
    assert ran.code == 2
    assert ran.lines[0]["quality"] > 50
    shown = run("case", "show", receipt["case"], "--json", *at).lines[0]
    assert (shown["state"], shown["active"]) == ("open", 2)
    taken = run("case", "withdraw", receipt["case"], *at, given=receipt["secret_phrase"] + "\n")
    assert taken.code == 0
    until(lambda: run("check", "holiday.jpg", *at).code == 0)
    assert not (here / "var").exists()


def test_what_a_service_refuses_is_told(run, service, holiday, monkeypatch):
    at = ("--registry", service)
    assert (
        "There is no hash list 'nosuch'"
        in run("submit", "holiday.jpg", "--list", "nosuch", *at).err
    )
    monkeypatch.delenv("HASHMATCH_TOKEN")
    ran = run("check", "holiday.jpg", *at)
    assert ran.code == 2
    assert "takes a token" in ran.err
    assert holiday.exists()


@pytest.mark.parametrize("token", ["wrong", "hm_\xfc", "two\nlines"], ids=ascii)
@pytest.mark.usefixtures("holiday")
def test_a_wrong_token_is_told_once_and_where_it_comes_from(run, service, monkeypatch, token):
    monkeypatch.setenv("HASHMATCH_TOKEN", token)
    for depth in ("fast", "thorough"):
        ran = run("check", "album", "holiday.jpg", "--depth", depth, "--registry", service)
        assert ran.code == 2
        (line,) = ran.err.splitlines()
        assert line.endswith("from HASHMATCH_TOKEN.")


@pytest.mark.usefixtures("holiday")
def test_a_line_break_behind_the_token_does_no_harm(run, service, monkeypatch):
    monkeypatch.setenv("HASHMATCH_TOKEN", os.environ["HASHMATCH_TOKEN"] + "\r\n")
    assert run("check", "holiday.jpg", "--registry", service).code == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "nosuch.invalid"])
def test_an_address_that_cannot_be_listened_at_is_told_before_anything_is_made(run, here, host):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("serve", "--host", host, "--port", port)
    assert ran.code == 2
    assert ran.err.startswith(f"Error: The service cannot listen at {host}, port {port}: ")
    assert not list(here.iterdir())
