"""The same scenario and seed give the same readings on any machine, to the last digit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulator.script.golden import VISITS, in_short

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "seed"), VISITS)
def test_a_visit_is_as_it_was(name: str, seed: str) -> None:
    assert json.loads(json.dumps(in_short(name, seed))) == GOLDEN[f"{name}:{seed}"]


def test_every_visit_is_another() -> None:
    assert len({short["sha256"] for short in GOLDEN.values()}) == len(VISITS)
