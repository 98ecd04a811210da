"""Servers that need not load the program again: forked from a process that has loaded it.

To load the program takes most of a start, and the tests start hundreds of servers. What is forked
runs the same command line, in a session of its own, with its own folder, environment and log. The
tests of starting itself (durability, installation, several processes) start the true command.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LOADED: Final = ("tests.support.guard.sitecustomize", "app.cli", "app.main", __name__)
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(list(LOADED))


class Running(Protocol):
    """What is asked of a server's process; both ours and `subprocess.Popen` are one."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def kill(self) -> None: ...
    def terminate(self) -> None: ...


class Forked:
    """`infusion-monitor` with these arguments; both of its outputs go to the end of `log`."""

    def __init__(
        self, arguments: Sequence[str], env: Mapping[str, str], cwd: Path, log: Path
    ) -> None:
        # A daemon: where pytest ends without ending it, it is ended rather than waited for.
        self._process = _forking.Process(
            target=_run, args=(tuple(arguments), dict(env), str(cwd), str(log)), daemon=True
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if (status := self._process.exitcode) is None:
            raise subprocess.TimeoutExpired("a forked server", timeout or 0.0)
        return status

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def _run(arguments: Sequence[str], env: Mapping[str, str], cwd: str, log: str) -> None:
    """In the process that was forked: what a shell would have prepared, then the command line."""
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # both are of text
    os.close(output)
    sys.argv = ["infusion-monitor", *arguments]
    from app.cli import main  # not above: the tests themselves load no command line

    main()
