"""LISTEN and NOTIFY of PostgreSQL, each on a connection of its own.

Never inside the scribe's transaction: PostgreSQL lets transactions that notify commit only one
after another. A word that is lost is nobody's loss, so a connection that breaks is made anew and
nothing is sent again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    Connection = psycopg.AsyncConnection[tuple[object, ...]]

log = logging.getLogger(__name__)

CHANNEL: Final = "infusion_monitor"  # of this database only: channels do not cross databases
CONNECT_S: Final = 5  # a PostgreSQL that does not answer is gone
AGAIN_FIRST_S: Final = 0.1  # until the first attempt to connect again, doubling
AGAIN_LONGEST_S: Final = 2.0  # as long as the others' look at the log, which goes on meanwhile
SILENT_S: Final = 10.0  # our own words come back every few seconds: the connection is dead then

_NOTIFY: Final = "SELECT pg_notify(%s, %s)"


def plain(url: str) -> str:
    """The address as libpq takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def listen_forever(
    url: str, heard: Callable[[str], None], connected: Callable[[], None]
) -> None:
    """Hands over each message; `connected` says that none is missed from now on, as some may have
    been before.
    """
    wait_s = AGAIN_FIRST_S
    while True:
        try:
            async with await _connect(url) as connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                wait_s = AGAIN_FIRST_S
                connected()
                await _hear(connection, heard)
            log.warning("nothing was heard of other processes; connecting again")
        except (psycopg.Error, OSError) as error:
            log.warning("other processes are not heard (%s)", type(error).__name__)
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, AGAIN_LONGEST_S)


async def tell_forever(url: str, take: Callable[[], Awaitable[Iterable[bytes]]]) -> None:
    """Sends what `take` answers, and asks again; what comes meanwhile is joined there."""
    wait_s = AGAIN_FIRST_S
    while True:
        try:
            async with await _connect(url) as connection:
                while True:
                    for message in await take():
                        await connection.execute(_NOTIFY, (CHANNEL, message.decode()))
                    wait_s = AGAIN_FIRST_S
        except (psycopg.Error, OSError) as error:
            log.warning("other processes are not told (%s)", type(error).__name__)
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, AGAIN_LONGEST_S)


async def _connect(url: str) -> Connection:
    return await psycopg.AsyncConnection.connect(
        plain(url),
        autocommit=True,
        connect_timeout=CONNECT_S,
        tcp_user_timeout=int(SILENT_S * 1_000),
    )


async def _hear(connection: Connection, heard: Callable[[str], None]) -> None:
    """Returns after a silence."""
    anything = True
    while anything:
        anything = False
        async for notify in connection.notifies(timeout=SILENT_S):
            anything = True
            heard(notify.payload)
