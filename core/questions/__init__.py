"""Questions, their versions, and the readers of banks."""
