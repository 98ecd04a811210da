"""Several serving processes behind one address, and a parent that keeps them.

The parent binds the address and hands the socket to each: what comes while one of them is gone, or
stopped, the others take, and what waits in the queue of the socket is not lost with any of them.
(Sockets of their own on one port, SO_REUSEPORT, would share connections a little more evenly; but
each has a queue that dies, or waits, with its process.)
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import structlog

from app.clock import monotonic_s

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

READY: Final = b"ready"
AGAIN_FIRST_S: Final = 0.5  # before a process that ended is started again, doubling
AGAIN_LONGEST_S: Final = 30.0  # one that cannot live must not eat the machine
STEADY_S: Final = 60.0  # after so long a process counts as well: the next wait is short again
STOP_S: Final = 15.0  # to finish requests and write what waits; a process is ended then

log = structlog.get_logger(__name__)


class NotStarted(Exception):
    """A process ended before it was ready, having said why; `status` is what it ended with."""

    def __init__(self, status: int) -> None:
        super().__init__(f"a process ended with status {status} before it was ready")
        self.status = status


def bind(host: str, port: int) -> socket.socket:
    """The address, not listening yet; raises OSError if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def keep(
    command: Sequence[str], count: int, bound: socket.socket, on_ready: Callable[[], None]
) -> None:
    """Runs `command` so many times, with the numbers of the socket and of a link to the parent as
    its last two arguments, until SIGTERM or SIGINT. `on_ready` is called once all answer.

    Raises NotStarted if one does not begin.
    """
    asyncio.run(_Parent(command, count, bound, on_ready).run())


def tell_ready(link: socket.socket) -> None:
    """In a child: it answers."""
    link.sendall(READY)


def end_with_parent(link: socket.socket) -> None:
    """In a child: ends it as SIGTERM does once the parent is gone, however it went."""

    def watch() -> None:
        with suppress(OSError):
            link.recv(1)  # the parent says nothing: this is its end
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


class _Parent:
    def __init__(
        self,
        command: Sequence[str],
        count: int,
        bound: socket.socket,
        on_ready: Callable[[], None],
    ) -> None:
        self._command = command
        self._count = count
        self._bound = bound
        self._on_ready = on_ready
        self._answering = 0
        self._begun = False
        self._stop = asyncio.Event()
        self._running: set[asyncio.subprocess.Process] = set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for asked in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(asked, self._stop.set)
        stopped = asyncio.create_task(self._stop.wait())
        kept = [asyncio.create_task(self._keep_one()) for _ in range(self._count)]
        await asyncio.wait([stopped, *kept], return_when=asyncio.FIRST_COMPLETED)
        self._stop.set()
        await self._end_all()
        ended = await asyncio.gather(*kept, return_exceptions=True)
        stopped.cancel()
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _keep_one(self) -> None:
        wait_s = AGAIN_FIRST_S
        while not self._stop.is_set():
            began = monotonic_s()
            status = await self._run_one()
            if self._stop.is_set():
                return
            if not self._begun and status > 0:
                raise NotStarted(status)
            if monotonic_s() - began > STEADY_S:
                wait_s = AGAIN_FIRST_S
            log.error("a serving process ended; starting it again", status=status, wait_s=wait_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._stop.wait()
            wait_s = min(2 * wait_s, AGAIN_LONGEST_S)

    async def _run_one(self) -> int:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                numbers = (self._bound.fileno(), theirs.fileno())
                process = await asyncio.create_subprocess_exec(
                    *self._command, *map(str, numbers), pass_fds=numbers
                )
            self._running.add(process)
            if self._stop.is_set():  # it was asked for while this one was being made
                process.terminate()
            ours.setblocking(False)
            answers = await self._said_ready(ours)
            if answers and self._answering == self._count and not self._begun:
                self._begun = True
                self._on_ready()
            status = await process.wait()
        self._running.discard(process)
        self._answering -= answers
        return status

    async def _said_ready(self, link: socket.socket) -> bool:
        """False: it ended before."""
        with suppress(ConnectionError):
            if await asyncio.get_running_loop().sock_recv(link, len(READY)) == READY:
                self._answering += 1
                return True
        return False

    async def _end_all(self) -> None:
        """SIGTERM, which a second Ctrl-C of the terminal does not turn into haste."""
        running = list(self._running)
        for process in running:
            with suppress(ProcessLookupError):
                process.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                await asyncio.gather(*(process.wait() for process in running))
        for process in running:
            if process.returncode is None:
                log.error("a serving process did not end; it is killed", pid=process.pid)
                with suppress(ProcessLookupError):
                    process.kill()
