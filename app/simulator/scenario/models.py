"""A scenario as frozen values: one patient's visit, what befalls patient and devices, the nurse.

Every number has bounds that a visit can have, every name is one that exists, no key is ignored.
The sentences of the checks here have no full stop: `explain` adds in which file and where.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from app.simulator.body import REMEDIES, SIGNS, USUAL, Happening, Spread
from app.simulator.faults import CLOCK_KINDS, Fault
from app.simulator.scenario.names import ACTIONS, ALARMS, SEEN, unknown
from app.simulator.scenario.ranges import BY_KEY, bounds_of, check_target

LONGEST_MIN = 480  # a working day
LONGEST_S = LONGEST_MIN * 60
RECOVERY_AT_MOST_MIN = 55.0  # of the usual recovery, which is drawn
BEFORE_MIN = 11.0  # from the check-in to the infusion's start
AROUND_RECOVERY_MIN = 6.0  # from the infusion's end to recovery, and from ready to going home
MOST = 100  # entries of one list: a visit with more is not one that anybody follows

_T = TypeVar("_T")

Minute = Annotated[float, Field(ge=0, le=LONGEST_MIN)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_S)]
Faults = Annotated[tuple[Fault, ...], Field(max_length=MOST)]
Words = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=64)]  # of a file, without its .toml


class Part(BaseModel):
    """Frozen, strict, and without a key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _one_of(name: str, allowed: Collection[str], what: str) -> str:
    if name not in allowed:
        raise ValueError(f"there is no {what} {name!r}{unknown(name, allowed)}")
    return name


Sign = Annotated[str, AfterValidator(lambda name: _one_of(name, SIGNS, "sign"))]
RemedyName = Annotated[str, AfterValidator(lambda name: _one_of(name, REMEDIES, "remedy"))]
AlarmName = Annotated[str, AfterValidator(lambda name: _one_of(name, ALARMS, "alarm"))]
SeenName = Annotated[str, AfterValidator(lambda name: _one_of(name, SEEN, "complaint"))]
ActionName = Annotated[str, AfterValidator(lambda name: _one_of(name, ACTIONS, "action"))]


class SpreadOf(Part):
    """A number, or a bell-shaped draw; without bounds it is held to three deviations."""

    mean: float
    sd: float = Field(default=0.0, ge=0)
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _mean_lies_between(self) -> Self:
        low, high = self._bounds()
        if not low <= self.mean <= high:
            raise ValueError(
                f"mean ({self.mean:g}) must lie between low ({low:g}) and high ({high:g})"
            )
        return self

    def spread(self) -> Spread:
        return Spread(self.mean, self.sd, *self._bounds())

    def _bounds(self) -> tuple[float, float]:
        low = self.mean - 3 * self.sd if self.low is None else self.low
        high = self.mean + 3 * self.sd if self.high is None else self.high
        return low, high


def _number_or_table(value: object) -> object:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"mean": value} if number else value


Drawn = Annotated[SpreadOf, BeforeValidator(_number_or_table)]


def _within(least: float, most: float) -> Callable[[SpreadOf], SpreadOf]:
    """Refuses what was written beyond these bounds, and holds to them what is drawn."""

    def held(drawn: SpreadOf) -> SpreadOf:
        for number in (drawn.mean, drawn.low, drawn.high):
            if number is not None and not least <= number <= most:
                raise ValueError(f"must lie between {least:g} and {most:g}, not {number:g}")
        spread = drawn.spread()
        bounds = {"low": max(spread.low, least), "high": min(spread.high, most)}
        return drawn.model_copy(update=bounds)

    return held


DrawnMinutes = Annotated[Drawn, AfterValidator(_within(0, LONGEST_MIN))]
DrawnSeconds = Annotated[Drawn, AfterValidator(_within(0, LONGEST_S))]


def _known_draws(draws: Mapping[str, SpreadOf]) -> Mapping[str, SpreadOf]:
    known: dict[str, SpreadOf] = {}
    for key, drawn in draws.items():
        if key not in BY_KEY:
            raise ValueError(f"a patient has no {key!r}{unknown(key, BY_KEY)}")
        bounds = bounds_of(BY_KEY[key])
        try:
            known[key] = drawn if bounds is None else _within(*bounds)(drawn)
        except ValueError as error:
            raise ValueError(f"{key} {error}") from None
    return known


Draws = Annotated[Mapping[str, Drawn], AfterValidator(_known_draws)]
"""What differs from the usual patient, by the keys of `BY_KEY`."""


