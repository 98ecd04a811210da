"""The naive server: FastAPI, pydantic, the ORM, one commit a request, `send_json` to each socket.

It stores a reading durably (`synchronous=FULL`; PostgreSQL as it comes), compares the values with
fixed lines, and tells every dashboard before it answers. It has no log, no alarms that stand, no
idempotency and no resume.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, WebSocket
from sqlalchemy import JSON, create_engine, event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.websockets import WebSocketDisconnect

from bench.references.sent import ReadingIn

LINES: Final[Mapping[str, tuple[float, float]]] = {
    "hr": (50, 110),
    "spo2": (92, 101),
    "rr": (10, 30),
    "sbp": (90, 160),
    "dbp": (50, 100),
}


class Base(DeclarativeBase):
    """The table of the naive server."""


class Reading(Base):
    __tablename__ = "naive_reading"
    seq: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    session_id: Mapped[str] = mapped_column(index=True)
    taken_at: Mapped[datetime]
    device: Mapped[str]
    values: Mapped[dict[str, float]] = mapped_column(JSON)
    flags: Mapped[dict[str, str]] = mapped_column(JSON)


class ReadingOut(ReadingIn):
    session_id: str
    seq: int
    flags: dict[str, str]


def judged(values: Mapping[str, float]) -> dict[str, str]:
    """The warning lines of a protocol, and nothing more."""
    flags = {}
    for vital, value in values.items():
        low, high = LINES[vital]
        if value < low:
            flags[vital] = "low"
        elif value > high:
            flags[vital] = "high"
    return flags


def prepare(url: str) -> None:
    """Makes the table; once, before any server runs."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


_url = os.environ.get("BENCH_DATABASE_URL", "sqlite://").replace("sqlite:", "sqlite+aiosqlite:", 1)
_engine = create_async_engine(_url)
_sessions = async_sessionmaker(_engine, expire_on_commit=False)
_sockets: set[WebSocket] = set()


if _engine.dialect.name == "sqlite":

    @event.listens_for(_engine.sync_engine, "connect")
    def _durable(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield
    await _engine.dispose()


async def _db() -> AsyncIterator[AsyncSession]:
    async with _sessions() as db:
        yield db


app = FastAPI(lifespan=_lifespan)


@app.get("/livez")
async def livez() -> str:
    return "ok"


@app.post("/api/sessions/{session_id}/readings", status_code=201)
async def record(
    session_id: str, sent: ReadingIn, db: Annotated[AsyncSession, Depends(_db)]
) -> ReadingOut:
    row = Reading(
        id=sent.id,
        session_id=session_id,
        taken_at=sent.taken_at.astimezone(UTC).replace(tzinfo=None),
        device=sent.device,
        values=sent.values,
        flags=judged(sent.values),
    )
    db.add(row)
    await db.commit()
    told = ReadingOut(**sent.model_dump(), session_id=session_id, seq=row.seq, flags=row.flags)
    message = told.model_dump(mode="json")
    for socket in tuple(_sockets):
        try:
            await socket.send_json(message)
        except (WebSocketDisconnect, RuntimeError):
            _sockets.discard(socket)
    return told


@app.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    await socket.accept()
    _sockets.add(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        _sockets.discard(socket)
