"""What a platform does with uploads, whatever happens."""

import asyncio
import logging

import pytest
from known_uploads import AWAY, BLOCKED, CLEAN, CRASH, CUT, REVIEWED, TEXT, verdict

from hashmatch.pipeline.guards import EdgePolicy


@pytest.mark.parametrize(
    ("data", "action", "why"),
    [
        (BLOCKED, "refuse", "checked"),
        (REVIEWED, "hold", "checked"),
        (CLEAN, "pass", "checked"),
        (TEXT, "hold", "undecodable"),
        (CUT, "hold", "undecodable"),
        (AWAY, "pass", "unavailable"),
        (CRASH, "pass", "unavailable"),
    ],
)
def test_each_kind_of_upload(data, action, why, guarded):
    decision = guarded().decide(data)
    assert (decision.action, decision.why, decision.meant) == (action, why, action)
    assert (decision.verdict is None) == (why != "checked")


def test_a_file_that_is_not_said_to_be_a_picture_and_is_none_goes_on(guarded):
    decision = guarded(undecodable="refuse").decide(TEXT, declared=False)
    assert (decision.action, decision.why) == ("pass", "not_a_picture")
    assert guarded().decide(BLOCKED, declared=False).is_refused


def test_the_settings_decide(guarded):
    guard = guarded(blocked="hold", review="pass", undecodable="refuse", unavailable="refuse")
    actions = [guard.decide(data).action for data in (BLOCKED, REVIEWED, CUT, AWAY, CRASH)]
    assert actions == ["hold", "pass", "refuse", "refuse", "refuse"]
    assert [guard.decide(data).status for data in (CUT, AWAY)] == [422, 503]


def test_a_list_can_have_its_own_action(guarded):
    assert guarded(lists={"partners": "refuse"}).decide(REVIEWED).is_refused
    assert guarded(lists={"default": "pass"}).decide(BLOCKED).action == "pass"


def test_an_overruled_match_has_no_effect():
    assert EdgePolicy(lists={"default": "refuse"}).of(verdict("pass")) == "pass"


def test_a_shadow_decides_and_lets_everything_go_on(guarded):
    told = []
    decision = guarded(tell=told.append, shadow=True).decide(BLOCKED)
    assert (decision.action, decision.meant, decision.why) == ("pass", "refuse", "checked")
    assert told == [decision]


def test_a_sample_is_checked(guarded, checker):
    guard = guarded(sample=0.25)
    whys = [guard.decide(BLOCKED).why for _ in range(2000)]
    assert 350 < len(checker.seen) == whys.count("checked") < 650
    assert guarded(sample=0).decide(BLOCKED).why == "not_sampled"


def test_stale_lists_count_as_away_where_that_is_to_matter(guarded, checker):
    checker.state = "stale"
    assert guarded(unavailable="refuse").decide(CLEAN).why == "unavailable"
    assert guarded(unavailable="pass").decide(BLOCKED).is_refused


def test_functions_are_told_by_list_and_cannot_break_anything(guarded, caplog):
    told = {"all": [], "partners": []}

    def fail(decision):
        told["all"].append(decision)
        raise RuntimeError(BLOCKED.hex())

    guard = guarded(tell=fail, tell_of={"partners": told["partners"].append})
    with caplog.at_level(logging.DEBUG):
        assert guard.decide(REVIEWED).action == "hold"
        assert guard.decide(BLOCKED).is_refused
        assert guard.decide(CRASH).action == "pass"
    assert len(told["all"]) == 3
    assert [each.action for each in told["partners"]] == ["hold"]
    assert "RuntimeError" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert BLOCKED.hex() not in caplog.text
    assert CRASH.hex() not in caplog.text


def test_an_event_loop_is_not_held_up(guarded):
    assert asyncio.run(guarded().decide_async(BLOCKED)).is_refused


@pytest.mark.parametrize(
    "settings", [{"blocked": "delete"}, {"lists": {"x": "no"}}, {"sample": 1.5}, {"sample": -1}]
)
def test_a_policy_that_is_none(settings):
    with pytest.raises(ValueError, match=r"no action|not between"):
        EdgePolicy(**settings)
