"""What was acknowledged is there, whatever happened since: kill -9, full disks, other writers."""

import random
import signal
import time

import pytest
from registry_writers import acknowledged, active, go, replayed, start_writer
from sqlalchemy import event

from hashmatch.errors import RegistryUnavailableError
from hashmatch.registry import Registry
from hashmatch.registry.database import FILE_NAME


@pytest.fixture
def place(tmp_path):
    """SQLite: what is PostgreSQL's own has a file of its own."""
    return tmp_path / "registry"


def integrity(registry):
    with registry._database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        return connection.exec_driver_sql("PRAGMA integrity_check").scalar()


def test_what_was_acknowledged_survives_kill_9(place, all_changes):
    generator = random.Random(9)
    acknowledged_adds, acknowledged_withdrawals, acknowledged_holds = set(), set(), set()
    told = {
        "added": acknowledged_adds,
        "withdrew": acknowledged_withdrawals,
        "held": acknowledged_holds,
    }
    furthest = 0
    for turn in range(5):
        writers = [start_writer(place, f"{turn}-{n}", 10_000) for n in range(2)]
        go(*writers)
        for writer in writers:  # killed at work: it has acknowledged something by then
            first = writer.stdout.readline()
            time.sleep(generator.uniform(0, 0.12))
            writer.kill()
            output = first + writer.stdout.read()  # communicate would lose what was buffered
            writer.communicate()
            assert writer.returncode == -signal.SIGKILL
            for verb, sequence, ids in acknowledged(output):
                furthest = max(furthest, sequence)
                told[verb].update(ids)
        with Registry.open(place) as registry:
            assert integrity(registry) == "ok"
            changes = all_changes(registry)
            assert registry.sequence() == len(changes) >= furthest
            held = replayed(changes)
            assert held == active(registry)
            assert acknowledged_adds <= {change.entry for change in changes}
            assert not acknowledged_withdrawals & held
            assert acknowledged_holds & held <= registry.held().keys()
            in_the_feed = {change.entry for change in changes if change.kind == "hold"}
            assert registry.held().keys() == in_the_feed & held
            registry.verify_audit()
    assert len(acknowledged_adds) > 100
    assert acknowledged_withdrawals
    assert acknowledged_holds


def test_a_registry_whose_making_was_killed_can_be_made(tmp_path):
    generator = random.Random(9)
    for turn in range(5):
        place = tmp_path / str(turn)
        writer = start_writer(place, 0, 1)
        go(writer)
        time.sleep(generator.uniform(0, 0.4))
        writer.kill()
        writer.communicate()
        with Registry.open(place) as registry:
            assert integrity(registry) == "ok"
            assert [known.name for known in registry.lists()] == ["default"]


def test_many_processes_write_and_a_follower_sees_each_change_once(place, all_changes):
    with Registry.open(place) as registry:
        writers = [start_writer(place, seed, 10) for seed in range(4)]
        go(*writers)
        seen = []
        while any(writer.poll() is None for writer in writers):
            seen.extend(registry.follow(seen[-1].sequence if seen else 0, limit=50))
        seen.extend(registry.follow(seen[-1].sequence, limit=10**6))
        told = [line for writer in writers for line in acknowledged(writer.communicate()[0])]
        assert [writer.returncode for writer in writers] == [0] * 4
        assert replayed(seen) == active(registry)
        # codes may be gone by now; which changes there were is not
        assert [(c.sequence, c.kind, c.entry) for c in seen] == [
            (c.sequence, c.kind, c.entry) for c in all_changes(registry)
        ]
    added = [entry for verb, _, ids in told if verb == "added" for entry in ids]
    assert sorted(added) == sorted(c.entry for c in seen if c.kind == "add")


class TestFullDisk:
    @pytest.fixture
    def limit(self, registry):
        """`limit(pages)`: let the database grow by so many pages and no further."""
        most = [1 << 30]

        @event.listens_for(registry._database._engine, "checkout")
        def _limit(connection, *_):
            connection.execute(f"PRAGMA max_page_count = {most[0]}")

        def set_limit(pages):
            with registry._database.reading() as connection:
                now = connection.exec_driver_sql("PRAGMA page_count").scalar()
            most[0] = now + pages

        return set_limit

    def test_what_does_not_fit_is_not_there_at_all(self, registry, limit, hashes):
        registry.add("default", hashes(100), source="test")
        limit(10)
        with pytest.raises(RegistryUnavailableError, match=r"disk is full.*nothing of this"):
            registry.add("default", hashes(20_000), source="test")
        assert registry.count_entries("default") == 100
        assert registry.sequence() == 101
        assert integrity(registry) == "ok"
        assert registry.withdraw([1]) == (1,)
        limit(100_000)
        assert len(registry.add("default", hashes(20_000), source="test").new) == 20_000
        assert registry.sequence() == 20_102

    def test_an_import_keeps_its_whole_batches(self, registry, limit, hashes, tmp_path):
        file = tmp_path / "hashes.txt"
        file.write_text("\n".join(value.hex for value in hashes(30_000)))
        limit(1_000)
        with pytest.raises(RegistryUnavailableError, match="disk is full"):
            registry.import_file("default", file)
        kept = registry.count_entries("default")
        assert kept in {10_000, 20_000}
        with pytest.raises(RegistryUnavailableError, match="disk is full"):
            registry.import_file("default", file, strict=True)
        assert registry.count_entries("default") == kept
        limit(100_000)
        imported = registry.import_file("default", file)
        assert (imported.added, imported.already_there) == (30_000 - kept, kept)


def test_a_registry_that_another_process_has_locked(registry, place, hashes, monkeypatch):
    monkeypatch.setattr("hashmatch.registry.sqlite._SETTINGS", ("PRAGMA busy_timeout = 50",))
    with registry._database.writing(), Registry.open(place) as other:
        assert other.count_entries("default") == 0  # readers do not wait
        with pytest.raises(RegistryUnavailableError, match="locked"):
            other.add("default", hashes(1), source="test")
    assert (place / FILE_NAME).exists()
    registry.add("default", hashes(1), source="test")
