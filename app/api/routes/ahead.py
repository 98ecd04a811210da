"""What a session's timeline will need, told with its page: the browser fetches it while it still
reads the page's own script, which would ask for one after the other.

Only a hint. Without it, or with another build than the page's, the page asks for all by itself.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import orjson

MANIFEST: Final = Path(".vite") / "manifest.json"
"""Of the build: which file was made of which source, and what that imports."""
PAGE: Final = "index.html"
SOURCES: Final = ("src/frame/own-page.tsx", "src/find/page.tsx", "src/review/page.tsx")
"""What the page imports one after the other until a timeline is there."""
SCRIPT: Final = f"</plotly/{version('plotly')}.js>; rel=preload; as=script"


def of_timeline(static: Path) -> dict[str, str]:
    """Headers for the page; none of its parts are named where the build has not said them."""
    manifest = static / MANIFEST
    try:
        built = manifest.stat().st_mtime_ns
    except OSError:
        return {"Link": SCRIPT}
    return {"Link": ", ".join((SCRIPT, *_parts(manifest, built)))}


@lru_cache(maxsize=1)
def _parts(manifest: Path, _built: int) -> tuple[str, ...]:
    chunks = orjson.loads(manifest.read_bytes())
    known = _closure(chunks, (PAGE,))
    files = [chunk for key, chunk in _closure(chunks, SOURCES).items() if key not in known]
    styles = dict.fromkeys(style for chunk in files for style in chunk.get("css", ()))
    return (
        *(f"</{chunk['file']}>; rel=modulepreload; crossorigin" for chunk in files),
        *(f"</{style}>; rel=preload; as=style; crossorigin" for style in styles),
    )


def _closure(chunks: dict[str, Any], first: tuple[str, ...]) -> dict[str, Any]:
    """These and all that they import at once, each once."""
    found: dict[str, Any] = {}
    waiting = [key for key in first if key in chunks]
    while waiting:
        key = waiting.pop(0)
        if key not in found:
            found[key] = chunks[key]
            waiting += chunks[key].get("imports", ())
    return found
