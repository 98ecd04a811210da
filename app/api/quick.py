"""Readings that are just as they should be, taken in without a model.

Any of these may say None, "not mine": the caller then hands the same body to the models of
`schemas.readings`, which tell what is wrong with it, or take it after all. So nothing is refused
here; and nothing may be taken here that the models refuse, or read in another way: a test sends
the same bodies both ways.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import PydanticCustomError

from app.api.schemas.kinds import (
    NUMBER_MAX,
    check_code,
    check_interval,
    check_moment,
    check_text,
    check_uuid,
)
from app.api.schemas.readings import LIST_MAX, ReadingForIn, ReadingIn, ReadingListIn
from app.monitoring.commands import ReadingFor, RecordReading
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Callable

RARE: Final = frozenset({"charted", "not_taken", "not_taken_note"})
"""What only a person's reading says: it goes by the models, and costs the others nothing."""
FIELDS: Final = frozenset(ReadingIn.model_fields) - RARE
FIELDS_FOR: Final = frozenset(ReadingForIn.model_fields) - RARE
LIST_FIELDS: Final = frozenset(ReadingListIn.model_fields)
SOURCES: Final = ("manual", "device", None)
NUMBERS: Final = (int, float)
READINGS: Final = "readings"


class _Odd(Exception):
    """Something that only the models can judge."""


def single(content: Any) -> RecordReading | None:
    """One reading; None for what is none of mine, and for a list."""
    try:
        return _reading(content, FIELDS, None)
    except (_Odd, PydanticCustomError):
        return None


def many(content: Any, session_id: str) -> list[ReadingFor] | None:
    """A list of readings of one session."""
    try:
        sent, sent_at = _list(content)
        return [ReadingFor(_reading(one, FIELDS, sent_at), session_id) for one in sent]
    except (_Odd, PydanticCustomError):
        return None


def many_for(content: Any) -> list[ReadingFor] | None:
    """A list of readings each of which says where it belongs."""
    try:
        sent, sent_at = _list(content)
        return [_placed(one, sent_at) for one in sent]
    except (_Odd, PydanticCustomError):
        return None


def _list(content: Any) -> tuple[list[Any], int | None]:
    if type(content) is not dict or not content.keys() <= LIST_FIELDS:
        raise _Odd
    sent = content.get(READINGS)
    if type(sent) is not list or len(sent) > LIST_MAX:
        raise _Odd
    return sent, _if_given(check_moment, content.get("sent_at"))


def _placed(sent: Any, sent_at: int | None) -> ReadingFor:
    reading = _reading(sent, FIELDS_FOR, sent_at)
    session_id = _if_given(check_uuid, sent.get("session_id"))
    station = _if_given(check_code, sent.get("station"))
    if session_id is not None and station is not None:
        raise _Odd
    return ReadingFor(reading, session_id, station)


def _reading(sent: Any, fields: frozenset[str], sent_at: int | None) -> RecordReading:
    if type(sent) is not dict or not sent.keys() <= fields:
        raise _Odd
    get = sent.get
    values = get("values")
    if type(values) is not dict:
        raise _Odd
    for value in values.values():
        if value is not None and (
            type(value) not in NUMBERS or not -NUMBER_MAX <= value <= NUMBER_MAX
        ):
            raise _Odd
    source, confirmed = get("source"), get("confirmed", False)
    inflating = get("cuff_inflating", False)
    if source not in SOURCES or type(confirmed) is not bool or type(inflating) is not bool:
        raise _Odd
    own = _if_given(check_moment, get("sent_at"))
    return RecordReading(
        values={code: values[code] for code in _in_order(tuple(values))},
        id=_if_given(check_uuid, get("id")),
        taken_at=_if_given(check_moment, get("taken_at")),
        source=source,
        device=_if_given(check_text, get("device")),
        interval_s=_if_given(check_interval, get("interval_s")),
        sent_at=sent_at if own is None else own,
        confirmed=confirmed,
        weak=_weak(sent["weak"]) if "weak" in sent else (),
        cuff_inflating=inflating,
    )


def _if_given(check: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else check(value)


@lru_cache(maxsize=256)  # a monitor always names the same vital signs
def _in_order(codes: tuple[str, ...]) -> tuple[str, ...]:
    """In the order of the model, which is the registry's: answers list what was rejected in it."""
    if not VITALS.keys() >= set(codes):
        raise _Odd
    return tuple(code for code in VITALS if code in codes)


def _weak(codes: Any) -> tuple[str, ...]:
    if type(codes) is not list or len(codes) > len(VITALS):
        raise _Odd
    if not all(type(code) is str and code in VITALS for code in codes):
        raise _Odd
    return tuple(sorted(set(codes)))
