"""What the API, the PDF, the page and the tables say of a session is the same, number for number,
for simulated and recorded courses, and again after readings were voided and amended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.models.database import connect
from app.monitoring.times import parse_iso
from app.monitoring.vitals import VITALS
from app.review.exports.files import export
from app.review.exports.readings import WHOLE
from app.review.served import record_json
from tests.models.databases import migrated
from tests.review.exports.courses import put_right, recorded, simulated
from tests.review.exports.played import chain_of, stored
from tests.review.exports.reading_back import csv_rows, page_of, pdf_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.models.databases import Database
    from tests.simulator.script.bed import Bed

Json = dict[str, Any]
Cells = tuple[int, str, str, str]  # event, vital, number, flag
FLAGS = {"low_critical": "LL", "low": "L", "high": "H", "high_critical": "HH"}
NO_VALUE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
ROW = re.compile(rf"^\s*(?:\d\d:\d\d:\d\d )?\d\d:\d\d:\d\d\s+{MINUS}?\d+:\d\d\s")
QUICK, ALL = 5, 50
COUNTS_NO_MORE = ("voided", "moved")


@dataclass(frozen=True)
class Exports:
    """What was answered of one session."""

    api: Json
    pdf: str
    page: Any
    readings: list[dict[str, str]]
    events: list[dict[str, str]]


def exports(database: Database, bed: Bed, number: int) -> Exports:
    session_id = f"01930000-0000-7000-8000-{number:012d}"
    chain = chain_of(database)
    engine = connect(database.url)
    try:
        with engine.begin() as db:
            stored(db, chain, bed.log, session_id)
        with engine.connect() as db:
            made = {
                kind: export(db, chain, session_id, kind, "UTC").content
                for kind in ("report.pdf", "report.html", "readings.csv", "events.csv")
            }
            api = orjson.loads(record_json(db, chain, session_id, None, "all"))
    finally:
        engine.dispose()
    return Exports(
        api,
        pdf_text(made["report.pdf"], "-layout"),
        page_of(made["report.html"]),
        csv_rows(made["readings.csv"]),
        csv_rows(made["events.csv"]),
    )


def agree(said: Exports) -> None:
    tables_agree(said)
    events_agree(said)
    readings_agree(said)
    summaries_agree(said)
    head = f"{said.api['session_id']}:{said.api['seq']}:{said.api['hash']}"
    assert head in said.pdf
    assert head in "".join(said.page.text)


def tables_agree(said: Exports) -> None:
    """readings.csv has every value of the API, and no other."""
    stands: list[Cells] = []
    struck: list[Cells] = []
    earlier: set[int] = set()
    for reading in said.api["readings"]:
        counts = stands if reading["standing"] not in COUNTS_NO_MORE else struck
        for vital, value in reading["values"].items():
            counts.append((reading["seq"], vital, text(value), reading["flags"].get(vital, "")))
        for correction in reading["corrections"]:
            if correction["kind"] == "amended":
                earlier.add(reading["seq"])
    by_standing: dict[str, list[Cells]] = {}
    for row in said.readings:
        cells = (int(row["event"]), row["vital"], row["value"], row["flag"])
        by_standing.setdefault(row["standing"], []).append(cells)
    found = by_standing.get("standing", []) + by_standing.get("amended", [])
    assert sorted(found) == sorted(stands)
    assert sorted(by_standing.get("voided", [])) == sorted(struck)
    assert {event for event, *_ in by_standing.get("replaced", [])} == earlier
    rejected = [
        (reading["seq"], one["vital"])
        for reading in said.api["readings"]
        for one in reading["rejected"]
    ]
    assert sorted((e, v) for e, v, *_ in by_standing.get("rejected", [])) == sorted(rejected)


def events_agree(said: Exports) -> None:
    told = [(str(e["seq"]), e["kind"], e["at"]) for e in said.api["events"]]
    assert [(row["event"], row["kind"], row["at"]) for row in said.events] == told
    printed = [row[-1] for row in said.page.tables["events"].rows]
    assert printed == [seq for seq, _, _ in told]


def readings_agree(said: Exports) -> None:
    """Each printed row is the API's reading, cell by cell; of a long session some are left out."""
    table = said.page.tables["readings"]
    first, last = table.head.index("T+min") + 1, table.head.index("Source")
    heads = {vital.short + vital.unit: vital.code for vital in VITALS.values()}
    vitals = [heads[head] for head in table.head[first:last]]
    expected = [row_of(said.api, reading, vitals) for reading in said.api["readings"]]
    on_page = [
        [word for at in range(last) for word in (*struck[at], *row[at].split())]
        for row, struck in zip(table.rows, table.struck, strict=True)
    ]
    kept = list(subsequence(on_page, expected))
    if len(expected) <= WHOLE:
        assert len(on_page) == len(expected)
    corrected = [at for at, reading in enumerate(said.api["readings"]) if reading["corrections"]]
    assert set(corrected) <= set(kept)
    section = said.pdf.partition("\nReadings\n")[2].partition("\nEvents\n")[0]
    lines = [line.split() for line in section.splitlines() if ROW.match(line)]
    assert [line[: len(row)] for line, row in zip(lines, on_page, strict=True)] == on_page


