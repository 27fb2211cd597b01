"""SQL: tables and migrations, ledger, read model, letters and messages, directory, notes and commands."""
