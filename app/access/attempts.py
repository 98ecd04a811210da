"""Wrong attempts that are counted in this process: by the client's address, by names that nobody
has, and by PINs. Bounded: whoever tries much makes nothing grow.

Many people may stand behind one address. So only what failed counts, and who has signed in from
there before is not kept out by what others did.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.access import lockout
from app.access.secrets import secret_hash
from app.errors import TooManyAttempts

OF_AN_ADDRESS: Final = RateLimitItemPerMinute(100, 5, "attempts")
"""100 wrong in 5 minutes: more than the tired hands of a whole clinic, and 29,000 guesses a day
over all names, none of which may be an easy one.
"""
KEPT: Final = 10_000  # of each kind; a few megabytes
OTHERS: Final = "others"  # once so many addresses are counted, the rest count as one


@dataclass(slots=True)
class _Count:
    failures: int = 0
    until: int | None = None


class Attempts:
    """One per process; called on the event loop. `now` in milliseconds."""

    def __init__(self, of_an_address: RateLimitItem = OF_AN_ADDRESS) -> None:
        self._item = of_an_address
        self._storage = MemoryStorage()
        self._window = FixedWindowRateLimiter(self._storage)
        self._names: OrderedDict[bytes, _Count] = OrderedDict()
        self._passwords: OrderedDict[tuple[str, str], _Count] = OrderedDict()
        self._pins: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def check(self, address: str, who: str, now: int) -> None:
        """Raises TooManyAttempts: too much failed from this address, and who it is has not been
        here before.
        """
        if (address, who) in self._known or self._window.test(self._item, self._key(address)):
            return
        reset_s = self._window.get_window_stats(self._item, self._key(address)).reset_time
        raise too_many(max(1, math.ceil(reset_s - now / 1_000)), "from here")

    def failed(self, address: str) -> None:
        self._window.hit(self._item, self._key(address))

    def succeeded(self, address: str, who: str) -> None:
        _keep(self._known, (address, who), None)

    def _key(self, address: str) -> str:
        key = self._item.key_for(address)
        full = len(self._storage.storage) >= KEPT and key not in self._storage.storage
        return OTHERS if full else address

    def nobody(self, folded: str, now: int) -> int:
        """An attempt at a name that nobody has, which is locked like any other: seconds to wait,
        0 if it may be tried.
        """
        return _tried(self._names, secret_hash(folded), now)  # it may be a password

    def nobody_waits_s(self, folded: str, now: int) -> int:
        """As `nobody`, and nothing is counted."""
        count = self._names.get(secret_hash(folded))
        return 0 if count is None else lockout.wait_s(count.until, now)

    def password_tried(self, user_id: str, sign_in_id: str, now: int) -> int:
        """A password of this person on this screen, counted before it is known to be wrong: seconds
        to wait, 0 if it may be tried.
        """
        return _tried(self._passwords, (user_id, sign_in_id), now)

    def password_right(self, user_id: str, sign_in_id: str) -> None:
        self._passwords.pop((user_id, sign_in_id), None)

    def pins(self, user_id: str, sign_in_id: str) -> int:
        """Wrong PINs in a row of this person on this screen."""
        return self._pins.get((user_id, sign_in_id), 0)

    def pin_tried(self, user_id: str, sign_in_id: str) -> None:
        """Counted before it is known to be wrong: many at once are no more than their number."""
        _keep(self._pins, (user_id, sign_in_id), self.pins(user_id, sign_in_id) + 1)

    def pin_not_tried(self, user_id: str, sign_in_id: str) -> None:
        """It was counted, and could not be tried."""
        _keep(self._pins, (user_id, sign_in_id), max(0, self.pins(user_id, sign_in_id) - 1))

    def pin_open(self, user_id: str, sign_in_id: str) -> None:
        """It was right, or the password was."""
        self._pins.pop((user_id, sign_in_id), None)

    def stop(self) -> None:
        self._storage.timer.cancel()


def too_many(left_s: int, where: str) -> TooManyAttempts:
    return TooManyAttempts(
        f"Nothing was done: too many attempts failed {where}. Try again in {left_s} s.",
        retry_after_s=left_s,
    )


def _tried(counts: OrderedDict[Any, _Count], key: Any, now: int) -> int:
    count = counts.get(key) or _Count()
    left_s = lockout.wait_s(count.until, now)
    if not left_s:
        count.failures += 1
        count.until = lockout.locked_until(count.failures, now)
        _keep(counts, key, count)
    return left_s


def _keep(kept: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > KEPT:
        kept.popitem(last=False)
