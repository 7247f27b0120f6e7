"""A strict Telegram Bot API on loopback and a chat page: the bot without a token."""

from bot.playground.faults import Fault, Faults
from bot.playground.http_api import Call
from bot.playground.playground import Playground
from bot.playground.state import Person, Press

__all__ = ["Call", "Fault", "Faults", "Person", "Playground", "Press"]
