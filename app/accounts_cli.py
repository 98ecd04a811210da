"""The commands `user` and `token`: the first administrator, and whoever has lost every way in.

They work beside a running server or without one, write what they do into the access log, and print
nothing secret but what they were asked to make. No password or token is ever an option: other
programs of the machine could read it.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.access import tokens as token_service
from app.access import users as user_service
from app.access.by import by_command
from app.access.demo import check_real
from app.access.names import folded
from app.access.passwords import check_password, password_hash
from app.access.roles import MACHINES, PEOPLE
from app.clock import now_ms
from app.errors import UnknownToken, UnknownUser
from app.models import tokens, users
from app.models.database import connect, normalise
from app.models.log_key import LogKeyWrong
from app.models.store import LogKeyMissing, Store
from app.monitoring.errors import DomainError
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from app.models.item import Item

USAGE: Final = 2
PAGE: Final = 1_000  # rows read at once for a list
FIRST: Final = (
    "Nobody can sign in yet. Make the first administrator, in another terminal with the same"
    " settings:\n  infusion-monitor user create NAME --role administrator"
)
T = TypeVar("T")

user_app = typer.Typer(help="People who may sign in.", no_args_is_help=True)
token_app = typer.Typer(help="Credentials of programs and wall screens.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to a command line."""
    app.add_typer(user_app, name="user")
    app.add_typer(token_app, name="token")


@user_app.command("create")
def create_user(
    name: Annotated[str, typer.Argument(help="To sign in with; case does not count.")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(sorted(PEOPLE))}.")],
    display_name: Annotated[
        str | None, typer.Option(help="What is written down; else the name.")
    ] = None,
) -> None:
    """Make a user; the password is asked for, or read from standard input."""
    with _in_words():
        wanted = user_service.NewUser(name, display_name or name, _role(role, PEOPLE))
        new = user_service.checked(wanted)
        password = _password()
        check_password(password, (new.name, new.display_name))
        hash = password_hash(password)
        make = partial(user_service.create_user, new=new, password_hash=hash, by=by_command())
        with _store() as store:
            _submit(store, check_real)
            _submit(store, make)
    typer.echo(f"{new.name} may sign in as {new.role}.")


@user_app.command("list")
def list_users() -> None:
    """List all users."""
    with _in_words(), _store() as store:
        rows = _every(store, partial(users.users, now=now_ms()))
    state = {True: "active", False: "inactive"}
    _print(
        ("NAME", "ROLE", "STATE", "LAST SEEN", "DISPLAY NAME"),
        [
            (row["name"], row["role"], state[row["active"]], row["last_seen_at"] or "never",
             row["display_name"])
            for row in rows
        ],
    )  # fmt: skip


@user_app.command("reset")
def reset_user(name: str) -> None:
    """Print a new password, to be changed at the next sign-in; the user's sign-ins end."""
    made = user_service.made_password()
    with _in_words():
        hash = password_hash(made)
        with _store() as store:
            reset = partial(user_service.reset_user, password_hash=hash, by=by_command())
            _submit(store, lambda item: reset(item, user_id=_user_id(item, name)))
    typer.echo(made)


@user_app.command("disable")
def disable_user(name: str) -> None:
    """End a user's sign-ins and tokens, and let them sign in no more."""
    wanted = user_service.UserChange(active=False)
    with _in_words(), _store() as store:
        change = partial(user_service.change_user, wanted=wanted, by=by_command())
        _submit(store, lambda item: change(item, user_id=_user_id(item, name)))
    typer.echo(f"{name} may not sign in any more.")


@token_app.command("create")
def create_token(
    name: Annotated[str, typer.Argument(help="By which people will know it.")],
    role: Annotated[
        str | None, typer.Option(help=f"One of: {', '.join(sorted(MACHINES))}.")
    ] = None,
    user: Annotated[str | None, typer.Option(help="Or whose it is: may all that they may.")] = None,
    station: Annotated[str | None, typer.Option(help="The one station that it is for.")] = None,
    session: Annotated[str | None, typer.Option(help="Id of the one session it is for.")] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=token_service.DAYS_MAX, help="By role, if left out.")
    ] = None,
) -> None:
    """Print a new token, alone on its line; of a viewer, the link that signs a wall screen in."""
    with _in_words():
        if (role is None) == (user is None):
            _fail("Give --role or --user, one of the two.")
        machine = None if role is None else _role(role, MACHINES)

        def make(item: Item) -> tuple[str, bool]:
            owner = None if user is None else _user_id(item, user)
            new = token_service.NewToken(name, machine, owner, station, session, expires_in_days)
            given = token_service.checked(new)
            return token_service.create_token(item, new=given, secret=secret, by=by_command())

        secret = token_service.secret_for(machine)
        with _store() as store:
            _submit(store, make)
    typer.echo(secret.shown)
    if secret.kind == "link":
        typer.echo("Open this at the server's address within 15 min; it works once.", err=True)


