"""One file a group of tables: rows in, values of the core out."""
