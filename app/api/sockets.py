"""How many websockets one address may open, and have open."""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import TYPE_CHECKING

from app.api import problems
from app.api.rates import BARRED_S, Rates, address_of, too_many
from app.errors import TooManyAttempts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class SocketLimit:
    """Refuses sockets of an address that opens or has too many. Loopback has no limit: who is on
    this machine has other ways, and a proxy that names no client would be one address.
    """

    def __init__(self, app: ASGIApp, rates: Rates, most: int) -> None:
        self.app = app
        self.rates = rates
        self.most = most
        self.open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            return await self.app(scope, receive, send)
        address = address_of(scope)
        if _is_this_machine(address):
            return await self.app(scope, receive, send)
        try:
            self.rates.opens(address)
            if self.open[address] >= self.most:
                raise too_many(BARRED_S)
        except TooManyAttempts as refused:
            response = problems.answer(problems.domain_problem(refused))
            return await response(scope, receive, send)
        self.open[address] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open[address] -= 1
            if not self.open[address]:
                del self.open[address]
