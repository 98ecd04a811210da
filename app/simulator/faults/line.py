"""A device's line: what a visit's devices would send, as it leaves when things go wrong.

Pure, and the same for the same faults, seed and messages. Numbers are disturbed as they are
measured and stamped with the device's clock; then a message may be kept or held up; as it leaves,
it may be repeated, lose its answer, or leave from another room. Only `silent` loses anything:
whatever else is given to `pass_on`, and has a value left, leaves by it or by `flush`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from app.simulator.faults.clocks import Clocks
from app.simulator.faults.kinds import (
    DroppedConnection,
    Duplicated,
    Moved,
    Outage,
    Reordered,
    RetryStorm,
    Silent,
)
from app.simulator.faults.values import VALUE_FAULTS, disturbed
from app.simulator.message import Delivery, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

    from app.simulator.faults.kinds import Fault

    Active = Sequence[tuple[int, Fault]]

SECOND_MS: Final = 1_000


class Line:
    """All faults of one visit at work."""

    def __init__(self, faults: Sequence[Fault], seed: str) -> None:
        self._faults = tuple(enumerate(faults))
        self._seed = seed
        self._clocks = Clocks(faults)
        self._off_ms = 0
        self._kept: list[Message] = []
        self._held: list[tuple[int, Message]] = []
        self._again: list[tuple[int, tuple[Message, ...]]] = []

    def pass_on(self, t: int, story_min: float, messages: Sequence[Message]) -> list[Delivery]:
        """What leaves at second `t` of the visit; called once each second, also with nothing."""
        on = [(number, fault) for number, fault in self._faults if fault.holds(t, story_min)]
        self._off_ms = self._clocks.off_ms(t, story_min)
        typed: list[Message] = []
        measured: list[Message] = []
        for message in messages:
            told = self._measured(on, message)
            if told is not None:
                (typed if told.source == "manual" else measured).append(told)
        sent: list[Delivery] = []
        if _is_on(on, Outage):
            self._kept += measured
        else:
            sent = self._leaving(t, on, measured)
        return [*sent, *([Delivery(tuple(typed))] if typed else [])]

    def flush(self, t: int) -> list[Delivery]:
        """What is still kept, held up or to be repeated, as it leaves at the end of the visit."""
        held = [message for _, message in self._held]
        groups: list[Sequence[Message]] = [self._kept, held, *(group for _, group in self._again)]
        self._kept, self._held, self._again = [], [], []
        return [self._sent(t, (), group) for group in groups if group]

    def _measured(self, on: Active, message: Message) -> Message | None:
        """The message as its device makes it; None if it makes none."""
        for number, fault in on:
            if isinstance(fault, VALUE_FAULTS):
                values = disturbed(fault, message, partial(self._draw, number, message))
                if not values and message.values:
                    return None
                message = replace(message, values=values)
        if message.source == "manual":
            return message
        if _is_on(on, Silent):
            return None
        return replace(message, taken_ms=message.taken_ms + self._off_ms)

    def _leaving(self, t: int, on: Active, measured: list[Message]) -> list[Delivery]:
        """What was kept in one burst, what was held up until now, and what goes straight out."""
        burst, self._kept = self._kept, []
        straight: list[Message] = []
        for message in measured:
            wait_s = self._wait_s(on, message)
            if wait_s:
                self._held.append((t + wait_s, message))
            else:
                straight.append(message)
        due = [[message] for at, message in self._held if at <= t]
        self._held = [(at, message) for at, message in self._held if at > t]
        first = [self._sent(t, on, group) for group in (burst, *due, straight) if group]
        again = [self._sent(t, on, group) for at, group in self._again if at <= t]
        self._again = [(at, group) for at, group in self._again if at > t]
        self._note_again(t, on, first)
        return [*first, *again]

    def _wait_s(self, on: Active, message: Message) -> int:
        return max(
            (
                int((fault.most_s + 1) * self._draw(number, message, "wait"))
                for number, fault in on
                if isinstance(fault, Reordered)
            ),
            default=0,
        )

    def _note_again(self, t: int, on: Active, sent: Sequence[Delivery]) -> None:
        for number, fault in on:
            if not isinstance(fault, Duplicated):
                continue
            for delivery in sent:
                first = delivery.messages[0]
                if self._draw(number, first, f"again:{t}") < fault.share:
                    self._again.append((t + fault.after_s, delivery.messages))

    def _sent(self, t: int, on: Active, group: Sequence[Message]) -> Delivery:
        """One piece as it leaves now; what the device tells of its clock is told anew each time."""
        if self._clocks.tell:
            sent_ms = t * SECOND_MS + self._off_ms
            group = [replace(message, sent_ms=sent_ms) for message in group]
        delivery = Delivery(tuple(group))
        for number, fault in on:
            match fault:
                case RetryStorm():
                    delivery = replace(delivery, times=delivery.times * fault.times)
                case DroppedConnection():
                    lost = self._draw(number, group[0], f"lost:{t}") < fault.share
                    delivery = replace(delivery, answer_lost=delivery.answer_lost or lost)
                case Moved():
                    delivery = replace(delivery, to_room=fault.to_room - 1)
        return delivery

    def _draw(self, number: int, message: Message, what: str) -> float:
        return Random(f"fault:{self._seed}:{number}:{message.key}:{what}").random()


def _is_on(on: Active, kind: type[BaseModel]) -> bool:
    return any(isinstance(fault, kind) for _, fault in on)
