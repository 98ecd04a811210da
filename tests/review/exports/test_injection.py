"""Whatever people type stays what they typed: no formula of a spreadsheet, no markup of a page, no
command of the typesetter, no header, no path. All of it is tried.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from app.models.database import connect
from app.monitoring.times import iso
from app.review.exports.csv_files import FORMULA, safe
from app.review.exports.files import made
from app.review.exports.glyphs import printable
from app.review.exports.names import attachment, file_name, range_name
from app.review.exports.texts import number
from app.review.record.made import record_of
from tests.models.databases import migrated
from tests.review.exports.courses import put_right, simulated
from tests.review.exports.played import chain_of, stored
from tests.review.exports.reading_back import csv_rows, page_of, pdf_text

if TYPE_CHECKING:
    from app.review.record.model import Record

SESSION = "01930000-0000-7000-8000-0000000000ee"
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    '=HYPERLINK("http://127.0.0.1","x")',
    "=cmd|' /C calc'!A0",
    "harmless;=1+1",
    'harmless",=1+1,"',
    "two lines\n=1+1",
)
UNSEEN = ("\N{ZERO WIDTH SPACE}=1+1", "harmless;\N{ZERO WIDTH NO-BREAK SPACE}=1+1")
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><script>alert(1)</script>",
    "<style>@import 'http://127.0.0.1/x'</style>",
    "</style><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt; &amp;",
    "{{7*7}} ${7*7}",
)
TYPESET = (
    '#panic("typst")',
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0"',
    "$ x^2 $ *bold* _it_ `code` @ref <label>",
    "#set page(fill: red)",
    "] #strike[ [",
    '"; #let x = 1',
    "// not a remark",
)
STRANGE = (
    "\N{RIGHT-TO-LEFT OVERRIDE}021/08\N{POP DIRECTIONAL FORMATTING}",
    "\u4e2d\u6587 \N{GRINNING FACE}",
    "zero\N{ZERO WIDTH SPACE}width",
    "\N{FULLWIDTH LESS-THAN SIGN}b",
)
ALL = (*FORMULAS, *MARKUP, *TYPESET, *STRANGE)
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "dl", "div"),
    *("dt", "dd", "main", "section", "table", "thead", "tbody", "tr", "th", "td", "small", "del"),
    "wbr",
    *("footer", "svg", "line", "rect", "path", "circle", "text"),
}


@cache
def plain() -> Record:
    """A session with everything in it, in which nobody has typed anything bad."""
    import tempfile
    from pathlib import Path

    bed = simulated(1, until_s=1_300, sample_s=120)
    put_right(bed)
    with tempfile.TemporaryDirectory() as folder:
        database = migrated(Path(folder))
        engine = connect(database.url)
        with engine.begin() as db:
            stored(db, chain_of(database), bed.log, SESSION)
            record = record_of(db, SESSION)
        engine.dispose()
    return record


def typed(text: str) -> Record:
    """The same, with this text wherever somebody may type one."""
    record = plain()
    by = {"kind": "person", "id": text, "name": text, "role": "nurse"}
    readings = [
        replace(
            reading,
            by=by,
            device=text,
            not_taken_note=text,
            corrections=[replace(c, reason=text, by=by) for c in reading.corrections],
        )
        for reading in record.readings
    ]
    return replace(
        record,
        patient=replace(record.patient, code=text, initials=text),
        station=text,
        protocol=text,
        readings=readings,
        events=[replace(told, text=text, by=by) for told in record.events],
        annotations=[replace(note, says=text, text=text, by=by) for note in record.annotations],
        limits=[replace(step, reason=text, by=by) for step in record.limits],
        phases=[replace(phase, reason=text, by=by) for phase in record.phases],
    )


def cells_of(content: bytes, delimiter: str) -> list[str]:
    """As a spreadsheet of some country would split them."""
    text = content.decode().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [cell for row in rows for cell in row]


@pytest.mark.parametrize("text", [*FORMULAS, *UNSEEN])
def test_no_cell_is_a_formula(text: str) -> None:
    for kind in ("readings.csv", "events.csv"):
        content = made(typed(text), kind, "UTC").content
        for delimiter in (",", ";", "\t"):
            for cell in cells_of(content, delimiter):
                begins = cell.strip().strip('"\N{ZERO WIDTH SPACE}\ufeff').strip()
                assert begins[:1] not in tuple(FORMULA) or is_number(begins), (kind, cell)


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_what_is_typed_is_in_the_table_as_it_is() -> None:
    rows = csv_rows(made(typed('a "quoted", long\nnote'), "events.csv", "UTC").content)
    assert {row["text"] for row in rows} == {'a "quoted", long\nnote'}


def test_numbers_are_numbers_and_texts_are_texts() -> None:
    assert [safe(cell) for cell in (-3.5, 97.0, True, None, "-3.5", "97")] == [
        *("-3.5", "97", "true", "", "'-3.5", "97")
    ]
    assert [number(value) for value in (36.6, 80.0, 0.00001, None)] == [
        *("36.6", "80", "0.00001", "\N{EN DASH}")
    ]


@pytest.mark.parametrize("text", ALL)
def test_the_page_has_no_markup_but_its_own(text: str) -> None:
    page = page_of(made(typed(text), "report.html", "UTC").content)
    assert {tag for tag, _ in page.tags} <= TAGS
    for tag, said in page.tags:
        assert not any(name.startswith("on") or name in ("href", "src") for name in said), tag
    if text not in STRANGE:
        shown = [cell for row in page.tables["annotations"].rows for cell in row]
        assert text.strip() in shown


def test_the_page_asks_for_nothing_from_anywhere() -> None:
    content = made(plain(), "report.html", "UTC").content.decode()
    for asked in ("http:", "url(", "@import", "<link", "<script", "srcset"):
        assert asked not in content.replace("http://www.w3.org/2000/svg", "")
    assert "default-src 'none'" in content


def test_the_typesetter_prints_what_was_typed() -> None:
    """One report for all of them: whatever was run instead would end it, or be missing."""
    text = " ~ ".join(text.strip() for text in ALL)
    shown = "".join(pdf_text(made(typed(text), "report.pdf", "UTC").content).split())
    for one in ALL:
        assert "".join(printable(one.strip()).split()) in shown, one


def test_what_cannot_be_seen_is_told_by_its_number() -> None:
    assert printable("a\N{RIGHT-TO-LEFT OVERRIDE}b") == "a[U+202E]b"
    assert printable("\N{GRINNING FACE}") == "[U+1F600]"
    assert printable("Zoë, 36.6 °C → ≥ 5 µg\nnext") == "Zoë, 36.6 °C → ≥ 5 µg\nnext"


@pytest.mark.parametrize("bad", ['x"; filename="y', "a\r\nSet-Cookie: b=c", "../../log.key", "é"])
def test_a_name_of_a_file_is_no_header_and_no_path(bad: str) -> None:
    day = iso(0)
    for name in (file_name(bad, bad, bad), range_name(bad, day), attachment(bad)[22:-1]):
        assert name.isascii()
        assert not set('"\r\n/\\; ') & set(name), name
    assert file_name(SESSION, day, "report.pdf") == f"session-1970-01-01-{SESSION}-report.pdf"


def test_the_same_record_is_the_same_bytes() -> None:
    for kind in ("report.pdf", "report.html", "readings.csv", "events.csv"):
        first: Any = made(plain(), kind, "Europe/Berlin")
        assert made(plain(), kind, "Europe/Berlin") == first
