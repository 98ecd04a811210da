"""One room at work: a visit's script on its way to one session, and the count of what came back."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from app.simulator import wire
from app.simulator.client import Api, Refused
from app.simulator.visit import Action, Asked, Sent, Visit

OVERRIDE = "nobody answers alarms in this simulation"
GONE = frozenset(("session_closed", "unknown_session"))
ERRORS_KEPT = 5  # the last few are shown; the count tells the rest


@dataclass(slots=True)
class Tally:
    """What was sent, what was acknowledged (stored, or known already), and what was refused."""

    sent: int = 0
    acknowledged: int = 0
    refused: int = 0
    rejected: Counter[str] = field(default_factory=Counter)  # values, by code
    alarms: set[str] = field(default_factory=set)
    errors: deque[str] = field(default_factory=lambda: deque(maxlen=ERRORS_KEPT))
    error_count: int = 0

    def failed(self, what: str) -> None:
        self.error_count += 1
        self.errors.append(what)

    def answered(self, item: dict[str, object]) -> bool:
        """Count one answer of a batch; True if the reading is stored."""
        stored = item.get("status") in (200, 201)
        if stored:
            self.acknowledged += 1
            answer = item.get("reading")
        else:
            self.refused += 1
            answer = item.get("problem")
        if isinstance(answer, dict):
            self.rejected.update(str(r.get("code")) for r in answer.get("rejected") or ())
            self.alarms.update(str(alarm["id"]) for alarm in answer.get("alarms") or ())
        return stored


class Room:
    """`run_to` plays the script up to a second and returns when all of it is acknowledged."""

    def __init__(
        self, api: Api, visit: Visit, *, name: str, session_id: str, start_ms: int, driven: bool
    ) -> None:
        self.name = name
        self.visit = visit
        self.session_id = session_id
        self.start_ms = start_ms
        self.driven = driven
        self.gone = False  # closed or removed by somebody else
        self.tally = Tally()
        self._api = api

    @property
    def over(self) -> bool:
        return self.gone or self.visit.over

    async def run_to(self, second: int) -> None:
        """Everything up to and including this second of the visit, in the order it happened."""
        while self.visit.t < second and not self.over:
            waiting: list[Sent] = []
            asked: Asked | None = None
            last_s = self.visit.t
            while self.visit.t < second and asked is None and not self.visit.over:
                actions: list[Action] = self.visit.advance()
                # What came before a phase is sent before it, what is measured then after it.
                for action in actions:
                    if isinstance(action, Asked):
                        asked = action
                        await self._send(waiting)
                        waiting = []
                        await self._ask(action)
                    else:
                        waiting.append(action)
                    last_s = action.at_s
            await self._send(waiting)
            if self.driven and last_s < self.visit.t and not self.over:
                await self._move_clock(self.visit.t)

    async def go_live(self) -> None:
        """Hand a driven session to the wall clock, for good."""
        await self._api.clock(
            self.session_id, {"id": wire.made_id(self.session_id, "live"), "live": True}
        )
        self.driven = False

    async def follow(self) -> None:
        """Look whether somebody else changed the phase, and go on from there."""
        try:
            state = await self._api.session(self.session_id)
        except Refused as refused:
            self._lost(refused)
            return
        self.visit.adopt(state["phase"])

    async def _send(self, waiting: list[Sent]) -> None:
        if not waiting or self.gone:
            return
        self.tally.sent += len(waiting)
        posted = [wire.reading(self.session_id, self.start_ms, sent) for sent in waiting]
        try:
            items = await self._api.readings(self.session_id, posted)
        except Refused as refused:
            self._lost(refused)
            return
        for item in items:
            if not self.tally.answered(item):
                problem = item.get("problem") or {}
                code = str(problem.get("code"))
                self.tally.failed(f"reading refused: {code}: {problem.get('detail')}")
                self.gone = self.gone or code in GONE

    async def _ask(self, asked: Asked) -> None:
        if self.gone:
            return
        try:
            try:
                await self._api.phase(
                    self.session_id, wire.phase(self.session_id, self.start_ms, asked)
                )
            except Refused as refused:
                if refused.code != "gate_failed":
                    raise
                await self._api.phase(
                    self.session_id,
                    wire.phase(self.session_id, self.start_ms, asked, override_reason=OVERRIDE),
                )
        except Refused as refused:
            self._lost(refused)
            if not self.gone:
                await self.follow()

    async def _move_clock(self, second: int) -> None:
        at = wire.iso(self.start_ms + second * 1_000)
        body = {"id": wire.made_id(self.session_id, "clock", second), "at": at}
        try:
            await self._api.clock(self.session_id, body)
        except Refused as refused:
            self._lost(refused)
            if refused.code == "not_driven":
                self.driven = False

    def _lost(self, refused: Refused) -> None:
        self.tally.failed(str(refused))
        self.gone = self.gone or refused.code in GONE
