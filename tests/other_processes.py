"""What tests have other processes do. They find it by name, however pytest was started."""

from hashmatch.matching import Folder, Matcher
from hashmatch.registry import Registry
from hashmatch.service.buckets import Buckets
from hashmatch.service.crew import Crew


def join_crew(settings, line):
    """Be another process of a server, which does as it is told."""
    crew = Crew(settings)
    while True:
        name, *values = line.recv()
        getattr(crew, name)(*values)
        line.send("done")


def open_and_report(place, where, queue):
    """Open a registry with its snapshots, and tell what was found."""
    with Registry.open(place) as registry, Matcher(registry, snapshots=Folder(where)) as matcher:
        queue.put((matcher.generation, len(matcher._kept.generation.shelves["pdq"])))


def publish_for_ever(place, where):
    """Publish one snapshot after the other."""
    with Registry.open(place) as registry, Matcher(registry, snapshots=Folder(where)) as matcher:
        while True:
            matcher._kept.follower._snapshots.put(matcher._kept.generation)


def take_tokens(file, times):
    """Take tokens from one bucket of a thousand; returns how many there were."""
    limit = Buckets(1_000, 1e-9, salt=b"salt", file=file)
    return sum(limit.take("a") == 0 for _ in range(times))
