"""One server for all tests of a file that may share it, and rooms in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import RUNNING
from tests.e2e.api import asking
from tests.support.pages import SET
from tests.support.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clinic:
    """A server whose rooms are taken one after the other: what stands in one test's room is not
    in another's.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self._rooms = 0

    @property
    def url(self) -> str:
        return self.server.url

    def page_of(self, session: str) -> str:
        return f"{self.url}/session/{session}"

    def room(self) -> str:
        """The name of a free one."""
        self._rooms += 1
        return f"Room {self._rooms}"

    def infusing(self, **values: float) -> str:
        """A session that is infusing and has one full set, typed; its id."""
        return self._infusing(self.room(), values)

    def simulated(self, station: str, **values: float) -> str:
        """As `infusing`, of nobody: simulated, at a station of that name."""
        return self._infusing(station, values, simulated=True)

    def _infusing(self, station: str, values: dict[str, float], **session: Any) -> str:
        with asking(self.url) as api:
            made = api.infusing(station, **session)
        self.read(made, **{**SET, **values})
        return made

    def read(self, session: str, **values: float) -> dict[str, Any]:
        """A reading typed by a clinician."""
        with asking(self.url) as api:
            said: dict[str, Any] = api.post(
                f"/api/sessions/{session}/readings", {"values": values, "confirmed": True}
            )
        return said

    def events(self, session: str, kind: str = "") -> list[dict[str, Any]]:
        with asking(self.url) as api:
            return [event for event in api.events(session) if event["kind"].startswith(kind)]

    def state(self, session: str) -> dict[str, Any]:
        with asking(self.url) as api:
            state: dict[str, Any] = api.get(f"/api/sessions/{session}")
        return state


@pytest.fixture(scope="module")
def clinic(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Clinic]:
    """A real server for all tests of the file."""
    running = request.config.stash[RUNNING]
    server = Server(tmp_path_factory.mktemp("clinic") / "data", forked=True)
    running.append(server)
    server.start()
    yield Clinic(server)
    server.clean_up()
    running.remove(server)
