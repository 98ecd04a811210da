"""What the installation knows: vital signs and protocols."""

from typing import Literal

from app.api.schemas.common import Priority
from app.api.schemas.kinds import Answer
from app.api.schemas.sessions import LimitLine


class VitalOut(Answer):
    """One vital sign, with all that forms, boards and charts need of it."""

    code: str
    label: str
    short: str
    unit: str
    ucum: str
    loinc: str | None
    precision: int
    kind: Literal["streamed", "cuff", "typed"]
    continuous: bool
    reject: tuple[float, float]
    manual_reject: tuple[float, float]
    likely: tuple[float, float]
    jump: float | None
    fresh_s: float
    delays: dict[str, float]
    hysteresis: float
    worsening: float
    group: str
    token: str
    limit_bounds: tuple[float, float] | None
    limit_gap: float
    integer: bool
    zero_is_no_signal: bool
    scale: str | None
    score_labels: dict[str, str] | None


class VitalList(Answer):
    items: list[VitalOut]
    next_cursor: None


class RelativeLine(Answer):
    side: Literal["low", "high"]
    priority: Priority
    comparator: Literal["<", "<=", ">", ">="]
    offset: float | None
    percent: float | None
    and_value: float | None


class ProtocolOut(Answer):
    """A preset that a session starts from; `schedule[phase][vital]` in seconds; without all of
    `required_signals[phase]` the patient is unwatched.
    """

    code: str
    version: int
    label: str
    planned_minutes: int
    dose_mg_per_kg: float
    baseline_set: list[str]
    schedule: dict[str, dict[str, float]]
    required_signals: dict[str, list[str]]
    lines: dict[str, list[LimitLine]]
    relative: dict[str, list[RelativeLine]]


class ProtocolList(Answer):
    items: list[ProtocolOut]
    next_cursor: None