class PlanOf(Part):
    """How the visit is meant to go; what is drawn and not said here is drawn as usual."""

    planned_min: int = Field(default=40, ge=1, le=LONGEST_MIN)
    dose_mg_per_kg: float = Field(default=0.5, gt=0, le=3)
    recovery_min: DrawnMinutes | None = None
    """None: as usual, 40 minutes on average."""
    late_min: Minute = 0.0
    """The patient checks in this long after the appointment."""
    pause: Literal["sometimes", "never"] = "sometimes"
    """By chance, one infusion in four; see `Scenario.may_pause`."""
    pause_at_min: Minute | None = None
    pause_min: float | None = Field(default=None, gt=0, le=LONGEST_MIN)
    """Of a planned pause; None: drawn, two to four minutes."""
    stop_at_min: Minute | None = None
    stop_reason: Words | None = None
    cuff_every_min: float = Field(default=5.0, ge=1, le=60)
    cuff_off_from_min: Minute | None = None
    """From this minute of infusing on the cuff is off the arm, and nobody puts it on."""
    sample_s: int = Field(default=1, ge=1, le=60)

    @property
    def over_min(self) -> float:
        """The minute of infusing at which the visit is over at the latest."""
        recovery = RECOVERY_AT_MOST_MIN
        if self.recovery_min is not None:
            recovery = self.recovery_min.spread().high
        return self.planned_min + recovery + AROUND_RECOVERY_MIN

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        self.check()
        return self

    def check(self) -> None:
        """Raises ValueError for what does not go together."""
        if self.pause_min is not None and self.pause_at_min is None:
            raise ValueError("pause_min needs pause_at_min: the minute of infusing to pause at")
        if (self.stop_at_min is None) != (self.stop_reason is None):
            raise ValueError("stop_at_min and stop_reason go together: an early stop has a reason")
        for name in ("pause_at_min", "stop_at_min"):
            minute = getattr(self, name)
            if minute is not None and minute >= self.planned_min:
                raise ValueError(
                    f"{name} is {minute:g}, but the infusion is over after {self.planned_min}"
                )


class HappeningOf(Part):
    """One sign is drawn to a value, held there, and let go; minutes are minutes of infusing."""

    sign: Sign
    to: float
    at_min: float = Field(ge=-LONGEST_MIN, le=LONGEST_MIN)
    """Below 0: there already at the check-in, for the minutes stand still until the infusion."""
    within_s: Seconds = 60.0
    hold_s: Seconds | None = None
    """None: until it is answered."""
    back_s: Seconds = 120.0
    ends_with: tuple[RemedyName, ...] = Field(default=(), max_length=MOST)

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        check_target(self.sign, self.to)
        if self.hold_s is None and not self.ends_with:
            raise ValueError(
                "without hold_s it lasts until it is answered: ends_with must say by what"
            )
        return self

    @property
    def until_min(self) -> float | None:
        """When the sign is its own again if nobody does anything; None: never."""
        if self.hold_s is None:
            return None
        return self.at_min + (self.within_s + self.hold_s + self.back_s) / 60

    def of_body(self) -> Happening:
        return Happening(
            sign=self.sign,
            target=self.to,
            at_min=self.at_min,
            onset_s=self.within_s,
            hold_s=self.hold_s,
            back_s=self.back_s,
            ends_with=frozenset(self.ends_with),
        )


class GivenOf(Part):
    """A remedy, in its usual amount if none is said."""

    remedy: RemedyName
    amount: float | None = Field(default=None, gt=0, le=5_000)

    @model_validator(mode="after")
    def _has_an_amount(self) -> Self:
        if self.amount is not None and not REMEDIES[self.remedy].unit:
            raise ValueError(f"{self.remedy} is done and not given: it has no amount")
        return self


def _name_or_table(value: object) -> object:
    return {"remedy": value} if isinstance(value, str) else value


Given = Annotated[GivenOf, BeforeValidator(_name_or_table)]


def _numbered(items: Sequence[_T]) -> list[tuple[int, _T]]:
    return list(enumerate(items, 1))


