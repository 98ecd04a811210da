"""How often a credential may fail, and sockets be opened, from one address.

Whoever shows a credential that holds is never refused for what others at its address do: a clinic
is one address, and thirty screens come back to it at once when a server restarts. Secrets have 256
bits, so nobody guesses one; this bounds what trying costs the server. Counts are of this process
and gone with it.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.access.secrets import secret_hash
from app.clock import monotonic_s, now_ms
from app.errors import TooManyAttempts

if TYPE_CHECKING:
    from starlette.types import Scope

SAME: Final = RateLimitItemPerMinute(20)  # a machine with a revoked token, again and again
FAILED: Final = RateLimitItemPerMinute(300)  # fifteen such machines at one address
OPENED: Final = RateLimitItemPerMinute(600)  # a hundred screens that come back six times
BARRED_S: Final = 60.0  # a credential that failed so often is not looked up again for a minute
BARRED_MAX: Final = 1000  # of these, the newest
KEYS_MAX: Final = 10_000  # addresses and credentials counted; beyond it counting begins anew
V6_PREFIX: Final = 64  # bits; one customer has all addresses behind them


def address_of(scope: Scope) -> str:
    """Whose request this is; behind a trusted proxy the client that it names."""
    host = str((scope.get("client") or ("",))[0])
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(ip, ipaddress.IPv6Address) and not ip.is_loopback:
        if ip.ipv4_mapped is None:
            return str(ipaddress.ip_network((ip, V6_PREFIX), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)


class Rates:
    """One per process; called on the event loop."""

    def __init__(
        self,
        *,
        same: RateLimitItem = SAME,
        failed: RateLimitItem = FAILED,
        opened: RateLimitItem = OPENED,
    ) -> None:
        self._same, self._failed, self._opened = same, failed, opened
        self._storage = MemoryStorage()
        self._window = MovingWindowRateLimiter(self._storage)
        self._barred: OrderedDict[bytes, float] = OrderedDict()

    def check(self, secret: str | None) -> None:
        """Before a credential is looked up; raises TooManyAttempts for one that failed often."""
        if not self._barred or secret is None:
            return
        hash = secret_hash(secret)
        left_s = self._barred.get(hash, 0.0) - monotonic_s()
        if left_s > 0:
            raise too_many(left_s)
        self._barred.pop(hash, None)

    def failed(self, scope: Scope, secret: str | None) -> None:
        """A credential did not hold; raises TooManyAttempts once too many have. None at all is no
        attempt.
        """
        if secret is None:
            return
        hash, address = secret_hash(secret), address_of(scope)
        if not self._hit(self._same, address, hash.hex()):
            self._barred[hash] = monotonic_s() + BARRED_S
            while len(self._barred) > BARRED_MAX:
                self._barred.popitem(last=False)
            raise too_many(BARRED_S)
        if not self._hit(self._failed, address):
            raise too_many(self._left_s(self._failed, address))

    def opens(self, address: str) -> None:
        """A socket is being opened; raises TooManyAttempts."""
        if not self._hit(self._opened, address):
            raise too_many(self._left_s(self._opened, address))

    def _hit(self, item: RateLimitItem, *who: str) -> bool:
        if len(self._storage.events) > KEYS_MAX:
            self._storage.reset()
        return self._window.hit(item, *who)

    def _left_s(self, item: RateLimitItem, *who: str) -> float:
        return self._window.get_window_stats(item, *who).reset_time - now_ms() / 1000


def too_many(left_s: float) -> TooManyAttempts:
    return TooManyAttempts(
        "Nothing was done. Too many attempts failed or were made from here: wait, then try again.",
        retry_after_s=max(1, round(left_s + 0.5)),
    )
