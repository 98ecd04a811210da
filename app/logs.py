"""Logs: a JSON object a line on standard error, of fields that cannot be about a patient."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final

import orjson
import structlog

from app.clock import now_ms
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import MutableMapping

FRAMES_LOGGED: Final = 12  # innermost calls: enough to find the place
_WORDS: Final = re.compile(r"[A-Za-z' ]*")

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
        "pid",
        "queue",
        "reason",
        "seconds",
        "session_id",
        "status",
        "task",
        "time",
        "wait_s",
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


def where(error: BaseException) -> list[str]:
    """File and line of the innermost calls; messages are left out, they may hold what was sent."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    calls = traceback.extract_tb(error.__traceback__)[-FRAMES_LOGGED:]
    return [f"{call.filename}:{call.lineno} {call.name}" for call in calls]


def _failed(error: BaseException) -> dict[str, Any]:
    return {"exc_type": type(error).__name__, "where": where(error)}


class _Plain(logging.Formatter):
    """Lines of the standard library's logging: ours as they are, for they follow the same rule; of
    a library's the words of the line and its numbers; of an exception its type and place.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": iso(now_ms()),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _said(record),
        }
        if line["event"].startswith("Traceback"):
            *_, last = str(record.msg).strip().splitlines()
            line |= {"event": "the server failed", "exc_type": last.partition(":")[0]}
        if record.exc_info and record.exc_info[1]:
            line |= _failed(record.exc_info[1])
        return orjson.dumps(line).decode()


def _said(record: logging.LogRecord) -> str:
    if record.name == "app" or record.name.startswith("app."):
        return record.getMessage()
    if isinstance(record.msg, OSError):  # an address that is taken, a file that is not there
        return record.msg.strerror or type(record.msg).__name__
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    words = record.msg.partition("\n")[0]
    if record.name == "asyncio":  # it writes calls with what they were called with
        return _WORDS.match(words)[0]  # type: ignore[index] # it matches nothing too
    given = record.args if isinstance(record.args, tuple) else ()
    shown = tuple(one if isinstance(one, int | float) else "[redacted]" for one in given)
    try:
        return words % shown if shown else words
    except (TypeError, ValueError):  # it names what it wants
        return words


def _uncaught(_type: type[BaseException], error: BaseException, _trace: Any = None) -> None:
    """What would end the program, or a thread of it: its text may hold what was to be stored."""
    if not isinstance(error, KeyboardInterrupt):
        structlog.get_logger(__name__).error("uncaught", **_failed(error))


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
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # else a line a socket, with its query
    for name in ("httpx2", "httpcore2"):  # they write addresses, which may hold tokens
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # else two lines at every start
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)  # statements would show their values
    sys.excepthook = _uncaught
    threading.excepthook = lambda failed: (
        None if failed.exc_value is None else _uncaught(failed.exc_type, failed.exc_value)
    )
