"""Structured logs as JSON lines. What an exception says is left out: it may quote a private value; where it was, stays."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def frames(logger: Any, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace exception information by its type and the places it passed, without messages and values."""
    given = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        entry["exception"] = type(error).__name__
        entry["frames"] = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    return entry


class _JsonLines(logging.Formatter):
    """What libraries log through the standard library, in the same form."""

    def format(self, record: logging.LogRecord) -> str:
        # Only the first line: asyncio describes the failed task below it, and quotes what its exception says.
        said = record.getMessage().partition("\n")[0]
        entry: MutableMapping[str, Any] = {"event": said, "logger": record.name}
        entry["level"] = record.levelname.lower()
        if record.exc_info:
            entry["exc_info"] = record.exc_info
            entry = frames(None, "", entry)
        return str(structlog.processors.JSONRenderer()(None, "", entry))


def configure(level: str) -> None:
    """Log JSON lines of at least `level` to standard error; libraries from warnings on."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            frames,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
