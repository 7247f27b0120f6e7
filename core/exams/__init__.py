"""Exams: formats as data, sittings, scores."""
