"""What the measured devices send: five vital signs, mostly calm, one session in ten swinging."""

from __future__ import annotations

from time import gmtime, strftime
from typing import Any, Final

import orjson
import uuid_utils

SWINGING: Final = 10  # one session in so many goes beyond a line and back: some alarms, as in life
SWING: Final = 100  # readings on each side of the line
CUFF: Final = 300  # readings between two measurements of the cuff, whose pressures repeat meanwhile
NO_TIME: Final = "2000-01-01T00:00:00."  # replaced by the second in which it is sent
MILLIS: Final = 1_000


def values(session: int, number: int) -> dict[str, float]:
    """Of the `number`th reading of a session."""
    step = number // CUFF
    sbp, dbp = 116 + (session + 5 * step) % 16, 72 + (session + 3 * step) % 10
    if session % SWINGING == 0 and number // SWING % 2:
        sbp, dbp = 184 + number // SWING % 7, 114
    return {
        "hr": 70 + (7 * session + number) % 9,
        "spo2": 96 + (session + number) % 4,
        "rr": 13 + (session + number // 3) % 5,
        "sbp": sbp,
        "dbp": dbp,
    }


def reading(session: int, number: int, millis: int) -> dict[str, Any]:
    """A device's reading, its time yet to be filled in by `stamped`."""
    return {
        "id": str(uuid_utils.uuid7()),
        "taken_at": f"{NO_TIME}{millis:03d}Z",
        "device": f"mon-{session}",
        "interval_s": 1,
        "values": values(session, number),
    }


class Clock:
    """Fills in when a message is sent, to the millisecond; text is made once a millisecond."""

    def __init__(self) -> None:
        self._ms = -1
        self._text = b""

    def stamped(self, message: bytes, repeats: int, wall_ms: int) -> bytes:
        """The readings of one session in a list are a millisecond apart, in their order."""
        for offset in range(repeats):
            wanted = f"{NO_TIME}{offset:03d}".encode()
            message = message.replace(wanted, self._at(wall_ms + offset))
        return message

    def _at(self, wall_ms: int) -> bytes:
        if wall_ms != self._ms:
            seconds, millis = divmod(wall_ms, MILLIS)
            self._text = strftime(f"%Y-%m-%dT%H:%M:%S.{millis:03d}", gmtime(seconds)).encode()
            self._ms = wall_ms
        return self._text


class Senders:
    """Makes the readings of many sessions, each counted for itself."""

    def __init__(self, sessions: list[str]) -> None:
        self._sessions = sessions
        self._numbers = [0] * len(sessions)

    def of(self, session: int, millis: int = 0) -> dict[str, Any]:
        number = self._numbers[session]
        self._numbers[session] = number + 1
        return reading(session, number, millis)

    def batch(self, which: list[int], size: int) -> tuple[list[dict[str, Any]], int]:
        """A list over the sessions named, one after the other, and how often each comes at most."""
        made = []
        for n in range(size):
            session = which[n % len(which)]
            one = self.of(session, n // len(which))
            made.append({"session_id": self._sessions[session], **one})
        return made, -(-size // len(which))


def post(path: str, port: int, body: Any, token: str = "") -> bytes:
    """A request as a device's HTTP library sends it, ready for the socket."""
    content = orjson.dumps(body)
    who = f"authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: */*\r\n{who}"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
