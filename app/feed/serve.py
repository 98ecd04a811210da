"""One watcher's connection, from its greeting to its close."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, assert_never

from app.feed import frames
from app.feed.join import join
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
from app.feed.watcher import MAX_SESSIONS, Confirmation, Watcher
from app.feed.wire import GONE
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from app.feed.confirm import Confirm
    from app.feed.history import History
    from app.feed.hub import Hub
    from app.feed.messages import Message
    from app.feed.rights import Audience, Rights
    from app.feed.wire import Receive, Send

MESSAGE_MAX = 64 * 1024  # characters; a watcher's longest message has 200
TOO_LONG = 1009
CLOSE_S = 5.0  # for a browser to take what was sent, and the code after it; it is cut off then


async def serve(
    receive: Receive, send: Send, hub: Hub, history: History, confirm: Confirm, rights: Rights
) -> None:
    """Serves one watcher, whose socket was accepted, until it goes, is too slow, may no longer be
    here, or the server restarts.

    The caller's task reads what the browser says, and so learns that it has gone; other tasks there
    are only while a socket does not take a frame, history is read or a confirmation passed on.
    """
    loop = asyncio.get_running_loop()
    code: int | None = None
    try:
        async with asyncio.timeout(None) as until, asyncio.TaskGroup() as tasks:
            watcher = Watcher(
                send,
                tasks,
                stop=lambda: until.reschedule(loop.time()),
                join=partial(join, hub, history),
                confirm=lambda shown: _pass_on(hub, confirm, watcher, shown),
                rights=rights,
            )
            with rights.held(watcher.end):
                hub.enter(watcher)
                rights.sounds("live")
                try:
                    await _read(receive, hub, watcher)
                finally:
                    code = watcher.code
                    hub.leave(watcher)
                    rights.sounds("gone")
                    watcher.leave()
    except TimeoutError:  # it was ended
        pass
    if code is not None:
        await _close(send, code)


async def _read(receive: Receive, hub: Hub, watcher: Watcher) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            watcher.code = None
            return
        text = message.get("text") or ""
        if len(text) > MESSAGE_MAX or len(message.get("bytes") or b"") > MESSAGE_MAX:
            watcher.end(TOO_LONG)
            return
        take(text, hub, watcher)


async def _pass_on(
    hub: Hub, confirm: Confirm, watcher: Watcher, confirmation: Confirmation
) -> None:
    rights, session_id = watcher.rights, confirmation.session_id
    try:
        await rights.confine(session_id)
        if not watcher.shows_of_clinic(session_id) and not await rights.simulated(session_id):
            return  # a screen of simulated sessions does not show a patient's alarm
    except DomainError:
        return  # it cannot have been shown there
    await hub.confirmed.pass_on(confirm, confirmation)


async def _close(send: Send, code: int) -> None:
    try:
        async with asyncio.timeout(CLOSE_S):
            await send({"type": "websocket.close", "code": code})
    except (TimeoutError, *GONE):
        return


def take(text: str, hub: Hub, watcher: Watcher) -> None:
    """Does what a message asks; what it may not ask is answered with `refused`."""
    try:
        message = parse(text)
    except NotAMessage:
        detail = "This is not a message of the protocol."
        watcher.tell("refused", frames.refused(None, None, "invalid_request", detail))
        return
    refused = watcher.rights.refusal(message)
    if refused is not None:
        _refuse(watcher, message, refused.code, refused.detail)
        return
    match message:
        case WatchBoard(simulated=simulated):
            hub.watch_board(watcher, _board(watcher, simulated))
        case WatchSession(session=session):
            session_id = session.lower()
            if session_id not in watcher.sessions and len(watcher.sessions) >= MAX_SESSIONS:
                detail = f"At most {MAX_SESSIONS} sessions can be watched on one connection."
                _refuse(watcher, message, "too_many_watches", detail)
            else:
                after, epoch = message.after, message.epoch
                hub.watch_session(watcher, session_id, after=after, epoch=epoch)
        case UnwatchBoard(simulated=simulated):
            hub.unwatch_board(watcher, _board(watcher, simulated))
        case UnwatchSession(session=session):
            hub.unwatch(watcher, session.lower())
        case Status(sound=sound):
            if sound != watcher.sound:
                watcher.sound = sound
                watcher.rights.sounds(sound)
        case Shown(session=session, alarm=alarm, rev=rev):
            if watcher.sound == "proven":  # what nobody could hear is not confirmed
                watcher.shown(Confirmation(session.lower(), alarm.lower(), rev))
        case _:
            assert_never(message)


def _board(watcher: Watcher, simulated: bool) -> Audience:
    return watcher.rights.training if simulated else watcher.rights.audience


def _refuse(watcher: Watcher, message: Message, code: str, detail: str) -> None:
    session: str | None = getattr(message, "session", None)  # the board has none
    session_id = None if session is None else session.lower()
    refusal = frames.refused(message.op, session_id, code, detail)
    watcher.tell(f"refused {session_id}", refusal)
