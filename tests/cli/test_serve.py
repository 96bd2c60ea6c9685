"""What `hashmatch serve` makes of its options; that it serves is tested in tests/service."""

import pytest

from hashmatch import service


@pytest.fixture
def served(run, monkeypatch):
    """`served(*options)`: the settings that the service would be started with."""

    def start(*options):
        started = []
        monkeypatch.setattr(service, "run", lambda settings, *_: started.append(settings))
        assert run("serve", *options).code == 0
        return started[0]

    return start


def test_the_defaults_are_those_of_the_settings(served):
    told, default = served(), service.Settings(place="var/hashmatch")
    names = ("stale_seconds", "when_stale", "case_burst", "case_hourly", "token_rate", "hma")
    assert [getattr(told, name) for name in names] == [getattr(default, name) for name in names]


def test_when_lists_are_stale(served):
    told = served("--stale-after", "2.5", "--when-stale", "refuse")
    assert (told.stale_seconds, told.when_stale) == (2.5, "refuse")


def test_how_often_a_client_may_submit(served):
    told = served("--case-burst", "100", "--case-hourly", "0")
    assert (told.case_burst, told.case_hourly) == (100, 0)


@pytest.mark.parametrize(
    "options", [("--stale-after", "0"), ("--case-burst", "0"), ("--case-hourly", "-1")], ids=str
)
def test_options_that_make_no_sense(run, options):
    ran = run("serve", *options)
    assert ran.code == 2
    assert options[0] in ran.err
