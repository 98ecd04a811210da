"""Which characters the printed font has. A PDF that promises to be readable by everybody may hold
no character without a glyph, so one that the font lacks is printed as its number: `U+1F600`.
"""

from __future__ import annotations

import os
import struct
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Final

import font_source_sans_pro  # type: ignore[import-untyped]  # it has no types

from app.clock import now_ms
from app.monitoring.times import SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(font_source_sans_pro.__path__[0]) / "files"
PREFIX: Final = "infusion-fonts-"
LEFT_S: Final = 3_600  # nothing is printed for so long: a process that printed it is dead
FACES: Final = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf", "SourceSansPro-It.ttf")
FAMILY: Final = "Source Sans Pro"
NEVER: Final = frozenset({0xAD, *range(0x200B, 0x2010), *range(0x2028, 0x202F), 0x2060, 0xFEFF})
"""Shown as nothing or turning the text around it: a reader must see that they are there."""


@contextmanager
def font_folder() -> Iterator[Path]:
    """A folder of these faces alone. The package's own has each of them twice, and which of two is
    taken would be the machine's choice. The typesetter takes fonts by folder only; what a process
    that was killed at it left behind goes with the next one.
    """
    _sweep()
    with TemporaryDirectory(prefix=PREFIX) as folder:
        for face in FACES:
            (Path(folder) / face).symlink_to(FOLDER / face)
        yield Path(folder)


def _sweep() -> None:
    """Of our own user alone, and only what holds nothing but links: none of it is anybody's."""
    before = now_ms() / SECOND_MS - LEFT_S
    for left in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # another's, not empty, or just swept by another process
            about = left.lstat()
            if about.st_uid != os.getuid() or about.st_mtime > before or left.is_symlink():
                continue
            for face in FACES:
                if (link := left / face).is_symlink():
                    link.unlink()
            left.rmdir()


def printable(text: str) -> str:
    """The text, with what cannot be printed as its number."""
    known = _known()
    if all(ord(character) in known for character in text):
        return text
    return "".join(
        character if ord(character) in known else f"[U+{ord(character):04X}]"
        for character in text.replace("\r\n", "\n").replace("\t", " ")
    )


@cache
def _known() -> frozenset[int]:
    """Of all faces, and the end of a line."""
    faces = [_of_face((FOLDER / face).read_bytes()) for face in FACES]
    return (frozenset.intersection(*faces) - NEVER) | {0x0A}


def _of_face(font: bytes) -> frozenset[int]:
    """The characters of the face's widest map (OpenType `cmap`, formats 4 and 12)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    places = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * tables, 16)
    }
    cmap = places[b"cmap"]
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    found: set[int] = set()
    for at in range(cmap + 4, cmap + 4 + 8 * count, 8):
        platform, _, offset = struct.unpack_from(">HHI", font, at)
        (form,) = struct.unpack_from(">H", font, cmap + offset)
        if platform in (0, 3) and form == 4:
            found |= _of_format_4(font, cmap + offset)
        elif platform in (0, 3) and form == 12:
            found |= _of_format_12(font, cmap + offset)
    return frozenset(found)


def _of_format_4(font: bytes, at: int) -> set[int]:
    (double,) = struct.unpack_from(">H", font, at + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + double)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 2 * double)
    ranges_at = at + 16 + 3 * double
    found = set()
    for place, (start, end, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        (offset,) = struct.unpack_from(">H", font, ranges_at + 2 * place)
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                where = ranges_at + 2 * place + offset + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", font, where)
            if offset == 0 or glyph:
                glyph = (glyph + delta) & 0xFFFF
            if glyph:
                found.add(code)
    return found


def _of_format_12(font: bytes, at: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    found: set[int] = set()
    for place in range(at + 16, at + 16 + 12 * groups, 12):
        start, end, glyph = struct.unpack_from(">III", font, place)
        found.update(range(start + (glyph == 0), end + 1))
    return found
