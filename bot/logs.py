"""Structured logs without names, texts or tokens."""

import logging
import re
import sys

import structlog

_TOKEN = re.compile(r"(?<!\d)\d{1,12}:[A-Za-z0-9_-]{8,}")
"""A bot token: it stands in the path of every request, so it can slip into any error's text."""

NOISY = (
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "openai",
    "aiohttp.access",
    "telegram",
    "alembic",
    "asyncio",
    "matplotlib",
)
"""Libraries that tell of every request; only their warnings are shown."""


def set_up(level: str, style: str) -> None:
    """Send everything to the standard error stream.

    Args:
        level: Name of the lowest level that is shown.
        style: `console` for people, `json` for programs.
    """
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([structlog.processors.format_exc_info] if style == "json" else []),
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(formatter))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class Redacting(logging.Formatter):
    """Takes tokens out of what another formatter wrote, tracebacks included."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The line, without tokens."""
        return redact(self._inner.format(record))


def redact(text: str) -> str:
    """The text with every bot token taken out."""
    return _TOKEN.sub("[token]", text)
