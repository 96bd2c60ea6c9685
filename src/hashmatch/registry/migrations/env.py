"""What Alembic runs around every migration; the connection is handed in by `database.py`."""

from alembic import context

from hashmatch.registry.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
