"""Processes that write to one registry, and say what was acknowledged."""

import subprocess
import sys
import textwrap

WRITER = textwrap.dedent(
    """
    import random, sys
    from hashmatch.registry import Registry, Sighting
    from hashmatch.types import Hash

    print("ready", flush=True)
    sys.stdin.readline()
    generator = random.Random(sys.argv[2])
    with Registry.open(sys.argv[1]) as registry:
        for turn in range(int(sys.argv[3])):
            some = [Hash("pdq", generator.randbytes(32)) for _ in range(generator.randint(1, 40))]
            added = registry.add("default", some, source="test")
            print("added", added.sequence, *added.new, flush=True)
            held = registry.report(
                "site", added.sequence, [Sighting(entry, 99) for entry in added.new[:3]]
            )
            print("held", registry.sequence(), *held, flush=True)
            if turn % 3 == 2:
                gone = registry.withdraw(generator.sample(added.new, len(added.new) // 2))
                print("withdrew", registry.sequence(), *gone, flush=True)
    """
)


def start_writer(place, seed, turns):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(place), str(seed), str(turns)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def go(*processes):
    """Let them write at once, when all of them are ready."""
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def acknowledged(output):
    """The complete lines of a writer: what it did, up to which sequence, with which entries."""
    for line in output.split("\n")[:-1]:
        verb, sequence, *ids = line.split()
        yield verb, int(sequence), [int(entry) for entry in ids]


def active(registry):
    return {int(entry) for batch in registry.entries("pdq") for entry in batch.ids}


def replayed(changes):
    """What a follower holds after these changes."""
    assert [change.sequence for change in changes] == list(range(1, len(changes) + 1))
    held = set()
    for change in changes:
        if change.kind == "add":
            assert change.entry not in held
            held.add(change.entry)
        elif change.kind == "withdraw":
            held.remove(change.entry)
    return held
