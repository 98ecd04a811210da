"""What is shaded behind the curves: phases, and the times in which the server did not watch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import parse_iso
from app.review.record.words import phase

if TYPE_CHECKING:
    from app.review.record.model import Record

LABEL_SHARE: Final = 0.07  # of the time shown: a narrower stretch has no room for its name


def shapes(record: Record, since: int, until: int) -> list[dict[str, Any]]:
    """As far as they lie in the time shown; `name` says what each is."""
    found = []
    for span in record.phases:
        end = until if span.until is None else parse_iso(span.until)
        begin = max(since, parse_iso(span.at))
        if begin < min(end, until):
            shape = _shape(f"phase:{span.phase}", begin, min(end, until))
            if shape["x1"] - begin >= LABEL_SHARE * (until - since):
                shape["label"] = {"text": phase(span.phase).capitalize()}
                shape["label"]["textposition"] = "top left"
            found.append(shape)
    for gap in record.gaps:
        begin, end = max(since, parse_iso(gap.since)), min(until, parse_iso(gap.until))
        if begin < end:
            found.append(_shape("gap", begin, end))
    return found


def _shape(name: str, since: int, until: int) -> dict[str, Any]:
    return {
        "type": "rect",
        "name": name,
        "xref": "x",
        "yref": "paper",
        "x0": since,
        "x1": until,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"width": 0},
    }
