"""The vital-sign registry: all that the product knows of each vital sign, in one place.

A new vital sign is one entry here; entry form, board, charts, limits and exports read it from here.
LOINC and UCUM codes are those of the vital-signs value sets; MOAA/S and the dissociation scale have
no LOINC code. Plausible and likely ranges are engineering limits, to be reviewed by the clinic's
medical director.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["streamed", "cuff", "typed"]
Span = tuple[float, float]

SENTINELS: Final = frozenset({-999.0, -100.0, -1.0, 8388607.0})
"""Numbers that monitors send with a valid unit for "no value"."""

STREAM_INTERVAL_S: Final = 5.0  # assumed of a device that does not declare its own
STREAM_FRESH_FLOOR_S: Final = 15.0  # one lost packet at 1 Hz is not a lost signal
STREAM_FRESH_INTERVALS: Final = 3  # two packets may be missed
CUFF_INTERVAL_S: Final = 300.0  # the usual cuff cycle, for a device that does not declare its own
CUFF_CYCLE_S: Final = 150.0  # the shortest usual cycle: a shorter interval is the message's own
CUFF_GRACE_S: Final = 90.0  # a cuff that measures again takes up to a minute and a half


@dataclass(frozen=True, slots=True)
class VitalSign:
    """One vital sign.

    `reject` bounds what is physically possible from a device, `manual_reject` from a person (422
    outside); outside `likely` a value is stored as unconfirmed; `jump` is the change from the last
    value within 5 min that asks to confirm. `fresh_s` holds for typed values that no schedule asks
    for. `delays` are seconds per tier for streamed values; `hysteresis` is how far inside a limit a
    value must be before the condition can end; `worsening` is one step that sounds again.
    `limit_bounds` are how far a person may move its limits, None if not at all; `limit_gap` is the
    least distance between two neighbouring ones.
    """

    code: str
    label: str
    short: str
    unit: str
    ucum: str
    loinc: str | None
    precision: int
    kind: Kind
    reject: Span
    manual_reject: Span
    likely: Span
    jump: float | None
    fresh_s: float
    delays: Mapping[str, float]
    hysteresis: float
    worsening: float
    group: str
    token: str
    limit_bounds: Span | None = None
    limit_gap: float = 0.0
    integer: bool = False
    zero_is_no_signal: bool = False
    scale: str | None = None
    score_labels: Mapping[int, str] | None = None

    @property
    def continuous(self) -> bool:
        """True where a device sends a stream, so that silence is a lost signal."""
        return self.kind == "streamed"


_NO_DELAY: Final[Mapping[str, float]] = {"relative": 0.0, "warning": 0.0, "critical": 0.0}
_TYPED_FRESH_S: Final = (
    900.0  # a quarter of an hour: the longest interval of the schedule while infusing
)

_ALL: Final = (
    VitalSign(
        code="hr",
        label="Heart rate",
        short="HR",
        unit="/min",
        ucum="/min",
        loinc="8867-4",
        precision=0,
        kind="streamed",
        reject=(1, 350),
        manual_reject=(20, 300),
        likely=(35, 180),
        jump=50,
        fresh_s=_TYPED_FRESH_S,
        delays={"relative": 15, "warning": 15, "critical": 5},
        hysteresis=3,
        worsening=15,
        group="hr",
        token="hr",
        limit_bounds=(30, 180),
        limit_gap=2,
        zero_is_no_signal=True,
    ),
    VitalSign(
        code="spo2",
        label="Oxygen saturation",
        short="SpO2",
        unit="%",
        ucum="%",
        loinc="59408-5",
        precision=0,
        kind="streamed",
        reject=(1, 100),
        manual_reject=(30, 100),
        likely=(80, 100),
        jump=10,
        fresh_s=_TYPED_FRESH_S,
        delays={"relative": 15, "warning": 15, "critical": 10},
        hysteresis=1,
        worsening=3,
        group="spo2",
        token="spo2",
        limit_bounds=(80, 100),
        limit_gap=2,
        zero_is_no_signal=True,
    ),
    VitalSign(
        code="sbp",
        label="Systolic blood pressure",
        short="SBP",
        unit="mmHg",
        ucum="mm[Hg]",
        loinc="8480-6",
        precision=0,
        kind="cuff",
        reject=(30, 300),
        manual_reject=(30, 300),
        likely=(70, 220),
        jump=50,
        fresh_s=_TYPED_FRESH_S,
        delays=_NO_DELAY,
        hysteresis=5,
        worsening=10,
        group="bp",
        token="bp",
        limit_bounds=(70, 220),
        limit_gap=5,
    ),
    VitalSign(
        code="dbp",
        label="Diastolic blood pressure",
        short="DBP",
        unit="mmHg",
        ucum="mm[Hg]",
        loinc="8462-4",
        precision=0,
        kind="cuff",
        reject=(10, 220),
        manual_reject=(10, 220),
        likely=(35, 130),
        jump=40,
        fresh_s=_TYPED_FRESH_S,
        delays=_NO_DELAY,
        hysteresis=5,
        worsening=10,
        group="bp",
        token="bp",
        limit_bounds=(30, 130),
        limit_gap=5,
    ),
    VitalSign(
        code="map",
        label="Mean arterial pressure",
        short="MAP",
        unit="mmHg",
        ucum="mm[Hg]",
        loinc="8478-0",
        precision=0,
        kind="cuff",
        reject=(15, 250),
        manual_reject=(15, 250),
        likely=(45, 160),
        jump=40,
        fresh_s=_TYPED_FRESH_S,
        delays=_NO_DELAY,
        hysteresis=5,
        worsening=10,
        group="bp",
        token="bp",
        limit_bounds=(45, 160),
        limit_gap=5,
    ),
    VitalSign(
        code="rr",
        label="Respiratory rate",
        short="RR",
        unit="/min",
        ucum="/min",
        loinc="9279-1",
        precision=0,
        kind="streamed",
        reject=(1, 100),
        manual_reject=(1, 100),
        likely=(6, 40),
        jump=15,
        fresh_s=_TYPED_FRESH_S,
        delays={"relative": 30, "warning": 30, "critical": 15},
        hysteresis=1,
        worsening=4,
        group="rr",
        token="rr",
        limit_bounds=(6, 40),
        limit_gap=2,
        zero_is_no_signal=True,
    ),
    VitalSign(
        code="etco2",
        label="End-tidal CO2",
        short="EtCO2",
        unit="mmHg",
        ucum="mm[Hg]",
        loinc="19891-1",
        precision=0,
        kind="streamed",
        reject=(0, 150),
        manual_reject=(0, 150),
        likely=(15, 70),
        jump=20,
        fresh_s=_TYPED_FRESH_S,
        delays={"relative": 30, "warning": 30, "critical": 15},
        hysteresis=2,
        worsening=10,
        group="etco2",
        token="etco2",
        limit_bounds=(15, 70),
        limit_gap=2,
    ),
    VitalSign(
        code="temp",
        label="Temperature",
        short="Temp",
        unit="°C",
        ucum="Cel",
        loinc="8310-5",
        precision=1,
        kind="typed",
        reject=(25, 45),
        manual_reject=(25, 45),
        likely=(34, 40.5),
        jump=1,
        fresh_s=4 * 3600,  # taken once a visit
        delays=_NO_DELAY,
        hysteresis=0.2,
        worsening=0.5,
        group="temp",
        token="temp",
        limit_bounds=(34, 40.5),
        limit_gap=0.5,
    ),
    VitalSign(
        code="o2_flow",
        label="Oxygen flow",
        short="O2",
        unit="L/min",
        ucum="L/min",
        loinc="3151-8",
        precision=1,
        kind="typed",
        reject=(0, 25),
        manual_reject=(0, 25),
        likely=(0, 15),
        jump=None,
        fresh_s=4 * 3600,  # a setting: it holds until it is changed
        delays=_NO_DELAY,
        hysteresis=0,
        worsening=5,
        group="o2_flow",
        token="spo2",
    ),
    VitalSign(
        code="sedation",
        label="Sedation (MOAA/S)",
        short="Sedation",
        unit="",
        ucum="{score}",
        loinc=None,
        precision=0,
        kind="typed",
        reject=(0, 5),
        manual_reject=(0, 5),
        likely=(0, 5),
        jump=None,
        fresh_s=_TYPED_FRESH_S,
        delays=_NO_DELAY,
        hysteresis=0,
        worsening=1,
        group="sedation",
        token="score",
        integer=True,
        scale="MOAA/S 0-5",
        score_labels={
            5: "alert",
            4: "lethargic",
            3: "to loud voice",
            2: "to prodding",
            1: "to pain",
            0: "no response",
        },
    ),
    VitalSign(
        code="dissociation",
        label="Dissociation",
        short="Dissociation",
        unit="",
        ucum="{score}",
        loinc=None,
        precision=0,
        kind="typed",
        reject=(0, 4),
        manual_reject=(0, 4),
        likely=(0, 4),
        jump=None,
        fresh_s=2 * _TYPED_FRESH_S,
        delays=_NO_DELAY,
        hysteresis=0,
        worsening=1,
        group="dissociation",
        token="score",
        integer=True,
        scale="Clinic scale 0-4",
        score_labels={0: "none", 1: "mild", 2: "moderate", 3: "marked", 4: "severe"},
    ),
    VitalSign(
        code="pain",
        label="Pain",
        short="Pain",
        unit="",
        ucum="{score}",
        loinc="72514-3",
        precision=0,
        kind="typed",
        reject=(0, 10),
        manual_reject=(0, 10),
        likely=(0, 10),
        jump=None,
        fresh_s=2 * _TYPED_FRESH_S,
        delays=_NO_DELAY,
        hysteresis=0,
        worsening=2,
        group="pain",
        token="score",
        integer=True,
        scale="NRS 0-10",
    ),
)

VITALS: Final[Mapping[str, VitalSign]] = {vital.code: vital for vital in _ALL}


def device_fresh_s(vital: VitalSign, interval_s: float | None) -> float:
    """How long a device's value of this vital may be shown as current, in seconds."""
    if vital.kind == "streamed":
        return max(STREAM_FRESH_FLOOR_S, STREAM_FRESH_INTERVALS * (interval_s or STREAM_INTERVAL_S))
    if vital.kind == "cuff":
        declared = interval_s is not None and interval_s >= CUFF_CYCLE_S
        return (interval_s if declared and interval_s else CUFF_INTERVAL_S) + CUFF_GRACE_S
    return vital.fresh_s


@lru_cache(maxsize=1_024)  # the pressures of a cuff come again and again
def mean_pressure(sbp: float, dbp: float) -> float:
    """Mean pressure of a cuff pair, to 0.1 mmHg; a measured one is preferred."""
    return round(dbp + (sbp - dbp) / 3, 1)
