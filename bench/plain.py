"""A Chromium as people have it: nothing of its debugger is switched on while a page opens.

With Playwright it is, and then each error that a script throws and catches by itself makes the
browser read all of the script around it once more: half a second of Plotly's, which nobody has
whose browser is not being driven.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bench.screens.page import PATIENCE_MS, SIZE
from tests.support.browser import ARGS
from tests.support.machine import NO_CHROMIUM, find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from websockets.sync.client import ClientConnection

LOOK_S: Final = 0.1  # between two questions whether it is drawn; the page's own clock says when
SETTLE_S: Final = 2.0  # for what a browser keeps of a page: written when it has time
END_S: Final = 10.0
MARK: Final = "(performance.getEntriesByName('figure-drawn')[0] ?? {startTime: 0}).startTime"


class Plain:
    """A running browser, spoken to only between pages and for a page's own marks."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._said = 0

    def sign_in(self, cookie: Mapping[str, Any]) -> None:
        self.ask("Storage.setCookies", cookies=[cookie])

    def opened(self, url: str) -> float:
        """In a tab of its own: ms from asking for the address to the figure that is drawn."""
        tab = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=tab, flatten=True)
        session: str = attached["sessionId"]
        self.ask("Page.navigate", session, url=url)
        took = self._drawn(session)
        time.sleep(SETTLE_S)
        self.ask("Target.closeTarget", targetId=tab)
        return took

    def _drawn(self, session: str) -> float:
        until = time.monotonic() + PATIENCE_MS / 1_000
        while time.monotonic() < until:
            time.sleep(LOOK_S)
            told = self.ask("Runtime.evaluate", session, expression=MARK)["result"]
            if told.get("value"):
                return float(told["value"])
        raise TimeoutError("the figure was not drawn")

    def ask(self, method: str, session: str | None = None, **given: Any) -> dict[str, Any]:
        self._said += 1
        asked: dict[str, Any] = {"id": self._said, "method": method, "params": given}
        if session is not None:
            asked["sessionId"] = session
        self._line.send(msgspec.json.encode(asked).decode())
        while True:
            told = msgspec.json.decode(self._line.recv(PATIENCE_MS / 1_000))
            if told.get("id") == self._said:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                result: dict[str, Any] = told["result"]
                return result


@contextmanager
def plain(profile: Path) -> Iterator[Plain]:
    """With what is kept in the folder `profile`, and ended in order, so that it is kept."""
    path = find_chromium() or sys.exit(NO_CHROMIUM)
    command = [
        str(path), *ARGS, "--headless=new", "--remote-debugging-port=0",
        f"--user-data-dir={profile}", f"--window-size={SIZE['width']},{SIZE['height']}",
        "about:blank",
    ]  # fmt: skip
    with ExitStack() as stack:
        log = stack.enter_context((profile.parent / f"{profile.name}.log").open("w+"))
        child = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL)
        stack.callback(_end, child)
        line = stack.enter_context(connect(_address(log), max_size=None, compression=None))
        browser = Plain(line)
        yield browser
        with suppress(ConnectionClosed):
            browser.ask("Browser.close")


def _address(log: IO[str]) -> str:
    until = time.monotonic() + PATIENCE_MS / 1_000
    while time.monotonic() < until:
        log.seek(0)
        for said in log:
            if "listening on ws" in said and said.endswith("\n"):
                return said.split()[-1]
        time.sleep(LOOK_S)
    raise TimeoutError("the browser did not say where it listens")


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(subprocess.TimeoutExpired):
        child.wait(END_S)
    if child.poll() is None:
        child.kill()
        child.wait()
