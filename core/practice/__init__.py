"""Practice sessions, quizzes, and how typed answers are read."""
