"""One watcher's connection: its reader, its writer, and its reading of history end together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, assert_never

from app.feed import frames
from app.feed.messages import (
    NotAMessage,
    Shown,
    Status,
    UnwatchBoard,
    UnwatchSession,
    WatchBoard,
    WatchSession,
    parse,
)
from app.feed.protocol import BoardChannel, SessionChannel
from app.feed.watcher import MAX_SESSIONS, RESTARTING, Confirmation, Watcher
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from app.feed.hub import Hub

CHUNK = 500  # events a frame of history: a few hundred kilobytes
SERVER_FAULT = 500  # HTTP statuses from here on are not the watcher's fault, and pass
AGAIN_S = 1.0  # an alarm that was heard must not be called up because the database was gone
CLOSE_S = 5.0  # for a browser to take what was sent, and the code after it; it is cut off then


class Socket(Protocol):
    """What is needed of a websocket that was accepted."""

    async def receive(self) -> MutableMapping[str, Any]: ...
    async def send_text(self, data: str) -> None: ...
    async def close(self, code: int = 1000) -> None: ...


@dataclass(frozen=True, slots=True)
class History:
    """What is read from the store. An unknown session raises a DomainError."""

    head: Callable[[str], Awaitable[int]]
    state: Callable[[str], Awaitable[dict[str, Any]]]
    events: Callable[[str, int, int], Awaitable[list[bytes]]]
    """(session, after, at most)"""
    board: Callable[[], Awaitable[list[dict[str, Any]]]]


Confirm = Callable[[str, str, int], Awaitable[None]]
"""(session, alarm, rev): this was shown and sounded. What is unknown raises a DomainError."""


async def serve(
    socket: Socket, hub: Hub, history: History, confirm: Confirm, gone: type[Exception]
) -> None:
    """Serves one watcher until it goes, is too slow, or the server restarts. `gone` is what sending
    to nobody raises.
    """
    watcher = hub.enter()
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(_read(socket, hub, watcher)),
                tasks.create_task(_write(socket, watcher, gone)),
                tasks.create_task(_catch_up(hub, watcher, history)),
                tasks.create_task(_pass_on(hub, watcher, confirm)),
            ]
            code = await watcher.ending
            for task in running:
                task.cancel()
    finally:
        hub.leave(watcher)
    if code is not None:
        try:
            async with asyncio.timeout(CLOSE_S):
                await socket.close(code)
        except (TimeoutError, gone, RuntimeError):  # RuntimeError: it was closed meanwhile
            return


async def _read(socket: Socket, hub: Hub, watcher: Watcher) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            watcher.end(None)
            return
        take(message.get("text") or "", hub, watcher)


async def _write(socket: Socket, watcher: Watcher, gone: type[Exception]) -> None:
    while True:
        frame = await watcher.outbox.first()
        try:
            await socket.send_text(frame)
        except gone:
            watcher.end(None)
            return
        watcher.outbox.sent()


def take(text: str, hub: Hub, watcher: Watcher) -> None:
    """Does what a message asks; what it may not ask is answered with `refused`."""
    try:
        message = parse(text)
    except NotAMessage:
        detail = "This is not a message of the protocol."
        watcher.send(frames.refused(None, None, "invalid_request", detail))
        return
    match message:
        case WatchBoard():
            hub.watch_board(watcher)
        case WatchSession(session=session):
            session_id = session.lower()
            if session_id not in watcher.sessions and len(watcher.sessions) >= MAX_SESSIONS:
                detail = f"At most {MAX_SESSIONS} sessions can be watched on one connection."
                watcher.send(frames.refused("watch", session_id, "too_many_watches", detail))
            else:
                after, epoch = message.after, message.epoch
                hub.watch_session(watcher, session_id, after=after, epoch=epoch)
        case UnwatchBoard():
            hub.unwatch_board(watcher)
        case UnwatchSession(session=session):
            hub.unwatch_session(watcher, session.lower())
        case Status(sound=sound):
            watcher.sound = sound
        case Shown(session=session, alarm=alarm, rev=rev):
            if watcher.sound == "proven":  # what nobody could hear is not confirmed
                watcher.shown(Confirmation(session.lower(), alarm.lower(), rev))
        case _:
            assert_never(message)


async def _pass_on(hub: Hub, watcher: Watcher, confirm: Confirm) -> None:
    """One at a time, and none that another screen has confirmed."""
    while True:
        confirmation = await watcher.next_shown()
        if hub.is_confirmed(confirmation):
            continue
        try:
            await confirm(*confirmation)
        except DomainError as error:
            if error.status >= SERVER_FAULT:
                watcher.shown(confirmation)
                await asyncio.sleep(AGAIN_S)
            # else the alarm is over, or there never was one: nothing is left to confirm
        else:
            hub.confirmed(confirmation)


async def _catch_up(hub: Hub, watcher: Watcher, history: History) -> None:
    """Reads what was asked for; where that fails for now, the watcher is sent away to come back."""
    while True:
        channel = await watcher.next_joining()
        try:
            match channel:
                case SessionChannel():
                    await _read_session(watcher, channel, history)
                case BoardChannel():
                    await _read_board(watcher, channel, history)
        except DomainError as error:
            if error.status >= SERVER_FAULT:
                watcher.end(RESTARTING)
                return
            session_id = channel.session_id if isinstance(channel, SessionChannel) else None
            if channel is not None and watcher.holds(channel):
                _unwatch(hub, watcher, session_id)
            watcher.send(frames.refused("watch", session_id, error.code, error.detail))


def _unwatch(hub: Hub, watcher: Watcher, session_id: str | None) -> None:
    if session_id is None:
        hub.unwatch_board(watcher)
    else:
        hub.unwatch_session(watcher, session_id)


async def _read_session(watcher: Watcher, channel: SessionChannel, history: History) -> None:
    """Sends what the log has beyond the watcher's place, until what was held follows on."""
    session_id = channel.session_id
    head = await history.head(session_id)
    while not channel.live:
        if channel.needs_snapshot(head):
            state = await history.state(session_id)
            await watcher.outbox.drained()
            if not watcher.holds(channel):
                return
            watcher.send(frames.snapshot(session_id, state))
            channel.sent(state["seq"])
        while channel.seq is not None and channel.seq < head:
            texts = await history.events(session_id, channel.seq, CHUNK)
            await watcher.outbox.drained()
            if not watcher.holds(channel):
                return
            if not texts:
                channel.lost()
                break
            watcher.send(frames.events(session_id, texts))
            channel.sent(channel.seq + len(texts))
        for frame in channel.settle():
            watcher.send(frame)
        head = channel.missing_until


async def _read_board(watcher: Watcher, channel: BoardChannel, history: History) -> None:
    while not channel.live:
        rows = await history.board()
        await watcher.outbox.drained()
        if not watcher.holds(channel):
            return
        watcher.send(frames.board(rows))
        for frame in channel.settle():
            watcher.send(frame)
