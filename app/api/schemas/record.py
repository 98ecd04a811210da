"""The record of a session and its figure, as they are answered.

The record's models are made from those of `app.review.record.model`, field by field: what is
answered and what the exports are made of cannot drift apart.
"""

from typing import TYPE_CHECKING, Any, Final, Literal, get_type_hints

from pydantic import ConfigDict, Field, create_model

from app.api.schemas.alarms import AlarmOut
from app.api.schemas.common import ActorOut, Priority, Time
from app.api.schemas.kinds import SEQ_MAX, Answer, Ask, Moment, QueryFlag, query_integer
from app.api.schemas.readings import ChartedValue, RejectedValue
from app.api.schemas.sessions import LimitLine
from app.api.schemas.timeline import POINTS_MAX, POINTS_MIN
from app.review.record import model

Json = dict[str, Any]


class RecordQuery(Ask):
    """`until`: as far as that event. `readings=told` leaves a device's calm readings out, of which
    there are thousands; all else, the summary too, is of all of them.
    """

    readings: Literal["all", "told"] = "all"
    until: query_integer(1, SEQ_MAX) | None = None  # type: ignore[valid-type]  # a type made from its bounds


class FigureQuery(Ask):
    """`symbols`: drawn as anaesthesia records are."""

    model_config = ConfigDict(populate_by_name=True)

    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")
    points: query_integer(POINTS_MIN, POINTS_MAX) | None = None  # type: ignore[valid-type]  # the same
    symbols: QueryFlag = False


class RecordAlarmEvent(Answer):
    """One event of an alarm."""

    seq: int
    kind: str
    at: Time
    priority: Priority
    state: Literal["active", "acknowledged", "latched", "cleared"]
    value: float | None
    text: str
    by: ActorOut


class RecordVoided(Answer):
    seq: int
    at: Time
    by: ActorOut
    reason: str


class RecordNoted(Answer):
    """What an annotation said before or after it was corrected."""

    at: Time
    text: str | None
    data: Json


class FigureMark(Answer):
    """One numbered mark, in one sentence."""

    number: int
    seq: int
    kind: str
    mark: model.Mark
    at: Time
    text: str


class FigureOut(Answer):
    """Plain data for Plotly without colours: what each trace is stands in its `meta`."""

    session_id: str
    seq: int
    t0: Time
    data: list[Json]
    layout: Json
    marks: list[FigureMark]


_LEAVES_FIRST: Final = (
    model.PatientIs,
    model.Phase,
    model.Dose,
    model.Correction,
    model.First,
    model.Reading,
    model.LostSignal,
    model.AnnotationCorrection,
    model.Annotation,
    model.AlarmTold,
    model.Limits,
    model.Gap,
    model.Told,
    model.Beyond,
    model.VitalSummary,
    model.AlarmCount,
    model.Compliance,
    model.Summary,
    model.Signature,
    model.Record,
)
_TIMES: Final = frozenset({"since", "until", "now", "t0", "device_time", "at"})
"""Names of moments, beside those that end in `_at`."""

_NARROWED: Final[dict[tuple[str, str], Any]] = {
    ("AlarmTold", "alarm"): AlarmOut,
    ("AlarmTold", "history"): list[RecordAlarmEvent],
    ("Annotation", "voided"): RecordVoided | None,
    ("AnnotationCorrection", "was"): RecordNoted,
    ("AnnotationCorrection", "now"): RecordNoted,
    ("Limits", "limits"): dict[str, list[LimitLine]],
    ("Reading", "rejected"): list[RejectedValue],
    ("Reading", "charted"): dict[str, ChartedValue],
}
"""What the record holds as the log has it, as plain JSON."""


def _models() -> dict[str, Any]:
    names: dict[str, Any] = {**vars(model), "By": ActorOut, "Values": dict[str, float]}
    for part in _LEAVES_FIRST:
        name = part.__name__
        hints = get_type_hints(part, globalns=names)
        fields: dict[str, Any] = {
            field: (_narrowed(name, field, hints[field]), ...) for field in part.__struct_fields__
        }
        called = "RecordOut" if part is model.Record else f"Record{name}"
        names[name] = create_model(called, __base__=Answer, __doc__=part.__doc__, **fields)
    return names


def _narrowed(part: str, field: str, kind: Any) -> Any:
    if (part, field) in _NARROWED:
        return _NARROWED[part, field]
    is_time = field in _TIMES or field.endswith("_at")
    if is_time and kind in (str, str | None):
        return Time if kind is str else Time | None
    return kind


if TYPE_CHECKING:

    class RecordOut(Answer): ...
else:
    RecordOut = _models()["Record"]
