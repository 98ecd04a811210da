"""The API's documents, for programs and for people."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.access.roles import Permission
from app.api.asyncapi import asyncapi
from app.api.needs import needs
from app.api.reference import STYLE, page

READ: Final = ["GET", "HEAD"]
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

router = APIRouter(include_in_schema=False)


@router.api_route("/docs", methods=READ, openapi_extra=needs(Permission.PUBLIC))
async def reference(request: Request) -> Response:
    """Made at the first asking, as the document it is made from."""
    app = request.app
    made: str | None = getattr(app.state, "reference", None)
    if made is None:
        made = app.state.reference = page(app.openapi(), asyncapi(app.version))
    return HTMLResponse(made, headers=HEADERS)
