"""Who is in the chat, and where they stand."""
