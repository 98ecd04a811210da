"""Answers: what a service made becomes bytes once; nothing is checked again on the way out."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

JSON = "application/json"


def answer(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type=JSON)


def recorded(result: tuple[Any, bool]) -> Response:
    """201 for what is new, 200 for what was known under this id."""
    content, created = result
    return answer(content, 201 if created else 200)


def event_page(events: list[bytes], limit: int) -> Response:
    """A page of the log, joined from stored texts; the cursor is the last seq."""
    cursor = b"null"
    if len(events) == limit:
        cursor = b'"%d"' % orjson.loads(events[-1])["seq"]
    body = b'{"items":[' + b",".join(events) + b'],"next_cursor":' + cursor + b"}"
    return Response(body, media_type=JSON)
