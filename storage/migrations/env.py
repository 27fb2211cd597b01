"""What alembic runs: migrations on the connection that `storage.database.migrate` passes."""

from alembic import context

from storage import comments, evidence, places  # noqa: F401 - they bring in all other tables, too

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=places.programmes.metadata,
)
context.run_migrations()
