"""Frames as they go out: text, encoded once for everybody who is sent them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.clock import now_ms
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Sequence

PROTOCOL = 1
_BOARD = {
    (kind, simulated): b'{"kind":"%b","simulated":%b,"sessions":['
    % (kind.encode(), b"true" if simulated else b"false")
    for kind in ("board", "board_delta")
    for simulated in (False, True)
}
HEARTBEAT_S = 5  # two missed: "reconnecting"; three: NOT LIVE


def _text(frame: dict[str, Any]) -> str:
    return orjson.dumps(frame).decode()


def _joined(start: bytes, texts: Sequence[bytes]) -> str:
    return b"".join((start, b",".join(texts), b"]}")).decode()


def hello(epoch: str, *, training: bool) -> str:
    return _text(
        {
            "kind": "hello",
            "protocol": PROTOCOL,
            "epoch": epoch,
            "training": training,
            "heartbeat_s": HEARTBEAT_S,
            "server_time": iso(now_ms()),
        }
    )


def heartbeat(*, commit_ok: bool, sweep_age_s: float) -> str:
    return _text(
        {
            "kind": "heartbeat",
            "server_time": iso(now_ms()),
            "commit_ok": commit_ok,
            "sweep_age_s": round(sweep_age_s, 1),
        }
    )


def board(rows: Sequence[bytes], *, simulated: bool) -> str:
    return _joined(_BOARD["board", simulated], rows)


def board_delta(rows: Sequence[bytes], *, simulated: bool) -> str:
    return _joined(_BOARD["board_delta", simulated], rows)


def snapshot(session_id: str, state: dict[str, Any]) -> str:
    return _text({"kind": "snapshot", "session": session_id, "seq": state["seq"], "state": state})


def events(session_id: str, texts: Sequence[bytes]) -> str:
    """The stored texts of events, joined: nothing is decoded or encoded again."""
    return _joined(b'{"kind":"events","session":"%b","events":[' % session_id.encode(), texts)


def clinic(notices: Sequence[dict[str, Any]], screens: dict[str, int]) -> str:
    return _text({"kind": "clinic", "notices": notices, "screens": screens})


def refused(op: str | None, session_id: str | None, code: str, detail: str) -> str:
    return _text(
        {"kind": "refused", "op": op, "session": session_id, "code": code, "detail": detail}
    )
