"""Servers and helpers as processes of their own, which end with this one whatever happens to it."""

from __future__ import annotations

import ctypes
import http.client
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from bench import machine
from tests.support.people import provision
from tests.support.server import REPO, SERVE, free_port, program_env

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

READY_S: Final = 30.0  # a start takes 1-2 s
STOP_S: Final = 10.0  # a clean stop takes well under a second
PR_SET_PDEATHSIG: Final = 1
ENDINGS: Final = (signal.SIGINT, signal.SIGTERM)
OURS: Final = {  # all that is measured comes from one address
    "INFUSION_LOG_LEVEL": "warning",
    "INFUSION_MAX_CONNECTIONS": "10000",
    "INFUSION_MAX_SOCKETS_PER_ADDRESS": "10000",
    "INFUSION_TRAINING": "true",  # what is measured is simulated, and stands on the board
}
T = TypeVar("T")
PYTHON: Final = sys.executable
QUIET: Final = ("--no-access-log", "--log-level", "warning")
_libc: Final = ctypes.CDLL(None)


class Failed(Exception):
    """A process did not do what it was started for; the message holds the end of its log."""


@contextmanager
def process(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    core: set[int] | None,
    log: Path,
    piped: bool = False,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[str]]:
    """Runs in a group of its own, which is ended at the end; and the process with this one."""
    parent = os.getpid()

    # What ends this program waits while it starts another: raised amid a fork it would be lost.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before that was said
            os._exit(1)
        if core:
            os.sched_setaffinity(0, core)

    pipe = subprocess.PIPE if piped else None
    options: dict[str, Any] = {"cwd": REPO}
    if user is not None:
        options = {"cwd": "/", "user": user, "group": user, "extra_groups": []}
    try:
        with log.open("ab") as said:
            child = subprocess.Popen(
                command, env=dict(env), text=True, start_new_session=True, preexec_fn=prepare,
                stdin=pipe or subprocess.DEVNULL, stdout=pipe or said, stderr=said,
                **options,
            )  # fmt: skip
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            yield child
        finally:
            _end(child, stop)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(child: subprocess.Popen[str], stop: signal.Signals) -> None:
    if child.poll() is None:
        child.send_signal(stop)
        with suppress(subprocess.TimeoutExpired):
            child.wait(STOP_S)
    with suppress(ProcessLookupError):  # its group has the number of its first process
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers, with all the processes that it has started."""

    name: str
    port: int
    group: int
    log: Path
    data_dir: Path
    nurse: str = ""
    """A token of somebody who may see and do all that is measured; a reference asks for none."""
    device: str = ""

    def cpu_s(self) -> float:
        return machine.group_cpu_s(self.group)

    def rss_kb(self) -> int:
        return machine.group_rss_kb(self.group)


@contextmanager
def ours(
    folder: Path,
    *,
    database_url: str | None = None,
    args: Sequence[str] = (),
    pinned: bool = True,
    data: str = "data",
) -> Iterator[Served]:
    """`infusion-monitor serve` as it is installed."""
    env = program_env(folder / data, database_url=database_url, env=OURS)
    who = provision(database_url, folder / data)
    port = free_port()
    command = (*SERVE, "--host", "127.0.0.1", "--port", str(port), *args)
    with _served("ours", command, env, folder, port, "/readyz", pinned, folder / data) as server:
        yield replace(server, nurse=who.token("clinician"), device=who.token("device"))


@contextmanager
def reference(
    name: str,
    folder: Path,
    *,
    database_url: str = "",
    args: Sequence[str] = (),
    pinned: bool = True,
) -> Iterator[Served]:
    """One of `bench.references` under uvicorn as it comes; only its logs are off."""
    env = program_env(folder, env={"BENCH_DATABASE_URL": database_url})
    env["PYTHONPATH"] = str(REPO)
    port = free_port()
    app = f"bench.references.{name}:app"
    command = (PYTHON, "-m", "uvicorn", app, "--port", str(port), *QUIET, *args)
    with _served(name, command, env, folder, port, "/livez", pinned, folder) as server:
        yield server


@contextmanager
def _served(
    name: str,
    command: Sequence[str],
    env: Mapping[str, str],
    folder: Path,
    port: int,
    path: str,
    pinned: bool,
    data_dir: Path,
) -> Iterator[Served]:
    log = folder / f"{name}-{port}.log"
    core = machine.server_core() if pinned else None
    with process(command, env=env, core=core, log=log) as child:
        _wait_ready(child, port, path, log)
        yield Served(name, port, child.pid, log, data_dir)


def _wait_ready(child: subprocess.Popen[str], port: int, path: str, log: Path) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if child.poll() is not None:
            raise Failed(f"ended with status {child.returncode}:\n{log.read_text()[-4000:]}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", path)
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise Failed(f"was not ready within {READY_S:.0f} s:\n{log.read_text()[-4000:]}")


class Helper:
    """A process that is told what to do in one line, and answers in one.

    What needs threads or an event loop is done by one: this program itself may be interrupted at
    any moment, and a lock that is just being taken would never be given back.
    """

    def __init__(self, child: subprocess.Popen[str], module: str, log: Path) -> None:
        self._child = child
        self._module = module
        self._log = log

    def asked(self, what: object, answer: type[T], within_s: float) -> T:
        self.say(msgspec.json.encode(what).decode())
        return msgspec.json.decode(self.hear(within_s), type=answer)

    def say(self, text: str) -> None:
        stdin = self._child.stdin
        assert stdin is not None
        stdin.write(text + "\n")
        stdin.flush()

    def hear(self, within_s: float) -> str:
        stdout = self._child.stdout
        assert stdout is not None
        if not _readable(stdout, within_s) or not (text := stdout.readline()):
            raise Failed(f"{self._module} said nothing:\n{self._log.read_text()[-4000:]}")
        return text


@contextmanager
def helper(module: str, folder: Path, *, core: set[int] | None = None) -> Iterator[Helper]:
    """`python -m module`, on the cores of the load unless told otherwise."""
    env = program_env(folder)
    env["PYTHONPATH"] = str(REPO)
    del env["PYTHONUNBUFFERED"]  # an answer is longer than a pipe takes at once
    log = folder / f"{module}.log"
    where = machine.load_cores() if core is None else core
    with process((PYTHON, "-m", module), env=env, core=where, log=log, piped=True) as child:
        yield Helper(child, module, log)


def _readable(stream: IO[str], within_s: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        return bool(selector.select(within_s))
