"""How long a name is locked after wrong passwords, and when the PIN way closes: pure."""

from __future__ import annotations

from typing import Final

FREE: Final = 5  # wrong passwords in a row before the name is locked
FIRST_S: Final = 30  # then; longer than looking the password up takes
LONGEST_S: Final = 900  # a nurse who waits longer calls the administrator, who can lift it
PINS: Final = 3  # wrong PINs in a row; of 10,000 and not trivial ones
PINS_EVERYWHERE: Final = 10  # wrong ones of one person on all shared screens: no way to try 10,000


def lock_s(failures: int) -> int:
    """Seconds for which the name is locked after so many wrong passwords in a row."""
    if failures < FREE:
        return 0
    doublings = min(failures - FREE, 10)  # 2^10 x 30 s is beyond the longest
    return int(min(FIRST_S * 2**doublings, LONGEST_S))


def locked_until(failures: int, now: int) -> int | None:
    """In milliseconds; None: it is not."""
    seconds = lock_s(failures)
    return now + seconds * 1_000 if seconds else None


def wait_s(until: int | None, now: int) -> int:
    """Whole seconds that are left, 0 if none."""
    return 0 if until is None or until <= now else -(-(until - now) // 1_000)


def pin_closed(failures: int, *, everywhere: int = 0) -> bool:
    """Only the password helps now; `everywhere`, of this person on all screens of others."""
    return failures >= PINS or everywhere >= PINS_EVERYWHERE
