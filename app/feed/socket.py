"""The server's end of a websocket, which does not outlive what it served."""

from __future__ import annotations

from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LAST_S: Final = 1.0  # to take the rest of what was sent; with it a stop takes less than two seconds


class Socket(WebSocketsSansIOProtocol):
    """A browser that takes nothing keeps no connection open: uvicorn closes one only when all that
    was sent was taken, which a stalled browser never does. It also kept the server from ending.
    """

    async def run_asgi(self) -> None:
        await super().run_asgi()
        if not self.disconnected:
            self.loop.call_later(LAST_S, self.transport.abort)
