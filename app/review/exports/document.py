"""What the PDF and the HTML page print: one document, already in words. It knows nothing of either,
so neither can say what the other does not.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Tone = Literal["", "warning", "critical", "quiet", "good"]
Align = Literal["left", "right"]


class Cell(msgspec.Struct, frozen=True):
    """`struck` are earlier texts that were put right: shown before the text, struck through."""

    text: str
    tone: Tone = ""
    struck: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """`struck`: it counts no more, and is still to be read; its last cell says why, and is not
    struck.
    """

    cells: list[Cell]
    struck: bool = False


class Column(msgspec.Struct, frozen=True):
    """`width`: in parts of what is left; 0 for one that takes what it needs."""

    head: str
    align: Align = "left"
    width: float = 0
    under: str = ""
    """A second line of the head: the unit."""


class Table(msgspec.Struct, frozen=True):
    columns: list[Column]
    rows: list[Row]


class Section(msgspec.Struct, frozen=True):
    """`table` None: there is nothing to list, and `empty` says so."""

    id: str
    title: str
    table: Table | None
    notes: list[str]
    empty: str = ""


class Fact(msgspec.Struct, frozen=True):
    label: str
    text: str
    tone: Tone = ""


class Chart(msgspec.Struct, frozen=True):
    svg: str
    width: float
    height: float
    says: str
    """What a reader hears who does not see it."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    patient: list[Fact]
    """Who it is about; on the first page large, on every page small."""
    facts: list[Fact]
    banner: str | None
    broken: str | None
    """The log was changed by another hand: at the head of every page."""
    standing: Fact
    """Signed, not signed, changed since."""
    summary: Section
    chart: Chart
    chart_note: str
    sections: list[Section]
    running: str
    """At the head of every page: whom it is about."""
    proof: str
    """At the foot of every page: session, last event and its hash, as `verify` takes them."""
    disclaimer: str


def plain(*texts: str, tone: Tone = "") -> list[Cell]:
    return [Cell(text, tone) for text in texts]
