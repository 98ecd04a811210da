"""Scenarios: what happens to simulated patients, devices and nurses, as TOML files.

`find` reads a built-in one by its name, or a file by its path; `parse` reads text. What is wrong
with a file is said in one sentence that names the place: a ScenarioError, never anything else.
Only `load` reads files. The rest is pure, and what was read is frozen.
"""

from app.simulator.scenario.clinic import ClinicScenario, Coming, NextOf, RoomOf
from app.simulator.scenario.errors import ScenarioError
from app.simulator.scenario.load import built_in, find, listed, parse
from app.simulator.scenario.models import (
    AnswerOf,
    GivenOf,
    HappeningOf,
    NurseOf,
    PlanOf,
    Scenario,
    SpreadOf,
)

__all__ = [
    "AnswerOf",
    "ClinicScenario",
    "Coming",
    "GivenOf",
    "HappeningOf",
    "NextOf",
    "NurseOf",
    "PlanOf",
    "RoomOf",
    "Scenario",
    "ScenarioError",
    "SpreadOf",
    "built_in",
    "find",
    "listed",
    "parse",
]
