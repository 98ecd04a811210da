"""One room at work: a visit on its way to one session, and what is heard back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.clock import monotonic_s
from app.simulator import wire
from app.simulator.client import BATCH, Api, Json, Refused
from app.simulator.rooms.tally import Tally
from app.simulator.script import (
    LOOK_S,
    Acknowledges,
    Action,
    Asks,
    AttachesDevice,
    Charts,
    Notes,
    Sends,
    Visit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from app.simulator.message import Delivery, Message
    from app.simulator.rooms.transport import Transport

OVERRIDE = "nobody answers alarms in this simulation"
GONE = frozenset(("session_closed", "unknown_session"))
NOT_DRIVEN = "not_driven"  # somebody handed it to the wall clock


class Room:
    """`step_to` and `run_to` play the visit on and return when all of it is answered."""

    def __init__(
        self,
        api: Api,
        transport: Transport,
        visit: Visit,
        *,
        name: str,
        scenario: str,
        session_id: str,
        start_ms: int,
        driven: bool,
        faulty: bool = False,
        neighbour: Callable[[int], str | None] = lambda _: None,
        heard_seq: int = 0,
    ) -> None:
        self.name = name
        self.scenario = scenario
        self.visit = visit
        self.session_id = session_id
        self.start_ms = start_ms
        self.driven = driven
        self.faulty = faulty  # its devices misbehave: readings are refused by right
        self.gone = False  # closed or removed by somebody else
        self.tally = Tally()
        self._api = api
        self._transport = transport
        self._neighbour = neighbour
        self._heard_seq = heard_seq
        self._told_s = -1  # up to here a driven session knows the time
        visit.start_ms = start_ms

    @property
    def over(self) -> bool:
        return self.gone or self.visit.over

    @property
    def minute(self) -> int:
        """Of the visit."""
        return max(self.visit.t, 0) // 60

    async def run_to(self, second: int) -> None:
        """Everything up to and including this second of the visit, in the order it happened."""
        while self.visit.t < second and not self.over:
            await self.step_to(second)

    async def step_to(self, second: int) -> None:
        """The same, but no further than the next look at the log."""
        look = (self.visit.t // LOOK_S + 1) * LOOK_S
        await self._play_to(min(second, look))
        if self.visit.t == look or self.visit.over:
            await self._look()

    async def go_live(self) -> None:
        """Hand a driven session to the wall clock, for good."""
        await self._api.clock(
            self.session_id, {"id": wire.made_id(self.session_id, "live"), "live": True}
        )
        self.driven = False

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def _play_to(self, second: int) -> None:
        """What the device sends goes out together, but never past what a person does: what comes of
        that is known before the next second, at any pace.
        """
        waiting: list[Message] = []
        while self.visit.t < second and not self.over:
            for action in self.visit.advance():
                if isinstance(action, Sends) and _plain(action.delivery):
                    waiting.extend(action.delivery.messages)
                    continue
                await self._send(waiting)
                waiting = []
                if not self.gone:
                    await self._do(action)
        await self._send(waiting)
        if not self.visit.over:
            await self._tell_time(self.visit.t)

    async def _do(self, action: Action) -> None:
        match action:
            case Sends(_, delivery):
                await self._deliver(delivery)
                return
            case Asks():
                await self._ask(action)
                return
        # Whatever else a person does is done at the session's own time: it must know it.
        await self._tell_time(action.at_s)
        if isinstance(action, Charts):
            await self._chart(action.message)
        else:
            await self._try(self._done_by_hand(action))

    def _done_by_hand(
        self, action: Notes | Acknowledges | AttachesDevice
    ) -> Coroutine[Any, Any, Json]:
        path = f"/api/sessions/{self.session_id}"
        match action:
            case Notes():
                body = wire.note(self.session_id, self.start_ms, action)
                return self._api.post(f"{path}/annotations", body)
            case Acknowledges():
                body = wire.acknowledgement(self.session_id, action)
                return self._api.post(f"{path}/alarms/{action.alarm_id}/acknowledge", body)
            case AttachesDevice():
                body = {"id": wire.made_id(self.session_id, action.key)}
                return self._api.put(f"{path}/devices/{action.device}", body)

    async def _ask(self, asks: Asks) -> None:
        body = wire.phase(self.session_id, self.start_ms, asks)
        try:
            try:
                await self._api.phase(self.session_id, body)
            except Refused as refused:
                if refused.code != "gate_failed" or self.visit.plays_nurse:
                    raise
                body = wire.phase(self.session_id, self.start_ms, asks, override_reason=OVERRIDE)
                await self._api.phase(self.session_id, body)
        except Refused as refused:
            self.visit.refused(asks)
            if refused.code != "gate_failed":  # else a nurse sees to it, and asks again
                self._failed(refused)
            return
        self._knows_time(asks.at_s)

    async def _deliver(self, delivery: Delivery) -> None:
        """A delivery of its own: sent more than once, unheard, or from another room."""
        elsewhere = None if delivery.to_room is None else self._neighbour(delivery.to_room)
        if delivery.to_room is not None and elsewhere is None:
            number = delivery.to_room + 1
            self.tally.failed(f"nobody is in room {number}: its device sent from here instead")
        for time in range(delivery.times):
            await self._send(
                delivery.messages,
                lost=delivery.answer_lost,
                to=elsewhere,
                again=time > 0,
            )

    async def _chart(self, message: Message) -> None:
        """A person's reading goes as people's do, whatever way the device has."""
        self.tally.sent += 1
        body = wire.reading(self.session_id, self.start_ms, message)
        try:
            (answer,) = await self._api.readings(self.session_id, [body])
        except Refused as refused:
            answer = {"status": refused.status, "problem": refused.problem}
        self._settle(answer)

    async def _send(
        self,
        messages: Sequence[Message],
        *,
        lost: bool = False,
        to: str | None = None,
        again: bool = False,
    ) -> None:
        if not messages or self.gone:
            return
        readings = [wire.reading(self.session_id, self.start_ms, message) for message in messages]
        if not again:
            self.tally.sent += len(readings)
        for first in range(0, len(readings), BATCH):
            began_s = monotonic_s()
            answers = await self._transport.send(
                to or self.session_id, readings[first : first + BATCH], lost=lost
            )
            self.tally.latency.took(monotonic_s() - began_s)
            if again:
                continue
            for message, answer in zip(messages[first : first + BATCH], answers, strict=True):
                stored = self._settle(answer, here=to is None)
                if stored and to is None:
                    self._knows_time(message.taken_ms // 1_000)

    def _settle(self, answer: Json, *, here: bool = True) -> bool:
        """True if it is stored. What another room's session says does not end this one."""
        if self.tally.answered(answer):
            return True
        problem = answer.get("problem") or {}
        code = str(problem.get("code"))
        self.gone = self.gone or (here and code in GONE)
        if not self.faulty or self.gone:
            self.tally.failed(f"reading refused: {code}: {problem.get('detail')}")
        return False

    async def _look(self) -> None:
        """Hear what has been recorded since the last look, whoever did it."""
        try:
            events = await self._api.events(self.session_id, self._heard_seq)
        except Refused as refused:
            return self._failed(refused)
        if events:
            self._heard_seq = int(events[-1]["seq"])
        self.tally.heard(events)
        self.visit.hear(events)

    def _knows_time(self, second: int) -> None:
        self._told_s = max(self._told_s, second)

    async def _tell_time(self, second: int) -> None:
        """A driven session's time is what it is told: silence would stop it."""
        if not self.driven or self.gone or second <= self._told_s:
            return
        body = {
            "id": wire.made_id(self.session_id, "clock", second),
            "at": wire.iso(self.start_ms + second * 1_000),
        }
        try:
            await self._api.clock(self.session_id, body)
        except Refused as refused:
            if refused.code == NOT_DRIVEN:
                self.driven = False
            return self._failed(refused)
        self._knows_time(second)

    async def _try(self, doing: Coroutine[Any, Any, Json]) -> None:
        try:
            await doing
        except Refused as refused:
            self._failed(refused)

    def _failed(self, refused: Refused) -> None:
        self.tally.refusals[refused.code] += 1
        self.tally.failed(str(refused))
        self.gone = self.gone or refused.code in GONE


def _plain(delivery: Delivery) -> bool:
    return delivery.times == 1 and not delivery.answer_lost and delivery.to_room is None
