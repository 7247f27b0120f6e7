"""Migrations: append-only once landed, run by the program itself."""
