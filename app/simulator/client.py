"""The way to the monitor: its public HTTP API, with retries that can never record a thing twice.

Every POST carries an `id` before it first leaves; an attempt that got no answer, or a 503, is made
again with the very same body, so that the server knows it if it had stored it after all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2

from app.clock import monotonic_s

Json = dict[str, Any]
Sleep = Callable[[float], Awaitable[object]]

BATCH = 200  # readings a request: about 40 kB, a few milliseconds of the server's time
EVENTS = 1_000  # of a log a request: the most that the server gives
TIMEOUT_S = 30.0  # a full batch behind a busy writer; longer means that nobody is there
RETRY_STATUS = frozenset((429, 502, 503, 504))  # the server's or a proxy's "not now"
MOST_ASKED_S = 60.0  # a longer Retry-After is not believed
OK_STATUS = frozenset((200, 201))
UNHEARD = httpx2.Timeout(TIMEOUT_S, read=1e-6)  # too short for any answer


class SimulatorError(Exception):
    """What stops a script, in one sentence for people."""


class Unreachable(SimulatorError):
    """The server did not answer for as long as was agreed."""


HOW_TO_BE_LET_IN = (
    "a script needs a token: make one with `infusion-monitor token create NAME --role simulator`"
    " and give it as --token or in INFUSION_TOKEN"
)
NOT_LET_IN = frozenset({"not_signed_in", "not_allowed", "not_bound", "simulated_mismatch"})


class Refused(SimulatorError):
    """The server understood and said no: the problem's status, code, sentence and fields."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", f"http_{status}"))
        self.problem = problem
        detail = str(problem.get("detail") or problem.get("title") or "no explanation")
        fields = [
            f"{'.'.join(str(part) for part in error.get('loc', ()))}: {error.get('msg', '')}"
            for error in problem.get("errors", ())
        ]
        missing = problem.get("missing") or ()
        if missing:
            fields.append("missing: " + ", ".join(str(item) for item in missing))
        if self.code in NOT_LET_IN:
            fields.append(HOW_TO_BE_LET_IN)
        super().__init__(" · ".join([f"{self.code} ({status}): {detail}", *fields]))


@dataclass(frozen=True, slots=True)
class Retry:
    """Delays double from `first_s` to `most_s`; `patience_s` of None means for ever.

    `contact_s`, if not None, is for all tries together until the server's very first answer.
    """

    first_s: float = 0.2
    most_s: float = 5.0
    patience_s: float | None = 60.0
    contact_s: float | None = None


@dataclass(slots=True)
class Contact:
    """Whether the server has ever answered: from then on an outage is a restart."""

    made: bool = False


class Tries:
    """The tries of one request: how long it may go on, and the pauses between them."""

    def __init__(
        self,
        url: str,
        contact: Contact,
        retry: Retry,
        sleep: Sleep,
        on_wait: Callable[[str | None], None],
    ) -> None:
        self._url = url
        self._contact = contact
        self._retry = retry
        self._sleep = sleep
        self._on_wait = on_wait
        self._delay = retry.first_s
        self._waited = self._tried = 0.0

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """One try. Raises TimeoutError when the time for a first answer is over."""
        began_s = monotonic_s()
        try:
            async with asyncio.timeout(self._contact_left_s()):
                yield
        finally:
            self._tried += monotonic_s() - began_s

    def heard(self) -> None:
        """There is a server, whatever it says."""
        self._contact.made = True

    def answered(self) -> None:
        """No more waiting."""
        self._contact.made = True
        self._on_wait(None)

    async def again(self, why: str, asked_s: float = 0.0) -> None:
        """Returns when it is time for the next try; raises Unreachable when there is none."""
        pause = max(self._delay, min(asked_s, MOST_ASKED_S))
        left_s = self._contact_left_s()
        if left_s is not None and pause >= left_s:
            raise Unreachable(
                f"no monitor answers at {self._url}: start it with `infusion-monitor serve` or"
                " `infusion-monitor demo`, or give the address it has with --url"
            )
        if self._retry.patience_s is not None and self._waited + pause > self._retry.patience_s:
            raise Unreachable(f"{self._url} gives {why} for {self._waited:.0f} s; is it running?")
        self._on_wait(why)
        await self._sleep(pause)
        self._waited += pause
        self._delay = min(self._delay * 2.0, self._retry.most_s)

    def _contact_left_s(self) -> float | None:
        """Seconds left for a first answer; None once there was one, or without such a limit."""
        if self._contact.made or self._retry.contact_s is None:
            return None
        return self._retry.contact_s - self._waited - self._tried


