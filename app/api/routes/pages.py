"""The screens: built files, served as they are."""

import base64
import hashlib
import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

from app.api import problems
from app.api.context import current
from app.api.routes import ahead

READ: Final = ["GET", "HEAD"]
YEAR_S: Final = 31_536_000  # the build names assets by their content
FOREVER: Final = {"Cache-Control": f"public, max-age={YEAR_S}, immutable"}
CHECK_AGAIN: Final = {"Cache-Control": "no-cache"}
NO_PAGE: Final = {"Cache-Control": "no-store", "Vary": "Accept"}

_STYLE: Final = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:#0b1220;color:#e6edf6;"
    "font:1.05rem/1.6 system-ui,sans-serif}main{max-width:34rem;padding:2rem}"
    "h1{font-size:1.5rem;margin:0 0 .75rem}code{background:#1b2740;padding:.15rem .4rem;"
    "border-radius:.3rem}p{margin:.5rem 0;color:#b8c4d6}"
)
_NOT_BUILT: Final = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Screens not built</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><main><h1>The screens are not built yet</h1>
<p>The server is running and takes readings; only its pages are missing.</p>
<p>Run <code>make demo</code> or <code>pip install .</code> in the project folder, then reload.</p>
</main></body></html>
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_NOT_BUILT_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "frame-ancestors 'none'",
}

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=READ)
@router.api_route("/session/{session_id}", methods=READ)
@router.api_route("/sessions", methods=READ)
@router.api_route("/clinic", methods=READ)
@router.api_route("/training", methods=READ)
@router.api_route("/wall", methods=READ)
@router.api_route("/link", methods=READ)
@router.api_route("/demo", methods=READ)
@router.api_route("/account", methods=READ)
@router.api_route("/admin", methods=READ)
@router.api_route("/admin/{rest:path}", methods=READ)
@router.api_route("/audit", methods=READ)
@router.api_route("/audit/{rest:path}", methods=READ)
async def page(request: Request) -> Response:
    index = current(request).static_dir / "index.html"
    if not index.is_file():
        return HTMLResponse(_NOT_BUILT, 503, _NOT_BUILT_HEADERS)
    return _sent(request, index, CHECK_AGAIN)


@router.api_route("/sessions/{rest:path}", methods=READ)
async def timeline(request: Request, rest: str) -> Response:
    """A session's record, opened by its address; without a session it is their list."""
    answer = await page(request)
    if rest and answer.status_code == HTTPStatus.OK:
        answer.headers.update(ahead.of_timeline(current(request).static_dir))
    return answer


def install(app: FastAPI) -> None:
    app.add_exception_handler(404, _nothing_here)


def _nothing_here(request: Request, error: Exception) -> Response:
    """Who opens an unknown address in a browser gets the screens, which say so and lead on; all
    others, and everybody in the API, get the problem.
    """
    index = current(request).static_dir / "index.html"
    reads_pages = names(request.headers.get("accept", ""), "text/html")
    if reads_pages and not request.url.path.startswith("/api/") and index.is_file():
        return HTMLResponse(index.read_bytes(), 404, NO_PAGE)
    return problems.answer(problems.http_problem(404))


@router.api_route("/assets/{path:path}", methods=READ)
async def asset(request: Request, path: str) -> Response:
    return _file(request, current(request).static_dir / "assets", path, FOREVER)


@router.api_route("/{name}", methods=READ)
async def root_file(request: Request, name: str) -> Response:
    return _file(request, current(request).static_dir, name, CHECK_AGAIN)


def _file(request: Request, folder: Path, name: str, headers: dict[str, str]) -> Response:
    """A file inside the folder, and nothing outside it."""
    root = folder.resolve()
    try:
        file = (root / name).resolve()
        found = root in file.parents and file.is_file()
    except (ValueError, OSError):  # a NUL, or an endless name
        found = False
    if not found:
        raise HTTPException(404)
    return _sent(request, file, headers)


def _sent(request: Request, file: Path, headers: dict[str, str]) -> Response:
    """The file, or the gzipped copy that the build put beside it, if the asker takes that."""
    packed = file.with_name(f"{file.name}.gz")
    if not packed.is_file():
        return FileResponse(file, headers=headers)
    headers = {**headers, "Vary": "Accept-Encoding"}
    if not names(request.headers.get("accept-encoding", ""), "gzip"):
        return FileResponse(file, headers=headers)
    kind = mimetypes.guess_type(file.name)[0]
    return FileResponse(packed, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})


def names(offers: str, wanted: str) -> bool:
    """Whether an Accept or Accept-Encoding names it and does not refuse it with a weight of 0."""
    for offer in offers.lower().split(","):
        name, *parameters = (part.strip() for part in offer.split(";"))
        if name == wanted:
            weights = [part.removeprefix("q=") for part in parameters if part.startswith("q=")]
            return not any(weight.strip("0.") == "" for weight in weights)
    return False
