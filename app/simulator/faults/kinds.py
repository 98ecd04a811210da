"""What can be wrong with a device: one frozen model a kind, chosen by its `kind`.

Pure values, as a scenario file writes them. A fault holds while `from_min <= minute < to_min`, in
minutes of infusing (which run on after the infusion and stand while it is paused) or, with
`minutes = "of_visit"`, from the check-in on; 0 and nothing, as is usual, mean from the check-in to
the end. A fault never touches the patient's body, nor what a person types (but for a thermometer's
unit, see `WrongUnit`).

Faults of a clock need a session on the wall clock: a driven session's time *is* what its feed
sends, so that nothing in it can be early or late. Choose `clock = "wall"` for them.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

StreamedSign = Literal["hr", "spo2", "rr", "etco2"]
Sign = Literal["hr", "spo2", "rr", "etco2", "sbp", "dbp", "map"]

CLOCK_KINDS: Final = frozenset({"clock_skew", "clock_drift", "clock_wrap32"})
"""The kinds that need a session on the wall clock."""

MINUTE_S: Final = 60
MOST_MIN: Final = 24 * 60.0  # a visit is over within a day
MOST_TIMES: Final = 1_000  # a storm of more is a load test: `infusion-monitor load`


class _Fault(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    from_min: float = Field(0.0, ge=0, le=MOST_MIN)
    to_min: float | None = Field(None, gt=0, le=MOST_MIN)
    minutes: Literal["of_infusing", "of_visit"] = "of_infusing"

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> _Fault:
        if self.to_min is not None and self.to_min <= self.from_min:
            raise ValueError(f"to_min ({self.to_min:g}) is not after from_min ({self.from_min:g})")
        return self

    def holds(self, t: int, story_min: float) -> bool:
        """Whether it is on at this second of the visit, which is that minute of infusing."""
        minute = story_min if self.minutes == "of_infusing" else t / MINUTE_S
        return self.from_min <= minute and (self.to_min is None or minute < self.to_min)


class ProbeOff(_Fault):
    """A probe has come off: the monitor goes on sending, and has no signal to tell of.

    `shows` is what it sends then: a 0 (for etco2 that is a value that can be, and is judged), the
    vital sign without a number, or not at all (`left_out`).
    """

    kind: Literal["probe_off"] = "probe_off"
    sign: StreamedSign
    shows: Literal["zero", "no_number", "left_out"] = "zero"


class Motion(_Fault):
    """The patient moves: some numbers of these signs jump.

    `plausible` jumps are numbers that a patient could have, far from the ones before and after;
    `implausible` ones no patient has.
    """

    kind: Literal["motion"] = "motion"
    signs: tuple[StreamedSign, ...] = Field(("hr", "spo2"), min_length=1)
    jumps: Literal["plausible", "implausible"] = "plausible"
    share: float = Field(0.3, gt=0, le=1)
    """Of the readings, how many are disturbed."""


class CuffFailure(_Fault):
    """The cuff measures and finds no pressure: it sends nothing, or zeros for an error."""

    kind: Literal["cuff_failure"] = "cuff_failure"
    shows: Literal["nothing", "zeros"] = "nothing"


class WrongUnit(_Fault):
    """Somebody changed the unit in the device's menu: kPa for mmHg, a fraction for %.

    `bp` is the whole cuff pair. `temp` is °F for °C; no monitor of a scenario measures it, so this
    one alone is read off a thermometer and typed by the nurse.
    """

    kind: Literal["wrong_unit"] = "wrong_unit"
    sign: Literal["bp", "etco2", "spo2", "temp"]


class Sentinel(_Fault):
    """The device has no value and sends the number that it means by that."""

    kind: Literal["sentinel"] = "sentinel"
    sign: Sign
    value: Literal[0, -999, 8388607] = -999


class Silent(_Fault):
    """Switched off, or its battery is empty: it measures and sends nothing, and keeps nothing."""

    kind: Literal["silent"] = "silent"


class Outage(_Fault):
    """No network: it keeps what it measures, and sends all of it in one burst afterwards."""

    kind: Literal["outage"] = "outage"


class DroppedConnection(_Fault):
    """The connection breaks before the answer is read: it sends the same again, same ids."""

    kind: Literal["dropped_connection"] = "dropped_connection"
    share: float = Field(0.5, gt=0, le=1)
    """Of the deliveries, how many lose their answer."""


class RetryStorm(_Fault):
    """A sender gone wild: it repeats every delivery, with the same ids."""

    kind: Literal["retry_storm"] = "retry_storm"
    times: int = Field(20, ge=2, le=MOST_TIMES)


class Duplicated(_Fault):
    """Some messages come twice: at once, and once more a few seconds later, same ids."""

    kind: Literal["duplicated"] = "duplicated"
    share: float = Field(0.5, gt=0, le=1)
    after_s: int = Field(3, ge=1, le=600)


class Reordered(_Fault):
    """Some messages overtake others: each waits up to `most_s` seconds on its way."""

    kind: Literal["reordered"] = "reordered"
    most_s: int = Field(5, ge=1, le=600)


class _ClockFault(_Fault):
    tells: bool = True
    """Whether each message tells what its clock showed as it left (`sent_at`), as it should."""


class ClockSkew(_ClockFault):
    """The device's clock is wrong by as many seconds: below 0 it is slow, above it is fast."""

    kind: Literal["clock_skew"] = "clock_skew"
    seconds: float = Field(ge=-86_400 * 366, le=86_400 * 366)


class ClockDrift(_ClockFault):
    """The device's clock runs too fast (above 0) or too slow, from right at `from_min` on.

    It goes on drifting while the infusion is paused. From `to_min` on it is set right.
    """

    kind: Literal["clock_drift"] = "clock_drift"
    s_per_min: float = Field(ge=-30, le=30)


class ClockWrap32(_ClockFault):
    """The device counts its time in 32 bits, and at `from_min` the count begins again at 0.

    Counted in `ms` its times fall back by 49.7 days, in `hundredths` of a second by 497.1 days.
    """

    kind: Literal["clock_wrap32"] = "clock_wrap32"
    counts: Literal["ms", "hundredths"] = "ms"


class Moved(_Fault):
    """The device was carried to another room of the run and not told: it sends from there.

    Rooms are counted from 1, in the order of the run.
    """

    kind: Literal["moved"] = "moved"
    to_room: int = Field(ge=1, le=10_000)


Fault = Annotated[
    ProbeOff
    | Motion
    | CuffFailure
    | WrongUnit
    | Sentinel
    | Silent
    | Outage
    | DroppedConnection
    | RetryStorm
    | Duplicated
    | Reordered
    | ClockSkew
    | ClockDrift
    | ClockWrap32
    | Moved,
    Field(discriminator="kind"),
]
