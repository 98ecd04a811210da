"""The real server as a process of its own, to be asked, killed and started again."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.as_clinic import AsClinic
from tests.support.forked import Forked, Running
from tests.support.people import Credentials, provision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

REPO = Path(__file__).resolve().parents[2]
GUARD = REPO / "tests" / "support" / "guard"
READY_S = 60  # a start takes 1-2 s; a loaded machine may need many times that
STOP_S = 60  # a clean stop takes well under a second
ASKED_S = 10  # of one question whether it is ready
LOG_TAIL = 8_000  # characters of the log that a failure shows
PORTS = range(20_000, 32_000)  # below those that the system hands out to outgoing connections
WORKERS_MOST = 8  # each takes ports of its own: one is free again from its choice to its first use
PROGRAM = (sys.executable, "-m", "app.cli")
SERVE = (*PROGRAM, "serve")

# Ours are told apart from what the person's own shell sets for the program.
_OWN_SETTINGS = ("INFUSION_", "DATABASE_URL")


class ServerFailed(AssertionError):
    """The server did not start, become ready or stop; the message ends with its log."""


class Server:
    """`infusion-monitor serve` on a free loopback port, with a data folder of its own.

    Before its first start the people, programs and the wall screen of `tests.support.people` are
    put into its database, unless `people=False`: then the database is left as it is. With `forked`
    it is no Python of its own that starts, but one that has loaded the program already.

    `kill()` is SIGKILL, `stop()` is SIGTERM and a wait; after either, `start()` goes on with the
    same port, data folder and database (`restart()` does both). All of it blocks: in a coroutine
    that must go on meanwhile, use `asyncio.to_thread`.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        database_url: str | None = None,
        env: Mapping[str, str] | None = None,
        args: Sequence[str] = (),
        command: Sequence[str] = SERVE,
        cwd: Path = REPO,
        people: bool = True,
        forked: bool = False,
    ) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log_path = data_dir.parent / f"{data_dir.name}-server-{self.port}.log"
        self._command = [*command, "--host", "127.0.0.1", "--port", str(self.port), *args]
        self._forked = forked
        self._env = program_env(data_dir, database_url=database_url, env=env)
        self._cwd = cwd
        self._people = people
        self._credentials: Credentials | None = None
        self._process: Running | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def live_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/live"

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def credentials(self) -> Credentials:
        """How to be somebody; from the first start on."""
        assert self._credentials is not None, "nobody was put into its database"
        return self._credentials

    def headers(self, role: str = "clinician") -> dict[str, str]:
        """For a request, or the opening of a socket (`additional_headers`)."""
        return self.credentials.headers(role)

    def auth(self, role: str = "clinician") -> AsClinic:
        """For a client of httpx2: each request goes as who would make it, most as `role`."""
        return AsClinic(self.credentials, role)

    def log(self) -> str:
        """What the server has printed since its first start."""
        if not self.log_path.exists():
            return ""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def start(self, *, ready_within_s: float = READY_S) -> None:
        """Start and return when /readyz answers 200."""
        assert not self.running, "the server is running already"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if self._people and self._credentials is None:
            self._credentials = provision(self._env.get("DATABASE_URL"), self.data_dir)
        self._process = self._started()
        self._wait_ready(time.monotonic() + ready_within_s)

    def kill(self) -> None:
        """End it without warning, as a power cut would."""
        process = self._running()
        process.kill()
        process.wait()

    def stop(self) -> int:
        """Ask it to end, and return its exit status."""
        process = self._running()
        process.terminate()
        try:
            return process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.clean_up()
            raise self._failed(f"did not stop within {STOP_S} s of SIGTERM") from None

    def restart(self, *, kill: bool = False) -> None:
        """Stop it, or kill it, and start it again on the same port and data."""
        if kill:
            self.kill()
        else:
            self.stop()
        self.start()

    def clean_up(self) -> None:
        """End it and whatever it started, if anything still runs."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()  # it may not have come to have a session of its own
        self._process.wait()

    def _started(self) -> Running:
        if self._forked:
            arguments = self._command[len(PROGRAM) :]
            return Forked(arguments, self._env, self._cwd, self.log_path)
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that what it starts can be ended with it
            )

    def _running(self) -> Running:
        assert self._process is not None, "the server was never started"
        assert self._process.poll() is None, "the server has ended"
        return self._process

    def _wait_ready(self, deadline: float) -> None:
        process = self._running()
        last: str | None = None
        while time.monotonic() < deadline:
            if (status := process.poll()) is not None:
                raise self._failed(f"ended with status {status} before it was ready")
            try:
                last = self._asked_whether_ready()
            except OSError as error:
                last = str(error)
            if last is None:
                return
            time.sleep(0.05)
        self.clean_up()
        raise self._failed(f"was not ready in time, /readyz: {last}")

    def _asked_whether_ready(self) -> str | None:
        """What it said, if it is not."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=ASKED_S):
                return None
        except urllib.error.HTTPError as answer:
            with answer:
                return f"{answer.code} {answer.read(500)!r}"

    def _failed(self, what: str) -> ServerFailed:
        return ServerFailed(f"The server {what}. Its log:\n{self.log()[-LOG_TAIL:]}")


def program_env(
    data_dir: Path, *, database_url: str | None = None, env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment of one run of the program: its own data, no network, no other settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_OWN_SETTINGS)}
    proxies = {k for k in kept if k.lower().endswith("_proxy")}
    made = {k: v for k, v in kept.items() if k not in proxies}
    made |= {"INFUSION_DATA_DIR": str(data_dir), "PYTHONPATH": str(GUARD), "PYTHONUNBUFFERED": "1"}
    if database_url is not None:
        made["DATABASE_URL"] = database_url
    return made | dict(env or {})


@cache
def _ports() -> Iterator[int]:
    """Those of this worker of pytest-xdist (gw0, gw1, ...), each once, in an order of their own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    mine = list(PORTS[worker % WORKERS_MOST :: WORKERS_MOST])
    random.shuffle(mine)
    return iter(mine)


def free_port() -> int:
    """A loopback port on which nothing listens, and that no test of this run was given before."""
    for port in _ports():
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free loopback port was found")
