"""Signing a session's record: the person by their password, the log's end as it was in that moment,
and a note of it in the access log, so that nothing can be cut off below a signature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.access.by import by
from app.clock import now_ms
from app.errors import RecordBroken, RecordChanged
from app.models.access_log import append
from app.models.codec import digest
from app.models.signatures import broken_from, signatures_of
from app.monitoring.commands import SYSTEM, Meaning, SignatureKind, SignRecord
from app.monitoring.engine import Tick
from app.monitoring.times import iso
from app.services.ids import new_id

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.access.by import By
    from app.access.caller import Caller
    from app.access.own_account import OwnAccount
    from app.access.proofs import Client, Proved
    from app.models.access_log import Kind
    from app.models.chain import Chain
    from app.models.signatures import Signature
    from app.models.staged import Held
    from app.models.store import Store
    from app.models.unit import Item

Json = dict[str, Any]
DUE_MS: Final = 24 * 3_600_000  # a day after its close a record that nobody has signed is asked for
FAILED: Final[Kind] = "signature.failed"
SIGNED: Final[Kind] = "record.signed"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person would sign; `seq` is the last event that they saw, None does not ask."""

    kind: SignatureKind
    meaning: Meaning
    text: str | None
    seq: int | None
    id: str | None


async def sign(
    store: Store,
    own: OwnAccount,
    caller: Caller,
    client: Client,
    session_id: str,
    asked: Asked,
    password: str,
) -> tuple[Json, bool]:
    """The signature, and whether it is new. Raises UnknownSession, IdConflict, NotAllowed,
    WrongCredentials, TooManyAttempts, Busy, RecordBroken, RecordChanged and what the engine raises.
    """
    proved = await own.prove(caller, client, password, FAILED)
    broken = await store.proven(broken_from, session_id)
    if broken is not None:  # a signature over it would never hold
        raise RecordBroken(
            "Nothing was signed: the stored log of this record was changed by another hand. Tell"
            " your administrator; `infusion-monitor verify` names what was changed.",
            seq=broken,
        )
    run = partial(_sign, by=by(caller), session_id=session_id, asked=asked, proved=proved)
    return await store.scribe.submit(run, sessions=[session_id])


async def session_signatures(store: Store, session_id: str) -> Json:
    """Raises UnknownSession."""
    listed: Json = await store.proven(_listed, session_id, now_ms())
    return listed


def _sign(
    item: Item, *, by: By, session_id: str, asked: Asked, proved: Proved
) -> tuple[Json, bool]:
    proved.check_still(item)
    return put_under(item, by, session_id, asked)


def put_under(item: Item, by: By, session_id: str, asked: Asked) -> tuple[Json, bool]:
    """Inside a submission, by somebody who is known; as `sign`."""
    held = item.held(session_id)
    whose = by.actor.id  # another's signature is never told as one's own
    sent = digest([asked.kind, asked.meaning, asked.text, whose])
    if (known := item.known(held, asked.id, sent)) is not None:
        return _one(item, held, known), False
    if asked.seq is not None and asked.seq != held.state.seq:
        raise RecordChanged(
            "Nothing was signed: the record has changed since it was shown. Look at it again.",
            seq=held.state.seq,
        )
    held, _ = item.step(held, Tick(), SYSTEM)  # so that nothing comes between
    covers, covered = held.state.seq, held.head.hex()
    id = asked.id or new_id()
    command = SignRecord(asked.kind, asked.meaning, covers, covered, asked.text, id)
    held, _ = item.step(held, command, by.actor)
    item.know(held, id, sent)
    said: Json = {"id": id, "meaning": asked.meaning, "covers": covers, "covered": covered}
    said |= {"seq": held.state.seq, "hash": held.head.hex()}
    entry = by.entry(SIGNED, session_id=session_id)
    append(item, replace(entry, data={"kind": asked.kind, **said}))
    return _one(item, held, held.state.seq), True


def _one(item: Item, held: Held, seq: int) -> Json:
    """As it was made: that it holds is looked at by `session_signatures`."""
    event = item.event(held, seq)
    return {
        "session_id": held.id,
        "seq": seq,
        "at": event["recorded_at"],
        "by": event["actor"],
        **event["data"],
        "holds": True,
        "gone": False,
    }


def _listed(db: Connection, chain: Chain, session_id: str, now: int) -> Json:
    found = signatures_of(db, chain, session_id)
    since = found.closed_at if found.last_seq is None else found.changed_at
    over = found.closed_at is not None and now - found.closed_at >= DUE_MS
    return {
        "items": [_told(session_id, one) for one in found.items],
        "unsigned_since": None if since is None else iso(since),
        "changed_since_signed": found.changes,
        "due": found.changes > 0 if found.last_seq is not None else over,
        "broken": found.broken,
    }


def _told(session_id: str, one: Signature) -> Json:
    return {
        "session_id": session_id,
        "seq": one.seq,
        "id": one.id,
        "kind": one.kind,
        "at": iso(one.at),
        "by": one.by,
        "meaning": one.meaning,
        "text": one.text,
        "covers": one.covers,
        "hash": one.hash,
        "holds": one.holds,
        "gone": one.gone,
    }
