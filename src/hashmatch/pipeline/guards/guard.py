"""The guard: from the bytes of an upload to what a platform does with it. It never raises."""

import asyncio
import json
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal, Protocol

from hashmatch.errors import MissingExtraError, NotAPictureError, PictureError
from hashmatch.pipeline.guards.edge import EdgeAction, EdgePolicy
from hashmatch.types import Verdict

_log: Final = logging.getLogger(__name__)
_REFUSED: Final = "This picture cannot be uploaded here."
_AWAY: Final = "Uploads cannot be checked at the moment. Try again in a few minutes."

Why = Literal["checked", "not_sampled", "not_a_picture", "undecodable", "unavailable"]


class Checker(Protocol):
    """What gives verdicts: a `hashmatch.matching.Matcher`, or a client of a service."""

    def check(self, upload: bytes, /) -> Verdict:
        """Compare an upload with all lists."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a platform is to do with one upload.

    Attributes:
        action: ``"pass"``, ``"hold"`` for somebody to look at, or ``"refuse"``.
        why: what it rests on.
        verdict: where the upload was checked.
        meant: what the action would be, were the guard not a shadow.
    """

    action: EdgeAction
    why: Why
    verdict: Verdict | None = None
    meant: EdgeAction = "pass"

    @property
    def is_refused(self) -> bool:
        """Whether the upload must not go on."""
        return self.action == "refuse"

    @property
    def words(self) -> str:
        """A sentence for the person who uploads. It does not say what was found."""
        return _AWAY if self.why == "unavailable" else _REFUSED

    @property
    def status(self) -> int:
        """The HTTP status to refuse with: 503 where it is not the picture's fault, else 422."""
        return 503 if self.why == "unavailable" else 422


Told = Callable[[Decision], object]


def problem(status: int, reason: str, words: str) -> tuple[bytes, dict[str, str]]:
    """A refusal as problem+json (RFC 9457), and its headers."""
    told = {
        "type": f"urn:hashmatch:problem:{reason}",
        "title": "The upload was refused",
        "status": status,
        "detail": words,
        "reason": reason,
    }
    headers = {"content-type": "application/problem+json", "cache-control": "no-store"}
    if status == 503:
        headers["retry-after"] = "60"
    return json.dumps(told).encode(), headers


class Guard:
    """Checks uploads, and decides by a platform's own policy.

    Threads and event loops may share one. Whatever goes wrong is a decision too, so that no upload
    path crashes: see `EdgePolicy.unavailable`.

    Args:
        checker: gives the verdicts. One that has a ``state`` is taken for away while that is
            ``"stale"`` and the policy does not let uploads pass then.
        policy: what becomes of them.
        tell: called with each decision, after it was made: to log, to count, to send a webhook.
        tell_of: the same for decisions with matches of single lists, by name. What these functions
            raise is logged and otherwise without effect.
    """

    def __init__(
        self,
        checker: Checker,
        policy: EdgePolicy | None = None,
        *,
        tell: Told | None = None,
        tell_of: Mapping[str, Told] = MappingProxyType({}),
    ) -> None:
        self._checker: Final = checker
        self.policy: Final = policy or EdgePolicy()
        self._tell: Final = tell
        self._tell_of: Final = dict(tell_of)
        self._random: Final = random.Random()  # noqa: S311 - a sample is no secret

    def decide(self, data: bytes, *, declared: bool = True) -> Decision:
        """Decide about an upload.

        Args:
            data: the bytes of its file.
            declared: whether it is said to be a picture; another file that is none goes on.
        """
        decision = self._decide(data, declared=declared)
        decision = replace(decision, meant=decision.action)
        if self.policy.shadow:
            decision = replace(decision, action="pass")
        self._tell_all(decision)
        return decision

    async def decide_async(self, data: bytes, *, declared: bool = True) -> Decision:
        """The same, without holding up an event loop."""
        return await asyncio.to_thread(self.decide, data, declared=declared)

    def _decide(self, data: bytes, *, declared: bool) -> Decision:
        policy = self.policy
        if self._random.random() >= policy.sample:
            return Decision("pass", "not_sampled")
        if policy.unavailable != "pass" and getattr(self._checker, "state", "") == "stale":
            return Decision(policy.unavailable, "unavailable")
        try:
            verdict = self._checker.check(data)
        except (PictureError, MissingExtraError) as error:
            if isinstance(error, NotAPictureError) and not declared:
                return Decision("pass", "not_a_picture")
            return Decision(policy.undecodable, "undecodable")
        except Exception as error:  # noqa: BLE001 - an upload path must not crash
            _note("The upload could not be checked: %s", error)
            return Decision(policy.unavailable, "unavailable")
        return Decision(policy.of(verdict), "checked", verdict)

    def _tell_all(self, decision: Decision) -> None:
        matches = decision.verdict.matches if decision.verdict else ()
        found = {match.list_name for match in matches}
        listening = [self._tell, *(self._tell_of[name] for name in found & self._tell_of.keys())]
        for tell in listening:
            if tell is not None:
                try:
                    tell(decision)
                except Exception as error:  # noqa: BLE001 - an upload path must not crash
                    _note("A function that is told of decisions failed: %s", error)


def _note(words: str, error: Exception) -> None:
    # only the kind: what a stranger's code says may hold what must not be logged
    _log.error(words, type(error).__name__)
