"""What is PostgreSQL's own: writers that wait for each other, servers that die, and refusals."""

import subprocess
import sys
import textwrap

import psycopg
import pytest
from registry_writers import acknowledged, active, go, replayed, start_writer

from hashmatch.errors import MissingExtraError, RegistryUnavailableError
from hashmatch.registry import Registry


@pytest.fixture
def place(postgres):
    return postgres.new_registry()


def test_eight_processes_write_and_a_follower_sees_each_change_once(place, all_changes):
    with Registry.open(place) as registry:
        writers = [start_writer(place, seed, 12) for seed in range(8)]
        go(*writers)
        seen = []
        while any(writer.poll() is None for writer in writers):
            seen.extend(registry.follow(seen[-1].sequence if seen else 0, limit=50))
        while page := registry.follow(seen[-1].sequence):
            seen.extend(page)
        told = [line for writer in writers for line in acknowledged(writer.communicate()[0])]
        assert [writer.returncode for writer in writers] == [0] * 8
        assert replayed(seen) == active(registry)
        in_the_feed = {change.entry for change in seen if change.kind == "hold"}
        assert registry.held().keys() == in_the_feed & active(registry)
        registry.verify_audit()
        assert [(c.sequence, c.kind, c.entry) for c in seen] == [
            (c.sequence, c.kind, c.entry) for c in all_changes(registry)
        ]
    added = [entry for verb, _, ids in told if verb == "added" for entry in ids]
    assert sorted(added) == sorted(c.entry for c in seen if c.kind == "add")


def test_what_was_acknowledged_survives_a_killed_server(place, postgres, all_changes):
    writers = [start_writer(place, seed, 10_000) for seed in range(2)]
    go(*writers)
    first = [writer.stdout.readline() + writer.stdout.readline() for writer in writers]
    postgres.kill()
    told = [line + writer.stdout.read() for line, writer in zip(first, writers, strict=True)]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 1  # with an error: nothing was acknowledged that is not there
    postgres.start()
    with Registry.open(place) as registry:
        changes = all_changes(registry)
        held = replayed(changes)
        assert held == active(registry)
    lines = [line for output in told for line in acknowledged(output)]
    assert {entry for verb, _, ids in lines if verb == "added" for entry in ids} <= {
        change.entry for change in changes
    }
    assert not {e for verb, _, ids in lines if verb == "withdrew" for e in ids} & held
    with Registry.open(place) as registry:
        holds = {entry for verb, _, ids in lines if verb == "held" for entry in ids}
        assert holds  # the second line of each tells of some
        assert holds & held <= registry.held().keys()
        registry.verify_audit()
    assert len(changes) >= max(sequence for _, sequence, _ in lines)


def test_a_registry_goes_on_when_its_server_was_started_again(registry, postgres, hashes):
    registry.add("default", hashes(1), source="test")
    postgres.stop()
    with pytest.raises(RegistryUnavailableError, match="cannot be reached"):
        registry.sequence()
    postgres.start()
    assert registry.sequence() == 2


def test_processes_that_make_one_registry_at_once_all_succeed(postgres):
    url = postgres.new_database("made_by_many")
    code = textwrap.dedent(
        """
        import sys
        from hashmatch.registry import Registry
        import alembic.command
        print("ready", flush=True)
        sys.stdin.readline()
        with Registry.open(sys.argv[1]) as registry:
            print(registry.sequence(), len(registry.lists()))
        """
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    go(*processes)
    assert [process.communicate()[0] for process in processes] == ["1 1\n"] * 4


def test_a_reader_does_not_wait_for_a_writer_and_sees_one_state(registry, place, hashes):
    registry.add("default", hashes(3), source="test")
    with registry._database.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM entries").scalar()
        with Registry.open(place) as other:
            other.add("default", hashes(1), source="test")
        assert connection.exec_driver_sql("SELECT count(*) FROM entries").scalar() == before


def test_a_writer_that_waits_too_long_says_so(registry, place, hashes, monkeypatch):
    monkeypatch.setattr("hashmatch.registry.postgresql._SETTINGS", ("SET lock_timeout = '50ms'",))
    with registry._database.writing(), Registry.open(place) as other:
        assert other.count_entries("default") == 0
        with pytest.raises(RegistryUnavailableError, match="kept it locked"):
            other.add("default", hashes(1), source="test")
    registry.add("default", hashes(1), source="test")


def test_a_connection_that_is_ended_in_a_transaction(registry, place, hashes):
    def lose_the_connection():
        with registry._database.writing() as connection:
            mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with psycopg.connect(place, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [mine])
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(RegistryUnavailableError, match="has ended this connection"):
        lose_the_connection()
    registry.add("default", hashes(1), source="test")


def test_a_server_that_acknowledges_early_is_told_not_to(place):
    with psycopg.connect(place, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with Registry.open(place) as registry, registry._database.reading() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_errors_of_the_database_hold_no_hash(registry, hashes):
    (value,) = hashes(1)
    with registry._database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE entries ADD CHECK (length(code) < 32)")
    with pytest.raises(RegistryUnavailableError) as refusal:
        registry.add("default", [value], source="test")
    told = [str(refusal.value), repr(refusal.value.__cause__), repr(refusal.value.__context__)]
    assert value.hex not in "".join(told)
    assert repr(value.code) not in "".join(told)


class TestRefusals:
    def test_a_database_that_is_not_there(self, place):
        url = place.replace("/registry_", "/there_is_no_registry_")
        with pytest.raises(RegistryUnavailableError, match="cannot be reached, or does not let"):
            Registry.open(url)

    def test_a_database_of_something_else(self, postgres):
        url = postgres.new_database("recipes")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE recipes (name text)")
        with pytest.raises(RegistryUnavailableError, match="something else"):
            Registry.open(url)

    def test_a_newer_version(self, place):
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute("UPDATE alembic_version SET version_num = 'v9999'")
        with pytest.raises(RegistryUnavailableError, match=r"newer version.*v9999.*Update"):
            Registry.open(place)

    @pytest.mark.parametrize(
        "where", ["user:hunter2@127.0.0.1:9/x", "127.0.0.1:9/x?password=hunter2"]
    )
    def test_a_server_that_is_not_there_and_a_password_that_is_not_told(self, where):
        with pytest.raises(RegistryUnavailableError, match="cannot be reached") as refusal:
            Registry.open(f"postgres://{where}")
        assert "hunter2" not in str(refusal.value)

    def test_without_the_driver(self, place, monkeypatch):
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(MissingExtraError, match=r"hashmatch\[postgres\]"):
            Registry.open(place)
