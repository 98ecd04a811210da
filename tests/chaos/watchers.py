"""Dashboards that keep the rules of the protocol and are cut off at random, again and again."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal

import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.monitoring.fold import fold
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from websockets.asyncio.client import ClientConnection

    from tests.chaos.load import Ledger
    from tests.chaos.places import Place, Places

Json = dict[str, Any]
Fate = Literal["leaves", "is cut off", "stalls"]

FATES: tuple[Fate, ...] = ("leaves", "is cut off", "is cut off", "stalls")
FRAMES = 8  # that a connection takes before its fate, in the mean: some take one, some dozens
STALLED = 30  # acknowledged readings for which a stalled dashboard takes nothing
PAUSE_S = 0.05  # before it comes back to a server that does not take it
KEPT = 40  # states that each dashboard remembers, to be asked for again at the end
LEAVE_S = 1  # a dashboard that leaves waits so long for the other side's word


class Kept:
    """Some of the states that a dashboard had, each as likely as any other; by session and seq."""

    def __init__(self, seed: float) -> None:
        self.states: list[tuple[str, Json]] = []
        self._chance = random.Random(seed)
        self._taken = 0

    def take(self, session_id: str, state: Json) -> None:
        self._taken += 1
        if len(self.states) < KEPT:
            self.states.append((session_id, state))
        elif (place := self._chance.randrange(self._taken)) < KEPT:
            self.states[place] = (session_id, state)


class Watcher:
    """One dashboard on some sessions and perhaps the board; minds every gap and double."""

    def __init__(self, crowd: Crowd, sessions: Sequence[str], *, board: bool) -> None:
        self._crowd = crowd
        self.sessions = sessions
        self.board = board
        self.states: dict[str, Json] = {}
        self.rows: dict[str, Json] = {}
        self.alarms: dict[str, list[tuple[int, str, str, int]]] = {id: [] for id in sessions}
        """Of each session since its snapshot: seq, kind, id and rev of what was told of alarms."""
        self.begun: dict[str, int] = {}
        """The seq of the snapshot that each session's states rest on."""
        self.snapshots = 0
        self.beat: Json = {}
        self.kept = Kept(crowd.rng.random())

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            place = await self._crowd.places.any_up(self._crowd.rng)
            try:
                await self._connection(place)
            except (OSError, ConnectionClosed, InvalidHandshake, EOFError) as error:
                self._crowd.note_end(error)
                await asyncio.sleep(PAUSE_S)

    async def _connection(self, place: Place) -> None:
        """One connection, until its fate."""
        crowd = self._crowd
        async with connect(
            place.server.live_url,
            proxy=None,
            compression=None,
            max_size=None,
            close_timeout=LEAVE_S,
            additional_headers=ANYWHERE.headers("clinician"),
        ) as socket:
            await self._join(socket)
            fate, frames = crowd.rng.choice(FATES), crowd.rng.expovariate(1 / FRAMES)
            while frames > 0 or crowd.calm.is_set():
                self._take(orjson.loads(await socket.recv()))
                await crowd.told()
                frames -= 1
            if fate == "stalls":
                await first_of(crowd.ledger.more(STALLED), crowd.calm.wait())
            if fate != "leaves":
                socket.transport.abort()
            crowd.drops[fate] += 1

    async def _join(self, socket: ClientConnection) -> None:
        hello = orjson.loads(await socket.recv())
        assert hello["kind"] == "hello"
        epoch = self._crowd.same_epoch(hello["epoch"])
        if self.board:
            await socket.send('{"op":"watch","board":true}')
        for id in self.sessions:
            held = self.states.get(id)
            after = {"after": held["seq"], "epoch": epoch} if held else {}
            await socket.send(orjson.dumps({"op": "watch", "session": id, **after}).decode())

    def _take(self, frame: Json) -> None:
        match frame["kind"]:
            case "snapshot":
                self.snapshots += 1
                id, state = frame["session"], frame["state"]
                assert frame["seq"] == state["seq"]
                assert id not in self.states, "a snapshot where it could have resumed"
                self.begun[id] = state["seq"]
                self.states[id] = state
                self.kept.take(id, state)
            case "events":
                for event in frame["events"]:
                    self._apply(frame["session"], event)
            case "board":
                listed = {row["id"]: row for row in frame["sessions"]}
                self.rows = {id: self._newer(row) for id, row in listed.items()}
            case "board_delta":
                for row in frame["sessions"]:
                    self.rows[row["id"]] = self._newer(row)
                    if not row["active"]:
                        del self.rows[row["id"]]
            case "heartbeat":
                self.beat = frame
            case kind:
                assert kind == "clinic", frame

    def _apply(self, id: str, event: Json) -> None:
        held = self.states[id]
        self._crowd.steps[event["seq"] - held["seq"]] += 1
        assert event["seq"] == held["seq"] + 1, f"{event['seq']} after {held['seq']}"
        self.states[id] = fold(held, event)
        self.kept.take(id, self.states[id])
        if event["kind"].startswith("alarm."):
            alarm = event["data"]["alarm"]
            self.alarms[id].append((event["seq"], event["kind"], alarm["id"], alarm["rev"]))

    def _newer(self, row: Json) -> Json:
        held = self.rows.get(row["id"])
        return row if held is None or row["seq"] >= held["seq"] else held

    def has(self, session_id: str, seq: int) -> bool:
        """Whether it has seen that session up to `seq`, on the board too if it watches it."""
        state = self.states.get(session_id, {"seq": seq})
        row = self.rows.get(session_id, {"seq": 0 if self.board else seq})
        return bool(state["seq"] >= seq and row["seq"] >= seq)


