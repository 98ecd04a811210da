"""Sessions played on the engine alone and written into a database as the scribe writes them, so
that fifty of them take seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
from sqlalchemy import insert

from app.models.chain import GENESIS, Chain, load_key
from app.models.codec import canonical, event_text
from app.models.store import KEY_FILE
from app.models.tables import event, infusion_session, patient
from app.monitoring.times import parse_iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from tests.models.databases import Database

Json = dict[str, Any]


def chain_of(database: Database) -> Chain:
    return Chain(load_key(database.data_dir / KEY_FILE, None))


def stored(db: Connection, chain: Chain, log: Sequence[Json], session_id: str) -> str:
    """The log under an id of its own; what belongs to lists only is left as it comes."""
    made = orjson.loads(orjson.dumps(log[0]))["data"]["state"]
    key = _session(db, made, session_id, len(log))
    head, rows = GENESIS, []
    for said in log:
        columns: Json = {
            "seq": said["seq"],
            "kind": said["kind"],
            "at": parse_iso(said["at"]),
            "recorded_at": parse_iso(said["recorded_at"]),
            "actor": canonical(said["actor"]).decode(),
            "data": canonical(said["data"]).decode(),
        }
        head = chain.next(head, event_text(session_id, *columns.values()))
        rows.append({"session_key": key, **columns, "hash": head})
    db.execute(insert(event), rows)
    db.execute(infusion_session.update().where(infusion_session.c.key == key).values(head=head))
    return session_id


def _session(db: Connection, made: Json, session_id: str, seq: int) -> int:
    who = {
        "id": str(uuid4()),
        "code": made["patient"]["code"] + session_id[-4:],
        "initials": made["patient"]["initials"],
        "created_at": 0,
        "actor": "{}",
        "digest": b"",
        "simulated": made["simulated"],
    }
    ((patient_key,),) = db.execute(insert(patient).values(**who).returning(patient.c.key))
    created = parse_iso(made["created_at"])
    row = {
        "id": session_id,
        "patient_key": patient_key,
        "station": made["station"],
        "protocol": made["protocol"],
        "simulated": made["simulated"],
        "clock": made["clock"],
        "phase": "discharged",
        "phase_since": created,
        "active": False,
        "seq": seq,
        "recorded_at": created,
        "head": GENESIS,
        "created_at": created,
        "closed_at": created,
        "digest": b"",
    }
    ((key,),) = db.execute(insert(infusion_session).values(**row).returning(infusion_session.c.key))
    return int(key)
