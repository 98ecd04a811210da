"""Asking the server from a test, over its public API."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import httpx2

from tests.support.as_clinic import AsClinic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


WAITED_S: Final = 30  # what is written a second or two later, on a busy machine
AGAIN_S: Final = 0.1
NOBODY: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""No certificate is believed, and none is asked for: to read the machine's takes 20 ms a client."""


class Api:
    """The server's API; an answer of 400 or more fails the test with the problem."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def get(self, path: str, **params: Any) -> Any:
        return self._checked(self._client.get(path, params=params))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._checked(self._client.post(path, json=body))

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self._checked(self._client.put(path, json=body))

    def everything(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """All pages of a list."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            page = self.get(path, limit=200, **params, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    def events(self, session_id: str) -> list[dict[str, Any]]:
        """The whole log of a session."""
        log: list[dict[str, Any]] = []
        while True:
            after = log[-1]["seq"] if log else 0
            page = self.get(f"/api/sessions/{session_id}/events", after=after, limit=200)["items"]
            if not page:
                return log
            log += page

    def infusing(self, station: str, **session: Any) -> str:
        """A session at `station` that is infusing, of a patient of its kind; its id."""
        number = len(self.everything("/api/patients")) + 1
        who: dict[str, Any] = {"code": f"T-{number:04d}", "initials": "T.T."}
        if session.get("simulated"):
            who["simulated"] = True
        patient = self.post("/api/patients", who)
        body = {
            "patient_id": patient["id"],
            "station": station,
            "protocol": "ketamine_adult",
            "weight_kg": 70,
            "dose_mg_per_kg": 0.5,
            "planned_minutes": 40,
            **session,
        }
        id = str(self.post("/api/sessions", body)["id"])
        for to in ("checked_in", "baseline", "ready", "infusing"):
            self.post(f"/api/sessions/{id}/phase", {"to": to, "override_reason": "test"})
        return id

    @staticmethod
    def _checked(answer: httpx2.Response) -> Any:
        assert answer.status_code < 400, f"{answer.request.url}: {answer.text}"
        return answer.json()


@contextmanager
def asking(url: str) -> Iterator[Api]:
    with httpx2.Client(auth=AsClinic(), base_url=url, timeout=30, verify=NOBODY) as client:
        yield Api(client)


async def until(
    url: str, path: str, so: Callable[[Any], object], role: str = "clinician", **params: Any
) -> None:
    """Returns once the answer is so, of what the server writes beside its answers."""
    client = httpx2.AsyncClient(auth=AsClinic(role=role), base_url=url, timeout=30, verify=NOBODY)
    said: Any = None

    async def answer() -> Any:
        nonlocal said
        said = Api._checked(await client.get(path, params=params))
        return said

    try:
        async with client, asyncio.timeout(WAITED_S):
            while not so(await answer()):  # noqa: ASYNC110  # nothing tells of it
                await asyncio.sleep(AGAIN_S)
    except TimeoutError:
        raise AssertionError(f"{path} still says {said}") from None


def seconds(later: str, earlier: str) -> float:
    """Seconds between two moments of the API."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
