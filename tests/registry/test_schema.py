from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from hashmatch.registry import schema


def test_the_migrations_make_the_tables_that_the_code_knows(registry):
    with registry._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


def test_constraints_are_the_same_too(registry):
    """Alembic does not compare these."""
    with registry._database.reading() as connection:
        question = {
            "sqlite": "SELECT sql FROM sqlite_master",
            "postgresql": "SELECT conname FROM pg_constraint",
        }[connection.dialect.name]
        rows = connection.exec_driver_sql(question).scalars()
        made = "".join(sql or "" for sql in rows)
    for table in schema.metadata.tables.values():
        for constraint in table.constraints:
            assert str(constraint.name) in made


def test_the_newest_migration_is_the_one_the_code_asks_for():
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.REVISION]


def test_a_new_registry_knows_the_hashers_that_come_with_hashmatch(registry):
    assert registry.hashers() == schema.KNOWN_HASHERS
