"""The report as a document: what is on every page, who can read it, what its chart shows, and what
it leaves out of a long session.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from app.monitoring.errors import InvalidRequest
from app.monitoring.times import MINUTE_MS, iso, parse_iso
from app.review.exports.files import made
from app.review.exports.glyphs import FACES, FOLDER, font_folder
from app.review.exports.made import document_of
from app.review.exports.readings import WHOLE, printed
from app.review.exports.texts import Clock, change, rounded, span
from app.review.record.model import Signature
from tests.review.exports.reading_back import pdf_text
from tests.review.exports.test_injection import plain

if TYPE_CHECKING:
    from pathlib import Path

NURSE = {"kind": "person", "id": "anna", "name": "Anna", "role": "nurse"}
SVG = "{http://www.w3.org/2000/svg}"
WORD = r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]*)</word>'
A4_WIDTH = 595.3  # points


def report() -> bytes:
    return made(plain(), "report.pdf", "UTC").content


def test_every_page_says_whom_it_is_about_and_how_far_the_log_went() -> None:
    record = plain()
    pages = pdf_text(report()).split("\f")[:-1]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        text = " ".join(page.split())
        assert f"Page {number} of {len(pages)}" in text
        assert f"{record.patient.code} · {record.patient.initials}" in text
        assert f"{record.session_id}:{record.seq}:{record.hash}" in text
        assert "SIMULATED DATA" in text
        assert "not a cleared or approved medical device" in text


def test_a_record_that_was_changed_by_hand_says_so_on_every_page_and_in_every_row() -> None:
    broken = replace(plain(), broken=3)
    said = "CHANGED OUTSIDE THE PROGRAM, FROM EVENT 3 ON"
    files = {kind: made(broken, kind, "UTC").content for kind in ("report.pdf", "report.html")}
    pages = pdf_text(files["report.pdf"]).split("\f")[:-1]
    assert all(said in " ".join(page.split()) for page in pages)
    assert pages[0].count("CHANGED OUTSIDE") == 2, "small at the head, and large"
    page = files["report.html"].decode()
    assert re.search(rf"@top-center {{ content: .*{said}", page), "on each page that is printed"
    assert f'<p class="banner broken">THE LOG WAS {said}' in page
    for kind in ("readings.csv", "events.csv"):
        rows = list(csv.DictReader(io.StringIO(made(broken, kind, "UTC").content.decode())))
        assert {row["log_broken_from"] for row in rows} == {"3"}
        whole = list(csv.DictReader(io.StringIO(made(plain(), kind, "UTC").content.decode())))
        assert {row["log_broken_from"] for row in whole} == {""}
    assert "CHANGED OUTSIDE" not in pdf_text(report())


def test_the_fonts_of_a_process_that_was_killed_go_with_the_next_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    names = ("old", "young", "filled")
    old, young, filled = (tmp_path / f"infusion-fonts-{name}" for name in names)
    for folder in (old, young, filled):
        folder.mkdir()
        (folder / FACES[0]).symlink_to(FOLDER / FACES[0])
    (filled / "somebody's").touch()
    for folder in (old, filled):
        os.utime(folder, (0, 0))
    with font_folder() as fonts:
        assert sorted(path.name for path in fonts.iterdir()) == sorted(FACES)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {young.name, filled.name}


def test_no_word_runs_over_the_page_or_into_the_next_column() -> None:
    long = "W" * 64
    record = plain()
    signed = Signature(
        seq=1, id="a", kind="signature", at=record.t0, by=NURSE, meaning="reviewed", covers=1,
        hash="0123456789abcdef" * 4, text="S" * 2_000, holds=True,
    )  # fmt: skip
    patient = replace(record.patient, code=long)
    record = replace(record, patient=patient, station=long, signatures=[signed])
    content = made(record, "report.pdf", "UTC").content
    places = pdf_text(content, "-bbox")
    widths = [
        float(found[2]) - float(found[1])
        for found in re.finditer(WORD, places)
        if "SSS" in found[3]
    ]
    assert len(widths) > 10
    assert max(widths) < 150
    edges = [float(found[2]) for found in re.finditer(WORD, places)]
    assert max(edges) < A4_WIDTH
    told = "".join(pdf_text(content).split())
    assert told.count("S" * 8) >= 2_000 // 8
    page = made(record, "report.html", "UTC").content.decode()
    assert max(len(word) for word in re.findall("S+", page)) == 8


def test_first_page_is_the_summary_and_the_chart() -> None:
    first, second = pdf_text(report()).split("\f")[:2]
    assert "Vital signs" in first
    assert "Course" in first
    assert "T+ in minutes below" in first
    assert "Phases" in second


def test_report_can_be_read_aloud_and_brings_its_own_fonts() -> None:
    reader = PdfReader(io.BytesIO(report()))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    pages: Any = reader.pages
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("SourceSansPro" in font for font in fonts), fonts
    kinds = {str(one) for one in tags(root["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= kinds


def tags(node: object) -> list[object]:
    """The kinds of all that a screen reader is told of."""
    found: list[object] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            found.append(one.get("/S"))
            waiting.append(one.get("/K"))
    return found


def test_chart_has_a_mark_for_each_value_and_each_numbered_event() -> None:
    record = plain()
    chart = ElementTree.fromstring(document_of(record).chart.svg)
    typed = sum(len(r.values) for r in record.readings if r.source == "manual")
    squares = [box for box in chart.iter(f"{SVG}rect") if box.get("stroke") is not None]
    assert len(squares) == typed
    voided = sum(len(r.values) for r in record.readings if r.standing == "voided")
    crosses = [p for p in chart.iter(f"{SVG}path") if p.get("d", "").count("M") == 2]
    assert len(crosses) == voided > 0
    texts = [text.text for text in chart.iter(f"{SVG}text")]
    assert "infusing" in texts
    assert "1" in texts


def test_each_vital_of_a_panel_stands_over_its_own_unit() -> None:
    record = plain()
    (one,) = [r for r in record.readings if r.device and "hr" in r.values and not r.corrections][:1]
    breath = replace(one, values={"rr": 14, "etco2": 36, "sbp": 120, "dbp": 80}, flags={})
    svg = document_of(replace(record, readings=[breath])).chart.svg
    chart = ElementTree.fromstring(svg)
    beside = [t.text for t in chart.iter(f"{SVG}text") if t.get("x") == "2"]
    assert beside[:7] == ["SBP", "DBP", "mmHg", "RR", "/min", "EtCO2", "mmHg"]


@pytest.mark.parametrize("share", [1, 10])
def test_what_was_given_is_written_beside_its_line(share: int) -> None:
    record = replace(plain(), mg_ordered=plain().doses[-1].mg * share)
    chart = ElementTree.fromstring(document_of(record).chart.svg)
    (line,) = [p.get("d", "") for p in chart.iter(f"{SVG}path") if p.get("stroke") == "#c8690a"]
    (said,) = [t for t in chart.iter(f"{SVG}text") if re.fullmatch(r"[\d.]+ mg", t.text or "")]
    letters = 7  # units of the chart above the line of writing
    below = float(said.get("y", 0)) - float(re.split(r"[ ,]", line)[-1])
    assert below > letters or below < 0


def test_a_session_on_a_clock_of_its_own_begins_when_it_did_and_not_when_it_was_made() -> None:
    record = replace(plain(), created_at="2031-01-01T00:00:00.000Z")
    assert document_of(record) == document_of(plain())
    assert made(record, "events.csv", "UTC").name == made(plain(), "events.csv", "UTC").name


def test_points_are_joined_only_where_none_is_missing() -> None:
    record = plain()
    streamed = [r for r in record.readings if r.device and "hr" in r.values and not r.corrections]
    begin = parse_iso(streamed[0].taken_at)
    apart = [
        replace(r, taken_at=iso(begin + at * MINUTE_MS), values={"hr": 80}, flags={}, interval_s=60)
        for r, at in zip(streamed, (0, 1, 2, 9, 10), strict=False)
    ]
    shown = document_of(replace(record, readings=apart, doses=[], alarms=[], limits=[])).chart.svg
    lines = re.findall(r'<path d="M([^"]*)" fill="none" stroke="#14804a"', shown)
    assert [line.count("L") + 1 for line in lines] == [3, 2]


def test_a_long_stream_is_printed_by_the_minute_and_nothing_that_matters_is_left_out() -> None:
    record = plain()
    (one,) = [r for r in record.readings if r.device and "hr" in r.values and not r.corrections][:1]
    begin = parse_iso(one.taken_at)
    stream = [
        replace(one, seq=at, taken_at=iso(begin + at * 1_000), values={"hr": 80}, flags={})
        for at in range(1, 3 * WHOLE)
    ]
    stream[777] = replace(stream[777], values={"hr": 144}, flags={"hr": "high_critical"})
    stream[778] = replace(stream[778], values={"hr": 41})
    stream[779] = replace(stream[779], late=["hr"])
    stream[780] = replace(stream[780], source="manual", device=None, by=NURSE)
    stream[781] = replace(stream[781], standing="voided")
    stream[782] = replace(stream[782], values={"sbp": 120, "dbp": 80})
    left = printed(replace(record, readings=stream))
    assert {stream[at].seq for at in range(777, 783)} <= {reading.seq for reading in left}
    minutes = {parse_iso(reading.taken_at) // MINUTE_MS for reading in stream}
    assert {parse_iso(reading.taken_at) // MINUTE_MS for reading in left} == minutes
    assert len(left) <= len(minutes) + 8
    (section,) = [
        s for s in document_of(replace(record, readings=stream)).sections if s.id == "readings"
    ]
    assert f"{len(left)} of {len(stream)} readings are printed" in section.notes[1]


def signed(**changes: object) -> Signature:
    told = Signature(
        seq=90,
        id="s",
        kind="signature",
        at="2026-11-22T12:00:00.000Z",
        by={**NURSE, "name": "Dr. C", "role": "clinician"},
        meaning="reviewed",
        text=None,
        covers=89,
        hash="ab" * 32,
        holds=True,
    )
    return replace(told, **changes)


@pytest.mark.parametrize(
    ("changes", "after", "tone", "said"),
    [
        ({}, 0, "good", "Signature of Dr. C (clinician), 2026-11-22 12:00:00: reviewed."),
        ({}, 2, "warning", "2 events came after it."),
        ({"holds": False}, 0, "critical", "It does not hold: the log was changed."),
    ],
)
def test_first_page_says_whether_it_is_signed_and_holds(
    changes: dict[str, object], after: int, tone: str, said: str
) -> None:
    record = replace(
        plain(),
        ended_at="2026-11-22T11:00:00.000Z",
        signatures=[signed(**changes)],
        changed_since_signed=after,
    )
    standing = document_of(record).standing
    assert standing.tone == tone
    assert said in standing.text
    assert document_of(replace(record, signatures=[])).standing.text == "Not signed."
    assert "goes on" in document_of(replace(record, ended_at=None)).standing.text


def test_times_say_another_day_and_another_offset() -> None:
    clock = Clock.of("2026-10-24T23:30:00.000Z", "Europe/Berlin")  # an hour later summer ends
    assert clock.named() == "Europe/Berlin (UTC+02:00)"
    assert clock.time("2026-10-24T23:45:00.000Z") == "01:45:00"
    assert clock.time("2026-10-25T01:15:00.000Z") == "02:15:00 +01:00"
    assert clock.time("2026-10-26T00:00:00.000Z") == "2026-10-26 01:00:00 +01:00"
    assert clock.full("2026-10-24T23:45:00.000Z") == "2026-10-25 01:45:00"
    assert clock.full("2026-10-25T01:15:00.000Z") == "2026-10-25 02:15:00 +01:00"
    assert clock.since_zero("2026-10-25T01:15:30.000Z") == "105:30"
    assert clock.since_zero("2026-10-24T23:26:40.000Z") == "\N{MINUS SIGN}3:20"
    with pytest.raises(InvalidRequest):
        Clock.of("2026-10-24T23:30:00.000Z", "Europe/Nowhere")


@pytest.mark.parametrize(
    "name", ["localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/UTC"]
)
def test_what_lies_beside_the_zones_is_none(name: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        Clock.of("2026-10-24T23:30:00.000Z", name)
    assert refusal.value.errors[0].code == "unknown_zone"


@pytest.mark.parametrize(
    ("since", "labels"),
    [
        (
            "2026-03-29T00:30:00.000Z",
            "01:30 01:40 01:50 03:00 03:10 03:20 03:30 03:40 03:50 04:00 04:10 04:20 04:30",
        ),
        (
            "2026-10-25T00:20:00.000Z",
            "02:20 02:30 02:40 02:50 02:00 02:10 02:20 02:30 02:40 02:50 03:00 03:10 03:20",
        ),
    ],
)
def test_chart_has_true_labels_in_the_night_of_another_offset(since: str, labels: str) -> None:
    record = plain()
    until = iso(parse_iso(since) + 120 * MINUTE_MS)
    begun = replace(record.phases[0], at=since, until=None)
    night = replace(
        record, phases=[begun], t0=since, last_at=until, readings=[], doses=[], alarms=[],
        events=[], limits=[], gaps=[],
    )  # fmt: skip
    svg = document_of(night, "Europe/Berlin").chart.svg
    assert re.findall(r">(\d\d:\d\d)<", svg) == labels.split()


def test_spans_and_changes_are_said_shortly() -> None:
    assert [span(s) for s in (0, 59.4, 60, 754, 3_600, 7_500)] == [
        *("0 s", "59 s", "1:00 min", "12:34 min", "1 h 00 min", "2 h 05 min")
    ]
    assert [change(c) for c in (12.5, -4, 0.04, None)] == [
        *("+12.5", "\N{MINUS SIGN}4", "0", "\N{EN DASH}")
    ]
    assert [rounded(value) for value in (80.25, 100.0, 0.0)] == ["80.2", "100", "0"]
