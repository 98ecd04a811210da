"""A record with what the keyed chain says of its signatures: whether each still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.models.signatures import signatures_of
from app.review.record.made import record_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.chain import Chain
    from app.review.record.model import Record


def proven_record(
    db: Connection, chain: Chain, session_id: str, *, until: int | None = None
) -> Record:
    """As `record_of`, by `store.proven`; raises UnknownSession."""
    return proven(db, chain, record_of(db, session_id, until=until))


def proven(db: Connection, chain: Chain, record: Record) -> Record:
    """The log is read through again where somebody has signed, and only there."""
    if not record.signatures:
        return record
    holds = {one.seq: one.holds for one in signatures_of(db, chain, record.session_id).items}
    told = [
        msgspec.structs.replace(one, holds=holds.get(one.seq, False)) for one in record.signatures
    ]
    return msgspec.structs.replace(record, signatures=told)
