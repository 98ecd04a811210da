"""Browsers of a clinic on one server: each with a cookie of its own; and time that passes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from app.models.database import connect, normalise
from tests.support.people import ANYWHERE, COOKIE

if TYPE_CHECKING:
    from httpx2 import Response

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
SHIFTED = (
    ("sign_in", ("created_at", "active_at", "locked_at", "expires_at")),
    ("user_account", ("locked_until",)),
    ("token", ("expires_at", "link_expires_at", "last_used_at")),
    ("emergency", ("began_at", "until")),
)


@dataclass
class Ward:
    """A server, its database file, and whoever comes with a browser."""

    app: FastAPI
    client: TestClient
    data_dir: Path

    def browser(self, role: str | None = None, **fields: Any) -> Browser:
        """A new one, or (`role`) one that somebody has just signed in with."""
        browser = Browser(self.client)
        if role is not None:
            answer = browser.login(role, **fields)
            assert answer.status_code == 200, answer.text
        return browser

    @property
    def access(self) -> Any:
        return self.app.state.context.access

    def look(self) -> None:
        """The server has looked at what has ended, locked and been used."""
        portal = self.client.portal
        assert portal is not None
        portal.call(self.access.look_once)
        portal.call(self.access.write_once)

    def pass_time(self, ms: int) -> None:
        """Everything that is stored happened so much earlier; what is in memory is written first,
        and is as much older.
        """
        self.look()
        shift(self.url, ms)
        for known in self.access._book.by_hash.values():
            known.next_use -= ms
        self.look()

    @property
    def url(self) -> str:
        return normalise(f"sqlite:///{(self.data_dir / 'infusion.db').as_posix()}")

    def rows(self, statement: str, **values: Any) -> list[Any]:
        engine = connect(self.url, pool_size=1)
        try:
            with engine.begin() as db:
                found = db.execute(text(statement), values)
                return list(found) if found.returns_rows else []
        finally:
            engine.dispose()

    def log(self, kind: str) -> list[dict[str, Any]]:
        """Entries of this kind, the oldest first."""
        portal = self.client.portal
        assert portal is not None
        portal.call(self.app.state.context.access_log.flush)
        auditor = ANYWHERE.headers("auditor")
        answer = self.client.get(f"/api/access-log?kind={kind}&limit=100", headers=auditor)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items[::-1]


@dataclass
class Browser:
    client: TestClient
    cookie: str | None = None
    set_cookies: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie is not None:
            sent["cookie"] = f"{COOKIE}={self.cookie}"
        answer = self.client.request(method, path, json=body, headers=sent)
        self.client.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            self.set_cookies.append(line)
            name, _, rest = line.partition("=")
            if name == COOKIE:
                value = rest.partition(";")[0].strip('"')
                self.cookie = value or None
        return answer

    def get(self, path: str, **headers: str) -> Response:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Response:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def login(self, name: str, password: str | None = None, **fields: Any) -> Response:
        typed = ANYWHERE.password(name) if password is None else password
        return self.post("/api/auth/login", {"name": name, "password": typed, **fields})

    def me(self) -> dict[str, Any]:
        answer = self.get("/api/auth/me")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def granted(self, role: str, method: str, path: str, pin: str | None = None) -> Response:
        """What a grant by this person's PIN is answered with."""
        body = {"user_id": ANYWHERE.user_id(role), "pin": pin or ANYWHERE.pin(role)}
        return self.post("/api/auth/grant", {**body, "method": method, "path": path})

    def by_pin(self, role: str, method: str, path: str, body: Any = None) -> Response:
        """Asks as somebody who says by PIN who they are."""
        grant = self.granted(role, method, path)
        assert grant.status_code == 200, grant.text
        return self.ask(method, path, body, Infusion_Grant=grant.json()["grant"])


def shift(url: str, ms: int) -> None:
    """Everything about access happened `ms` earlier than it did."""
    engine = connect(url, pool_size=1)
    try:
        with engine.begin() as db:
            for table, columns in SHIFTED:
                moved = ", ".join(f"{column} = {column} - :ms" for column in columns)
                db.execute(text(f"UPDATE {table} SET {moved}"), {"ms": ms})
            db.execute(
                text(
                    "INSERT INTO meta (name, value) VALUES (:name, '1') ON CONFLICT (name) DO"
                    " UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)"
                ),
                {"name": "access_version"},
            )
    finally:
        engine.dispose()
