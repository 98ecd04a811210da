"""People, programs and a wall screen for tests, put into a database without a server.

Their secrets are the same in every database, so that a test may know them before it starts one;
what the database keeps are the hashes that the program itself would keep. Passwords are hashed at
the least cost that argon2 allows: checking one takes a test no time.
"""

from __future__ import annotations

import base64
import hashlib
import sqlite3
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from argon2 import PasswordHasher
from sqlalchemy import insert, inspect, make_url, select, update

from app.access import passwords
from app.access.secrets import secret_hash
from app.clock import now_ms
from app.models.database import connect, is_sqlite, migrate, normalise
from app.models.tables import sign_in, token, user_account
from app.settings import DATABASE_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest
    from sqlalchemy import Connection

PEOPLE: Final = ("nurse", "clinician", "administrator", "auditor", "viewer")
PROGRAMS: Final = ("device", "simulator")
WALL: Final = "wall"
"""A wall screen: it has a cookie and no token."""

NAMES: Final[Mapping[str, str]] = {
    "nurse": "Nora Nurse",
    "clinician": "Clara Clinician",
    "administrator": "Adam Administrator",
    "auditor": "Aude Auditor",
    "viewer": "Vera Viewer",
    "device": "Monitors",
    "simulator": "Simulator",
    WALL: "Wall screen",
}
"""What is written down of each."""

COOKIE: Final = "infusion_sign_in"
SIGNED_IN_MS: Final = 12 * 3_600_000  # as long as the program lets a sign-in last unused
_EVERYBODY: Final = (*PEOPLE, *PROGRAMS, WALL)
_CHEAP: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_MADE_BY: Final = '{"id":"tests","kind":"program","name":"Tests","role":null}'


def _id(what: str, role: str) -> str:
    kind = ("user", "token", "sign_in").index(what) + 1
    return f"0193a000-0000-7000-8000-00000000{kind}{_EVERYBODY.index(role):03}"


def _prefix(role: str) -> str:
    return f"{role:x<8.8}"


def _token(role: str) -> str:
    return f"{_prefix(role)}.{_secret('token', role)}"


def _secret(what: str, role: str) -> str:
    digest = hashlib.sha256(f"{what} of the tests' {role}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass
class Places:
    """What is known of a database's sessions: which are simulated, and at which stations."""

    simulated: dict[str, bool] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)
    """Session id by station."""

    def learn(self, session: Mapping[str, Any]) -> None:
        id = str(session["id"]).lower()
        self.simulated[id] = bool(session.get("simulated"))
        if isinstance(session.get("station"), str):
            self.at[session["station"]] = id

    def is_simulated(self, session_id: str | None = None, station: str | None = None) -> bool:
        id = session_id or self.at.get(station or "", "")
        return self.simulated.get(id.lower(), False)


@dataclass(frozen=True)
class Credentials:
    """How to be somebody: `role` is one of PEOPLE, PROGRAMS or, for cookies only, WALL."""

    places: Places = field(default_factory=Places)

    def user_id(self, role: str) -> str:
        return _id("user", role)

    def token(self, role: str) -> str:
        """Whole, as it goes behind `Bearer`."""
        assert role in (*PEOPLE, *PROGRAMS), f"{role} has no token"
        return _token(role)

    def token_id(self, role: str) -> str:
        return _id("token", role)

    def headers(self, role: str = "clinician") -> dict[str, str]:
        """For a request or the opening of a socket; a wall screen's are a cookie."""
        if role == WALL:
            return self.cookie_header(role)
        return {"Authorization": f"Bearer {self.token(role)}"}

    def cookie(self, role: str) -> str:
        """The secret of a browser's sign-in."""
        assert role in (*PEOPLE, WALL), f"{role} does not sign in"
        return _secret("cookie", role)

    def cookie_header(self, role: str) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.cookie(role)}"}

    def browser_cookie(self, role: str, url: str) -> Any:
        """For `context.add_cookies([...])` of a browser that goes to `url`."""
        origin = "/".join(url.split("/", 3)[:3])
        return {
            "name": COOKIE,
            "value": self.cookie(role),
            "url": origin,
            "httpOnly": True,
            "sameSite": "Strict",
        }

    def sign_in_id(self, role: str) -> str:
        return _id("sign_in", role)

    def password(self, role: str) -> str:
        return f"the {role} has a long password"

    def pin(self, role: str) -> str:
        return f"48{_EVERYBODY.index(role)}61"

    def actor(self, role: str = "clinician") -> dict[str, Any]:
        """What is written down as who did it."""
        if role in PEOPLE:
            return {"kind": "person", "id": _id("user", role), "name": NAMES[role], "role": role}
        written = "viewer" if role == WALL else role
        return {
            "kind": "program",
            "id": _id("token", role),
            "name": NAMES[role],
            "role": written,
        }


ANYWHERE: Final = Credentials()
"""The same of every database; for what does not ask about sessions."""

TOKENS: Final = {role: ANYWHERE.token(role) for role in (*PEOPLE, *PROGRAMS)}
COOKIES: Final = {role: ANYWHERE.cookie(role) for role in (*PEOPLE, WALL)}
WALL_COOKIE: Final = COOKIES[WALL]

