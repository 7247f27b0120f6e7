"""Tests of practice and typed answers."""
