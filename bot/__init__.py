"""The edge: Telegram in, Telegram out."""
