"""Whether a key is the one that the log of this database is made with."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.models.chain import GENESIS
from app.models.codec import event_text
from app.models.tables import event, infusion_session, meta

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from app.models.chain import Chain

NAME: Final = "log_key"  # of the row in `meta` that tells the key without giving it away


class LogKeyWrong(Exception):
    """Another key than the log's would go on with a chain that does not hold."""


def mark_of(chain: Chain) -> str:
    """Tells the key from every other without giving it away."""
    return chain.next(GENESIS, b"the key of this log").hex()


def fits(db: Connection, chain: Chain) -> bool:
    """Whether it is the key that this database's log was made with; nothing is settled by it."""
    known = db.execute(select(meta.c.value).where(meta.c.name == NAME)).scalar()
    return _fits(db, chain) if known is None else hmac.compare_digest(known, mark_of(chain))


def check(engine: Engine, chain: Chain) -> None:
    """Raises LogKeyWrong. The first server of a database settles its key, also where several start
    at once on a log without an event.
    """
    mark = mark_of(chain)
    query = select(meta.c.value).where(meta.c.name == NAME)
    with engine.connect() as db, db.begin():
        known = db.execute(query).scalar()
        fits = _fits(db, chain) if known is None else hmac.compare_digest(known, mark)
    if fits and known is None:
        try:
            with engine.begin() as db:
                db.execute(insert(meta).values(name=NAME, value=mark))
        except IntegrityError:  # another process started at the same moment and was first
            with engine.begin() as db:
                fits = hmac.compare_digest(db.execute(query).scalar_one(), mark)
    if not fits:
        raise LogKeyWrong(
            "The key of the event log is not the one that this database's log was made with. Set"
            " INFUSION_LOG_KEY, or its file in INFUSION_DATA_DIR, to the same on every host."
            " Nothing was changed."
        )


def _fits(db: Connection, chain: Chain) -> bool:
    """Of a database without the mark: whether its newest event follows on the one before it."""
    log, session = event.c, infusion_session.c
    last = db.execute(
        select(event, session.id)
        .join(infusion_session, session.key == log.session_key)
        .order_by(log.key.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return True
    before = db.execute(
        select(log.hash).where(log.session_key == last.session_key, log.seq == last.seq - 1)
    ).scalar()
    text = event_text(
        last.id, last.seq, last.kind, last.at, last.recorded_at, last.actor, last.data
    )
    return hmac.compare_digest(chain.next(bytes(before or GENESIS), text), bytes(last.hash))
