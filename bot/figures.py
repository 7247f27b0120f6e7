"""Formulas and charts as pictures, drawn in the worker process: drawing must not hold up the chat."""

import io
from collections import OrderedDict
from collections.abc import Callable, Hashable

import structlog

from bot.worker import TooSlow, Worker

DRAW_SECONDS = 20.0
KEPT = 200
FONT_SIZE = 22
DOTS_PER_INCH = 220
LEAST_WIDTH_INCHES = 3.6
MARGIN_INCHES = 0.25
PAPER = "#ffffff"
INK = "#1b2733"
LINE = "#0072b2"
RULE = "#d9dee3"
CHART_INCHES = (5.0, 3.2)
MANY_LABELS = 6

log = structlog.get_logger(__name__)


class Figures:
    """Draws pictures and keeps the last ones.

    Attributes:
        draw_seconds: How long one may take, the start of the worker included.
    """

    def __init__(self, worker: Worker, draw_seconds: float = DRAW_SECONDS) -> None:
        self.draw_seconds = draw_seconds
        self._worker = worker
        self._kept: OrderedDict[tuple[Hashable, ...], bytes] = OrderedDict()

    async def formula(self, latex: str) -> bytes | None:
        """A formula as PNG; None if it cannot be drawn (it is logged, and its words are shown instead).

        Args:
            latex: What matplotlib's mathtext understands, without dollar signs.
        """
        return await self._drawn("formula", draw_formula, latex)

    async def chart(self, title: str, labels: tuple[str, ...], values: tuple[int, ...]) -> bytes | None:
        """Values in percent over time as PNG; None if it cannot be drawn (its words are shown instead).

        Args:
            title: What is shown.
            labels: One for each value, in order.
            values: Percent, -100 to 100.
        """
        return await self._drawn("chart", draw_chart, title, labels, values)

    async def _drawn(self, what: str, draw: Callable[..., bytes], *given: Hashable) -> bytes | None:
        """A picture from memory, or from the worker."""
        key = (what, *given)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        try:
            image = await self._worker.run(self.draw_seconds, draw, *given)
        except TooSlow:
            log.warning("not-drawn", what=what, reason="too slow")
            return None
        except Exception as error:  # noqa: BLE001 - whatever the drawing library says, the words remain
            log.warning("not-drawn", what=what, reason=type(error).__name__)
            return None
        self._kept[key] = image
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return image


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


def draw_chart(title: str, labels: tuple[str, ...], values: tuple[int, ...]) -> bytes:
    """Values in percent over time as PNG: one line, each point with its number, readable on a phone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - only the worker loads it
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=CHART_INCHES, facecolor=PAPER, dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    places = range(len(values))
    axes.plot(places, values, color=LINE, linewidth=2.5, marker="o", markersize=7)
    for place, value in zip(places, values, strict=True):
        valley = value < min(
            (values[near] for near in (place - 1, place + 1) if 0 <= near < len(values)), default=value
        )
        axes.annotate(
            f"{value}%".replace("-", "−"),
            (place, value),
            xytext=(0, -11 if valley else 9),
            textcoords="offset points",
            ha="center",
            va="top" if valley else "bottom",
            color=INK,
            fontsize=11,
        )
    axes.set_title(title, color=INK, fontsize=12, loc="left")
    axes.set_ylim(min(0, *values) - 15, 112)
    axes.set_xlim(-0.5, len(values) - 0.5)
    axes.set_xticks(places, labels, fontsize=9, color=INK, rotation=45 if len(values) > MANY_LABELS else 0)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.tick_params(colors=INK, labelsize=9, length=0)
    axes.grid(axis="y", color=RULE)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=DOTS_PER_INCH)
    return picture.getvalue()
