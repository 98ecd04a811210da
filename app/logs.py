"""Logs: a JSON object a line on standard error, of fields that cannot be about a patient."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, Final

import orjson
import structlog

from app.clock import now_ms
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import MutableMapping

ALLOWED: Final = frozenset(
    {
        "address",
        "batch",
        "code",
        "count",
        "event",
        "exc_type",
        "level",
        "logger",
        "method",
        "queue",
        "reason",
        "seconds",
        "session_id",
        "status",
        "task",
        "time",
        "where",
    }
)
"""What a log line may hold; anything else is replaced, whoever logs it."""


def _allow(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value if key in ALLOWED else "[redacted]" for key, value in event.items()}


def _stamp(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {"time": iso(now_ms()), **event}


def _render(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=repr).decode()


class _Plain(logging.Formatter):
    """Lines of libraries; of an exception only its type, for its text may hold what was sent."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": iso(now_ms()),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if line["event"].startswith("Traceback"):
            *_, last = line["event"].strip().splitlines()
            line |= {"event": "the server failed", "exc_type": last.partition(":")[0]}
        if record.exc_info and record.exc_info[0]:
            line["exc_type"] = record.exc_info[0].__name__
        return orjson.dumps(line).decode()


def configure(level: str) -> None:
    """Called once, by the program that serves."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, _allow, _stamp, _render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Plain())
    logging.basicConfig(handlers=[handler], level=number, force=True)
    if level != "debug":
        logging.getLogger("uvicorn").setLevel(max(number, logging.WARNING))  # a line per socket
    for name in ("httpx2", "httpcore2"):  # they write addresses, which may hold tokens
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)  # statements would show their values
