"""A sender's connection, with a socket and a database made of queues: what ends, what waits, what
is told.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from app.errors import Busy, StorageUnavailable
from app.ingest.budget import Budget
from app.ingest.line import ALL_READINGS, Lines
from app.ingest.serve import Ingest, NotAMessage, held_by_nobody, serve
from app.ingest.stream import WINDOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence


class Gone(Exception):
    """What sending to nobody raises."""


@dataclass(frozen=True, slots=True)
class Message:
    n: int
    readings: int
    behind: bool

    def __len__(self) -> int:
        return self.readings


class FakeSocket:
    """Says what it is given; `takes` is cleared while the sender does not listen."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.listens = asyncio.Event()
        self.listens.set()
        self.here = True

    def say(self, *messages: tuple[int, int]) -> None:
        for n, readings in messages:
            self.said.put_nowait({"type": "websocket.receive", "text": f"{n} {readings}"})

    def go(self) -> None:
        self.here = False
        self.said.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def receive(self) -> dict[str, Any]:
        return await self.said.get()

    async def send_text(self, data: str) -> None:
        await self.listens.wait()
        if not self.here:
            raise Gone
        self.heard.put_nowait(orjson.loads(data))

    async def close(self, code: int = 1000) -> None:
        await self.listens.wait()
        self.closed.set_result(code)


class FakeDatabase:
    """Each message waits until its commit is told."""

    def __init__(self) -> None:
        self.waiting: dict[int, asyncio.Future[list[Any]]] = {}
        self.batches: list[list[int]] = []
        self.behind: list[int] = []
        self.recorded: list[int] = []
        self._arrived = asyncio.Condition()

    async def record(self, messages: Sequence[Message]) -> list[list[Any]]:
        loop, numbers = asyncio.get_running_loop(), [message.n for message in messages]
        futures = [loop.create_future() for _ in numbers]
        self.waiting.update(zip(numbers, futures, strict=True))
        self.batches.append(numbers)
        self.behind += [message.n for message in messages if message.behind]
        async with self._arrived:
            self._arrived.notify_all()
        refused: list[list[Any]] = [await future for future in futures]
        self.recorded += numbers
        return refused

    async def holds(self, *numbers: int) -> None:
        async with self._arrived:
            await self._arrived.wait_for(lambda: self.waiting.keys() >= set(numbers))

    def commit(self, *numbers: int) -> None:
        for n in numbers:
            self.waiting.pop(n).set_result([])

    async def commit_all(self, numbers: Iterable[int]) -> None:
        for n in numbers:
            await self.holds(n)
            self.commit(n)


def read(text: str | bytes, behind: bool) -> Message:
    try:
        n, readings = (int(word) for word in str(text).split())
    except ValueError:
        raise NotAMessage from None
    return Message(n, readings, behind)


class Served:
    """A connection that is being served."""

    def __init__(self, lines: Lines | None = None, held: Any = held_by_nobody) -> None:
        self.socket, self.database = FakeSocket(), FakeDatabase()
        self.lines = lines or Lines()
        ingest = Ingest(read, self.database.record)
        self.serving = asyncio.create_task(serve(self.socket, self.lines, ingest, Gone, held))


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    served = Served()
    yield served
    served.serving.cancel()
    await asyncio.gather(served.serving, return_exceptions=True)
    await served.lines.close()  # nothing is left behind


