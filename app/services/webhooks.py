"""Calls for help by webhook: sent until somebody takes them, from the database and nowhere else.

An attempt's outcome is recorded before the next; what was under way when the server ended is sent
again under the same id. Of several processes on one database each call is made by one.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import socket
import ssl
from functools import partial
from typing import TYPE_CHECKING, Final

import httpx2

from app.clock import now_ms
from app.errors import Busy, StorageUnavailable
from app.models.deliveries import claim, due_calls
from app.models.notices import UNDELIVERED, Noted, NoticeKey, notice_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.models.deliveries import Call
    from app.models.store import Store
    from app.models.unit import Item

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5  # a person called a second later is called in time
AT_ONCE: Final = 8  # a clinic escalates a few alarms at a time; a slow receiver is not flooded
ANSWER_S: Final = 10  # the whole attempt; whoever pages people answers in one
FIRST_WAIT_MS: Final = 5_000  # until the second attempt, doubling
LONGEST_WAIT_MS: Final = 5 * 60_000
KEEP_TRYING_MS: Final = 24 * 3_600_000  # a call of yesterday helps nobody
RECORD_S: Final = 1.0  # between attempts to record an outcome while the database takes nothing

_KEY: Final = NoticeKey(UNDELIVERED, "", "", "")


async def deliver_forever(store: Store, url: str, secret: str) -> None:
    """Sends what is due until it is cancelled; at most so many at once, none of them twice."""
    async with httpx2.AsyncClient(
        verify=ssl.create_default_context(),
        timeout=ANSWER_S,
        follow_redirects=False,  # the signature is for the address that was set
        trust_env=False,
    ) as client:
        await _Caller(store, client, url, secret.encode()).run()


class _Caller:
    def __init__(self, store: Store, client: httpx2.AsyncClient, url: str, secret: bytes) -> None:
        self._store = store
        self._client = client
        self._url = url
        self._secret = secret
        self._under_way: set[str] = set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as calls:
            while True:
                before = frozenset(self._under_way)  # found all the same if it ends meanwhile
                for call in await self._due():
                    if call.id in before or call.id in self._under_way:
                        continue
                    if len(self._under_way) < AT_ONCE:
                        self._under_way.add(call.id)
                        calls.create_task(self._make(call))
                await asyncio.sleep(LOOK_S)

    async def _due(self) -> list[Call]:
        """Those under way are among them until their outcome is recorded."""
        query = partial(due_calls, now=now_ms(), limit=2 * AT_ONCE)
        try:
            return await self._store.reader.read(query)
        except StorageUnavailable:
            return []

    async def _make(self, call: Call) -> None:
        try:
            if await self._is_ours(call):
                await self._record(call, await self._post(call))
        finally:
            self._under_way.discard(call.id)

    async def _is_ours(self, call: Call) -> bool:
        """Asked only where another process might make the same call."""
        if not self._store.together:
            return True
        try:
            return await self._store.scribe.submit(partial(claim, call=call))
        except (Busy, StorageUnavailable):  # it stays due
            return False

    async def _post(self, call: Call) -> str | None:
        """What went wrong, in words without the address; None if it was taken."""
        body = call.body.encode()
        headers = {
            "content-type": "application/json",
            **signed(call.id, now_ms() // 1_000, body, self._secret),
        }
        try:
            async with (
                asyncio.timeout(ANSWER_S),
                self._client.stream("POST", self._url, content=body, headers=headers) as answer,
            ):
                return None if answer.is_success else f"answered {answer.status_code}"
        except (TimeoutError, httpx2.TimeoutException):
            return f"no answer within {ANSWER_S} s"
        except httpx2.HTTPError as error:
            return _words(error)

    async def _record(self, call: Call, error: str | None) -> None:
        """Not given up: an outcome that is not recorded would be a call made again and again."""
        if error is not None:
            log.warning("a call for help was not delivered: %s", error)
        run = partial(_outcome, call=call, error=error)
        while True:
            try:
                return await self._store.scribe.submit(run)
            except (Busy, StorageUnavailable):
                await asyncio.sleep(RECORD_S)


def signed(id: str, seconds: int, body: bytes, secret: bytes) -> dict[str, str]:
    """The headers that tell a receiver which call this is, and that it is ours."""
    text = b".".join((id.encode(), str(seconds).encode(), body))
    signature = base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature}",
    }


def wait_ms(attempts: int) -> int:
    """After so many attempts that failed."""
    doubled: int = FIRST_WAIT_MS * 2 ** min(attempts - 1, 10)
    return min(doubled, LONGEST_WAIT_MS)


def _outcome(item: Item, *, call: Call, error: str | None) -> None:
    cursor, sql, now = item.cursor, item.sql, item.now
    waiting = cursor.execute(sql.failed_before, (call.id,)).fetchone()
    if waiting is None:  # somebody else has brought it to an end
        return
    (failed_at,) = waiting
    if error is None:
        cursor.execute(sql.delivered, (now, call.id))
        if failed_at is not None:
            _settle_notice(item)
        return
    next_at: int | None = now + wait_ms(call.attempts + 1)
    gave_up_at = None
    if next_at is not None and next_at > call.created_at + KEEP_TRYING_MS:
        next_at, gave_up_at = None, now
    first = now if failed_at is None else failed_at
    cursor.execute(sql.undelivered, (first, error, next_at, gave_up_at, call.id))
    text = f"{error}; {'no longer tried' if next_at is None else 'trying again'}"
    if failed_at is None:
        cursor.execute(sql.set_notice, notice_row(_KEY, Noted(text, now, now)))
    else:
        cursor.execute(sql.retell_notice, (text, now, UNDELIVERED))


def _settle_notice(item: Item) -> None:
    """The notice counts what is still undelivered, and is over with the last of it."""
    cursor, sql = item.cursor, item.sql
    (left,) = cursor.execute(sql.calls_undelivered, (UNDELIVERED,)).fetchone()
    if left:
        cursor.execute(sql.recount_notice, (left, UNDELIVERED))
    else:
        cursor.execute(sql.end_notice, (UNDELIVERED,))


def _words(error: BaseException) -> str:
    for cause in _causes(error):
        if isinstance(cause, ConnectionRefusedError):
            return "connection refused"
        if isinstance(cause, ssl.SSLError):
            return "no secure connection"
        if isinstance(cause, socket.gaierror):
            return "address not found"
    return "connection failed"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__
