"""The process that reads apart: questions come in on a socket, answers go back on it.

It answers one after another. It prints nothing and ends when its server has ended: a thread that
only listens sees that the other end is closed, also while an answer is worked out.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, NoReturn

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from app.models.database import connect, is_sqlite
from app.models.failure import failure_of
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Engine

NICER: Final = 10  # readings go first where cores are few
MAPPED_BYTES: Final = 1 << 40  # all of the file; SQLite takes the 2 GiB that it can
UNTIL_GC: Final = 100_000  # objects: a timeline makes a tenth of it, none of them in circles

Answer = tuple[bytes, bytes]  # its kind, and what it says


def main(fd: int) -> NoReturn:
    """Answers until the server ends."""
    for one in (signal.SIGINT, signal.SIGTERM):  # for the whole group: they mean the server
        signal.signal(one, signal.SIG_IGN)
    os.nice(NICER)
    pipe = Pipe(fd)
    questions: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, questions), daemon=True).start()
    engine = reading_engine(questions.get().decode())
    with suppress(SQLAlchemyError), engine.connect():
        pass  # the pool keeps it open for the first question
    gc.freeze()  # what was imported is no garbage: it need not be looked through again and again
    gc.set_threshold(UNTIL_GC)
    while True:
        for part in answer(engine, questions.get()):
            with suppress(OSError):  # the server has ended: the listener ends us
                pipe.send_bytes(part)


def reading_engine(url: str) -> Engine:
    """One connection. An SQLite file is mapped into memory, which spares a sixth of the time of a
    timeline; where the disk fails that ends the process, so the server itself must not do it.
    """
    engine = connect(url, read_only=True, pool_size=1)
    if is_sqlite(url):

        @event.listens_for(engine, "connect")
        def _map(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")

    return engine


def _listen(pipe: Pipe, questions: SimpleQueue[bytes]) -> NoReturn:
    while True:
        try:
            questions.put(pipe.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)


def answer(engine: Engine, question: bytes) -> Answer:
    """Of a failure only the name is told: its text may hold what is about patients."""
    try:
        function, args = pickle.loads(question)
        with engine.connect() as db:  # a transaction begins with its first query
            said = function(db, *args)
        return (b"bytes", said) if isinstance(said, bytes) else (b"value", pickle.dumps(said))
    except DomainError as refusal:
        return b"refused", pickle.dumps(refusal)
    except SQLAlchemyError as error:
        return b"unreadable", failure_of(error).to_reader.encode()
    except Exception as error:  # whatever it was: the next question must be answered
        return b"failed", type(error).__name__.encode()