async def turns() -> None:
    """What can go on without anything from outside has gone on."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_what_came_meanwhile_is_recorded_together(served: Served) -> None:
    served.socket.say((1, 10), (2, 10), (3, 10), (4, 10))
    await served.database.holds(1, 2)
    await turns()
    served.database.commit(1)
    await served.database.holds(3, 4)
    assert served.database.batches == [[1], [2], [3, 4]]


async def test_one_commit_is_told_once(served: Served) -> None:
    served.socket.say((1, 10), (2, 10))
    await served.database.holds(1, 2)
    served.database.commit(1, 2)
    assert await served.socket.heard.get() == {"ack": 2, "refused": []}
    await turns()
    assert served.socket.heard.empty()


async def test_what_came_later_is_told_later(served: Served) -> None:
    served.socket.say((5, 10), (6, 10))
    await served.database.holds(5, 6)
    served.database.commit(6)
    await turns()
    assert served.socket.heard.empty()
    served.database.commit(5)
    assert (await served.socket.heard.get())["ack"] == 6


async def test_a_batch_is_no_more_than_a_transaction_tries(served: Served) -> None:
    served.socket.say((1, 1), (2, 1), *((n, 200) for n in range(3, 9)))
    await served.database.holds(1, 2)
    await turns()
    served.database.commit(1, 2)
    await served.database.holds(*range(3, 9))
    assert served.database.batches[2:] == [[3, 4, 5], [6, 7, 8]]


async def test_a_sender_with_a_window_under_way_is_read_no_further(served: Served) -> None:
    window = WINDOW // 1_000
    served.socket.say(*((n, 1_000) for n in range(window + 2)))
    await turns()
    assert served.socket.said.qsize() == 1  # one message waits here, the rest in the socket
    await served.database.commit_all([0])
    assert (await served.socket.heard.get())["ack"] == 0
    await turns()
    assert served.socket.said.qsize() == 0
    await served.database.commit_all(range(1, window + 2))


async def test_what_may_have_lain_in_the_socket_is_said_to(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr("app.ingest.serve.monotonic_s", lambda: now)
    window = WINDOW // 1_000
    served.socket.say(*((n, 1_000) for n in range(window + 2)))
    await turns()
    await served.database.commit_all(range(window + 2))
    await turns()
    now += 1.0  # the socket was empty meanwhile
    served.socket.say((98, 1), (99, 1))
    await served.database.commit_all((98, 99))
    assert served.database.behind == [window, window + 1]


async def test_a_sender_that_never_listens_is_read_no_further(served: Served) -> None:
    window = WINDOW // 1_000
    served.socket.listens.clear()
    served.socket.say(*((n, 1_000) for n in range(2 * window + 2)))
    await served.database.commit_all(range(window))  # settled, and told to nobody
    await turns()
    assert served.database.waiting == {}
    assert served.socket.said.qsize() == window + 1
    served.socket.listens.set()
    await served.database.commit_all(range(window, 2 * window + 2))


async def test_all_senders_together_are_bounded() -> None:
    lines, each = Lines(), 4
    all_served = [Served(lines) for _ in range(ALL_READINGS // WINDOW + 3)]
    for served in all_served:
        served.socket.say(*((n, 1_000) for n in range(each)))
    await turns()
    unread = sum(served.socket.said.qsize() for served in all_served)
    in_hand = len(all_served)  # each has read one message that must wait
    assert unread == len(all_served) * each - ALL_READINGS // 1_000 - in_hand
    recording = [served.database.commit_all(range(each)) for served in all_served]
    await asyncio.gather(*recording)
    for served in all_served:
        served.socket.go()
    await asyncio.gather(*(served.serving for served in all_served))


async def test_what_was_taken_of_a_sender_that_goes_is_recorded(served: Served) -> None:
    served.socket.say((1, 10), (2, 10), (3, 10))
    served.socket.go()
    await turns()
    assert not served.serving.done()
    await served.database.commit_all((1, 2, 3))
    await served.serving
    assert served.database.recorded == [1, 2, 3]
    assert not served.socket.closed.done()  # there is nobody to say it to


@pytest.mark.parametrize(
    ("failure", "code"), [(StorageUnavailable("gone"), 1013), (Busy("ended"), 1012)]
)
async def test_what_was_not_recorded_is_not_acknowledged(
    served: Served, failure: Exception, code: int
) -> None:
    served.socket.say((1, 10), (2, 10), (3, 10), (4, 10))
    await served.database.commit_all([1])
    await served.database.holds(2, 3)
    served.database.waiting.pop(2).set_exception(failure)
    await turns()
    served.database.commit(3)
    assert await served.socket.closed == code
    assert served.socket.heard.get_nowait() == {"ack": 1, "refused": []}
    assert served.socket.heard.empty()
    await served.serving
    assert served.database.batches == [[1], [2], [3]]  # what came after is not tried


async def test_a_failure_of_ours_ends_the_connection(served: Served) -> None:
    served.socket.say((1, 10))
    await served.database.holds(1)
    served.database.waiting.pop(1).set_exception(ZeroDivisionError())
    with pytest.raises(ExceptionGroup):
        await served.serving
    assert served.socket.heard.empty()


async def test_what_is_no_message_ends_the_connection_after_what_came_before(
    served: Served,
) -> None:
    served.socket.say((1, 10))
    served.socket.said.put_nowait({"type": "websocket.receive", "bytes": b"nonsense"})
    await turns()
    await served.database.commit_all([1])
    assert await served.socket.closed == 1007
    assert served.socket.heard.get_nowait()["ack"] == 1


async def test_at_the_end_everything_taken_is_settled_and_told(served: Served) -> None:
    served.socket.say((1, 10), (2, 10), (3, 10))
    await turns()
    closing = asyncio.create_task(served.lines.close())
    await turns()
    served.socket.say((4, 10))
    await served.database.commit_all((1, 2, 3))
    assert await served.socket.closed == 1012
    last = [served.socket.heard.get_nowait()["ack"] for _ in range(served.socket.heard.qsize())]
    assert last[-1] == 3
    await closing
    late = Served(served.lines)
    assert await late.socket.closed == 1012
    await late.serving


async def test_a_sender_that_comes_and_goes_leaves_nothing(served: Served) -> None:
    served.socket.go()
    await served.serving
    await served.lines.close()


async def test_room_is_given_in_order_and_to_nobody_who_left() -> None:
    budget, order = Budget(10), list[int]()

    async def want(number: int) -> None:
        await budget.room()
        order.append(number)
        budget.take(10)

    budget.take(10)
    waiting = [asyncio.create_task(want(number)) for number in range(4)]
    await turns()
    waiting[0].cancel()
    await turns()
    budget.give_back(10)
    waiting[1].cancel()  # just when its turn has come
    await turns()
    assert order == [2]
    budget.give_back(10)
    await turns()
    assert order == [2, 3]


async def test_who_may_no_longer_send_is_closed_and_what_was_taken_is_settled() -> None:
    ends: list[Any] = []

    @contextmanager
    def held(end: Any) -> Iterator[None]:
        ends.append(end)
        yield
        ends.clear()

    served = Served(held=held)
    served.socket.say((1, 1), (2, 1))
    await served.database.holds(1, 2)
    ends[0](4401)
    await turns()
    served.socket.say((3, 1))
    served.database.commit(1, 2)
    assert await served.socket.closed == 4401
    assert served.socket.heard.get_nowait()["ack"] == 2
    assert 3 not in served.database.waiting
    await served.serving
    assert ends == []
    await served.lines.close()