CLINICIAN: Final = ANYWHERE.actor("clinician")
NURSE: Final = ANYWHERE.actor("nurse")
DEVICE: Final = ANYWHERE.actor("device")
SIMULATOR: Final = ANYWHERE.actor("simulator")


def bearer(role: str = "clinician") -> dict[str, str]:
    """For a request, or the opening of a socket (`additional_headers`)."""
    return ANYWHERE.headers(role)


def sign_in_cookie(role: str, url: str) -> Any:
    """For `context.add_cookies([...])` of a browser that goes to `url`."""
    return ANYWHERE.browser_cookie(role, url)


def hash_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program in this process hashes passwords and PINs at the least cost, too. What is tested
    of the cost itself is tested without.
    """
    for name in ("PASSWORD", "PIN"):
        monkeypatch.setattr(passwords, f"_{name}", _CHEAP)
        monkeypatch.setattr(passwords, f"_NOBODYS_{name}", passwords._nobodys(_CHEAP))


_provisioned: dict[str, Credentials] = {}


def provision(database_url: str | None, data_dir: Path) -> Credentials:
    """Migrates the database and puts everybody in; again, it makes their sign-ins fresh.

    Without an address it is the SQLite file of that data folder. The database may be served
    already. It always gives the same credentials, with what was learnt of its sessions.
    """
    url = normalise(database_url or f"sqlite:///{(data_dir / DATABASE_FILE).as_posix()}")
    file = make_url(url).database if is_sqlite(url) else None
    if file is not None and not Path(file).exists():
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_bytes(_template())
        _provisioned.pop(url, None)
    else:
        _put_into(url)
    if file is not None:
        _refresh(file)
    return _provisioned.setdefault(url, Credentials())


@cache
def _template() -> bytes:
    """An SQLite file with everybody in it, made once."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / DATABASE_FILE
        _put_into(f"sqlite:///{file.as_posix()}")  # closing the last connection ends its log
        return file.read_bytes()


def _refresh(file: str) -> None:
    now = now_ms()
    with sqlite3.connect(file) as db:
        db.execute(
            "UPDATE sign_in SET created_at = ?, active_at = ?, expires_at = ?",
            (now, now, now + SIGNED_IN_MS),
        )
    db.close()


def _put_into(url: str) -> None:
    engine = connect(url, pool_size=1)
    try:
        with engine.connect() as db:
            there = inspect(db).has_table(user_account.name)
        if not there:
            migrate(url)
        with engine.begin() as db:
            _people(db)
    finally:
        engine.dispose()


def _people(db: Connection) -> None:
    now = now_ms()
    known = set(db.execute(select(sign_in.c.id)).scalars())
    if _id("sign_in", "nurse") in known:
        fresh = {"created_at": now, "active_at": now, "expires_at": now + SIGNED_IN_MS}
        db.execute(update(sign_in).values(**fresh))
        return
    users, tokens = {}, {}
    for role in PEOPLE:
        known_by = {"display_name": NAMES[role], "pin_hash": _hash(ANYWHERE.pin(role))}
        row = user_row(_id("user", role), role, role, now, **known_by)
        users[role] = put(db, user_account, row)
    for role in _EVERYBODY:
        whose = {"user_key": users[role]} if role in PEOPLE else {"role": role}
        row = token_row(_id("token", role), _token(role), now, name=NAMES[role], **whose)
        if role == WALL:
            row |= {"role": "viewer", "secret_hash": None}
        tokens[role] = put(db, token, row)
    for role in (*PEOPLE, WALL):
        whose = {"token_key": tokens[role]} if role == WALL else {"user_key": users[role]}
        put(db, sign_in, sign_in_row(_id("sign_in", role), ANYWHERE.cookie(role), now, **whose))


def put(db: Connection, table: Any, row: dict[str, Any]) -> int:
    """One row, and its key."""
    made = db.execute(insert(table).values(**row).returning(table.c.key))
    return int(made.scalar_one())


def user_row(id: str, name: str, role: str, now: int, **fields: Any) -> dict[str, Any]:
    """A row of `user_account`, made as the program makes them."""
    return {
        "id": id,
        "name": name,
        "folded": name.casefold(),
        "display_name": name,
        "role": role,
        "password_hash": _hash(ANYWHERE.password(name)),
        "password_change_needed": False,
        "active": True,
        "demo": False,
        "failures": 0,
        "created_at": now,
        "created_by": _MADE_BY,
        "changed_at": now,
    } | fields


def token_row(id: str, whole: str, now: int, **fields: Any) -> dict[str, Any]:
    """A row of `token`; `fields` name its `role` or `user_key`."""
    return {
        "id": id,
        "prefix": whole.partition(".")[0],
        "secret_hash": secret_hash(whole),
        "name": "A program",
        "created_at": now,
        "created_by": _MADE_BY,
        "demo": False,
    } | fields


def sign_in_row(id: str, secret: str, now: int, **fields: Any) -> dict[str, Any]:
    """A row of `sign_in`; `fields` name its `user_key` or `token_key`."""
    return {
        "id": id,
        "secret_hash": secret_hash(secret),
        "shared": False,
        "browser": "a test",
        "created_at": now,
        "active_at": now,
        "expires_at": now + SIGNED_IN_MS,
        "pin_failures": 0,
    } | fields


@cache
def _hash(word: str) -> str:
    return _CHEAP.hash(word)
