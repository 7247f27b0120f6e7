"""The shared core: what Chiron knows, without a chat and without a database."""
