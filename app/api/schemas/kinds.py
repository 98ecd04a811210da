"""Kinds of value that requests are made of.

They convert nothing silently: a number is a number, a time is a text.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.monitoring.times import parse_iso

TEXT_MAX: Final = 200  # characters: names of people, stations and devices
CODE_MAX: Final = 64  # characters: what is also part of an address
NOTE_MAX: Final = 2_000  # characters: a paragraph or two
SEQ_MAX: Final = 2**53  # what a browser's number holds exactly
NUMBER_MAX: Final = (
    1e9  # above every sentinel a monitor sends (8388607), below what arithmetic could overflow
)

PRINTABLE: Final = r"^[^\u0000-\u001F\u007F-\u009F]+$"  # a hint for clients; the check is below

_CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.ASCII | re.I)
_MOMENT = re.compile(
    r"(?:19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d", re.ASCII)
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_DIGITS = re.compile(r"\d{1,18}", re.ASCII)


class Ask(BaseModel):
    """What comes in: no unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Answer(BaseModel):
    """What goes out: complete, so that nothing undocumented is sent."""

    model_config = ConfigDict(extra="forbid")


def _number(low: float, high: float, *, above: bool = False) -> Callable[[Any], float]:
    sentence = f"Must be above {low:g}" if above else f"Must be at least {low:g}"

    def check(value: Any) -> float:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise PydanticCustomError("not_a_number", "Must be a number")
        if value < low or (above and value == low) or value > high:
            limits = f"{sentence} and at most {high:g}"
            raise PydanticCustomError("out_of_range", "{limits}", {"limits": limits})
        return value  # type: ignore[no-any-return]  # checked above; an int stays an int, as sent

    return check


def _number_schema(low: float, high: float, *, above: bool = False) -> WithJsonSchema:
    side = "exclusiveMinimum" if above else "minimum"
    return WithJsonSchema({"type": "number", side: low, "maximum": high})


Number = Annotated[
    float, PlainValidator(_number(-NUMBER_MAX, NUMBER_MAX)), _number_schema(-NUMBER_MAX, NUMBER_MAX)
]
WeightKg = Annotated[  # the heaviest and lightest people; warnings come from the screen
    float, PlainValidator(_number(0, 500, above=True)), _number_schema(0, 500, above=True)
]
DoseMgPerKg = Annotated[  # ten times what any protocol gives: catches mg typed for mg/kg
    float, PlainValidator(_number(0, 10, above=True)), _number_schema(0, 10, above=True)
]
check_interval = _number(0, 86_400, above=True)
IntervalS = Annotated[float, PlainValidator(check_interval), _number_schema(0, 86_400, above=True)]


def check_uuid(value: Any) -> str:
    """The id in its one spelling; raises PydanticCustomError, as all checks here do."""
    if not isinstance(value, str):
        raise PydanticCustomError("not_a_uuid", "Must be a UUID")
    if _CANONICAL_UUID.fullmatch(value):  # nearly all are: a UUID object costs more than the rest
        return value
    if not _UUID.fullmatch(value):
        raise PydanticCustomError("not_a_uuid", "Must be a UUID")
    return str(UUID(value))


Uuid = Annotated[
    str, PlainValidator(check_uuid), WithJsonSchema({"type": "string", "format": "uuid"})
]


def check_moment(value: Any) -> int:
    """Milliseconds of a text that says its offset."""
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("not_a_time", "Must be a time such as 2026-11-22T10:15:00Z")
    if match.group(1) is None:
        raise PydanticCustomError("naive_time", "Must say its offset, such as Z or +01:00")
    try:
        return parse_iso(match.group())
    except (ValueError, OverflowError):
        raise PydanticCustomError("not_a_time", "There is no such time") from None


