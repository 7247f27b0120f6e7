"""`chiron play`: the bot and a Bot API on this machine, with a chat page, without a token."""

import asyncio
import signal

from platformdirs import user_data_path
from pydantic import SecretStr
from rich.console import Console

from bot.app import Program, opened_storage
from bot.playground import Playground
from bot.settings import Settings, WrongSettings


async def play(settings: Settings, *, port: int, database: str | None = None, fresh: bool = False) -> None:
    """Serve the playground until SIGINT or SIGTERM.

    Args:
        settings: The log and the limits; token, address and database are the playground's own.
        port: Port of the page, on loopback only.
        database: Address of another database than the playground's own.
        fresh: Begin with an empty database, if it is the playground's own.

    Raises:
        WrongSettings: The port is taken.
        AlreadyRunning: Another playground runs on the same database; it is left as it is.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    playground = Playground(port)
    try:
        await playground.start()
    except OSError as error:
        raise WrongSettings(f"port {port} is taken on this machine: choose another with --port") from error
    try:
        local = _local(settings, playground, database or _own_database())
        async with opened_storage(local, fresh=fresh and database is None) as storage:
            await Program(local, storage).run(stop, ready=lambda: _announce(playground))
    finally:
        await playground.stop()


def _local(settings: Settings, playground: Playground, database: str) -> Settings:
    """The settings with the playground in place of Telegram; a live database is never touched by playing."""
    return settings.model_copy(
        update={
            "telegram_bot_token": SecretStr(playground.token),
            "telegram_api_url": playground.api_url,
            "webhook_url": None,
            "database_url": database,
        }
    )


def _own_database() -> str:
    return f"sqlite+aiosqlite:///{user_data_path('chiron') / 'playground.db'}"


def _announce(playground: Playground) -> None:
    Console().print(f"\nChiron is ready: open [bold]{playground.url}[/bold] in a browser (Ctrl-C stops it)\n")
