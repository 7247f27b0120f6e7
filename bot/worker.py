"""One lazily started worker process for what would hold up the chat: drawing, and counting tokens."""

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

import structlog

T = TypeVar("T")

log = structlog.get_logger(__name__)


class TooSlow(Exception):  # noqa: N818 - read as a sentence
    """The work took too long, or its worker died."""


class Worker:
    """Runs functions in another process, one at a time."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()

    async def run(self, seconds: float, work: Callable[..., T], *given: object) -> T:
        """What a function gives for its arguments; it raises what the function raises.

        Args:
            seconds: How long it may take once its turn has come, the start of the worker included.
            work: A function of a module, whose arguments and result can be sent to another process.
            given: Its arguments.

        Raises:
            TooSlow: It took longer, or the worker died.
        """
        async with self._turn:
            pool = self._started()
            try:
                async with asyncio.timeout(seconds):
                    return await asyncio.get_running_loop().run_in_executor(pool, work, *given)
            except BrokenProcessPool:
                log.warning("worker-died")
                self._forget(pool)
                raise TooSlow from None
            except TimeoutError:
                # The worker would go on with it, and everything later would wait behind.
                self._forget(pool)
                raise TooSlow from None

    def close(self) -> None:
        """Stop the worker."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _forget(self, pool: ProcessPoolExecutor) -> None:
        """End a worker that hangs or died; what comes next gets a new one."""
        if self._pool is pool:
            self._pool = None
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - a way of its own comes with 3.14
            process.kill()
        pool.shutdown(wait=False)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # A fresh interpreter: a fork would copy the threads' locks and the open database.
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
        return self._pool


def _ignore_interrupts() -> None:
    # Ctrl-C reaches the whole group; the parent decides when the worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