Moment = Annotated[
    int, PlainValidator(check_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]


def _day(value: Any) -> str:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("not_a_date", "Must be a date such as 1984-05-30")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise PydanticCustomError("not_a_date", "There is no such date") from None


Day = Annotated[str, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


def _text(max_length: int, *, lines: bool = False) -> Callable[[Any], str]:
    allowed = "\n\t" if lines else ""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise PydanticCustomError("not_text", "Must be text")
        text = value.replace("\r\n", "\n").strip() if lines else value.strip()
        if not text:
            raise PydanticCustomError("empty", "Must not be empty")
        if len(text) > max_length:
            raise PydanticCustomError(
                "text_too_long", "Must have at most {max} characters", {"max": max_length}
            )
        if not text.isprintable() and any(
            unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in text
        ):
            raise PydanticCustomError("control_character", "Must not have control characters")
        return text

    return check


def _text_schema(max_length: int) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": max_length, "pattern": PRINTABLE}
    )


check_text = _text(TEXT_MAX)
check_code = _text(CODE_MAX)
Text = Annotated[str, PlainValidator(check_text), _text_schema(TEXT_MAX)]
Code = Annotated[str, PlainValidator(check_code), _text_schema(CODE_MAX)]


def _word(value: Any) -> str:
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise PydanticCustomError("not_a_code", "Must be a code such as slowed_rate")
    return value


Word = Annotated[
    str,
    PlainValidator(_word),
    WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"}),
]
"""A code for programs, not a text for people."""


def _whole(low: int, high: int) -> Callable[[Any], int]:
    number = _number(low, high)

    def check(value: Any) -> int:
        if type(value) not in (int, float) or not float(number(value)).is_integer():
            raise PydanticCustomError("not_an_integer", "Must be a whole number")
        return int(value)

    return check


def whole_number(low: int, high: int) -> Any:
    """A whole number in a body, between two bounds; 40.0 is one."""
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return Annotated[int, PlainValidator(_whole(low, high)), WithJsonSchema(schema)]


def text_up_to(max_length: int, *, lines: bool = False, empty: bool = False) -> Any:
    """A text of its own length; with `lines` it may have several, with `empty` no character too."""
    some = _text(max_length, lines=lines)
    check = PlainValidator((lambda value: "" if value == "" else some(value)) if empty else some)
    if not lines:
        return Annotated[str, check, _text_schema(max_length)]
    schema = {"type": "string", "minLength": 0 if empty else 1, "maxLength": max_length}
    return Annotated[str, check, WithJsonSchema(schema)]


def number_between(low: float, high: float, *, above: bool = False) -> Any:
    """A number in a body; `above` leaves the lowest out."""
    check = PlainValidator(_number(low, high, above=above))
    return Annotated[float, check, _number_schema(low, high, above=above)]


Initials = Annotated[str, PlainValidator(_text(8)), _text_schema(8)]
Note = Annotated[
    str,
    PlainValidator(_text(NOTE_MAX, lines=True)),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": NOTE_MAX}),
]


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


QueryText = Annotated[Text | None, BeforeValidator(_blank_is_none)]
"""A search that was left empty asks for everything."""


def _query_integer(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, int):  # a default
            return value
        if not isinstance(value, str) or not _DIGITS.fullmatch(value):
            raise PydanticCustomError("not_an_integer", "Must be a whole number")
        if not low <= int(value) <= high:
            raise PydanticCustomError(
                "out_of_range", "Must be between {low} and {high}", {"low": low, "high": high}
            )
        return int(value)

    return check


def query_integer(low: int, high: int) -> Any:
    """A whole number in the address, between two bounds."""
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return Annotated[int, PlainValidator(_query_integer(low, high)), WithJsonSchema(schema)]


def _query_flag(value: Any) -> bool:
    said = _FLAGS.get(str(value).lower())
    if said is None:
        raise PydanticCustomError("not_a_boolean", "Must be true or false")
    return said


QueryFlag = Annotated[bool, PlainValidator(_query_flag), WithJsonSchema({"type": "boolean"})]
