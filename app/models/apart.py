"""Heavy reads in a process of their own, so that the interpreter of the server stays free for what
comes in and goes out.

A timeline takes ten milliseconds of work; in a thread beside the event loop it made everything else
wait five to nine times as long. The process is a program of its own rather than one of
multiprocessing's: those run the parent's main module again, leave a second helper behind, and a
pool cannot end one task that takes too long.

The process ends with its server, however that ends: it holds the other end of a socket pair.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from app.errors import Busy, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

WAITING: Final = 50  # some two seconds of timelines; who comes later comes again
LIMIT_S: Final = 30.0  # the slowest, the alarm load of years, takes a few
BUFFER_BYTES: Final = 1024 * 1024  # a timeline goes over in few pieces
PACKAGES: Final = Path(__file__).resolve().parents[2]  # the child runs the same code as we
PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from app.models.apart_process import main; main(int(sys.argv[2]))"
)

TOO_LONG: Final = "This took too long and was given up; nothing was changed. Ask for less at once."
ENDED: Final = "The process that reads has ended; nothing was changed. Try again in a moment."
MANY: Final = "Others are reading already. Ask again in a moment."


@dataclass(frozen=True, slots=True)
class _Request:
    question: bytes
    answer: Future[Any]


class Apart:
    """Runs functions of a read-only connection in a process of its own, one after another.

    The process is started by `warm` or by the first question, and anew after it has died or was
    ended because an answer took longer than `limit_s`.
    """

    def __init__(self, url: str, *, waiting: int = WAITING, limit_s: float = LIMIT_S) -> None:
        self._url = url
        self._waiting = waiting
        self._limit_s = limit_s
        self._requests: SimpleQueue[_Request | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._child: _Child | None = None
        self._guard = threading.Lock()  # of the two above, and of `_stopping`
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """Of the process that reads, None while there is none."""
        child = self._child
        return None if child is None else child.process.pid

    def warm(self) -> None:
        """Starts the process in the background, so that the first question need not wait for it."""
        with self._guard:
            if self._thread is None and not self._stopping:
                # A daemon: it never keeps the server from ending, and the process ends with it.
                self._thread = threading.Thread(target=self._work, name="apart", daemon=True)
                self._thread.start()

    async def ask(self, function: Callable[..., Any], *args: Any) -> Any:
        """What `function(db, *args)` answers; raises the DomainErrors that it raises.

        Raises Busy if too many wait already, StorageUnavailable if the database or the process is
        gone or an answer takes too long. What nobody waits for any more is not begun.
        """
        question = pickle.dumps((function, args))
        if self._stopping or self._requests.qsize() >= self._waiting:
            raise Busy(MANY)
        self.warm()
        answer: Future[Any] = Future()
        self._requests.put(_Request(question, answer))
        if self._stopping and answer.cancel():  # it came behind the last that was looked at
            raise StorageUnavailable(ENDED)
        return await asyncio.wrap_future(answer)

    def stop(self) -> None:
        """Ends the process; who still waits is told StorageUnavailable."""
        with self._guard:
            self._stopping = True
            if self._child is not None:
                self._child.end()
        self._requests.put(None)
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with suppress(StorageUnavailable):  # the first question tries again
            self._process()
        while (request := self._requests.get()) is not None:
            if not request.answer.set_running_or_notify_cancel():
                continue
            try:
                answer = self._process().ask(request.question, self._limit_s)
            except Exception as error:  # whatever it was: the next question must be answered
                request.answer.set_exception(error)
            else:
                request.answer.set_result(answer)

    def _process(self) -> _Child:
        """The one that lives, or a new one; raises StorageUnavailable once we are told to stop."""
        with self._guard:
            if self._stopping:
                raise StorageUnavailable(ENDED)
            if self._child is None or not self._child.lives:
                try:
                    self._child = _Child(self._url)
                except OSError as error:  # no memory, or no room for another process
                    log.error("no process to read in (%s)", type(error).__name__)
                    raise StorageUnavailable(ENDED) from error
            return self._child


class _Child:
    """The process and our end of the socket pair to it."""

    def __init__(self, url: str) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            for end in (ours, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", PROGRAM, str(PACKAGES), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],  # and nothing else: no lock, no listening socket
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a trace may hold what is about patients
            )
            self._pipe = Pipe(ours.detach())
        with suppress(OSError):  # it died at once: who asks is told
            self._pipe.send_bytes(url.encode())  # not as an argument: others could read it

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def ask(self, question: bytes, limit_s: float) -> Any:
        """What the function answered; raises what it raised."""
        try:
            self._pipe.send_bytes(question)
            if not self._pipe.poll(limit_s):
                self.end()
                log.error("a read took more than %g s and was given up", limit_s)
                raise StorageUnavailable(TOO_LONG)
            kind, content = self._pipe.recv_bytes(), self._pipe.recv_bytes()
        except (EOFError, OSError) as error:
            self.end()
            raise StorageUnavailable(ENDED) from error
        return _answer(kind, content)

    def end(self) -> None:
        """Its answer, if it was at one, will not come."""
        self.process.kill()
        self.process.wait()


def _answer(kind: bytes, content: bytes) -> Any:
    match kind:
        case b"bytes":
            return content
        case b"value":
            return pickle.loads(content)
        case b"refused":
            raise pickle.loads(content)
        case b"unreadable":
            raise StorageUnavailable(content.decode())
        case _:
            raise RuntimeError(f"a read apart failed: {content.decode()}")
