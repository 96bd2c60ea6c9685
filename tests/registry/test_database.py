import os
import sqlite3
import stat
import subprocess
import sys
import textwrap

import pytest

from hashmatch.errors import RegistryUnavailableError
from hashmatch.registry import Registry, sqlite
from hashmatch.registry.database import FILE_NAME


@pytest.fixture
def place(tmp_path):
    """SQLite: what is PostgreSQL's own has a file of its own."""
    return tmp_path / "registry"


def run_python(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_new_registry_has_one_empty_list(registry):
    assert [known.name for known in registry.lists()] == ["default"]
    assert registry.count_entries("default") == 0
    default = registry.hash_list("default")
    assert (default.threshold, default.review_threshold, default.min_quality) == (31, 45, 50)
    assert default.action == "block"
    assert not default.allow_list


@pytest.mark.skipif(os.name == "nt", reason="modes are a POSIX matter")
def test_only_the_owner_can_look_into_a_new_registry(registry, place, hashes):
    registry.add("default", hashes(1), source="test")
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    for file in place.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_the_settings_that_keep_what_was_acknowledged(registry):
    with registry._database.reading() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


def test_what_was_added_is_there_when_opened_again(place, hashes):
    some = hashes(3)
    with Registry.open(place) as first:
        first.add("default", some, source="test")
    with Registry.open(str(place)) as second:
        (batch,) = second.entries("pdq")
    assert [bytes(code) for code in batch.codes] == [value.code for value in some]


def test_a_database_url_is_a_place_too(tmp_path, hashes):
    file = tmp_path / "of another name.db"
    with Registry.open(f"sqlite:///{file}") as registry:
        registry.add("default", hashes(1), source="test")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with Registry.open(f"sqlite:///{file}") as registry:
        assert registry.count_entries("default") == 1


def test_opening_a_registry_of_this_version_does_not_load_alembic(place):
    Registry.open(place).close()
    process = run_python(
        """
        import sys
        from hashmatch.registry import Registry
        Registry.open(sys.argv[1]).close()
        print("alembic" in sys.modules)
        """,
        place,
    )
    assert process.communicate()[0] == "False\n"


def test_processes_that_make_one_registry_at_once_all_succeed(place):
    code = """
        import sys
        from hashmatch.registry import Registry
        from hashmatch.registry import database
        import alembic.command
        print("ready", flush=True)
        sys.stdin.readline()
        with Registry.open(sys.argv[1]) as registry:
            print(registry.sequence(), len(registry.lists()))
        """
    processes = [run_python(code, place) for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[0] for process in processes] == ["1 1\n"] * 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_a_fork_does_not_use_its_parents_connections(registry, hashes):
    registry.add("default", hashes(1), source="parent")
    child = os.fork()
    if child == 0:
        try:
            registry.add("default", hashes(1), source="child")
            os._exit(0)
        except BaseException:  # noqa: BLE001 - nothing of the child may reach pytest
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert registry.count_entries("default") == 2


class TestRefusals:
    def test_a_newer_version(self, place):
        Registry.open(place).close()
        with sqlite3.connect(place / FILE_NAME) as database:
            database.execute("UPDATE alembic_version SET version_num = 'v9999'")
        database.close()
        with pytest.raises(RegistryUnavailableError, match=r"newer version.*v9999.*Update"):
            Registry.open(place)

    def test_a_file_that_is_no_database(self, place):
        place.mkdir()
        (place / FILE_NAME).write_bytes(b"I am a letter to a friend. " * 100)
        with pytest.raises(RegistryUnavailableError, match="not a database"):
            Registry.open(place)

    def test_a_database_of_something_else(self, place):
        place.mkdir()
        with sqlite3.connect(place / FILE_NAME) as database:
            database.execute("CREATE TABLE recipes (name TEXT)")
        database.close()
        with pytest.raises(RegistryUnavailableError, match="something else"):
            Registry.open(place)
        with sqlite3.connect(place / FILE_NAME) as database:
            tables = database.execute("SELECT name FROM sqlite_master").fetchall()
        database.close()
        assert tables == [("recipes",)]

    def test_a_file_where_a_folder_should_be(self, tmp_path):
        file = tmp_path / "letter.txt"
        file.write_text("hello")
        with pytest.raises(RegistryUnavailableError, match=r"letter\.txt"):
            Registry.open(file)

    @pytest.mark.parametrize(("name", "why"), [("", "is empty"), ("not utf-8 \udcff", "in UTF-8")])
    def test_a_folder_that_no_database_can_be_in(self, tmp_path, monkeypatch, name, why):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(RegistryUnavailableError, match=why):
            Registry.open(name)
        assert not list(tmp_path.iterdir())

    def test_a_folder_that_cannot_be_made(self, tmp_path):
        file = tmp_path / "letter.txt"
        file.write_text("hello")
        with pytest.raises(RegistryUnavailableError, match="cannot be used"):
            Registry.open(file / "registry")

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            ("https://registry.example/", "over HTTP"),
            ("mysql://me:hunter2@db.example/hashmatch", "SQLite or PostgreSQL"),
            ("sqlite://", "in memory"),
            ("sqlite:///:memory:", "in memory"),
            ("sqlite:////there/is/no/such/folder/registry.sqlite3", "No such file"),
            ("://", "not one"),
        ],
    )
    def test_other_places(self, place, words):
        with pytest.raises(RegistryUnavailableError, match=words) as refusal:
            Registry.open(place)
        assert "hunter2" not in str(refusal.value)

    @pytest.mark.parametrize("step", ["prepare", "_set_up"])
    def test_what_the_driver_raises_by_itself(self, place, monkeypatch, step):
        def fail(*_):
            raise sqlite3.OperationalError("disk I/O error")

        monkeypatch.setattr(sqlite, step, fail)
        with pytest.raises(RegistryUnavailableError, match="OperationalError"):
            Registry.open(place)
        monkeypatch.undo()
        Registry.open(place).close()

    def test_a_damaged_file(self, place, hashes):
        with Registry.open(place) as registry:
            registry.add("default", hashes(2000), source="test")
        file = place / FILE_NAME
        content = bytearray(file.read_bytes())
        content[8192:] = bytes(len(content) - 8192)
        file.write_bytes(content)
        with (
            pytest.raises(RegistryUnavailableError, match="damaged"),
            Registry.open(place) as registry,
        ):
            registry.add("default", hashes(2000), source="test")


def test_errors_of_the_database_hold_no_hash(registry, hashes):
    (value,) = hashes(1)
    with registry._database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(RegistryUnavailableError) as refusal:
        registry.add("default", [value], source="test")
    told = [str(refusal.value), repr(refusal.value.__cause__), repr(refusal.value.__context__)]
    assert value.hex not in "".join(told)
    assert repr(value.code) not in "".join(told)
