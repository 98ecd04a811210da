"""What docs/simulator.md shows as a file can be played as it stands there, and is what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.simulator.scenario import (
    AnswerOf,
    ClinicScenario,
    HappeningOf,
    NextOf,
    NurseOf,
    PlanOf,
    RoomOf,
    Scenario,
    SpreadOf,
    built_in,
    parse,
)
from app.simulator.scenario.ranges import BY_KEY
from tests.simulator.scenario.life import SEEDS, course
from tests.support.server import REPO

if TYPE_CHECKING:
    from pydantic import BaseModel

PAGE = (REPO / "docs" / "simulator.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def chapter(title: str) -> str:
    """A chapter with all that is below it."""
    _, found, rest = PAGE.partition(f"\n## {title}\n")
    assert found, f"docs/simulator.md has no chapter {title}"
    return rest.partition("\n## ")[0]


def files() -> list[Scenario | ClinicScenario]:
    return [parse(text, "breathless") for text in BLOCK.findall(chapter("Scenarios"))]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_file_that_is_written_step_by_step(seed: str) -> None:
    mine = next(one for one in files() if isinstance(one, Scenario))
    spo2 = course(mine, seed, "spo2", 45)
    assert spo2[11] >= 94
    assert spo2[14] == pytest.approx(91)
    assert spo2[20] >= 94
    assert spo2[45] == pytest.approx(87)  # until somebody does something, and here nobody does


def test_the_clinic_that_is_shown() -> None:
    (clinic,) = (one for one in files() if isinstance(one, ClinicScenario))
    assert [room.checks_in_min for room in clinic.rooms] == [-35, 12]


def test_the_table_names_what_comes_with_the_program() -> None:
    before_writing_one = chapter("Scenarios").partition("\n### ")[0]
    assert sorted(ROW.findall(before_writing_one)) == list(built_in())


@pytest.mark.parametrize(
    "table", [AnswerOf, HappeningOf, NextOf, NurseOf, PlanOf, RoomOf, SpreadOf]
)
def test_every_key_is_spoken_of(table: type[BaseModel]) -> None:
    words = set(re.findall(r"\w+", chapter("Scenarios")))
    assert {field.alias or name for name, field in table.model_fields.items()} <= words


def test_every_draw_is_spoken_of() -> None:
    """Of the changes at the peak two stand for all."""
    words = set(re.findall(r"\w+", chapter("Scenarios")))
    assert {key for key in BY_KEY if not key.startswith("peak_")} <= words
    assert {"peak_hr", "peak_sbp"} <= words
