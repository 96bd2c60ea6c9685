"""What a platform does about verdicts: its own choice, apart from what the lists say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, get_args

from hashmatch.types import Verdict

EdgeAction = Literal["pass", "hold", "refuse"]
"""In rising order: the upload goes on; it goes on, to be looked at by somebody; it does not."""

ACTIONS: Final[tuple[EdgeAction, ...]] = get_args(EdgeAction)


@dataclass(frozen=True, slots=True)
class EdgePolicy:
    """What becomes of uploads.

    Attributes:
        blocked: of one that a list blocks.
        review: of one that a list wants to have looked at.
        lists: the same for single lists, by name, whatever they say of their matches.
        undecodable: of a picture that could not be compared: damaged, too large, of a kind that
            is not decoded here.
        unavailable: of every upload while the lists cannot be had, or are stale: ``"pass"`` fails
            open, ``"refuse"`` fails closed.
        shadow: decide and tell, but let everything go on.
        sample: the share of uploads that is checked at all, 0 to 1.

    Raises:
        ValueError: an action that is none, or a share outside of 0 to 1.
    """

    blocked: EdgeAction = "refuse"
    review: EdgeAction = "hold"
    lists: Mapping[str, EdgeAction] = field(default_factory=lambda: MappingProxyType({}))
    undecodable: EdgeAction = "hold"
    unavailable: EdgeAction = "pass"
    shadow: bool = False
    sample: float = 1.0

    def __post_init__(self) -> None:
        chosen = (self.blocked, self.review, self.undecodable, self.unavailable)
        for action in (*chosen, *self.lists.values()):
            if action not in ACTIONS:
                raise ValueError(f"There is no action {action!r}; there are {', '.join(ACTIONS)}.")
        if not 0 <= self.sample <= 1:
            raise ValueError(f"A share of {self.sample} is not between 0 and 1.")

    def of(self, verdict: Verdict) -> EdgeAction:
        """What becomes of an upload with this verdict."""
        if verdict.action == "pass":  # an allow-list may have overruled matches
            return "pass"
        by_action: dict[str, EdgeAction] = {
            "pass": "pass",
            "review": self.review,
            "block": self.blocked,
        }
        wanted = (
            self.lists.get(match.list_name, by_action[match.action]) for match in verdict.matches
        )
        return max(wanted, key=ACTIONS.index)
