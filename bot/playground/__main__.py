"""`python -m bot.playground --port 8081`: the server and the page alone; the bot runs elsewhere."""

import argparse
import asyncio
import signal
import sys

from bot.playground.playground import Playground


async def serve(port: int, people: int, *, flood: bool) -> None:
    """Serve until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with Playground(port, flood=flood, keep_log=False) as playground:
        for _ in range(people):
            playground.person()
        sys.stdout.write(
            f"{playground.url}\nTELEGRAM_API_URL={playground.api_url}\nTELEGRAM_BOT_TOKEN={playground.token}\n",
        )
        sys.stdout.flush()
        await stopped.wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.playground", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--people", type=int, default=0, help="so many students more")
    parser.add_argument("--flood", action="store_true", help="answer 429 to what comes too fast")
    options = parser.parse_args()
    served = serve(options.port, options.people, flood=options.flood)
    if sys.platform == "win32":
        asyncio.run(served)
    else:
        import uvloop  # noqa: PLC0415 - not there on Windows

        uvloop.run(served)


if __name__ == "__main__":
    main()
