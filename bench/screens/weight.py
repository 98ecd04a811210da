"""How much JavaScript a page needs, in bytes as gzip sends them."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LEVEL: Final = 6  # what servers and proxies use unless told otherwise
KB: Final = 1_000  # bytes, as build tools count
BOARD_KB: Final = 60  # goal: with a slow clinic network, a quarter of a second at 2 Mbit/s

_IN_PAGE: Final = re.compile(r'(?:src|href)="/?([^"]+\.js)"')
_IMPORTED: Final = re.compile(
    r"""(?:\bimport|\bfrom)\s*["'`]\./([\w.-]+\.js)["'`]"""  # static, not import("...")
)
_WORKER: Final = re.compile(r"""["'`](?:/assets/|\./)?([\w.-]+\.worker-[\w-]+\.js)["'`]""")


def gzipped(content: bytes) -> int:
    return len(gzip.compress(content, LEVEL, mtime=0))


def of_page(static: Path, shows: str) -> dict[str, int]:
    """Each file that the page fetches before it can show what holds the text `shows`.

    That is what index.html names and all that is imported at once, workers too. A part that is
    loaded later does not count, unless it is the part with that text, or the page could not be.
    """
    page = (static / "index.html").read_text("utf-8")
    needed = closure(static, (static / name for name in _IN_PAGE.findall(page)))
    if not any(_holds(path, shows) for path in needed):
        apart = [path for path in sorted((static / "assets").glob("*.js")) if _holds(path, shows)]
        if not apart:
            raise LookupError(f"no script of {static.name} holds {shows!r}")
        needed |= closure(static, apart)
    return {path.name: gzipped(path.read_bytes()) for path in sorted(needed)}


def closure(static: Path, first: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(first)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        text = path.read_text("utf-8")
        names = {*_IMPORTED.findall(text), *_WORKER.findall(text)}
        waiting += [static / "assets" / name for name in names]
    return found


def _holds(path: Path, text: str) -> bool:
    return text in path.read_text("utf-8")
