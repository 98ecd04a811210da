"""Bringing a watcher up to what is published, from the log or by a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.feed import frames
from app.feed.protocol import MAX_BEHIND, BoardPlace, SessionPlace
from app.feed.watcher import RESTARTING
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from app.feed.channel import SessionChannel
    from app.feed.history import History
    from app.feed.hub import Hub
    from app.feed.watcher import Place, Watcher

SERVER_FAULT = 500  # HTTP statuses from here on are not the watcher's fault, and pass


async def join(hub: Hub, history: History, watcher: Watcher, place: Place) -> None:
    """Sends what the watcher lacks at its place, until what is published follows on. Where that
    fails for now, the watcher is sent away to come back; of a session that is not its own nothing
    is read.
    """
    session_id = place.tail.session_id if isinstance(place, SessionPlace) else None
    try:
        match place:
            case SessionPlace():
                await watcher.rights.confine(place.tail.session_id)
                place.simulated = await watcher.rights.simulated(place.tail.session_id)
                if watcher.holds(place):
                    await _join_session(watcher, place, hub.session(place), history)
            case BoardPlace():
                await _join_board(watcher, place, hub, history)
    except DomainError as error:
        if error.status >= SERVER_FAULT:
            watcher.end(RESTARTING)
        elif watcher.holds(place):
            match place:
                case SessionPlace():
                    hub.unwatch(watcher, place.tail.session_id)
                case BoardPlace():
                    hub.unwatch_board(watcher, place.rows.audience)
            refusal = frames.refused("watch", session_id, error.code, error.detail)
            watcher.tell(f"refused {session_id}", refusal)


async def _join_session(
    watcher: Watcher, place: SessionPlace, channel: SessionChannel, history: History
) -> None:
    tail = place.tail
    head: int | None = None
    while watcher.holds(place):
        if place.seq is None:
            snapshot = await channel.snapshot(history)
            if await _hand(watcher, place, snapshot.frame):
                place.seq = head = snapshot.seq
            continue
        if tail.holds_after(place.seq):
            break
        if head is None and tail.last <= place.seq:
            head = await channel.head(history)
            if place.seq > head:  # that may have been asked before the watcher came
                head = await channel.head(history)
        head = max(head or 0, tail.last)
        if place.seq == head:
            break
        if place.seq > head or head - place.seq > MAX_BEHIND:
            place.seq = None
            continue
        piece = await channel.piece(history, place.seq)
        if piece is None:  # the log does not have what it said it has: it was replaced
            watcher.end(RESTARTING)
        elif await _hand(watcher, place, piece.frame):
            place.seq = piece.last
            head = max(head, piece.last)  # more was committed since the head was asked for
    _go_live(watcher, place)


async def _join_board(watcher: Watcher, place: BoardPlace, hub: Hub, history: History) -> None:
    while watcher.holds(place) and not place.live:
        await watcher.taken()
        if not watcher.holds(place):
            return
        version, frame = await hub.board(place).board(history, hub.time())
        if watcher.ready and watcher.holds(place):
            watcher.send(frame)
            place.version = version
            _go_live(watcher, place)


def _go_live(watcher: Watcher, place: Place) -> None:
    """From here on the hub tells it; if it is not ready, it is told once it is."""
    if watcher.holds(place):
        match place:
            case SessionPlace():
                watcher.rights.watched(place.tail.session_id, True)
            case BoardPlace():
                watcher.rights.watched(place.rows.audience, True)
        place.live = True
        if watcher.ready:
            watcher.advance(place)


async def _hand(watcher: Watcher, place: Place, frame: str) -> bool:
    """False if the place was left meanwhile."""
    await watcher.taken()
    if not watcher.holds(place):
        return False
    watcher.send(frame)
    return True
