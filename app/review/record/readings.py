"""The readings of a session as they now stand, with what each was first and who changed it."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from app.monitoring.times import iso, parse_iso
from app.review.record.log import said_of, values_of
from app.review.record.model import Correction, First, LostSignal, Reading

if TYPE_CHECKING:
    from app.review.record.log import Logged, Said
    from app.review.record.model import By, Standing


class Kept(msgspec.Struct, gc=False):
    """One reading while the log is read: `said` as it now stands, taken at `at`; `first` as it was
    recorded, None where nobody has changed it.
    """

    seq: int
    at: int
    recorded_at: str
    by: By
    said: Said
    first: Said | None = None
    standing: Standing = "standing"
    corrections: list[Correction] = []

    def reading(self) -> Reading:
        said, first = self.said, self.first
        return Reading(
            seq=self.seq,
            id=said.id,
            taken_at=said.taken_at,
            recorded_at=self.recorded_at,
            by=self.by,
            source=said.source,
            device=said.device,
            interval_s=said.interval_s,
            values=values_of(said),
            flags=said.flags,
            basis=said.basis,
            late=said.late,
            unconfirmed=said.unconfirmed,
            derived=said.derived,
            superseded=said.superseded,
            repeated=said.repeated,
            rejected=said.rejected,
            not_taken=said.not_taken,
            not_taken_note=said.not_taken_note,
            charted=said.charted,
            device_time=said.device_time,
            skew_s=said.skew_s,
            after_close=said.after_close if first is None else first.after_close,
            moved_from=(said if first is None else first).moved_from,
            standing=self.standing,
            corrections=self.corrections,
            first=None if first is None else First(first.taken_at, values_of(first), first.flags),
        )


class Readings:
    """All of a session, by the seq of the event that recorded each."""

    def __init__(self) -> None:
        self.kept: dict[int, Kept] = {}
        self.lost: list[LostSignal] = []
        self._last = 0

    def hear(self, event: Logged) -> None:
        if event.said is not None:
            self._last = max(self._last, event.ms)
            self.kept[event.seq] = Kept(
                event.seq, event.ms, event.recorded_at, event.by, event.said
            )
        elif event.kind == "reading.voided":
            self._void(event)
        elif event.kind == "reading.amended":
            self._amend(event)
        elif event.kind == "signal.lost" and event.data["vitals"]:
            data = event.data
            self.lost.append(LostSignal(data["taken_at"], data["device"], data["vitals"]))

    def last_at(self) -> str:
        """The latest that was ever taken, as it was recorded; empty if none was."""
        return iso(self._last) if self.kept else ""

    def standing(self) -> list[Kept]:
        """What was neither voided nor moved, in order of time."""
        valid = [k for k in self.kept.values() if k.standing in ("standing", "amended")]
        return sorted(valid, key=_place)

    def told(self) -> list[Reading]:
        """All of them, in order of time."""
        return [kept.reading() for kept in sorted(self.kept.values(), key=_place)]

    def _void(self, event: Logged) -> None:
        kept, moved_to = self.kept[event.data["seq"]], event.data["moved_to"]
        kept.first = kept.first or kept.said
        kept.standing = "voided" if moved_to is None else "moved"
        was = dict(values_of(kept.said))
        self._note(kept, event, was, kept.said.taken_at)

    def _amend(self, event: Logged) -> None:
        kept, data = self.kept[event.data["seq"]], event.data
        was_taken_at = data.get("was_taken_at") or kept.said.taken_at
        repeated = kept.said.repeated  # no measurement of its own: it was never a value here
        was = {vital: value for vital, value in data["was"].items() if vital not in repeated}
        kept.first = kept.first or kept.said
        kept.standing = "amended"
        kept.said = said_of(data["reading"])
        kept.at = parse_iso(kept.said.taken_at)
        self._note(kept, event, was, was_taken_at)

    def _note(self, kept: Kept, event: Logged, was: dict[str, Any], was_taken_at: str) -> None:
        correction = Correction(
            seq=event.seq,
            kind="amended" if event.kind == "reading.amended" else _ended(kept.standing),
            at=event.at,
            by=event.by,
            reason=event.data["reason"],
            was=was,
            was_taken_at=was_taken_at,
            moved_to=event.data.get("moved_to"),
        )
        kept.corrections = [*kept.corrections, correction]


def _ended(standing: Standing) -> Any:
    return "moved" if standing == "moved" else "voided"


_place = attrgetter("at", "seq")
