"""Schema migrations, run by `storage.database.migrate`."""
