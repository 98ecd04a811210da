"""The command line: `infusion-monitor serve | demo | user | token | migrate | simulate | replay |
what-if | backup | restore | verify`.

What serves is imported by the commands that serve: the others need not wait for it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path  # noqa: TC003 - typer reads it when the program runs
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app import __version__, logs, processes
from app.access import demo as demo_accounts
from app.accounts_cli import how_to_begin
from app.accounts_cli import register as register_accounts
from app.backup.commands import register as register_backup
from app.bind import CannotServe, refuse_beyond_loopback, tls_context
from app.models.database import is_sqlite, normalise
from app.models.database import migrate as migrate_database
from app.models.lock import AlreadyServed
from app.models.log_key import LogKeyWrong
from app.models.store import LogKeyMissing
from app.monitoring.errors import DomainError
from app.review.commands import register as register_review
from app.settings import Settings, is_loopback
from app.simulator.commands import register

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEMO_DIR: Final = "demo"  # inside the data directory: a demo never touches a clinic's data
CHILD_STOP_S: Final = 10  # the demo's simulator finishes what it was sending; then it is ended
USAGE: Final = 2

app = typer.Typer(
    name="infusion-monitor",
    help="Live monitoring of infusion sessions. A charting and display aid, no certified monitor.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # one of them may be a password
)
register(app)
register_review(app)
register_accounts(app)
register_backup(app)

Host = Annotated[str | None, typer.Option(help="Address to listen on; beyond this machine by TLS.")]
Port = Annotated[int | None, typer.Option(min=0, max=65_535, help="0 lets the system choose.")]


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    count: Annotated[
        int,
        typer.Option("--processes", min=1, max=64, help="More than one on PostgreSQL only."),
    ] = 1,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Certificate chain (PEM): serves https and wss.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
) -> None:
    """Serve the screens and the API until it is told to stop."""
    settings = _settings(host=host, port=port, tls_cert=tls_cert, tls_key=tls_key)
    if count == 1:
        _run(settings, started="Infusion monitor")
    else:
        _run_many(settings, count)


@app.command(hidden=True)
def serve_one(host: str, bound: int, link: int) -> None:
    """One of the processes of `serve --processes`, on a socket and with a parent it is handed."""
    parent, shared = socket.socket(fileno=link), socket.socket(fileno=bound)
    for handed in (parent, shared):
        handed.set_inheritable(False)  # what this process starts must hold neither
    processes.end_with_parent(parent)
    from app.main import run

    with shared, _said_in_words():
        run(_settings(host=host), on_ready=lambda _: processes.tell_ready(parent), sockets=[shared])


@app.command()
def demo(
    host: Annotated[str | None, typer.Option(help="Address of this machine only.")] = None,
    port: Port = None,
    rooms: Annotated[int, typer.Option(min=1, max=24, help="How many rooms.")] = 8,
    seed: Annotated[int | None, typer.Option(help="Other patients with another seed.")] = None,
) -> None:
    """Serve a clinic of simulated patients until Ctrl-C; anybody at this machine may sign in."""
    settings = _demo_settings(_settings(host=host, port=port))
    with _said_in_words():
        token = demo_accounts.prepare(settings)
    with ExitStack() as cleanup:

        def start_simulator(url: str) -> None:
            command = [sys.executable, "-m", "app.simulator.demo", "--url", url]
            options = ["--rooms", str(rooms), "--parent", str(os.getpid())]
            if seed is not None:
                options += ["--seed", str(seed)]
            # In its environment: every program of the machine may read its command line.
            environment = os.environ | {"INFUSION_TOKEN": token}
            child = subprocess.Popen([*command, *options], env=environment)
            cleanup.callback(_end, child)

        _run(
            settings, started="Demo clinic, simulated patients", on_ready=start_simulator, demo=True
        )


@app.command()
def migrate() -> None:
    """Bring the database's schema to the newest version; running it again does nothing."""
    url = normalise(_settings().resolved_database_url)
    try:
        migrate_database(url)
    except SQLAlchemyError as error:
        _fail(f"The database could not be migrated: {error.__class__.__name__}. Nothing was lost.")
    typer.echo("The schema is the newest.")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def _settings(**overrides: object) -> Settings:
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        fields = ", ".join(str(part) for e in error.errors() for part in e["loc"])
        _fail(f"A setting is not valid: {fields}. See the table of settings in README.md.")


def _demo_settings(settings: Settings) -> Settings:
    """For this machine only, by whichever way: not by a proxy, not under another name."""
    if not is_loopback(settings.host):
        _fail(
            "A demo lets in whoever reaches it, so it listens on loopback only, not on"
            f" {settings.host}."
        )
    apart = {
        "data_dir": settings.data_dir / DEMO_DIR,
        "database_url": "",
        "tls_cert": None,
        "tls_key": None,
        "behind_proxy": False,
        "allowed_hosts": (),
    }
    return settings.model_copy(update=apart)


def _run(
    settings: Settings,
    *,
    started: str,
    on_ready: Callable[[str], None] | None = None,
    demo: bool = False,
) -> None:
    from app.main import run

    def ready(url: str) -> None:
        typer.echo(f"{started}: {url}  (Ctrl-C stops it; data in {settings.data_dir})")
        _say_how_to_begin(settings)
        if on_ready is not None:
            on_ready(url)

    with _said_in_words():
        run(settings, on_ready=ready, demo=demo)


def _run_many(settings: Settings, count: int) -> None:
    if is_sqlite(normalise(settings.resolved_database_url)):
        _fail(
            "Several processes need PostgreSQL: set DATABASE_URL, or leave --processes out."
            " An SQLite file is served by one process."
        )
    from app.main import address

    logs.configure(settings.log_level)
    with _said_in_words():
        refuse_beyond_loopback(settings)
        tls_context(settings)
        try:
            bound = processes.bind(settings.host, settings.port)
        except OSError as error:
            _fail(f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}.")
    url = address(bound, tls=settings.tls)

    def ready() -> None:
        typer.echo(
            f"Infusion monitor: {url}"
            f"  ({count} processes; Ctrl-C stops them; data in {settings.data_dir})"
        )
        _say_how_to_begin(settings)

    if settings.tls:  # the children have the same settings from their environment
        files = {"INFUSION_TLS_CERT": settings.tls_cert, "INFUSION_TLS_KEY": settings.tls_key}
        os.environ |= {name: str(file) for name, file in files.items()}
    command = [sys.executable, "-m", "app.cli", "serve-one", settings.host]
    with bound:
        try:
            processes.keep(command, count, bound, ready)
        except processes.NotStarted as ended:
            raise typer.Exit(ended.status) from None


def _say_how_to_begin(settings: Settings) -> None:
    if (how := how_to_begin(settings)) is not None:
        typer.echo(how)


@contextmanager
def _said_in_words() -> Iterator[None]:
    """What keeps the server from starting is told in a sentence."""
    try:
        yield
    except (CannotServe, AlreadyServed, LogKeyMissing, LogKeyWrong) as refusal:
        _fail(str(refusal))
    except DomainError as refusal:
        _fail(refusal.detail)
    except (SQLAlchemyError, OSError) as error:
        _fail(
            f"The database could not be opened ({error.__class__.__name__}). Nothing was changed;"
            " look at DATABASE_URL and INFUSION_DATA_DIR, and on PostgreSQL run"
            " `infusion-monitor migrate` first."
        )


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(CHILD_STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)


def main() -> None:
    """The entry point of the package."""
    app()


if __name__ == "__main__":
    main()