@token_app.command("list")
def list_tokens() -> None:
    """List all tokens, without their secrets."""
    with _in_words(), _store() as store:
        rows = _every(store, tokens.tokens)
    _print(
        ("PREFIX", "ROLE", "FOR", "EXPIRES", "LAST USED", "STATE", "NAME"),
        [
            (row["prefix"], row["role"], _for(row), row["expires_at"] or "never",
             row["last_used_at"] or "never", "revoked" if row["revoked_at"] else "",
             row["name"])
            for row in rows
        ],
    )  # fmt: skip


@token_app.command("revoke")
def revoke_token(prefix: str) -> None:
    """End a token, and whatever was opened with it."""

    def end(item: Item) -> None:
        found = tokens.by_prefix(item, prefix.partition(".")[0])
        if found is None:
            raise UnknownToken("There is no token with this prefix.")
        token_service.revoke_token(item, token_id=found.id, by=by_command())

    with _in_words(), _store() as store:
        _submit(store, end)
    typer.echo("The token holds no more.")


def how_to_begin(settings: Settings) -> str | None:
    """What to do on a database that nobody can sign in to; None if somebody can."""
    engine = connect(normalise(settings.resolved_database_url), read_only=True, pool_size=1)
    try:
        with engine.connect() as db, db.begin():
            return None if users.any_user(db) else FIRST
    except SQLAlchemyError:  # the server itself says what is wrong with it
        return None
    finally:
        engine.dispose()


@contextmanager
def _store() -> Iterator[Store]:
    settings = Settings()
    key = settings.log_key
    store = Store.open(
        normalise(settings.resolved_database_url),
        data_dir=settings.data_dir,
        log_key=key.get_secret_value() if key else None,
    )
    store.start()
    try:
        yield store
    finally:
        store.stop()


@contextmanager
def _in_words() -> Iterator[None]:
    """What goes wrong is told in a sentence."""
    try:
        yield
    except DomainError as refusal:
        fields = [f"{e.loc[0]}: {e.msg}." for e in refusal.errors]
        _fail(" ".join([f"{refusal.title}.", *fields] if fields else [refusal.detail]))
    except ValidationError as error:
        fields = [str(part) for e in error.errors() for part in e["loc"]]
        _fail(f"A setting is not valid: {', '.join(fields)}. See the settings in README.md.")
    except (LogKeyMissing, LogKeyWrong) as refusal:
        _fail(str(refusal))
    except (SQLAlchemyError, OSError) as error:
        _fail(
            f"The database could not be opened ({error.__class__.__name__}). Nothing was changed;"
            " look at DATABASE_URL and INFUSION_DATA_DIR, and on PostgreSQL run"
            " `infusion-monitor migrate` first."
        )


def _submit(store: Store, run: Callable[[Item], T]) -> T:
    async def submit() -> T:
        return await store.scribe.submit(run)

    return asyncio.run(submit())


def _every(
    store: Store, page: Callable[..., tuple[list[dict[str, Any]], str | None]]
) -> list[dict[str, Any]]:
    def read(db: Connection) -> list[dict[str, Any]]:
        rows, cursor = page(db, limit=PAGE, cursor=None)
        while cursor is not None:
            more, cursor = page(db, limit=PAGE, cursor=cursor)
            rows += more
        return rows

    return asyncio.run(store.reader.read(read))


def _user_id(item: Item, name: str) -> str:
    found = users.by_folded(item, folded(name))
    if found is None:
        raise UnknownUser("There is no user of this name.")
    return found.id


def _role(given: str, allowed: frozenset[Any]) -> Any:
    if given not in allowed:
        _fail(f"There is no such role here. Give one of: {', '.join(sorted(allowed))}.")
    return given


def _password() -> str:
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    line = sys.stdin.readline()
    password = line.removesuffix("\n").removesuffix("\r")
    if not password:
        _fail("No password was given: type it, or send it to standard input.")
    return password


def _for(row: dict[str, Any]) -> str:
    owner = row["user"]["name"] if row["user"] else None
    return owner or row["station"] or row["session_id"] or ""


def _print(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)
