"""Passwords and PINs: what is accepted, and how they are hashed and held against their hashes
without keeping anything else from being done.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # it has no types

from app.errors import Busy
from app.monitoring.errors import FieldError, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

T = TypeVar("T")

LEAST: Final = 12  # characters: four words or a short sentence
MOST: Final = 128  # characters: more are no safer, and make the hash's input somebody's toy
SCORE: Final = 3  # of zxcvbn's 0 to 4: "safely unguessable", some 10^8 to 10^10 guesses
JUDGED: Final = 64  # characters; zxcvbn takes 10 ms for these, and far longer for more
TYPED_MOST: Final = 1_024  # characters of what is tried; nobody has typed more by hand
OWN: Final = 6  # characters that are no such word: a name with the clinic's is no secret
OURS: Final = ("infusion", "monitor", "ketamine", "clinic", "nurse", "doctor", "patient")
"""Words that everybody here thinks of first."""

PIN_DIGITS: Final = re.compile(r"[0-9]{4,8}", re.ASCII)

WAITING: Final = 20  # hashes that may wait: 3 s of them; who comes after them is told to come again
THREADS: Final = 1  # so that people who sign in take one processor at most, and the alarms the rest

_PASSWORD: Final = PasswordHasher(
    time_cost=RFC_9106_LOW_MEMORY.time_cost,
    memory_cost=RFC_9106_LOW_MEMORY.memory_cost,
    parallelism=1,
)
"""3 passes over 64 MiB (RFC 9106, for little memory), but in one lane: 0.16 s of one processor."""
_PIN: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""2 passes over 19 MiB: 30 ms. What guards a PIN of four digits is the count of attempts."""
_FEW_DIFFERENT: Final = 2  # digits; a PIN of as many or fewer (1111, 1212) is the first one tried


def plain(typed: str) -> str:
    """One spelling, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFC", typed)


def check_password(password: str, about: Sequence[str] = (), *, field: str = "password") -> None:
    """Raises InvalidRequest; `about` are words that others connect with its owner. Takes some
    milliseconds.
    """
    text = plain(password)
    if len(text) < LEAST:
        raise _refused(field, "password_too_short", f"Must have at least {LEAST} characters")
    if len(text) > MOST:
        raise _refused(field, "password_too_long", f"Must have at most {MOST} characters")
    words = {part.lower() for word in (*about, *OURS) for part in (word, *word.split())}
    own = text.lower()
    for word in sorted(words, key=len, reverse=True):
        own = own.replace(word, "") if len(word) > 2 else own
    guesses = zxcvbn(text[:JUDGED], user_inputs=sorted(words))
    if guesses["score"] < SCORE or len(own) < OWN:
        msg = "Is easily guessed: take some words that do not belong together"
        raise _refused(field, "password_too_easy", msg)


def check_pin(pin: str, *, field: str = "pin") -> None:
    """Raises InvalidRequest."""
    if not PIN_DIGITS.fullmatch(pin):
        raise _refused(field, "not_a_pin", "Must have 4 to 8 digits")
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    if len(set(pin)) <= _FEW_DIFFERENT or (len(steps) == 1 and steps <= {1, 9}):
        raise _refused(field, "pin_too_easy", "Is easily guessed: no 1111, 1212 or 1234")


def _refused(field: str, code: str, msg: str) -> InvalidRequest:
    return InvalidRequest(
        "Nothing was stored. Correct the fields listed and send again.",
        errors=[FieldError((field,), code, msg)],
    )


def password_hash(password: str) -> str:
    """Takes a sixth of a second, and 64 MiB meanwhile."""
    return _PASSWORD.hash(plain(password))


def pin_hash(pin: str) -> str:
    return _PIN.hash(pin)


def _nobodys(hasher: PasswordHasher) -> str:
    """A hash that nothing fits: whoever does not exist takes as long as whoever does."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}$bm9ib2R5J3Mgc2FsdA${'A' * 43}"


_NOBODYS_PASSWORD: Final = _nobodys(_PASSWORD)
_NOBODYS_PIN: Final = _nobodys(_PIN)


def password_fits(password: str, hash: str | None) -> bool:
    """Takes as long if there is nothing to fit."""
    return _fits(_PASSWORD, plain(password), hash, _NOBODYS_PASSWORD)


def pin_fits(pin: str, hash: str | None) -> bool:
    """As `password_fits`."""
    return _fits(_PIN, pin, hash, _NOBODYS_PIN)


def _fits(hasher: PasswordHasher, typed: str, hash: str | None, nobodys: str) -> bool:
    try:
        return hasher.verify(hash or nobodys, typed) and hash is not None
    except (VerificationError, InvalidHashError):
        return False


def rehashed(password: str, hash: str) -> str | None:
    """A hash to keep instead, if this one was made in another way than now."""
    return password_hash(password) if _PASSWORD.check_needs_rehash(hash) else None


class Hashing:
    """Threads of its own for what takes long by intention: a crowd at the door keeps neither the
    alarms nor a PIN from being looked at.
    """

    def __init__(self) -> None:
        self._passwords = _Queue("passwords")
        self._pins = _Queue("pins")

    async def of_password(self, work: Callable[[], T]) -> T:
        """Raises Busy."""
        with self._passwords.place() as place:
            return await place.run(work)

    async def of_pin(self, work: Callable[[], T]) -> T:
        """Raises Busy."""
        with self._pins.place() as place:
            return await place.run(work)

    def password_place(self) -> AbstractContextManager[Place]:
        """Room for one password: whoever has it is turned away no more. Raises Busy."""
        return self._passwords.place()

    def stop(self) -> None:
        self._passwords.stop()
        self._pins.stop()


class Place:
    """For one piece of work, until that is done."""

    def __init__(self, pool: ThreadPoolExecutor, left: Callable[[], None]) -> None:
        self._pool = pool
        self._left = left
        self.used = False

    async def run(self, work: Callable[[], T]) -> T:
        future = self._pool.submit(work)
        self.used = True
        future.add_done_callback(self._done)
        return await asyncio.wrap_future(future)

    def _done(self, _: Future[Any]) -> None:
        self._left()


class _Queue:
    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._waiting = 0

    @contextmanager
    def place(self) -> Iterator[Place]:
        with self._lock:
            if self._waiting >= WAITING:
                raise Busy("Nothing was done: too many sign in at once. Try again in a moment.")
            self._waiting += 1
        place = Place(self._pool, self._left)
        try:
            yield place
        finally:
            if not place.used:
                self._left()

    def _left(self) -> None:
        """Called in the thread, or where somebody stopped waiting."""
        with self._lock:
            self._waiting -= 1

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
