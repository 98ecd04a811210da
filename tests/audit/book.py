"""What the tests of the access log share: people, a look at the log, and whether it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.access.caller import Caller
from app.access.log import AccessLog
from app.access.roles import permissions
from app.models.access_check import check
from app.models.access_log import Entry, append
from app.models.chain import Chain, load_key
from app.models.database import connect
from app.models.store import KEY_FILE
from app.monitoring.commands import Actor

if TYPE_CHECKING:
    from app.models.access_check import Checked
    from app.models.item import Item
    from app.models.store import Store
    from tests.models.databases import Database

NURSE = Actor("person", "018f0000-0000-7000-8000-000000000001", "Nora Nurse", role="nurse")
CLINICIAN = Actor("person", "018f0000-0000-7000-8000-000000000002", "Carl", role="clinician")
SESSION = "018f0000-0000-7000-8000-00000000000a"
PATIENT = "018f0000-0000-7000-8000-00000000000b"


def nurse(credential: str = "sign_in:1") -> Caller:
    return Caller("person", NURSE, "nurse", credential, permissions("nurse"), NURSE.id)


def viewed(caller: Caller, session_id: str = SESSION) -> Entry:
    return Entry("session.viewed", caller.actor, caller.credential, session_id)


async def write_some(store: Store, many: int = 10) -> None:
    log = AccessLog(store)
    for n in range(many):
        await log.write(Entry("signed_in", NURSE, f"sign_in:{n}", data={"shared": False, "n": n}))


async def appended(store: Store, *entries: Entry) -> None:
    """All in one transaction."""

    def run(item: Item) -> None:
        for entry in entries:
            append(item, entry)

    await store.scribe.submit(run)


def written(database: Database) -> list[tuple[int, str, str, Any]]:
    rows = database.ask("SELECT seq, kind, who, data FROM access_log ORDER BY seq")
    return [(seq, kind, who, orjson.loads(data)) for seq, kind, who, data in rows]


def kinds(database: Database) -> list[str]:
    return [kind for _, kind, _, _ in written(database)]


def checked(database: Database) -> Checked:
    engine = connect(database.url, read_only=True)
    try:
        with engine.connect() as db, db.begin():
            return check(db, Chain(load_key(database.data_dir / KEY_FILE, None)))
    finally:
        engine.dispose()
