"""The document as one HTML page that needs nothing else: no script, no picture, font or style from
anywhere, and its own policy forbids them all.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.review.exports.document import Cell, Document, Fact, Row, Section, Table

STYLE: Final = Path(__file__).with_name("record.css")
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
TURNING: Final = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Characters that are not seen or turn the text around them; shown by their number, as in print."""

LONG: Final = re.compile(r"\S{25,}")  # wider than a column may be, such as a hash
PIECE: Final = re.compile(r"\S{8}(?=\S)")
HERE: Final = "\0"  # no text has it


def html(document: Document) -> bytes:
    said = document
    banner = f'<p class="banner">{text(said.banner)}</p>' if said.banner else ""
    broken = f'<p class="banner broken">{text(said.broken)}</p>' if said.broken else ""
    parts = (
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{text(said.title)} {text(said.running)}</title>",
        f"<style>{STYLE.read_text(encoding='utf-8')}{_on_paper(said.broken)}</style></head><body>",
        f"<header><h1>{text(said.title)}</h1>{banner}{broken}",
        f'<dl class="patient">{_facts(said.patient)}</dl></header><main>',
        f'<dl class="facts">{_facts(said.facts)}</dl>',
        f'<p class="standing {said.standing.tone}">{text(said.standing.text)}</p>',
        _section(said.summary),
        '<section id="course"><h2>Course</h2>',
        _chart(said),
        f'<p class="note">{text(said.chart_note)}</p></section>',
        *(_section(section) for section in said.sections),
        f'</main><footer><p class="proof">{text(said.proof)}</p>',
        f"<p>{text(said.disclaimer)}</p></footer></body></html>",
    )
    return "\n".join(part for part in parts if part).encode()


def text(said: str | None) -> str:
    """Never markup, and never more to it than what is seen."""
    shown = TURNING.sub(lambda found: f"[U+{ord(found[0]):04X}]", said or "")
    return escape(shown, quote=True)


def _on_paper(broken: str | None) -> str:
    """At the head of each page that a browser prints of it."""
    if broken is None:
        return ""
    words = re.sub(r"[^\w ,.:;`-]", " ", broken)  # a style's text: nothing may end it
    face = "color: #b3261e; font: 600 7pt sans-serif"
    return f'@page {{ margin: 1.6cm 1.2cm; @top-center {{ content: "{words}"; {face}; }} }}'


def _chart(said: Document) -> str:
    opening, _, rest = said.chart.svg.partition(">")
    return f'{opening} role="img" aria-label="{text(said.chart.says)}">{rest}'


def _facts(facts: Iterable[Fact]) -> str:
    return "".join(f"<div><dt>{text(f.label)}</dt><dd>{text(f.text)}</dd></div>" for f in facts)


def _section(section: Section) -> str:
    empty = f"<p>{text(section.empty)}</p>" if section.empty else ""
    body = empty if section.table is None else _table(section.title, section.table)
    notes = "".join(f'<p class="note">{text(note)}</p>' for note in section.notes)
    head = f'<section id="{text(section.id)}"><h2>{text(section.title)}</h2>'
    return f"{head}{body}{notes}</section>"


def _table(title: str, table: Table) -> str:
    heads = "".join(
        f'<th scope="col" class="{column.align}">{text(column.head)}'
        + (f"<small>{text(column.under)}</small>" if column.under else "")
        + "</th>"
        for column in table.columns
    )
    rows = "".join(_row(table, row) for row in table.rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{text(title)}"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>"
    )


def _row(table: Table, row: Row) -> str:
    cells = "".join(
        f'<td class="{column.align}{f" {cell.tone}" if cell.tone else ""}">{_cell(cell)}</td>'
        for column, cell in zip(table.columns, row.cells, strict=True)
    )
    opening = '<tr class="struck">' if row.struck else "<tr>"
    return f"{opening}{cells}</tr>\n"


def _cell(cell: Cell) -> str:
    old = (f"<del>{_breakable(said)}</del>" for said in cell.struck)
    return " ".join([*old, _breakable(cell.text)]).strip()


def _breakable(said: str) -> str:
    """The text; a word that is wider than its column goes on in the next line."""
    return text(LONG.sub(_pieces, said)).replace(HERE, "<wbr>")


def _pieces(long: re.Match[str]) -> str:
    return PIECE.sub(rf"\g<0>{HERE}", long[0])
