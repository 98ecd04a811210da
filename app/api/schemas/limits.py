"""Limits of a session: those in force, how they came to be, and what changes them."""

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from app.api.schemas.common import ActorOut, Flag, Time
from app.api.schemas.kinds import Answer, Ask, Note, Number, Uuid, whole_number
from app.api.schemas.sessions import LimitLine, LimitToReview
from app.monitoring.commands import ChangeLimits
from app.monitoring.vitals import VITALS

Version = whole_number(0, 1_000_000)


def _optional(**about: Any) -> Any:
    """A field that stays as it is where it is left out; null is no number, so there is no
    default.
    """

    def without_default(schema: dict[str, Any]) -> None:
        del schema["default"]

    return Field(default=None, json_schema_extra=without_default, **about)


def _by_vital(kind: Any) -> Any:
    return {
        code: (kind, _optional(title=vital.label, description=vital.unit))
        for code, vital in VITALS.items()
    }


class LinesIn(Ask):
    """Lines of one vital sign, named by the flag that they give."""

    low_critical: Number = _optional()
    low: Number = _optional()
    high: Number = _optional()
    high_critical: Number = _optional()


if TYPE_CHECKING:

    class LimitsOfVitalsIn(Ask): ...

    class BaselineIn(Ask): ...
else:
    LimitsOfVitalsIn = create_model(
        "LimitsOfVitalsIn",
        __base__=Ask,
        __doc__="Lines to set, by vital sign; what is not named stays.",
        **_by_vital(LinesIn),
    )
    BaselineIn = create_model(
        "BaselineIn",
        __base__=Ask,
        __doc__="Baseline values to correct, by vital sign; what is not named stays.",
        **_by_vital(Number),
    )


class LimitsIn(Ask):
    reason: Note
    limits: LimitsOfVitalsIn = LimitsOfVitalsIn()
    baseline: BaselineIn = BaselineIn()
    version: Version | None = None  # type: ignore[valid-type]  # a type made from its bounds
    id: Uuid | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self._lines() and not self._values():
            raise PydanticCustomError(
                "nothing_to_set", "Must name at least one limit or baseline value"
            )
        return self

    def _lines(self) -> dict[str, dict[str, float]]:
        sent = self.limits.model_dump(exclude_unset=True)
        return {vital: lines for vital, lines in sent.items() if lines}

    def _values(self) -> dict[str, float]:
        return self.baseline.model_dump(exclude_unset=True)

    def to_command(self) -> ChangeLimits:
        return ChangeLimits(
            reason=self.reason,
            lines=self._lines(),
            baseline=self._values(),
            version=self.version,
            id=self.id,
        )


class LineChange(Answer):
    vital: str
    flag: Flag
    from_: Annotated[float, Field(alias="from")]
    to: float


class Bounds(Answer):
    """Between what a vital sign's limits may be set, and how far low and high must be apart."""

    low: float
    high: float
    gap: float


class LimitsChange(Answer):
    """One entry of the history; `baseline` is what it was from then on."""

    version: int
    at: Time
    by: ActorOut
    reason: str | None
    changes: list[LineChange]
    baseline: dict[str, float] | None


class LimitsOut(Answer):
    version: int
    limits: dict[str, list[LimitLine]]
    baseline: dict[str, float] | None
    to_review: list[LimitToReview]
    bounds: dict[str, Bounds]
    history: list[LimitsChange]
