"""Annotations: what people write on the timeline, one model for each kind.

What a kind says is the same model in a request, in the log and in an answer; what was not said is
left out.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.api.schemas.common import ActorOut, Time
from app.api.schemas.kinds import Answer, Ask, Moment, Note, Uuid, number_between, text_up_to
from app.models.codec import number
from app.monitoring.commands import Annotate, AnnotationKind, CorrectAnnotation, VoidAnnotation

AMOUNT_MAX = 1_000_000  # of any unit: above what a syringe or a pump could ever say
FLOW_MAX = 15  # L/min: what a flowmeter at the bedside gives
DATA_MAX = 8  # fields; no kind has more than half of them
REMARK_MAX = 500  # characters: a paragraph; more belongs into the chart

if TYPE_CHECKING:
    Remark = str
    RemarkOrNone = str
    Name = str
    Result = str
    Dose = float
    Rate = float
    Flow = float
else:
    Remark = text_up_to(REMARK_MAX, lines=True)
    RemarkOrNone = text_up_to(REMARK_MAX, lines=True, empty=True)
    Name = text_up_to(80)  # of a drug, a scale
    Result = text_up_to(200)
    Dose = number_between(0, AMOUNT_MAX, above=True)
    Rate = number_between(0, AMOUNT_MAX)
    Flow = number_between(0, FLOW_MAX)


def _unsaid(schema: dict[str, Any]) -> None:
    """What may be left out is left out, not told as null."""
    for field in schema["properties"].values():
        if "default" in field:
            del field["default"]
            field |= next(kind for kind in field.pop("anyOf") if kind != {"type": "null"})


class _Data(Ask):
    model_config = ConfigDict(json_schema_extra=_unsaid)


class NoData(Ask):
    """The text says it all."""


class MedicationData(_Data):
    drug: Name
    dose: Dose | None = None
    unit: Literal["mg", "mcg", "g", "mL", "L", "units"] | None = None
    route: Literal["iv", "im", "po", "sl", "in", "other"] | None = None


class SideEffectData(_Data):
    effect: Literal[
        "nausea",
        "vomiting",
        "dizziness",
        "dissociation",
        "anxiety",
        "headache",
        "agitation",
        "other",
    ]
    severity: Literal["mild", "moderate", "severe"] | None = None


class AssessmentData(_Data):
    what: Name
    result: Result | None = None


class RateChangeData(_Data):
    rate: Rate | None = None
    unit: Literal["mL/h", "mg/h", "mg/min", "%"] | None = None


class OxygenData(_Data):
    flow_l_min: Flow
    device: Literal["nasal", "mask", "other"] | None = None


class IvSiteData(_Data):
    state: Literal["ok", "replaced", "infiltrated", "other"]


class _Written(Ask):
    text: Remark | None = None
    at: Moment | None = None
    id: Uuid | None = None

    def to_command(self) -> Annotate:
        said = dict(self)
        said["data"] = {
            name: number(value) if isinstance(value, float) else value
            for name, value in said["data"]
            if value is not None
        }
        return Annotate(**said)


class NoteIn(_Written):
    kind: Literal["note"]
    text: Remark
    data: NoData = Field(default_factory=NoData)


class MedicationIn(_Written):
    kind: Literal["medication"]
    data: MedicationData


class SideEffectIn(_Written):
    kind: Literal["side_effect"]
    data: SideEffectData


class AssessmentIn(_Written):
    kind: Literal["assessment"]
    data: AssessmentData


class RateChangeIn(_Written):
    """To what rate, or in words."""

    kind: Literal["rate_change"]
    data: RateChangeData = Field(default_factory=RateChangeData)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.data.rate is None and self.text is None:
            raise PydanticCustomError("rate_or_text", "Must give a rate or a text")
        return self


class OxygenIn(_Written):
    kind: Literal["oxygen"]
    data: OxygenData


class IvSiteIn(_Written):
    kind: Literal["iv_site"]
    data: IvSiteData


def _tag(kind: str) -> str:
    return f"<{kind}>"  # a name no field can have; cut from the place of an error


def _kind(body: Any) -> str:
    said = body.get("kind") if isinstance(body, Mapping) else getattr(body, "kind", None)
    return _tag(str(said))


_IN: Any = (NoteIn, MedicationIn, SideEffectIn, AssessmentIn, RateChangeIn, OxygenIn, IvSiteIn)
_SAID: dict[AnnotationKind, Any] = {
    model.model_fields["kind"].annotation.__args__[0]: model.model_fields["data"].annotation
    for model in _IN
}
KIND_TAGS = frozenset(map(_tag, _SAID))

if TYPE_CHECKING:
    AnnotationIn = _Written
else:
    AnnotationIn = Annotated[
        reduce(or_, (Annotated[m, Tag(t)] for m, t in zip(_IN, map(_tag, _SAID), strict=True))),
        Discriminator(
            _kind,
            custom_error_type="unknown_kind",
            custom_error_message=f"Must be one of {', '.join(_SAID)}",
        ),
    ]


class VoidAnnotationIn(Ask):
    reason: Note
    id: Uuid | None = None

    def to_command(self, annotation_id: str) -> VoidAnnotation:
        return VoidAnnotation(annotation_id, reason=self.reason, id=self.id)


def _a_value(value: Any) -> str | float | None:
    """What a kind's data are made of; which of them it takes is asked once the kind is known."""
    if value is not None and type(value) not in (str, int, float):
        raise PydanticCustomError("not_a_value", "Must be a text or a number")
    return value  # type: ignore[no-any-return]  # checked above


