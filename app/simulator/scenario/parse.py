"""From the text of a file to a scenario or a clinic; what a clinic names is looked up by `load`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.simulator.scenario.clinic import ClinicScenario
from app.simulator.scenario.errors import ScenarioError
from app.simulator.scenario.explain import NOT_WRITTEN, explain
from app.simulator.scenario.models import Scenario

MOST_BYTES = 64 * 1024  # a day of eight rooms, written out in full, is a tenth of it

Lookup = Callable[[str], Scenario]
"""From the name that a clinic has for a scenario to the scenario; raises ScenarioError."""

_M = TypeVar("_M", bound=BaseModel)


def read(text: str, shown: str, name: str, lookup: Lookup) -> Scenario | ClinicScenario:
    """Of the text of a file that is called `name` and shown as `shown`; raises ScenarioError."""
    data = tables(text, shown)
    for key in NOT_WRITTEN:
        if key in data:
            raise ScenarioError(f"{shown}: there is no key {key!r} here{NOT_WRITTEN[key]}")
    if is_clinic(data):
        return _valid(ClinicScenario, data, shown, name=name, scenarios=_found(data, shown, lookup))
    return _valid(Scenario, data, shown, name=name)


def is_clinic(data: Mapping[str, Any]) -> bool:
    return "room" in data


def tables(text: str, shown: str) -> dict[str, Any]:
    """The tables of a TOML text, lists as tuples; raises ScenarioError."""
    if len(text) > MOST_BYTES:
        raise ScenarioError(f"{shown}: longer than {MOST_BYTES // 1024} KiB, which is no scenario")
    try:
        loaded = tomllib.loads(text)
        return {key: _frozen(value) for key, value in loaded.items()}
    except RecursionError:
        raise ScenarioError(f"{shown}: tables or lists stand too deep within each other") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{shown}: {_what_toml_says(str(error))}") from None
    except ValueError:  # what Python does not read as a number
        raise ScenarioError(f"{shown}: a number in it has thousands of digits") from None


def _frozen(value: object) -> object:
    if isinstance(value, dict):
        return {key: _frozen(inner) for key, inner in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _what_toml_says(said: str) -> str:
    """`Expected ... (at line 3, column 5)` with the place in front."""
    what, _, place = said.removesuffix(")").rpartition(" (at ")
    if not what:
        return f"not readable as TOML: {said}"
    return f"{place}: not readable as TOML: {what[:1].lower()}{what[1:]}"


def _valid(model: type[_M], data: Mapping[str, Any], shown: str, **made: object) -> _M:
    whole = {**data, **made}
    try:
        return model.model_validate(whole, strict=True)
    except ValidationError as error:
        raise ScenarioError(f"{shown}: {explain(error, model, whole)}") from None


def _found(data: Mapping[str, Any], shown: str, lookup: Lookup) -> dict[str, Scenario]:
    """The scenarios that rooms and [next] name, each with the place where it is named."""
    found: dict[str, Scenario] = {}
    for place, name in _named(data):
        if name in found:
            continue
        try:
            found[name] = lookup(name)
        except ScenarioError as error:
            raise ScenarioError(f"{shown}: {place}: {error}") from None
    return found


def _named(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is not written as it should be is left out here: the models say so."""
    named: list[tuple[str, str]] = []
    rooms = data["room"] if isinstance(data["room"], tuple) else ()
    for number, room in enumerate(rooms, 1):
        name = room.get("scenario") if isinstance(room, dict) else None
        if isinstance(name, str):
            named.append((f"room {number}", name))
    coming = data.get("next")
    scenarios = coming.get("scenarios") if isinstance(coming, dict) else None
    if isinstance(scenarios, dict):
        named += [("next", name) for name in scenarios]
    return named
