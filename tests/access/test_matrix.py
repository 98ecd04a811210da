"""Everybody tries everything: what is refused is what the table of roles says, no more and no less,
and whatever names no permission is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from app.access.roles import ON_A_LOCKED_SCREEN, TABLE
from app.access.roles import Permission as P
from app.api.needs import NEEDS, needs
from app.api.parsing import JsonRoute
from app.main import create_app
from app.settings import Settings
from tests.access.callers import CALLERS, Caller, sign_up
from tests.access.operations import BESIDE_THE_API, OPERATIONS, SESSION, SOCKETS, Operation
from tests.api.clinic import BASE_URL, NOBODY, Clinic
from tests.support.as_clinic import AS_SENT, AsClinic
from tests.support.people import Credentials, provision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS = "x-test-address"
REFUSALS = {"not_signed_in", "not_allowed", "locked", "password_change_needed"}
TRIED = tuple(o for o in OPERATIONS if o.needs is not P.PUBLIC)


@dataclass(frozen=True)
class Matrix:
    """A server with a session in it, and credentials of everybody for every operation."""

    app: FastAPI
    client: TestClient
    headers: dict[str, list[dict[str, str]]]
    known: dict[str, str]

    def ask(self, caller: Caller, operation: Operation, method: str = "") -> Any:
        number = TRIED.index(operation)
        headers = self.headers[caller.name][number] | {ADDRESS: f"10.0.0.{CALLERS.index(caller)}"}
        path = operation.path.format(**self.known)
        url = f"{path}?{operation.query}" if operation.query else path
        method = method or operation.method
        return self.client.request(method, url, json=operation.body, headers=headers, auth=AS_SENT)

    def differences(self, caller: Caller, operations: Iterable[Operation]) -> list[str]:
        """Where what is answered is not what the table says."""
        found = []
        for operation in operations:
            expected = caller.refusal(operation.needs)
            answered = self.ask(caller, operation)
            if refusal(operation, answered) != expected or answered.status_code in (405, 429, 500):
                said = f"{answered.status_code} {answered.text[:200]}"
                found.append(f"{operation.name}: {expected or 'allowed'}, answered {said}")
        return found


def refusal(operation: Operation, response: Any) -> tuple[int, str] | None:
    """None for whatever was let in, however it ended."""
    if response.status_code not in (401, 403):
        return None
    problem = response.json()
    code, needed = problem["code"], problem.get("needs")
    if code == "not_allowed" and needed is None and operation.path.startswith("/api/auth/"):
        return None  # the role may; but a token has no screen, nor a station an account
    if needed not in (None, operation.needs.value):
        code = f"{code} for want of {needed}"
    return (response.status_code, code) if code.split()[0] in REFUSALS else None


class FromAnywhere:
    """The app as it is asked from many addresses: how often one may fail is not looked at here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = dict(scope.get("headers", ())).get(ADDRESS.encode())
        if told is not None:
            scope["client"] = (told.decode(), 1)
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    data_dir = tmp_path_factory.mktemp("matrix")
    credentials = provision(None, data_dir)
    headers = sign_up(url_of(data_dir), CALLERS, len(TRIED))
    yield from served(
        create_app(Settings(data_dir=data_dir, database_url="")), credentials, headers
    )


def url_of(data_dir: Path) -> str:
    return Settings(data_dir=data_dir, database_url="").resolved_database_url


def served(
    app: FastAPI, credentials: Credentials, headers: dict[str, list[dict[str, str]]]
) -> Iterator[Matrix]:
    around = FromAnywhere(app)
    with TestClient(around, base_url=BASE_URL, raise_server_exceptions=False) as client:
        client.auth = AsClinic(credentials)
        session = Clinic(client).infusing()
        known = {
            "session_id": session["id"],
            "patient_id": session["patient"]["id"],
            "user_id": credentials.user_id("viewer"),
            "device": "mon-matrix",
            "vital": "hr",
        }
        others = (
            *("alarm_id", "reading_id", "annotation_id"),
            *("notice_id", "token_id", "sign_in_id", "emergency_id", "export_id"),
        )
        yield Matrix(app, client, headers, dict.fromkeys(others, NOBODY) | known)


