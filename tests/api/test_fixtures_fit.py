"""What the engine says, in the stories that browsers fold, is what the documents promise."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from app.api.schemas.events import EventOut
from app.api.schemas.sessions import StateOut
from tests.api.clinic import fits

STORIES = sorted((Path(__file__).parents[1] / "fixtures" / "fold").glob("*.json"))


def read(story: Path) -> dict[str, Any]:
    return dict(json.loads(story.read_text(encoding="utf-8")))


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_states_and_events_are_those_of_the_models(story: Path) -> None:
    told = read(story)
    for state in (told["snapshot"], told["expected"]):
        fits(StateOut, state)
    for event in told["events"]:
        fits(EventOut, event)


def test_every_kind_is_told_in_a_story() -> None:
    union, _ = get_args(EventOut)
    kinds = {get_args(model.model_fields["kind"].annotation)[0] for model in get_args(union)}
    told = {event["kind"] for story in STORIES for event in read(story)["events"]}
    assert kinds - told == {"session.created"}  # it is the snapshot
