"""The document as a PDF that is tagged for screen readers (PDF/UA-1) and the same to the last byte
for the same log: no time of making, no font of the machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
from msgspec import to_builtins

from app.review.exports.glyphs import FAMILY, font_folder, printable

if TYPE_CHECKING:
    from app.review.exports.document import Document

TEMPLATE: Final = Path(__file__).with_name("record.typ")


def pdf(document: Document) -> bytes:
    """The words go in as data, never as typst's own language: nothing in them is a command."""
    import typst  # large: loaded where something is printed, not by every process that serves

    said = orjson.dumps(_printable(to_builtins(document))).decode()
    with font_folder() as folder:
        made: bytes = typst.compile(
            TEMPLATE,
            font_paths=[folder],
            ignore_system_fonts=True,
            sys_inputs={"document": said, "font": FAMILY},
            format="pdf",
            pdf_standards="ua-1",
        )
    return made


def _printable(said: Any) -> Any:
    if isinstance(said, str):
        return printable(said)
    if isinstance(said, list):
        return [_printable(one) for one in said]
    if isinstance(said, dict):
        return {name: _printable(one) for name, one in said.items()}
    return said
