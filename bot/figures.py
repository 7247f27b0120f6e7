"""Formulas as pictures, drawn in one lazily started worker process: drawing must not hold up the chat."""

import asyncio
import io
import signal
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import structlog

DRAW_SECONDS = 20.0
KEPT = 200
FONT_SIZE = 22
DOTS_PER_INCH = 220
LEAST_WIDTH_INCHES = 3.6
MARGIN_INCHES = 0.25
PAPER = "#ffffff"
INK = "#1b2733"

log = structlog.get_logger(__name__)


class Figures:
    """Draws pictures and keeps the last ones.

    Attributes:
        draw_seconds: How long one may take, the start of the worker included.
    """

    def __init__(self, draw_seconds: float = DRAW_SECONDS) -> None:
        self.draw_seconds = draw_seconds
        self._pool: ProcessPoolExecutor | None = None
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def formula(self, latex: str) -> bytes | None:
        """A formula as PNG; None if it cannot be drawn (it is logged, and its words are shown instead).

        Args:
            latex: What matplotlib's mathtext understands, without dollar signs.
        """
        if latex in self._kept:
            self._kept.move_to_end(latex)
            return self._kept[latex]
        pool = self._worker()
        try:
            async with asyncio.timeout(self.draw_seconds):
                image = await asyncio.get_running_loop().run_in_executor(pool, draw_formula, latex)
        except BrokenProcessPool:
            log.warning("worker-died")
            self._forget(pool)
            return None
        except TimeoutError:
            # The worker would go on with it, and every later formula would wait behind.
            log.warning("formula-not-drawn", reason="too slow")
            self._forget(pool)
            return None
        except Exception as error:  # noqa: BLE001 - whatever the drawing library says, the words remain
            log.warning("formula-not-drawn", reason=type(error).__name__)
            return None
        self._kept[latex] = image
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return image

    def close(self) -> None:
        """Stop the worker."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _forget(self, pool: ProcessPoolExecutor) -> None:
        """End a worker that hangs or died; the next formula gets a new one."""
        if self._pool is pool:
            self._pool = None
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - a way of its own comes with 3.14
            process.kill()
        pool.shutdown(wait=False)  # those that wait behind it are told that it broke

    def _worker(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # A fresh interpreter: a fork would copy the threads' locks and the open database.
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
        return self._pool


def draw_formula(latex: str) -> bytes:
    """A formula as PNG on white paper with a margin, readable on a dark chat as on a light one.

    The paper has a least width: a chat stretches a picture over the width of the phone, and a single fraction would
    fill the screen.

    Raises:
        ValueError: Mathtext does not understand it.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - only the worker loads it:
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second and 80 MB

    figure = Figure(facecolor=PAPER, dpi=DOTS_PER_INCH)
    canvas = FigureCanvasAgg(figure)
    words = figure.text(
        0.5, 0.5, f"${latex}$", fontsize=FONT_SIZE, color=INK, math_fontfamily="cm", ha="center", va="center"
    )
    extent = words.get_window_extent(canvas.get_renderer())  # type: ignore[no-untyped-call] # not annotated there
    width = max(LEAST_WIDTH_INCHES, extent.width / DOTS_PER_INCH + 2 * MARGIN_INCHES)
    figure.set_size_inches(width, extent.height / DOTS_PER_INCH + 2 * MARGIN_INCHES)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=DOTS_PER_INCH)
    return picture.getvalue()


def _ignore_interrupts() -> None:
    # Ctrl-C reaches the whole group; the parent decides when the worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
