"""A demo's accounts, kept apart from a clinic's: a database has either the ones or the others.

The accounts are the mark: whoever serves a database looks for them, wherever it was copied to.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from app.access.by import By
from app.access.passwords import password_hash
from app.access.tokens import NewToken, create_token, revoke_token, secret_for
from app.access.users import NewUser, create_user
from app.models import tokens, users
from app.models.lock import only_server
from app.models.store import Store
from app.monitoring.commands import SYSTEM
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from app.models.item import Item
    from app.monitoring.commands import Role
    from app.settings import Settings

ROLES: Final[tuple[Role, ...]] = ("nurse", "clinician", "administrator")
PASSWORD: Final = "demo password"
"""For signing a record, which asks for one. It guards nothing: anybody may sign in to a demo."""
SIMULATOR: Final = "Demo simulator"
DEMO_DATA: Final = (
    "This database holds demo accounts, to which anybody may sign in. Nothing was changed; for a"
    " clinic take another folder (INFUSION_DATA_DIR) or database, or look at this one with"
    " `infusion-monitor demo`."
)
REAL_DATA: Final = (
    "This database holds real accounts, and a demo lets anybody in. Nothing was changed; set"
    " INFUSION_DATA_DIR to another folder for the demo."
)
_BY: Final = By(SYSTEM)


class RealOnly(DomainError):
    """This database holds demo accounts, to which anybody may sign in."""

    status = 409
    code = "demo_database"
    title = "This database holds demo accounts"


class DemoOnly(DomainError):
    """A demo lets anybody in; this database holds real accounts."""

    status = 409
    code = "real_database"
    title = "This database holds real accounts"


def check(db: Connection, *, demo: bool) -> None:
    """As a server begins; raises RealOnly or DemoOnly."""
    if not demo and users.any_demo_user(db):
        raise RealOnly(DEMO_DATA)
    if demo and users.any_real_user(db):
        raise DemoOnly(REAL_DATA)


def check_real(item: Item) -> None:
    """Inside a submission; raises RealOnly."""
    if users.kinds(item)[1]:
        raise RealOnly(DEMO_DATA)


def prepare(settings: Settings) -> str:
    """Makes the demo's accounts where they are missing, and a token for its simulator: the only one
    that holds, and known to nobody else.

    Raises DemoOnly, AlreadyServed, or what keeps the database from being opened.
    """
    key = settings.log_key
    with only_server(settings.data_dir):  # another demo's simulator keeps its token
        store = Store.open(
            settings.resolved_database_url,
            data_dir=settings.data_dir,
            log_key=key.get_secret_value() if key else None,
        )
        store.start()
        try:
            make = partial(_make, password_hash=password_hash(PASSWORD))
            return asyncio.run(_submitted(store, make))
        finally:
            store.stop()


async def _submitted(store: Store, run: Callable[[Item], str]) -> str:
    return await store.scribe.submit(run)


def _make(item: Item, *, password_hash: str) -> str:
    real, _ = users.kinds(item)
    if real:
        raise DemoOnly(REAL_DATA)
    for role in ROLES:
        if users.by_folded(item, f"demo-{role}") is None:
            new = NewUser(f"demo-{role}", f"Demo {role}", role)
            create_user(item, new=new, password_hash=password_hash, by=_BY, demo=True)
        else:  # of an older version, when nobody knew it
            users.set_demo_password(item, f"demo-{role}", password_hash)
    for id in tokens.demo_tokens(item, SIMULATOR):
        revoke_token(item, token_id=id, by=_BY)
    secret = secret_for("simulator")
    wanted = NewToken(SIMULATOR, "simulator")
    create_token(item, new=wanted, secret=secret, by=_BY, demo=True)
    return secret.value
