"""Somebody called for help: every screen shows and sounds it until it is ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.rules.condition import About, Condition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.monitoring.situation import Situation


ABOUT: Final = About(
    condition="help",
    kind="physiological",
    when="somebody called for help; until it is ended by a person",
    priority="high",
)


def find(seen: Situation, now: int) -> Iterator[Condition]:
    if seen.help is None:
        return
    note = f": {seen.help.note}" if seen.help.note else ""
    yield Condition(
        kind="physiological",
        condition="help",
        group="help",
        vital=None,
        side=None,
        priority="high",
        since=seen.help.at,
        raise_at=min(now, seen.help.at),
        text=f"HELP{note}",
    )
