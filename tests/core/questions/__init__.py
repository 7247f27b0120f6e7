"""Tests of questions, readers of banks, the linter and formulas."""
