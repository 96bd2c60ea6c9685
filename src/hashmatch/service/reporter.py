"""What a node tells the registry of its matches: counted while it answers, sent now and then."""

import threading
from collections.abc import Iterable, Mapping
from typing import Final

from hashmatch.matching import ACTIONS, Judged
from hashmatch.registry import Registry, Sighting
from hashmatch.types import Verdict


class Reporter:
    """Counts by platform and entry. A count is all that a request waits for."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._reached: dict[str, int] = {}
        self._told: dict[str, int] = {}
        # platform -> entry -> blocked, reviewed, nearest
        self._counts: dict[str, dict[int, tuple[int, int, int]]] = {}

    def note_served(self, platform: str, sequence: int) -> None:
        """A platform has, or was answered from, all changes up to a sequence."""
        with self._lock:
            self._reached[platform] = max(sequence, self._reached.get(platform, 0))

    def note_verdict(self, platform: str, verdict: Verdict) -> None:
        """Count the entries that an upload matched."""
        found = [
            (match.entry, match.action == "block", match.action == "review", match.distance)
            for match in verdict.matches
            if match.action != "pass"
        ]
        if found:
            self._add(platform, found)

    def note_judged(self, platform: str, judged: Judged) -> None:
        """Likewise, of many codes."""
        found = [
            (entry, ACTIONS[action] == "block", ACTIONS[action] == "review", distance)
            for entry, action, distance in zip(
                judged.matches.ids.tolist(),
                judged.actions.tolist(),
                judged.matches.distances.tolist(),
                strict=True,
            )
            if action
        ]
        if found:
            self._add(platform, found)

    def send(self, registry: Registry) -> None:
        """Report what was counted; what could not be sent is kept for the next time.

        Raises:
            RegistryUnavailableError: the registry cannot take it now.
        """
        with self._lock:
            counts, self._counts = self._counts, {}
            reached = dict(self._reached)
        news = {name for name in reached if reached[name] > self._told.get(name, 0)}
        for name in sorted(counts.keys() | news):
            try:
                registry.report(name, reached.get(name, 0), _sightings(counts.get(name, {})))
            except BaseException:
                for left, of in counts.items():
                    self._add(left, ((entry, *each) for entry, each in of.items()))
                raise
            counts.pop(name, None)
            self._told[name] = reached.get(name, 0)

    def _add(self, platform: str, found: Iterable[tuple[int, int, int, int]]) -> None:
        with self._lock:
            counts = self._counts.setdefault(platform, {})
            for entry, blocked, reviewed, distance in found:
                before = counts.get(entry, (0, 0, distance))
                counts[entry] = (
                    before[0] + blocked,
                    before[1] + reviewed,
                    min(before[2], distance),
                )


def _sightings(counts: Mapping[int, tuple[int, int, int]]) -> list[Sighting]:
    return [Sighting(entry, *counted) for entry, counted in counts.items()]
