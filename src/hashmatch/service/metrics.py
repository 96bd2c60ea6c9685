"""What the service counts, in Prometheus's text format; no label is chosen by a stranger."""

import os
from typing import Final

import numpy as np
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from hashmatch.matching import ACTIONS, Judged
from hashmatch.types import Verdict

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one process; `text` adds those of its siblings where there are any."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "hashmatch_requests",
            "Requests, by route, and the status they were answered with.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "hashmatch_request_seconds",
            "From a request's first byte to its answer's last.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.checks = Counter(
            "hashmatch_checks",
            "Uploads that were checked, by verdict and status.",
            ("action", "status"),
            registry=self._registry,
        )
        self.codes = Counter(
            "hashmatch_codes",
            "Codes that were matched, by verdict.",
            ("action",),
            registry=self._registry,
        )
        self.matches = Counter(
            "hashmatch_matches",
            "Matches, by list and what the list makes of them.",
            ("list", "action"),
            registry=self._registry,
        )
        self.hits = Counter(
            "hashmatch_hits",
            "Uploads and codes that a list has entries near: of all, its hit rate.",
            ("list",),
            registry=self._registry,
        )
        self.distance = Histogram(
            "hashmatch_match_distance",
            "Bits between an upload or code and each entry that it matched, by list.",
            ("list",),
            buckets=(0, 4, 8, 12, 16, 20, 24, 28, 31, 36, 40, 45, 63),
            registry=self._registry,
        )
        self.quality = Histogram(
            "hashmatch_upload_quality",
            "The quality of uploads, 0 to 100.",
            buckets=(10, 20, 30, 40, 50, 60, 70, 80, 90, 100),
            registry=self._registry,
        )
        self.refusals = Counter(
            "hashmatch_refusals",
            "Requests that were refused, by reason.",
            ("reason",),
            registry=self._registry,
        )
        self.cases = Counter(
            "hashmatch_cases", "Cases, by what became of them.", ("what",), registry=self._registry
        )
        self.sequence = self._gauge("sequence", "The last change that is effective here.")
        self.behind = self._gauge("feed_lag_changes", "Changes of the registry still to be taken.")
        self.refreshed = self._gauge(
            "refreshed_timestamp_seconds", "When the lists were last known to be up to date."
        )
        self.age = self._gauge(
            "generation_age_seconds", "Since the lists of all processes were up to date."
        )
        self.entries = self._gauge("entries", "Entries that uploads are compared with here.")
        self.held = self._gauge("entries_held", "Those among them that are held back for review.")
        self.processes = self._gauge("processes", "Processes of this server.")
        self.stale = self._gauge("stale", "1 where the lists are too old, or not loaded.")
        self.refuses = self._gauge(
            "refuses_when_stale", "1: fails closed; 0: answers from old lists."
        )
        self.overdue = self._gauge(
            "cases_overdue",
            "Open cases for which a platform has not done in time what it is to do.",
        )
        self.waiting = self._gauge("uploads_in_progress", "Received, waiting, or being decoded.")
        self.lost = Counter(
            "hashmatch_decoders_lost",
            "Decoders that a picture cost, by why.",
            ("why",),
            registry=self._registry,
        )

    def _gauge(self, name: str, words: str) -> Gauge:
        return Gauge(
            f"hashmatch_{name}", words, registry=self._registry, multiprocess_mode="livemostrecent"
        )

    def note_verdict(self, verdict: Verdict) -> None:
        """Count a checked upload."""
        self.checks.labels(verdict.action, verdict.status).inc()
        for match in verdict.matches:
            self.matches.labels(match.list_name, match.action).inc()
            self.distance.labels(match.list_name).observe(match.distance)
        for name in {match.list_name for match in verdict.matches}:
            self.hits.labels(name).inc()
        if verdict.hash.quality is not None:
            self.quality.observe(verdict.hash.quality)

    def note_judged(self, judged: Judged) -> None:
        """Count codes that were matched."""
        for action, count in zip(ACTIONS, np.bincount(judged.verdicts, minlength=3), strict=True):
            self.codes.labels(action).inc(int(count))
        if not len(judged.list_of):
            return
        names = [each.name for each in judged.lists]
        actions = judged.actions.tolist()
        distances = judged.matches.distances.tolist()
        for place, action, distance in zip(
            judged.list_of.tolist(), actions, distances, strict=True
        ):
            self.matches.labels(names[place], ACTIONS[action]).inc()
            self.distance.labels(names[place]).observe(distance)
        code_of = judged.matches.queries()
        hits = np.unique(code_of * len(names) + judged.list_of) % len(names)
        for place, count in enumerate(np.bincount(hits).tolist()):
            if count:
                self.hits.labels(names[place]).inc(count)

    def text(self) -> bytes:
        """All of it."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self._registry)
        from prometheus_client.multiprocess import MultiProcessCollector

        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # prometheus_client's
        return generate_latest(together)
