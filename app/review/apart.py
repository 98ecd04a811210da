"""A what-if worked out in a process of its own, so that the server goes on watching meanwhile.

`python -m app.review.apart` reads one question as JSON from its standard input and writes the
answer to its standard output; it exists for the server alone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy.exc import SQLAlchemyError

from app.errors import StorageUnavailable
from app.models.database import connect
from app.review.errors import TooMuch
from app.review.proposal import Proposal
from app.review.what_if import Recorded, Which, recorded, what_if

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.store import Store

PROGRAM: Final = (sys.executable, "-m", "app.review.apart")
EVENTS: Final = 100_000  # of the logs together: some 24 h of a reading a second, half a minute
NICER: Final = 10  # readings go first where cores are few
FAILED: Final = 1
UNREADABLE: Final = 3


async def what_if_apart(
    store: Store, which: Which, proposal: Proposal, turn: asyncio.Semaphore
) -> dict[str, Any]:
    """The protocol's what-if, one at a time; raises UnknownSession, InvalidRequest or TooMuch."""
    sessions = await store.reader.read(partial(recorded, which=which))
    if sum(session.events for session in sessions) > EVENTS:
        raise TooMuch(
            "These sessions are more than 24 hours of a reading a second. Ask for one session or a"
            " shorter period, or run `infusion-monitor what-if` on the server."
        )
    question = {
        "url": store.reader.url,
        "sessions": [asdict(session) for session in sessions],
        "proposal": {"limits": proposal.limits, "delays": proposal.delays},
    }
    async with turn:
        return await ask(orjson.dumps(question))


async def ask(question: bytes, program: Sequence[str] = PROGRAM) -> dict[str, Any]:
    """On its standard input, where no other user of the machine can read it."""
    process = await asyncio.create_subprocess_exec(
        *program,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a trace may hold what is about patients
    )
    try:
        answer, _ = await process.communicate(question)
    finally:
        if process.returncode is None:  # the server stops: nobody waits for the answer
            process.kill()
            await process.wait()
    if process.returncode == UNREADABLE:
        raise StorageUnavailable("The database does not answer. Try again in a moment.")
    if process.returncode != 0:
        raise RuntimeError(f"a what-if failed: {answer.decode()}")
    told: dict[str, Any] = orjson.loads(answer)
    return told


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    engine = connect(question["url"], read_only=True, pool_size=1)
    try:
        sessions = [Recorded(**session) for session in question["sessions"]]
        return what_if(engine, sessions, Proposal(**question["proposal"]))
    finally:
        engine.dispose()


def main() -> int:
    """Answers the one question; of a failure it tells only the name."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this one
    if hasattr(os, "nice"):
        os.nice(NICER)
    try:
        told = orjson.dumps(_answer(orjson.loads(sys.stdin.buffer.read())))
    except SQLAlchemyError:
        return UNREADABLE
    except Exception as error:  # whatever it was: the server says that it failed
        told = type(error).__name__.encode()
        sys.stdout.buffer.write(told)
        return FAILED
    sys.stdout.buffer.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
