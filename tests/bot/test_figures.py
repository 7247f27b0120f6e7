"""Formulas as pictures: one that takes too long does not hold up the others."""

import asyncio
import multiprocessing

from bot.figures import Figures
from bot.worker import Worker


async def test_formula_that_takes_too_long() -> None:
    """It is given up, its worker ends, those that wait behind it are told, and the next formula is drawn."""
    worker = Worker()
    figures = Figures(worker, draw_seconds=0.0)
    try:
        given_up = await asyncio.gather(figures.formula("x"), figures.formula("y"))
        async with asyncio.timeout(30):
            while multiprocessing.active_children():  # noqa: ASYNC110 - a poll
                await asyncio.sleep(0.01)
        figures.draw_seconds = 60.0
        drawn = await figures.formula("x")
    finally:
        worker.close()

    assert given_up == [None, None]
    assert drawn is not None
    assert drawn.startswith(b"\x89PNG")
