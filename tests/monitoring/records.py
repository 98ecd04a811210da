"""What people write into a session and put right in it, in any order: while it is open and after it
is closed.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.monitoring.commands import (
    Annotate,
    RecordReading,
    RewriteAnnotation,
    VoidAnnotation,
    Written,
)
from app.monitoring.errors import DomainError
from app.monitoring.times import HOUR_MS, parse_iso
from tests.monitoring.ground import VALUES, Ground
from tests.monitoring.lives import correction
from tests.monitoring.ward import ANNA

AMENDMENTS: list[dict[str, float | None]] = [
    {"spo2": 97},
    {"spo2": 84},
    {"sbp": 190, "dbp": 90},
    {"sbp": 120, "dbp": 80},
    {"sbp": None, "dbp": None},
    {"hr": None},
]

late = st.fixed_dictionaries(
    {}, optional={v: st.sampled_from(VALUES[v]) for v in ("sbp", "dbp", "spo2", "rr")}
)
sometimes = st.sampled_from([True, False, False, False])


class Records(Ground):
    """Corrections of readings and annotations, and what is charted late."""

    @precondition(lambda self: any(e["kind"] == "reading.recorded" for e in self.log))
    @rule(
        pick=st.integers(0, 50),
        kind=st.sampled_from(["voided", "moved", "amended", "amended"]),
        to=st.sampled_from(AMENDMENTS),
        earlier_s=st.sampled_from([None, None, None, 0, 3, 40, 700, -5, -60]),
    )
    def correct(
        self, pick: int, kind: str, to: dict[str, float | None], earlier_s: int | None
    ) -> None:
        """A reading that was not voided before; mostly one of the last. Its time, too, may have
        been another.
        """
        gone = {e["data"]["seq"] for e in self.log if e["kind"] == "reading.voided"}
        left = [e for e in self.log if e["kind"] == "reading.recorded" and e["seq"] not in gone]
        if not left:
            return
        event = left[-1 - pick % min(len(left), 20)]
        taken_at = None
        if earlier_s is not None:
            taken_at = parse_iso(event["data"]["taken_at"]) - earlier_s * 1000
        try:
            made = correction(self.log, event, kind, to, taken_at)
        except DomainError:
            return  # no value would be left of it, or it cannot have been then
        self.give(made, ANNA)

    @rule(age_s=st.sampled_from([None, None, 0, 30, 5000, -30, -90]))
    def annotate(self, age_s: int | None) -> None:
        happened = None if age_s is None else self.now - age_s * 1000
        name = f"note-{self.life.state.seq}"
        self.give(Annotate("note", happened, "story", id=name), ANNA)

    @precondition(lambda self: self.life.state.annotations)
    @rule(pick=st.integers(0, 20))
    def void_annotation(self, pick: int) -> None:
        named = list(self.life.state.annotations)
        self.give(VoidAnnotation(named[pick % len(named)], "story"), ANNA)

    @precondition(lambda self: self.life.state.annotations)
    @rule(pick=st.integers(0, 20), age_s=st.sampled_from([None, 0, 30, 5000, -30]))
    def rewrite_annotation(self, pick: int, age_s: int | None) -> None:
        named = list(self.life.state.annotations)
        happened = None if age_s is None else self.now - age_s * 1000
        was = Written(self.now, "story", {})
        now = Written(self.now if happened is None else happened, "another story", {})
        self.give(RewriteAnnotation(named[pick % len(named)], was, now, "story"), ANNA)

    @precondition(lambda self: self.life.state.closed_at is not None)
    @rule(told=late, age_s=st.sampled_from([0, 1, 60, 900, 7000, -1]), note=sometimes)
    def charted_late(self, told: Any, age_s: int, note: bool) -> None:
        """A person remembers, after the session was closed, what was before."""
        happened = (self.life.state.closed_at or 0) - age_s * 1000
        if note:
            name = f"late-{self.life.state.seq}"
            self.give(Annotate("note", happened, "story", id=name), ANNA)
        else:
            self.send(RecordReading(told, taken_at=happened))

    @precondition(lambda self: self.life.state.closed_at is not None)
    @rule(hours=st.sampled_from([1, 71, 73]))
    def days_pass(self, hours: int) -> None:
        self.wall += hours * HOUR_MS
