"""Stands between one page and the server's feed: passes it on, holds it, changes it, cuts it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Page, WebSocketRoute

_LIVE: Final = re.compile(r"^ws://[^/]+/api/live$")
RESTARTING: Final = 1012  # how the server closes when it restarts: docs/protocol.md


class Feed:
    """Give `prepare` to `open_page`. What the page is sent is in `frames`."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.passing = True
        """False: the socket stays open and answers pings, but no frame comes through."""
        self.beating = True
        """Heartbeats of a time that was set forward are made here, for the server knows none."""
        self.ahead_s = 0.0
        """By how much the page's clock was set forward; the server's seems to be as well."""
        self.edit: Callable[[dict[str, Any]], None] | None = None
        self._page: WebSocketRoute | None = None

    async def prepare(self, page: Page) -> None:
        await page.route_web_socket(_LIVE, self._opened)

    async def cut(self) -> None:
        """The line is gone: this socket closes, and no other hears anything until `mend`."""
        self.passing = False
        if self._page is not None:
            await self._page.close(code=RESTARTING)

    async def mend(self) -> None:
        """The line is back; the page has to come back by itself."""
        self.passing = True
        if self._page is not None:
            await self._page.close(code=RESTARTING)

    def beat(self) -> None:
        """The heartbeat of this moment."""
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        said = {"server_time": now, "commit_ok": True, "sweep_age_s": 0.5}
        if self._page is not None and self.passing:
            self._send(self._page, {"kind": "heartbeat", **said})

    def _opened(self, page: WebSocketRoute) -> None:
        self._page = page
        if not self.passing:
            return  # accepted, and then silent
        server = page.connect_to_server()

        def down(said: str | bytes) -> None:
            if self.passing:
                self._send(page, json.loads(said))

        def up(said: str | bytes) -> None:
            if self.passing:
                server.send(said)

        page.on_message(up)
        server.on_message(down)

    def _send(self, page: WebSocketRoute, frame: dict[str, Any]) -> None:
        if "server_time" in frame:
            said = datetime.fromisoformat(frame["server_time"]) + timedelta(seconds=self.ahead_s)
            frame["server_time"] = said.isoformat().replace("+00:00", "Z")
        if self.edit is not None:
            self.edit(frame)
        self.frames.append(frame)
        page.send(json.dumps(frame))