class AnswerOf(Part):
    """What the nurse does about one alarm, or about what she sees; her usual ways come after."""

    alarm: AlarmName | None = None
    """`group.side` of a limit alarm (`spo2.low`, `bp.high`), else the condition (`no_signal`)."""
    sees: SeenName | None = None
    """Without any alarm: nausea and agitation of 2 or more, a score that is out of limits."""
    gives: tuple[Given, ...] = Field(default=(), alias="with", max_length=MOST)
    action: ActionName | None = None
    after_s: DrawnSeconds | None = None
    """Seconds from the alarm; None: as `answer_after_s` of the nurse."""
    infusion: Literal["pause", "stop"] | None = None
    pause_min: float | None = Field(default=None, gt=0, le=LONGEST_MIN)
    """How long a pause of hers lasts; None: five minutes."""

    @model_validator(mode="after")
    def _answers_one_thing(self) -> Self:
        if (self.alarm is None) == (self.sees is None):
            raise ValueError("an answer has either alarm or sees: what it is an answer to")
        if self.pause_min is not None and self.infusion != "pause":
            raise ValueError('pause_min needs infusion = "pause"')
        return self


class NurseOf(Part):
    """How the nurse works when she is asked to play."""

    play: bool = False
    """Whether she plays even if the command does not ask for it."""
    chart_every_min: float = Field(default=12.0, ge=1, le=120)
    answer_after_s: DrawnSeconds = SpreadOf(mean=40.0, sd=12.0, low=15.0, high=90.0)
    """Seconds from an alarm to her acknowledgement."""
    forgets_from_min: Minute | None = None
    """From this minute of infusing on she charts and answers nothing."""
    answers: tuple[AnswerOf, ...] = Field(default=(), alias="answer", max_length=MOST)

    @model_validator(mode="after")
    def _answers_each_once(self) -> Self:
        first: dict[tuple[str | None, str | None], int] = {}
        for number, answer in _numbered(self.answers):
            if first.setdefault((answer.alarm, answer.sees), number) != number:
                raise ValueError(
                    f"answers {first[answer.alarm, answer.sees]} and {number}"
                    f" are both to {answer.alarm or answer.sees}"
                )
        return self


def _check_begins(what: str, minute: float, over: float) -> None:
    """Raises ValueError for what nobody would see."""
    if minute >= over:
        raise ValueError(
            f"{what} begins at minute {minute:g}, but the visit is over at about minute {over:g}"
        )


def _check_courses(numbered: list[tuple[int, HappeningOf]]) -> None:
    """Raises ValueError where two courses of one sign overlap: which would be drawn to then?"""
    in_turn = sorted(numbered, key=lambda item: item[1].at_min)
    for (first, earlier), (second, later) in pairwise(in_turn):
        until = earlier.until_min
        if until is not None and until <= later.at_min:
            continue
        end = "until it is answered" if until is None else f"until minute {until:g}"
        raise ValueError(
            f"happening {second} begins at minute {later.at_min:g},"
            f" but happening {first} draws {earlier.sign} {end}"
        )


class Scenario(Part):
    """One patient's visit."""

    name: Name
    about: Words
    patient: Draws = Field(default_factory=dict)
    plan: PlanOf = PlanOf()
    happenings: tuple[HappeningOf, ...] = Field(default=(), alias="happening", max_length=MOST)
    faults: Faults = Field(default=(), alias="fault")
    nurse: NurseOf = NurseOf()

    @model_validator(mode="after")
    def _can_happen(self) -> Self:
        self.check()
        return self

    def check(self) -> None:
        """Raises ValueError for what cannot happen in this visit."""
        self.plan.check()
        over = self.plan.over_min
        for number, happening in _numbered(self.happenings):
            _check_begins(f"happening {number}", happening.at_min, over)
        for number, fault in _numbered(self.faults):
            before = BEFORE_MIN if fault.minutes == "of_visit" else 0.0
            _check_begins(f"fault {number}", fault.from_min, before + over)
        for sign in sorted({happening.sign for happening in self.happenings}):
            _check_courses([item for item in _numbered(self.happenings) if item[1].sign == sign])

    @property
    def needs_wall_clock(self) -> bool:
        """Whether a device's clock is wrong in it: on a driven clock nothing is early or late."""
        return any(fault.kind in CLOCK_KINDS for fault in self.faults)

    @property
    def may_pause(self) -> bool:
        """Whether the infusion may be paused by chance: not where something else happens."""
        nothing_happens = not self.happenings and not self.faults
        unplanned = self.plan.pause_at_min is None and self.plan.stop_at_min is None
        return self.plan.pause == "sometimes" and nothing_happens and unplanned

    def draws(self) -> Mapping[str, Spread]:
        """All that is drawn of the patient: what is usual, and what differs from it."""
        return {**USUAL, **{BY_KEY[key]: drawn.spread() for key, drawn in self.patient.items()}}

    def happenings_of_body(self) -> tuple[Happening, ...]:
        return tuple(happening.of_body() for happening in self.happenings)
