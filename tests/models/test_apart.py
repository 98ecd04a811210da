"""Reading in a process of its own: it answers and refuses as if it were here, it may die, hang or
be asked too much, and it never outlives its server.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import make_url

from app.errors import Busy, StorageUnavailable, UnknownSession
from app.models.apart import Apart
from app.models.lock import only_server
from app.monitoring.errors import DomainError, InvalidRequest
from tests.models import questions
from tests.models.ward import admit
from tests.support.server import REPO

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from app.models.store import Store
    from tests.models.databases import Database, OpenStore

ENDS_WITHIN_S = 20  # on a busy machine; milliseconds on an idle one


@pytest.fixture
def make_apart(tmp_path: Path) -> Iterator[Callable[..., Apart]]:
    """Processes that read an empty database and end with the test."""
    made: list[Apart] = []

    def make(url: str = "", **bounds: Any) -> Apart:
        made.append(Apart(url or f"sqlite:///{tmp_path / 'empty.db'}", **bounds))
        return made[-1]

    yield make
    for apart in made:
        apart.stop()


@pytest.fixture
def apart(make_apart: Callable[..., Apart]) -> Apart:
    return make_apart()


@asynccontextmanager
async def busy(apart: Apart, folder: Path) -> AsyncIterator[asyncio.Task[Any]]:
    """It works at something until the block ends."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    asked = asyncio.create_task(apart.ask(questions.held_up, str(pipe)))
    writing = await asyncio.to_thread(os.open, pipe, os.O_WRONLY)  # once the process reads it
    try:
        yield asked
    finally:
        os.close(writing)


def has_ended(pid: int) -> bool:
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], ENDS_WITHIN_S)[0])
    finally:
        os.close(process)


async def test_it_reads_what_was_committed(store: Store) -> None:
    assert await store.reader.apart(questions.sessions) == 0
    await admit(store)
    assert await store.reader.apart(questions.sessions) == 1


async def test_it_cannot_write(store: Store) -> None:
    with pytest.raises(StorageUnavailable):
        await store.reader.apart(questions.written)


@pytest.mark.parametrize("answer", [b'{"ready":"json"}', b"", b"x" * 3_000_000, {"a": (1, None)}])
async def test_an_answer_comes_as_it_was_given(apart: Apart, answer: Any) -> None:
    assert await apart.ask(questions.said, answer) == answer


async def test_a_refusal_is_the_same_here(apart: Apart) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await apart.ask(questions.refused)
    here = refusal.value
    assert (here.detail, here.extra) == ("Nothing was stored.", {"missing": ["hr"]})
    assert (here.errors[0].loc, here.errors[0].code) == (("values", "hr"), "implausible")
    with pytest.raises(UnknownSession):
        await apart.ask(questions.unknown)


