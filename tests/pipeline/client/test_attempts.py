"""Calls without a network: what is repeated, when, and what is made of refusals."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashmatch import errors
from hashmatch.errors import HashmatchError, ServiceError, ServiceUnavailableError
from hashmatch.pipeline.client import problems
from hashmatch.pipeline.client.attempts import Attempts, Patience
from hashmatch.pipeline.client.breaker import Breaker
from hashmatch.pipeline.client.steps import Answer, Ask, Lost, Pause, Work

GOOD = Answer(200, {}, b"{}")
URL = "https://registry.example"


def problem(status, reason="busy", **headers):
    body = json.dumps({"reason": reason, "detail": "In words."}).encode()
    return Answer(status, {name.replace("_", "-"): text for name, text in headers.items()}, body)


class Play:
    """Drives calls with a clock of its own; answers come from a list."""

    def __init__(self, *answers, chance=1.0, seconds_each=0.0, **patience):
        self.answers = list(answers)
        self.now = 0.0
        self.pauses, self.asked = [], []
        self.seconds_each = seconds_each
        self.breaker = Breaker(5, 5.0, lambda: self.now)
        self.attempts = Attempts(
            URL, Patience(**patience), self.breaker, lambda: self.now, lambda: chance
        )

    def run(self, call):
        steps, outcome = self.attempts.run(call), None
        while True:
            try:
                step = steps.send(outcome)
            except StopIteration as done:
                return done.value
            match step:
                case Ask():
                    self.asked.append(step)
                    self.now += min(self.seconds_each, step.seconds)
                    outcome = self.answers.pop(0)
                case Pause(seconds):
                    self.pauses.append(seconds)
                    self.now += seconds
                    outcome = None
                case Work(run):
                    outcome = run()


def one():
    answer = yield Ask("GET", "/v1/lists", seconds=10.0)
    return answer.status


def test_an_answer_is_returned():
    play = Play(GOOD)
    assert play.run(one()) == 200
    assert play.pauses == []


@pytest.mark.parametrize(
    "bad", [Lost("ConnectError"), problem(503), problem(429), Answer(502, {}, b"<html>")]
)
def test_what_may_pass_is_asked_for_again_and_later_each_time(bad):
    play = Play(bad, bad, bad, GOOD, first_pause=0.1)
    assert play.run(one()) == 200
    assert play.pauses == pytest.approx([0.1, 0.2, 0.4])


def test_pauses_are_shortened_by_chance_and_bounded():
    play = Play(*[problem(503)] * 6, GOOD, chance=0.5, attempts=9, first_pause=1, longest_pause=4)
    assert play.run(one()) == 200
    assert play.pauses == [0.5, 1.0, 2.0, 2.0, 2.0, 2.0]


def test_the_service_may_say_when():
    play = Play(problem(429, retry_after="3"), GOOD)
    assert play.run(one()) == 200
    assert play.pauses == [3.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
def test_what_is_refused_is_not_asked_for_again(status):
    play = Play(problem(status, "list_not_found"))
    with pytest.raises(errors.ListNotFoundError, match=r"In words\. \(https://registry"):
        play.run(one())
    assert len(play.asked) == 1


def test_attempts_are_bounded():
    play = Play(*[Lost("ReadTimeout")] * 3, attempts=3)
    with pytest.raises(ServiceUnavailableError, match="ReadTimeout"):
        play.run(one())
    assert len(play.pauses) == 2


@given(
    st.floats(0.1, 60), st.floats(0, 20), st.floats(0.01, 5), st.integers(1, 9),
    st.lists(st.sampled_from([Lost("x"), problem(503), problem(429, retry_after="7")]), min_size=9),
)  # fmt: skip
def test_a_call_ends_in_time(seconds, each, first, attempts, answers):
    play = Play(*answers, seconds=seconds, seconds_each=each, first_pause=first, attempts=attempts)
    with pytest.raises(HashmatchError):
        play.run(one())
    assert play.now <= seconds + 0.02
    assert len(play.asked) <= attempts


def test_a_service_that_is_down_is_spared_and_tried_again_by_one():
    play = Play(*[Lost("ConnectError")] * 5, Lost("ConnectError"), GOOD, GOOD, attempts=1)
    for _ in range(5):
        with pytest.raises(ServiceUnavailableError):
            play.run(one())
    for _ in range(3):
        with pytest.raises(ServiceUnavailableError, match="several times in a row"):
            play.run(one())
    assert len(play.asked) == 5
    play.now += 5
    assert play.breaker.lets_through()
    assert not play.breaker.lets_through()  # the others wait for the one
    play.breaker.note(good=False)
    play.now += 4.9
    assert not play.breaker.lets_through()
    play.now += 0.2
    with pytest.raises(ServiceUnavailableError):
        play.run(one())  # still down
    play.now += 5
    assert play.run(one()) == 200
    assert play.run(one()) == 200


def test_refusals_do_not_open_the_circuit():
    play = Play(*[problem(422, "invalid_hash")] * 9, GOOD)
    for _ in range(9):
        with pytest.raises(errors.InvalidHashError):
            play.run(one())
    assert play.run(one()) == 200


def test_a_call_may_handle_an_error_and_go_on():
    def careful():
        try:
            yield Ask("GET", "/v1/snapshot")
        except errors.SnapshotNotFoundError:
            return (yield Work(lambda: "none"))

    assert Play(problem(404, "snapshot_not_found")).run(careful()) == "none"


@pytest.mark.parametrize(
    "kind",
    [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, HashmatchError)
    ],
)
def test_every_reason_comes_back_as_its_error(kind):
    assert type(problems.error_of(problem(422, kind.reason), URL)) is kind


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(422, "of_a_newer_version"), ServiceError),
        (problem(500, "internal"), ServiceUnavailableError),
        (Answer(404, {}, b"<html>not here</html>"), ServiceError),
        (Answer(502, {}, b""), ServiceUnavailableError),
        (Answer(400, {}, b"[]"), ServiceError),
        (Answer(301, {}, b""), ServiceError),
    ],
)
def test_other_answers(answer, kind):
    assert type(problems.error_of(answer, URL)) is kind
