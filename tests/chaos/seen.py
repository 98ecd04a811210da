"""What was seen is seen again: the past that the server rebuilds is the one that dashboards had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import iso, parse_iso

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from tests.chaos.load import Sender
    from tests.chaos.watchers import Crowd

Json = dict[str, Any]

ASKED: Final = 200  # random states of random dashboards


async def check_as_seen(sender: Sender, crowd: Crowd, rng: random.Random) -> None:
    """At random events, the state is the one that a random dashboard had folded when it was there,
    through all its lost connections.
    """
    had = [kept for watcher in crowd.watchers for kept in watcher.kept.states]
    asked = rng.sample(had, ASKED)
    for session_id, state in asked:
        seen = await sender.get(f"/api/sessions/{session_id}/as-seen", seq=state["seq"])
        assert seen["state"] == state
        assert seen["row"]["seq"] == seen["seq"] == state["seq"]
    assert len({session_id for session_id, _ in asked}) > 1
    assert len({state["seq"] for _, state in asked}) > ASKED // 4


async def check_not_live(sender: Sender, session_id: str, log: Sequence[Json]) -> None:
    """In the middle of each time in which the server was killed, it was not live, and after it was;
    so it was before.
    """
    looked = 0
    for event in log:
        if event["kind"] != "watch.resumed":
            continue
        since, until = parse_iso(event["data"]["since"]), parse_iso(event["at"])
        for moment, ok in (((since + until) // 2, False), (until, True)):
            if since < moment:
                seen = await sender.get(f"/api/sessions/{session_id}/as-seen", at=iso(moment))
                assert seen["live"]["ok"] is ok, seen["live"]
                looked += 1
    assert looked, "no gap was looked at"