_Value = Annotated[
    str | float | None,
    PlainValidator(_a_value),
    WithJsonSchema({"type": ["string", "number", "null"]}),
]


class CorrectAnnotationIn(Ask):
    """What it should have said: what is left out or null stays, an empty `text` is taken out;
    `data` is replaced as a whole.
    """

    at: Moment | None = None
    text: RemarkOrNone | None = None
    data: Annotated[dict[str, _Value], Field(max_length=DATA_MAX)] | None = None
    reason: Note
    id: Uuid | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.at is None and self.text is None and self.data is None:
            raise PydanticCustomError("nothing_to_correct", "Must name the time, text or data")
        return self

    def to_command(self, annotation_id: str) -> CorrectAnnotation:
        return CorrectAnnotation(annotation_id, **dict(self))


def of_kind(kind: str, text: str | None, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of a whole annotation in their one spelling; raises pydantic's ValidationError where
    they, or its text, are none of its kind.
    """
    model = next(m for m in _IN if m.model_fields["kind"].annotation.__args__[0] == kind)
    said = {} if text is None else {"text": text}
    written: _Written = model.model_validate({"kind": kind, "data": dict(data), **said})
    return written.to_command().data


class _Recorded(Answer):
    """`after_close` is told where it was written once the session was closed."""

    id: str
    at: Time
    text: str | None
    after_close: bool = False


class Voided(Answer):
    at: Time
    by: ActorOut
    reason: str


class Written(Answer):
    """What an annotation said, and of when; `data` as its kind has it."""

    at: Time
    text: str | None
    data: dict[str, str | float]


class RewrittenBy(Answer):
    """A correction: `was` is what the annotation said before it."""

    seq: int
    at: Time
    by: ActorOut
    reason: str
    was: Written


class _Out(_Recorded):
    session_id: str
    seq: int
    recorded_at: Time
    recorded_by: ActorOut
    voided: Voided | None
    corrections: list[RewrittenBy]


def _each(base: type[Answer], suffix: str) -> Any:
    """A model for each kind, told apart by it."""
    models = []
    for kind, data in _SAID.items():
        name = "".join(word.title() for word in kind.split("_"))
        fields: dict[str, Any] = {"kind": (Literal[kind], ...), "data": (data, ...)}
        models.append(create_model(f"{name}{suffix}", __base__=base, **fields))
    return Annotated[reduce(or_, models), Field(discriminator="kind")]


if TYPE_CHECKING:
    AnnotationRecorded = _Recorded
    AnnotationOut = _Out
else:
    AnnotationRecorded = _each(_Recorded, "Recorded")
    AnnotationOut = _each(_Out, "Out")


class AnnotationVoided(Answer):
    annotation_id: str
    reason: str


class AnnotationCorrected(Answer):
    annotation_id: str
    was: Written
    now: Written
    reason: str


class AnnotationList(Answer):
    """All of a session, in order of when they happened; what was voided says so."""

    items: list[AnnotationOut]