def row_of(api: Json, reading: Json, vitals: list[str]) -> list[str]:
    """Its words in print, made of the API's answer alone."""
    was = [c for c in reading["corrections"] if c["kind"] == "amended"]
    after = [*(c["was"] for c in was[1:]), reading["values"]]
    times = [*(c["was_taken_at"] for c in was), reading["taken_at"]]
    struck = [at for at, then in pairwise(times) if at != then]
    words = [at[11:19] for at in (*struck, reading["taken_at"])]
    words.append(since_zero(api, reading["taken_at"]))
    for vital in vitals:
        for at, (correction, then) in enumerate(zip(was, after, strict=False)):
            earlier = correction["was"].get(vital)
            if earlier is not None and earlier != then.get(vital):
                flags = reading["first"]["flags"] if at == 0 else {}
                words.append(text(earlier) + FLAGS.get(flags.get(vital, ""), ""))
        value = reading["values"].get(vital)
        if value is not None:
            words.append(text(value) + FLAGS.get(reading["flags"].get(vital, ""), ""))
        elif not any(vital in c["was"] for c in was):
            words.append(NO_VALUE)
    return words


def subsequence(found: list[list[str]], expected: list[list[str]]) -> list[int]:
    """The place of each in what was expected; fails for one that is not there, in its order."""
    places, at = [], 0
    for row in found:
        while at < len(expected) and expected[at] != row:
            at += 1
        assert at < len(expected), f"not in the API's record, or out of order: {row}"
        places.append(at)
        at += 1
    return places


def summaries_agree(said: Exports) -> None:
    rows = {row[0]: row for row in said.page.tables["summary"].rows}
    for one in said.api["summary"]["vitals"]:
        vital = VITALS[one["vital"]]
        row = rows[f"{vital.short} {vital.unit}".strip()]
        numbers = [one["first"], one["baseline"], one["min"], one["mean"], one["max"], one["last"]]
        expected = [str(one["count"]), *map(text, numbers)]
        assert row[1:8] == expected, one["vital"]
        words = " ".join([row[0], *expected])
        assert re.search(r"\s+".join(map(re.escape, words.split())), said.pdf), words
    given = said.api["mg_given"]
    if given is not None:
        assert f"{text(given)} mg" in said.pdf


def text(value: float | None) -> str:
    if value is None:
        return NO_VALUE
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def since_zero(api: Json, at: str) -> str:
    seconds = round((parse_iso(at) - parse_iso(api["t0"])) / 1_000)
    minutes, rest = divmod(abs(seconds), 60)
    return f"{MINUS if seconds < 0 else ''}{minutes}:{rest:02d}"


def agree_twice(database: Database, bed: Bed, number: int) -> None:
    first = exports(database, bed, 2 * number)
    agree(first)
    put_right(bed)
    again = exports(database, bed, 2 * number + 1)
    agree(again)
    assert again.api["summary"]["voided"] == 2
    assert again.api["summary"]["amended"] >= 2
    assert again.pdf != first.pdf


@pytest.mark.parametrize("number", range(QUICK))
def test_exports_of_a_simulated_session_agree(number: int, tmp_path: Path) -> None:
    bed = simulated(number, until_s=1_500, sample_s=60)
    agree_twice(migrated(tmp_path), bed, number)


def test_exports_of_recordings_agree(recordings: Path, tmp_path: Path) -> None:
    database = migrated(tmp_path)
    files = sorted(recordings.glob("*.csv"))
    for number, path in enumerate((files[0], files[-1])):
        agree_twice(database, recorded(path), number)


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_exports_of_fifty_whole_sessions_agree(tmp_path: Path) -> None:
    database = migrated(tmp_path)
    for number in range(ALL):
        agree_twice(database, simulated(number, until_s=5 * 3_600, sample_s=5), number)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_exports_of_all_recordings_agree(recordings: Path, tmp_path: Path) -> None:
    database = migrated(tmp_path)
    for number, path in enumerate(sorted(recordings.glob("*.csv"))):
        agree_twice(database, recorded(path), number)
