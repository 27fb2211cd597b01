"""What alembic runs: migrations on the connection that `storage.database.migrate` passes."""

from alembic import context

from storage import places  # brings in the tables of storage.tables too

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=places.programmes.metadata,
)
context.run_migrations()
