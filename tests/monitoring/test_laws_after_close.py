"""The laws of the engine for a session that is closed sooner or later and written into after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.monitoring.commands import ChangeLimits, RecordReading, SignRecord
from app.monitoring.limits import Line, flag
from app.monitoring.phases import CLOSED
from app.monitoring.times import parse_iso
from tests.monitoring.records import Records, late
from tests.monitoring.test_laws import COMMON
from tests.monitoring.ward import CLINICIAN, NURSE

if TYPE_CHECKING:
    from tests.monitoring.ward import Json


class AfterClose(Records):
    """Little happens before it is closed; what is closed stays closed, and raises nothing."""

    @precondition(lambda self: self.life.state.closed_at is None)
    @rule(told=late, age_s=st.sampled_from([0, 0, 30, 900]))
    def typed(self, told: Any, age_s: int) -> None:
        self.wall += 61_000
        now = self.now if self.life.state.clock == "driven" else self.wall
        self.send(RecordReading(told, taken_at=now - age_s * 1000))

    @rule(spo2=st.sampled_from([90.5, 93, 96]))
    def limits(self, spo2: float) -> None:
        self.wall += 1000
        self.give(ChangeLimits("story", {"spo2": {"low": spo2}}), CLINICIAN)

    @rule(kind=st.sampled_from(["signature", "addendum"]), by=st.sampled_from([CLINICIAN, NURSE]))
    def sign(self, kind: Any, by: Any) -> None:
        self.wall += 1000
        seq, signed = self.life.state.seq, self.life.state.signed
        command = SignRecord(kind, "reviewed", seq, "00" * 32, id=f"{kind}-{seq}")
        said = self.give(command, by)
        closed = self.life.state.closed_at is not None
        may = signed if kind == "addendum" else not signed and by is CLINICIAN
        assert [event["kind"] for event in said] == (["record.signed"] if closed and may else [])

    @precondition(lambda self: self.life.state.closed_at is None)
    @rule(to=st.sampled_from(sorted(CLOSED)))
    def close(self, to: str) -> None:
        self.send_phase(to, None, "story")

    def give(self, command: Any, actor: Any) -> list[Json]:
        closed_at = self.life.state.closed_at
        said = super().give(command, actor)
        if closed_at is None:
            return said
        assert self.life.state.closed_at == closed_at
        assert self.life.state.next_due_at is None
        for event in said:
            assert not event["kind"].startswith("alarm.")
            if event["kind"] in ("reading.recorded", "annotation.recorded"):
                assert event["data"]["after_close"] is True
                assert actor.kind == NURSE.kind
                assert parse_iso(event["at"]) <= closed_at
            if event["kind"] == "reading.recorded":
                assert event["data"]["flags"] == self.flags_then(event["data"])
        return said

    def flags_then(self, data: Json) -> Json:
        """What its values reached of the lines that the log told last before they were taken."""
        told = [event for event in self.log if event["at"] <= data["taken_at"]]
        drawn = [event["data"]["limits"] for event in told if event["data"].get("limits")]
        limits = drawn[-1] if drawn else self.log[0]["data"]["state"]["limits"]
        found = {
            vital: flag(tuple(Line(**line) for line in limits.get(vital, ())), value)
            for vital, value in data["values"].items()
        }
        return {vital: reached[0] for vital, reached in found.items() if reached is not None}


TestAfterClose = AfterClose.TestCase
TestAfterClose.settings = settings(COMMON, max_examples=40)