class Crowd:
    """All dashboards of a run."""

    def __init__(self, places: Places, ledger: Ledger, rng: random.Random) -> None:
        self.places = places
        self.ledger = ledger
        self.rng = rng
        self.watchers: list[Watcher] = []
        self.drops: Counter[Fate] = Counter()
        self.ends: Counter[str] = Counter()
        """How connections ended that the server or its death ended."""
        self.steps: Counter[int] = Counter()
        """By how much each event's seq was beyond the one before; nothing but 1 is right."""
        self.calm = asyncio.Event()
        self._epoch: str | None = None
        self._changed = asyncio.Condition()

    def add(self, sessions: Sequence[str], *, board: bool = False) -> Watcher:
        watcher = Watcher(self, sessions, board=board)
        self.watchers.append(watcher)
        return watcher

    def note_end(self, error: BaseException) -> None:
        code = getattr(getattr(error, "rcvd", None), "code", None)
        self.ends[type(error).__name__ if code is None else str(code)] += 1

    def same_epoch(self, epoch: str) -> str:
        assert self._epoch in (None, epoch), "the database became another one"
        self._epoch = epoch
        return epoch

    async def told(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until_dropped(self, many: int) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.drops.total() >= many)

    async def until_all_have(self, session_id: str, seq: int) -> None:
        """Returns when every dashboard on this session, or on the board, has seen it so far."""
        async with self._changed:
            await self._changed.wait_for(
                lambda: all(watcher.has(session_id, seq) for watcher in self.watchers)
            )

    async def hears(self, **said: Any) -> None:
        """Returns when every dashboard's next heartbeat from now on says so."""
        for watcher in self.watchers:
            watcher.beat = {}
        async with self._changed:
            await self._changed.wait_for(
                lambda: all(w.beat and w.beat | said == w.beat for w in self.watchers)
            )

    def missing(self, session_id: str, seq: int) -> list[int]:
        """Which dashboards have not seen it so far, for a message."""
        return [n for n, w in enumerate(self.watchers) if not w.has(session_id, seq)]


async def first_of(*waits: Coroutine[Any, Any, object]) -> None:
    """Returns when one of them has; the others are given up."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