def named(app: FastAPI) -> dict[str, P | None]:
    """What each route needs, None for one that does not say; of two the first answers."""
    found: dict[str, P | None] = {}
    for route in iter_route_contexts(app.routes):
        path = str(route.path)
        extra = getattr(route, "openapi_extra", None) or {}
        said = P(extra[NEEDS]) if NEEDS in extra else None
        for method in sorted(getattr(route, "methods", None) or {"SOCKET"}):
            found.setdefault(f"{method} {path}", said)
    return found


def test_every_route_names_what_it_needs(matrix: Matrix) -> None:
    found = named(matrix.app)
    beside = {name for name in found if name.split()[1] in BESIDE_THE_API}
    assert {name.split()[0] for name in beside} <= {"GET", "HEAD"}
    assert {found.pop(name) for name in beside} <= {None, P.PUBLIC}
    assert [found.pop(f"SOCKET {path}") for path in SOCKETS] == [None, None]
    assert found == {operation.name: operation.needs for operation in OPERATIONS}


def test_the_document_names_it_too(matrix: Matrix) -> None:
    paths = matrix.app.openapi()["paths"]
    told = {
        f"{method.upper()} {path}": (operation.get(NEEDS), "security" in operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    }
    assert told == {
        operation.name: (operation.needs.value, operation.needs is not P.PUBLIC)
        for operation in OPERATIONS
    }


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.name)
def test_the_table_is_what_is_answered(matrix: Matrix, caller: Caller) -> None:
    assert matrix.differences(caller, TRIED) == []


def test_nobody_learns_anything_by_asking_for_headers_only(matrix: Matrix) -> None:
    nobody = next(caller for caller in CALLERS if caller.way == "nothing")
    for operation in TRIED:
        if operation.method == "GET":
            assert matrix.ask(nobody, operation, "HEAD").status_code == 401, operation


def test_every_role_may_do_something_and_nobody_everything() -> None:
    for role, may in TABLE.items():
        assert may, role
        assert may < frozenset(P), role
    assert not ON_A_LOCKED_SCREEN & {P.READ_PATIENT, P.RECORD_READING, P.WRITE_SESSION}


def wrongly_made(app: FastAPI, endpoint: Any, extra: dict[str, Any]) -> None:
    """A route of a fault, before the right one."""
    route = JsonRoute(f"{SESSION}/events", endpoint, methods=["GET"], openapi_extra=extra)
    app.router.routes.insert(0, route)


@pytest.mark.parametrize("fault", ["lower", "higher", "forgotten"])
def test_a_hole_is_found(tmp_path: Path, fault: str) -> None:
    """The tests above can fail: of a permission that is too low, too high, or never asked."""
    app = create_app(Settings(data_dir=tmp_path, database_url=""))

    async def events() -> dict[str, list[str]]:
        return {"items": []}

    if fault == "forgotten":
        app.get(f"{SESSION}/notes")(events)
        assert named(app)[f"GET {SESSION}/notes"] is None
        return
    wrongly_made(app, events, needs(P.OWN_SCREEN if fault == "lower" else P.MANAGE_USERS))
    credentials = provision(None, tmp_path)
    auditor, viewer = (
        next(caller for caller in CALLERS if caller.name == f"{role}, by token")
        for role in ("auditor", "viewer")
    )
    headers = sign_up(url_of(tmp_path), [auditor, viewer], len(TRIED))
    (operation,) = (o for o in TRIED if o.name == f"GET {SESSION}/events")
    for matrix in served(app, credentials, headers):
        caller = viewer if fault == "lower" else auditor
        assert len(matrix.differences(caller, [operation])) == 1
        assert named(app)[operation.name] is not operation.needs
