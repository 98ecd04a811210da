"""Exports read back as whoever gets them would: the PDF by pdftotext, the page by a parser, the
tables by a CSV reader.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from tests.support.machine import find_pdftotext

if TYPE_CHECKING:
    from collections.abc import Iterator

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
BREAK = "\N{ZERO WIDTH SPACE}"  # where a long word may go on in the next line


def csv_rows(content: bytes) -> list[dict[str, str]]:
    text = content.decode()
    assert text.startswith(BOM), "a spreadsheet would take it for another encoding"
    return list(csv.DictReader(io.StringIO(text[1:])))


def pdf_text(content: bytes, *options: str) -> str:
    """What is on its pages, in the order in which it is read, but for where words are broken."""
    program = find_pdftotext()
    assert program is not None
    command = [str(program), *options, "-", "-"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return done.stdout.decode().replace(BREAK, "")


@dataclass
class Table:
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    struck: list[list[list[str]]] = field(default_factory=list)
    """Of each row and cell what was struck through."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, Table] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._section = ""
        self._cell: list[str] | None = None
        self._old: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append((tag, said))
        if tag == "section":
            self._section = said["id"] or ""
        elif tag == "table":
            self.tables[self._section] = Table()
        elif tag == "tr":
            table = self.tables[self._section]
            table.rows.append([])
            table.struck.append([])
        elif tag in ("td", "th"):
            self._cell = []
            self.tables[self._section].struck[-1].append([])
        elif tag == "del":
            self._old = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[self._section].rows[-1].append("".join(self._cell).strip())
            self._cell = None
        elif tag == "del" and self._old is not None:
            self.tables[self._section].struck[-1][-1].append("".join(self._old))
            self._old = None
        elif tag == "thead":
            table = self.tables[self._section]
            table.head, table.struck = table.rows.pop(), []

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._old is not None:
            self._old.append(data)
        elif self._cell is not None:
            self._cell.append(data)


def page_of(content: bytes) -> _Page:
    page = _Page()
    page.feed(content.decode())
    page.close()
    return page


def numbers_in(text: str) -> Iterator[str]:
    """Each number of a text, without the marks of flags."""
    for found in re.finditer(r"(?<![\w.:-])\d+(?:\.\d+)?(?=(?:HH|H|LL|L)?(?![\w.:-]))", text):
        yield found[0]


def api_values(record: dict[str, Any]) -> list[tuple[int, str, float]]:
    """Event, vital and number of all that stands, from the API's record."""
    return sorted(
        (reading["seq"], vital, float(value))
        for reading in record["readings"]
        if reading["standing"] in ("standing", "amended")
        for vital, value in reading["values"].items()
    )