def problem_of(response: httpx2.Response) -> Json:
    """The problem in an answer, or one made from whatever came instead."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    return {"code": f"http_{response.status_code}", "detail": response.text[:200]}


def retry_after_s(response: httpx2.Response) -> float:
    """Seconds the server asks for; 0 when it says nothing that can be read."""
    try:
        return max(0.0, float(response.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0


def _object(response: httpx2.Response) -> Json:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise SimulatorError(f"{response.url} does not speak the monitor's API")
    return body


class Api:
    """One client of one server; `on_wait` is told why it waits, and with None when it goes on."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        retry: Retry | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Sleep = asyncio.sleep,
        on_wait: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.url = url.rstrip("/")
        self.headers = headers
        self._retry = retry or Retry()
        self._sleep = sleep
        self.on_wait = on_wait
        self._contact = Contact()
        self._http = httpx2.AsyncClient(
            base_url=self.url, headers=headers, timeout=TIMEOUT_S, transport=transport
        )

    async def __aenter__(self) -> Api:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, path: str, **params: str | int) -> Json:
        return await self._ask("GET", path, params=params)

    async def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """The body's `id` is made here if it has none: once, before the first attempt."""
        sent = body if "id" in body or "readings" in body else {"id": str(uuid4()), **body}
        return await self._ask("POST", path, json=sent)

    async def put(self, path: str, body: Mapping[str, Any]) -> Json:
        return await self._ask("PUT", path, json=body)

    async def everything(self, path: str, **params: str | int) -> list[Json]:
        """All items of a list, page by page."""
        page = await self.get(path, limit=200, **params)
        items: list[Json] = list(page["items"])
        while page.get("next_cursor"):
            page = await self.get(path, limit=200, cursor=page["next_cursor"], **params)
            items.extend(page["items"])
        return items

    async def session(self, session_id: str) -> Json:
        return await self.get(f"/api/sessions/{session_id}")

    async def phase(self, session_id: str, body: Mapping[str, Any]) -> Json:
        return await self.post(f"/api/sessions/{session_id}/phase", body)

    async def clock(self, session_id: str, body: Mapping[str, Any]) -> Json:
        return await self.post(f"/api/sessions/{session_id}/clock", body)

    async def events(self, session_id: str, after: int) -> list[Json]:
        """What the session's log has beyond this seq, in order."""
        path = f"/api/sessions/{session_id}/events"
        events: list[Json] = []
        while True:
            page = (await self.get(path, after=after, limit=EVENTS))["items"]
            events.extend(page)
            if len(page) < EVENTS:
                return events
            after = int(page[-1]["seq"])

    async def readings(self, session_id: str, readings: Sequence[Json]) -> list[Json]:
        """Each reading's answer, in order: `{"status", "reading"}` or `{"status", "problem"}`."""
        answers: list[Json] = []
        for first in range(0, len(readings), BATCH):
            batch = list(readings[first : first + BATCH])
            answer = await self.post(f"/api/sessions/{session_id}/readings", {"readings": batch})
            items = answer["items"]
            if len(items) != len(batch):
                raise SimulatorError(f"{len(batch)} readings sent, {len(items)} answered")
            for reading, item in zip(batch, items, strict=True):
                answers.append(await self._settled(session_id, reading, item))
        return answers

    async def _settled(self, session_id: str, reading: Json, item: Json) -> Json:
        """The answer to one of a batch; after a "not now" that reading is sent again."""
        if item["status"] not in RETRY_STATUS:
            return item
        answer = await self.post(f"/api/sessions/{session_id}/readings", {"readings": [reading]})
        again: Json = answer["items"][0]
        return again

    async def unheard(self, path: str, body: Mapping[str, Any]) -> None:
        """Sent, and the connection closed before an answer is read."""
        with contextlib.suppress(httpx2.TransportError):
            await self._http.post(path, json=body, timeout=UNHEARD)

    def tries(self) -> Tries:
        """For one thing that is to be sent until it is answered."""
        return Tries(self.url, self._contact, self._retry, self._sleep, self.on_wait)

    async def _ask(self, method: str, path: str, **how: Any) -> Json:
        tries = self.tries()
        while True:
            asked_s = 0.0
            try:
                async with tries.one():
                    response = await self._http.request(method, path, **how)
            except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
                raise SimulatorError(f"{self.url} is not an address: {error}") from error
            except (httpx2.TransportError, TimeoutError) as error:
                why = f"no answer ({type(error).__name__})"
            else:
                tries.heard()
                if response.status_code in OK_STATUS:
                    tries.answered()
                    return _object(response)
                if response.status_code not in RETRY_STATUS:
                    raise Refused(response.status_code, problem_of(response))
                why = str(problem_of(response).get("code", response.status_code))
                asked_s = retry_after_s(response)
            await tries.again(why, asked_s)
