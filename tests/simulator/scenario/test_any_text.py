"""Whatever stands in a file: it is a scenario, or a ScenarioError of one sentence says why not."""

from __future__ import annotations

import copy
import json
import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.simulator.body import Patient
from app.simulator.faults import Line
from app.simulator.scenario import ClinicScenario, Scenario, ScenarioError, built_in, parse
from tests.support.server import REPO

FOLDER = REPO / "app" / "simulator" / "scenarios"
TEXTS = {name: (FOLDER / f"{name}.toml").read_text(encoding="utf-8") for name in built_in()}
FAULTS = """
about = "Everything at once."
[[fault]]
kind = "motion"
signs = ["hr"]
[[fault]]
kind = "sentinel"
sign = "rr"
[[fault]]
kind = "clock_drift"
s_per_min = 3
[[fault]]
kind = "moved"
to_room = 1
[plan]
pause_at_min = 12
pause_min = 3
recovery_min = { mean = 40, sd = 3 }
"""
FILES = (*TEXTS.values(), FAULTS)

words = st.text(st.characters(codec="utf-8"), max_size=8)
numbers = st.one_of(
    st.integers(-(10**20), 10**20), st.floats(), st.sampled_from([0, -1, 1, 1e308, 600, 0.5])
)
scalars = st.one_of(numbers, st.booleans(), words, st.sampled_from(["spo2", "rouse"]))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=4,
)


def read(text: str) -> Scenario | ClinicScenario | None:
    """What was read, if anything; a ScenarioError is one printable line."""
    try:
        return parse(text, "mine.toml")
    except ScenarioError as error:
        said = str(error)
        assert said.startswith("mine.toml: ")
        assert said.isprintable()
        assert len(said) < 600
        return None


def string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def toml(value: Any) -> str:
    """A value as TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{string(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, float):
        return repr(value)
    return string(value) if isinstance(value, str) else json.dumps(value)


def document(tables: dict[str, Any]) -> str:
    return "\n".join(f"{string(key)} = {toml(value)}" for key, value in tables.items())


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = dict(enumerate(value)) if isinstance(value, list) else value
    for step, one in inner.items() if isinstance(inner, dict) else ():
        found += places(one, (*path, step))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A file that comes with the program, with something put in, changed, renamed or left out."""
    tables = copy.deepcopy(tomllib.loads(draw(st.sampled_from(FILES))))
    for _ in range(draw(st.integers(1, 3))):
        found = places(tables)
        if not found:
            break
        at = draw(st.sampled_from(found))
        owner: Any = tables
        for step in at[:-1]:
            owner = owner[step]
        change = draw(st.sampled_from(["set", "drop", "number", "twice", "rename", "add"]))
        if change == "set":
            owner[at[-1]] = draw(values)
        elif change == "number":
            owner[at[-1]] = draw(numbers)
        elif change == "twice" and isinstance(owner, list):
            owner.append(copy.deepcopy(owner[at[-1]]))
        elif change == "rename" and isinstance(owner, dict):
            owner[draw(words)] = owner.pop(at[-1])
        elif change == "add" and isinstance(owner, dict):
            owner[draw(st.sampled_from(["sign", "at_min", "name", "room", "kind", "x"]))] = draw(
                values
            )
        else:
            del owner[at[-1]]
    return tables


@given(st.text())
@settings(max_examples=100)
def test_any_text(text: str) -> None:
    read(text)


@given(st.sampled_from(FILES), st.integers(0, 900), st.integers(0, 60), st.text(max_size=12))
@settings(max_examples=150)
def test_a_file_in_which_somebody_typed(text: str, at: int, cut: int, typed: str) -> None:
    read(text[:at] + typed + text[at + cut :])


@given(mutated())
@settings(max_examples=300)
def test_a_file_with_other_tables(tables: dict[str, Any]) -> None:
    """What is accepted can be lived: body and line take it as it is."""
    found = read(document(tables))
    if isinstance(found, ClinicScenario):
        rooms = range(len(found.rooms))
        lives = [first for room in rooms if (first := found.first(room))]
        lives += [coming.scenario for room in rooms if (coming := found.coming(room, "1"))]
    else:
        lives = [found] if found else []
    for scenario in lives:
        Patient("1", draws=scenario.draws(), happenings=scenario.happenings_of_body()).advance(0.01)
        Line(scenario.faults, "1").pass_on(0, 0.0, ())
