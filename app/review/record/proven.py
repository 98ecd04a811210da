"""A record with what the keyed chain says of it: whether its log is as it was written, and whether
each signature still holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.models.signatures import signatures_of
from app.review.record.made import record_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.models.chain import Chain
    from app.review.record.model import Record


def proven_record(db: Connection, chain: Chain, session_id: str) -> Record:
    """The whole record, by `store.proven`; raises UnknownSession."""
    return _proven(db, chain, record_of(db, session_id))


def proven_if_signed(
    db: Connection, chain: Chain, record: Record, *, until: int | None = None
) -> Record:
    """The log is read through again where somebody has signed, and only there: it takes as long as
    the record itself. `until`: as far as the record was asked for.
    """
    return _proven(db, chain, record, until) if record.signatures else record


def _proven(db: Connection, chain: Chain, record: Record, until: int | None = None) -> Record:
    found = signatures_of(db, chain, record.session_id)
    holds = {one.seq: one.holds for one in found.items}
    told = [
        msgspec.structs.replace(one, holds=holds.get(one.seq, False)) for one in record.signatures
    ]
    broken = found.broken
    if until is not None and broken is not None and broken > until:
        broken = None
    return msgspec.structs.replace(record, signatures=told, broken=broken)
