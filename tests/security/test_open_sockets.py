"""What was opened with a credential ends soon after it, on a real socket, whoever ended it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from app.access.access import LOOK_S
from tests.support.people import ANYWHERE, bearer
from tests.support.server import REPO, program_env

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.asyncio.client import ClientConnection

    from tests.support.server import Server

CLOSED_WITHIN_S: Final = 5.0
NOT_SIGNED_IN: Final = 4401
PATIENCE_S: Final = 60.0  # for an answer, on a busy machine


async def all_of(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def closed_with(socket_url: str, headers: dict[str, str], end: Callable[[], None]) -> int:
    """What an open socket is closed with once `end` has ended its credential."""
    async with connect(socket_url, additional_headers=headers) as socket:
        await (await socket.ping())  # it was let in
        await asyncio.to_thread(end)
        with pytest.raises(ConnectionClosed) as closed:
            await all_of(socket)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def over_the_api(server: Server, role: str) -> None:
    path = f"/api/tokens/{ANYWHERE.token_id(role)}"
    answer = httpx2.delete(
        f"{server.url}{path}", headers=bearer("administrator"), timeout=PATIENCE_S
    )
    assert answer.status_code == 204, answer.text


def by_command(server: Server, role: str) -> None:
    """Another process than the one that holds the socket."""
    prefix = ANYWHERE.token(role).partition(".")[0]
    command = (sys.executable, "-m", "app.cli", "token", "revoke", prefix)
    env = program_env(server.data_dir)
    subprocess.run(command, cwd=REPO, env=env, check=True, capture_output=True)


def test_what_has_ended_is_looked_for_often_enough() -> None:
    """A busy machine is later than that; the looks themselves are not."""
    assert LOOK_S < CLOSED_WITHIN_S


@pytest.mark.parametrize(("place", "role"), [("live", "nurse"), ("ingest", "device")])
@pytest.mark.parametrize("revoke", [over_the_api, by_command])
async def test_a_token_that_is_revoked_closes_its_socket(
    server: Server, place: str, role: str, revoke: Callable[[Server, str], None]
) -> None:
    url = server.live_url.replace("/live", f"/{place}")
    assert await closed_with(url, bearer(role), lambda: revoke(server, role)) == NOT_SIGNED_IN


async def test_a_browser_that_signs_out_closes_its_socket(server: Server) -> None:
    cookie = ANYWHERE.cookie_header("nurse")

    def sign_out() -> None:
        answer = httpx2.post(f"{server.url}/api/auth/logout", headers=cookie, timeout=PATIENCE_S)
        assert answer.status_code == 204, answer.text

    assert await closed_with(server.live_url, cookie, sign_out) == NOT_SIGNED_IN
    stolen = httpx2.get(f"{server.url}/api/board", headers=cookie, timeout=PATIENCE_S)
    assert stolen.status_code == 401


async def test_somebody_who_may_sign_in_no_more_is_off_every_screen(server: Server) -> None:
    user = f"{server.url}/api/users/{ANYWHERE.user_id('nurse')}"

    def deactivate() -> None:
        answer = httpx2.patch(
            user, json={"active": False}, headers=bearer("administrator"), timeout=PATIENCE_S
        )
        assert answer.status_code == 200, answer.text

    cookie = ANYWHERE.cookie_header("nurse")
    assert await closed_with(server.live_url, cookie, deactivate) == NOT_SIGNED_IN
