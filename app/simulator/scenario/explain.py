"""What pydantic found wrong, as one sentence in the words and the places of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from app.simulator.scenario.names import unknown

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

CUT_AT = 40  # characters of a wrong value or key: enough to find it again
PREDICATE = ("must ", "is ")  # what goes on after the key, without a colon

# What is wrong, by pydantic's type of error; `{}` names are of its context.
SAID: Mapping[str, str] = {
    "missing": "is missing",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a number that can be, not nan or inf",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": 'must be text in "quotes"',
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "tuple_type": "must be a list",
    "too_short": "must have at least {min_length}",
    "too_long": "must have at most {max_length}",
    "union_tag_not_found": "must say of which kind it is",
}
TABLE_ERRORS = ("model_type", "model_attributes_type", "dict_type", "mapping_type")
BARE = (  # what the value is adds nothing
    *("union_tag_not_found", "finite_number"),
    *("missing", "string_too_short", "string_too_long", "too_short", "too_long"),
)
OR_A_TABLE = {
    "SpreadOf": "a number, or a table with mean, sd, low and high",
    "GivenOf": "the name of a remedy, or a table with remedy and amount",
}
NOT_WRITTEN = {"name": ": the file's name is its name", "scenarios": ": rooms and next name them"}
_QUOTED = re.compile(r"'([^']*)'")


def explain(error: ValidationError, model: type[BaseModel], data: Mapping[str, Any]) -> str:
    """`happening 2: to must be a number, not true`: of several, the one that is most likely it."""
    found = error.errors(include_url=False)
    # A misspelt key is missing under its right name, too.
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    last_is_there = first["type"] not in ("extra_forbidden", "missing")
    place = tuple(_in_file(first["loc"], data, last_is_there=last_is_there))
    if first["type"] == "extra_forbidden":
        *place_of_table, key = place
        allowed = _keys(model, tuple(place_of_table), data)
        return _join(
            place_of_table, f"there is no key {shown(key)} here{unknown(str(key), allowed)}"
        )
    return _join(list(place), _what(first))


def shown(value: object) -> str:
    """A value of the file as it may stand in a sentence: short, and on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value) if isinstance(value, str | int | float) else str(value)
    return text if len(text) <= CUT_AT else f"{text[:CUT_AT]}..."


def _in_file(
    place: tuple[str | int, ...], data: object, *, last_is_there: bool
) -> Iterator[str | int]:
    """Without the steps that the file does not have: the kind of a fault, a number's `mean`."""
    for at, step in enumerate(place):
        if isinstance(data, Mapping):
            if step in data:
                data = data[step]
            elif last_is_there or at < len(place) - 1:
                continue
            yield step
        elif isinstance(data, list | tuple) and isinstance(step, int):
            data = data[step] if step < len(data) else None
            yield step


def _join(place: list[str | int], what: str) -> str:
    words: list[str] = []
    for step in place:
        if isinstance(step, int):
            words[-1:] = [f"{words[-1]} {step + 1}"]
        else:
            words.append(step if step.isidentifier() and len(step) <= CUT_AT else shown(step))
    between = " " if what.startswith(PREDICATE) else ": "
    return between.join([": ".join(words), what]) if words else what


def _what(error: ErrorDetails) -> str:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "union_tag_invalid":
        tags = _QUOTED.findall(context["expected_tags"])
        return f"there is no kind {shown(context['tag'])}{unknown(context['tag'], tags)}"
    if kind == "literal_error":
        return _literal(str(context["expected"]), given)
    if kind in TABLE_ERRORS:
        wanted = OR_A_TABLE.get(str(context.get("class_name")), "a table")
        return f"must be {wanted}, not {shown(given)}"
    if kind == "tuple_type" and isinstance(given, Mapping):
        return "must be a list: its tables are written with two brackets, [[...]]"
    numbers = {key: f"{it:g}" for key, it in context.items() if isinstance(it, int | float)}
    said = SAID.get(kind, "is not allowed here").format(**numbers)
    return said if kind in BARE else f"{said}, not {shown(given)}"


def _literal(expected: str, given: object) -> str:
    names = _QUOTED.findall(expected)
    if names and isinstance(given, str):
        return f"must be one of {', '.join(names)}, not {shown(given)}{_near(given, names)}"
    return f"must be {expected}, not {shown(given)}"


def _near(given: str, names: list[str]) -> str:
    hint = unknown(given, names)
    return hint if "did you mean" in hint else ""


def _keys(model: type[BaseModel], place: tuple[str | int, ...], data: object) -> list[str]:
    """The keys that a table of the file may have; none if it cannot be told."""
    kind: Any = model
    for step in place:
        kind = _step(kind, step)
        data = data[step]  # type: ignore[index]  # the place was found in it
    models = [one for one in _models(kind) if _is_of(one, data)]
    keys = (field.alias or name for one in models for name, field in one.model_fields.items())
    return [key for key in keys if place or key not in NOT_WRITTEN]


def _step(kind: Any, step: str | int) -> Any:
    for one in _unwrapped(kind):
        if isinstance(one, type) and issubclass(one, BaseModel):
            for name, field in one.model_fields.items():
                if step == (field.alias or name):
                    return field.annotation
        elif get_origin(one) is not None:  # tuple[X, ...] or Mapping[str, X]
            return get_args(one)[0 if isinstance(step, int) else -1]
    return None


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    for one in _unwrapped(kind):
        if isinstance(one, type) and issubclass(one, BaseModel):
            yield one


def _unwrapped(kind: Any) -> Iterator[Any]:
    """The types that an annotation comes to, without what only annotates or joins them."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _unwrapped(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for one in get_args(kind):
            yield from _unwrapped(one)
    else:
        yield kind


def _is_of(model: type[BaseModel], data: object) -> bool:
    """Whether this is the model of a union that the table says it is."""
    kind = model.model_fields.get("kind")
    return kind is None or (isinstance(data, Mapping) and data.get("kind") == kind.default)
