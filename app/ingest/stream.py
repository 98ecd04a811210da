"""One stream of readings: what was sent, what is settled, what may be acknowledged. No sockets, no
clocks.

Promises: an acknowledgement of `n` goes out only when every message taken before and with it is
settled, in whatever order they settle; each refusal is told once, with the first acknowledgement
that covers it; and what is held for a sender (taken, and not yet told) is bounded, also for one
that never listens.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WINDOW: Final = 4_000  # readings held for a sender: about a fifth of a second of a server's work
REFUSED_MAX: Final = 1_000  # told at once, but for one message that has more: frames under a MiB

Refusal = dict[str, Any]
"""A problem, with `n`, `index` and `id`."""


@dataclass(slots=True, eq=False)
class Taken:
    """A message under way; `refused` is None until it is settled."""

    n: int
    weight: int
    refused: list[Refusal] | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Everything of every message up to and with `n` is stored, or was refused."""

    n: int
    refused: list[Refusal]
    weight: int

    def frame(self) -> Mapping[str, Any]:
        return {"ack": self.n, "refused": self.refused}


class Stream:
    """The messages of one sender, in the order in which they came."""

    def __init__(self) -> None:
        self._messages: deque[Taken] = deque()
        self._held = 0
        self._under_way = 0

    @property
    def has_room(self) -> bool:
        """Whether another message may be read."""
        return self._held < WINDOW

    @property
    def at_rest(self) -> bool:
        """Whether everything that was taken is settled."""
        return not self._under_way

    def take(self, n: int, readings: int) -> Taken:
        """A message without readings weighs as one, so that these too are bounded."""
        taken = Taken(n, max(1, readings))
        self._messages.append(taken)
        self._held += taken.weight
        self._under_way += 1
        return taken

    def settle(self, taken: Taken, refused: list[Refusal] | None = None) -> None:
        """Everything of it is stored, but for what was refused."""
        assert taken.refused is None, "a message settles once"
        taken.refused = refused or []
        self._under_way -= 1

    def acknowledge(self) -> Acknowledgement | None:
        """One for all that can be told now; ask again until there is none."""
        refused: list[Refusal] = []
        last, weight = None, 0
        while self._messages:
            first = self._messages[0]
            if first.refused is None:
                break
            if refused and len(refused) + len(first.refused) > REFUSED_MAX:
                break
            last = self._messages.popleft()
            refused += first.refused
            weight += first.weight
        return None if last is None else Acknowledgement(last.n, refused, weight)

    def told(self, acknowledgement: Acknowledgement) -> None:
        """The sender's connection has taken it: what it tells of is held no longer."""
        self._held -= acknowledgement.weight
