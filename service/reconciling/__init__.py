"""Never lost: SQL and Temporal compared, mended, and each rebuilt from the other."""