def test_every_refusal_can_come_from_another_process() -> None:
    kinds = [DomainError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        refusal = kind("what happened", missing=["hr"])
        back = pickle.loads(pickle.dumps(refusal))
        assert type(back) is kind
        assert vars(back) == vars(refusal)
    assert len(kinds) > 20


async def test_of_a_failure_only_the_name_is_told(apart: Apart) -> None:
    with pytest.raises(RuntimeError, match=r"^a read apart failed: ZeroDivisionError$"):
        await apart.ask(questions.failing)
    assert await apart.ask(questions.said, 1) == 1


async def test_a_database_that_is_gone_may_be_asked_again(
    make_apart: Callable[..., Apart], tmp_path: Path
) -> None:
    apart = make_apart(f"sqlite:///{tmp_path / 'nothing.db'}")
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            await apart.ask(questions.sessions)


async def test_a_server_that_cut_the_connection_is_read_again(
    postgres: Database, open_store: OpenStore
) -> None:
    store = open_store(postgres)
    assert await store.reader.apart(questions.sessions) == 0
    postgres.ask(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = ?",
        [make_url(postgres.url).database],
    )
    assert await store.reader.apart(questions.sessions) == 0


async def test_one_that_was_killed_is_started_anew(apart: Apart) -> None:
    first = (await apart.ask(questions.about))["pid"]
    assert first == apart.pid
    os.kill(first, signal.SIGKILL)
    assert has_ended(first)
    second = (await apart.ask(questions.about))["pid"]
    assert second not in (first, os.getpid())


async def test_one_that_dies_at_work_is_said_to_have_ended(apart: Apart) -> None:
    both = [apart.ask(questions.ended), apart.ask(questions.said, 1)]
    died, after = await asyncio.gather(*both, return_exceptions=True)
    assert isinstance(died, StorageUnavailable)
    assert after == 1


async def test_what_takes_too_long_is_given_up(
    apart: Apart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    before = (await apart.ask(questions.about))["pid"]
    endless = os.open(pipe, os.O_RDWR)  # which waits for nobody to come and read
    try:
        with monkeypatch.context() as hurried:
            hurried.setattr(apart, "_limit_s", 0.2)
            with pytest.raises(StorageUnavailable, match="took too long"):
                await apart.ask(questions.held_up, str(pipe))
        assert has_ended(before)
    finally:
        os.close(endless)
    assert await apart.ask(questions.said, 1) == 1


async def test_more_than_may_wait_are_told_to_come_again(
    make_apart: Callable[..., Apart], tmp_path: Path
) -> None:
    apart = make_apart(waiting=2)
    async with busy(apart, tmp_path) as asked:
        waiting = [asyncio.create_task(apart.ask(questions.said, n)) for n in range(2)]
        await asyncio.sleep(0)  # they are in the queue
        with pytest.raises(Busy):
            await apart.ask(questions.said, 3)
    assert await asked is None
    assert await asyncio.gather(*waiting) == [0, 1]


async def test_what_nobody_waits_for_is_not_begun(apart: Apart, tmp_path: Path) -> None:
    async with busy(apart, tmp_path):
        left = asyncio.create_task(apart.ask(questions.ended))
        await asyncio.sleep(0)  # it is in the queue
        left.cancel()
        with suppress(asyncio.CancelledError):
            await left
        before = apart.pid
    assert (await apart.ask(questions.about))["pid"] == before


async def test_who_still_waits_when_it_stops_is_told(apart: Apart, tmp_path: Path) -> None:
    async with busy(apart, tmp_path) as asked:
        waiting = asyncio.create_task(apart.ask(questions.said, 1))
        await asyncio.sleep(0)  # it is in the queue
        pid = apart.pid
        await asyncio.to_thread(apart.stop)
        told = await asyncio.gather(asked, waiting, return_exceptions=True)
    assert [type(one) for one in told] == [StorageUnavailable, StorageUnavailable]
    assert pid is not None
    assert has_ended(pid)
    with pytest.raises(Busy):
        await apart.ask(questions.said, 1)


def test_one_that_was_never_asked_stops(apart: Apart) -> None:
    apart.stop()
    apart.stop()


async def test_it_shares_nothing_with_the_server(apart: Apart, tmp_path: Path) -> None:
    with only_server(tmp_path), socket.create_server(("127.0.0.1", 0)):
        told = await apart.ask(questions.about)
    files = [name for name in told["open"] if name and not name.startswith("/proc")]
    ours = [name for name in files if name != os.devnull and "empty.db" not in name]
    assert [name.partition(":")[0] for name in ours] == ["socket"]  # the one to the server
    assert told["nice"] > os.getpriority(os.PRIO_PROCESS, 0)
    assert not told["main"]  # what the server was started with does not run again


async def test_a_signal_to_the_whole_group_is_for_the_server(apart: Apart) -> None:
    pid = (await apart.ask(questions.about))["pid"]
    for one in (signal.SIGINT, signal.SIGTERM):
        os.kill(pid, one)
    assert (await apart.ask(questions.about))["pid"] == pid


PARENT = """
import asyncio, sys
from app.models.apart import Apart
from tests.models import questions

async def main():
    apart = Apart(sys.argv[1])
    print((await apart.ask(questions.about))["pid"], flush=True)
    await apart.ask(questions.held_up, sys.argv[2])

asyncio.run(main())
"""


def test_it_ends_with_a_server_that_was_killed(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    command = [sys.executable, "-c", PARENT, url, str(pipe)]
    with subprocess.Popen(
        command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        pid = int(parent.stdout.readline())
        writing = os.open(pipe, os.O_WRONLY)  # it is at work
        parent.kill()
        assert has_ended(pid)
        os.close(writing)
        assert parent.stderr.read() == b""
