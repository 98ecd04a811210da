"""The command line: `infusion-monitor serve | demo | migrate | simulate | replay | what-if`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app import __version__, logs, processes
from app.main import NotLoopback, address, refuse_beyond_loopback, run
from app.models.database import is_sqlite, normalise
from app.models.database import migrate as migrate_database
from app.models.lock import AlreadyServed
from app.models.log_key import LogKeyWrong
from app.models.store import LogKeyMissing
from app.review.commands import register as register_review
from app.settings import Settings
from app.simulator.clinic import SEED
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
)
register(app)
register_review(app)

Host = Annotated[str | None, typer.Option(help="Address to listen on (loopback only).")]
Port = Annotated[int | None, typer.Option(min=0, max=65_535, help="0 lets the system choose.")]


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    count: Annotated[
        int,
        typer.Option("--processes", min=1, max=64, help="More than one on PostgreSQL only."),
    ] = 1,
) -> None:
    """Serve the screens and the API until it is told to stop."""
    settings = _settings(host=host, port=port)
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
    with shared, _said_in_words():
        run(_settings(host=host), on_ready=lambda _: processes.tell_ready(parent), sockets=[shared])


@app.command()
def demo(
    host: Host = None,
    port: Port = None,
    rooms: Annotated[int, typer.Option(min=1, max=24, help="How many rooms.")] = 8,
    seed: Annotated[int, typer.Option(help="Other patients with another seed.")] = SEED,
) -> None:
    """Serve a clinic of simulated patients until Ctrl-C."""
    settings = _settings(host=host, port=port)
    apart = {"data_dir": settings.data_dir / DEMO_DIR, "database_url": ""}
    settings = settings.model_copy(update=apart)
    with ExitStack() as cleanup:

        def start_simulator(url: str) -> None:
            command = [sys.executable, "-m", "app.simulator.demo", "--url", url]
            options = ["--rooms", str(rooms), "--seed", str(seed), "--parent", str(os.getpid())]
            child = subprocess.Popen([*command, *options])
            cleanup.callback(_end, child)

        _run(settings, started="Demo clinic, simulated patients", on_ready=start_simulator)


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


def _run(
    settings: Settings, *, started: str, on_ready: Callable[[str], None] | None = None
) -> None:
    def ready(url: str) -> None:
        typer.echo(f"{started}: {url}  (Ctrl-C stops it; data in {settings.data_dir})")
        if on_ready is not None:
            on_ready(url)

    with _said_in_words():
        run(settings, on_ready=ready)


def _run_many(settings: Settings, count: int) -> None:
    if is_sqlite(normalise(settings.resolved_database_url)):
        _fail(
            "Several processes need PostgreSQL: set DATABASE_URL, or leave --processes out."
            " An SQLite file is served by one process."
        )
    logs.configure(settings.log_level)
    with _said_in_words():
        refuse_beyond_loopback(settings.host)
        try:
            bound = processes.bind(settings.host, settings.port)
        except OSError as error:
            _fail(f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}.")
    url = address(bound)

    def ready() -> None:
        typer.echo(
            f"Infusion monitor: {url}"
            f"  ({count} processes; Ctrl-C stops them; data in {settings.data_dir})"
        )

    command = [sys.executable, "-m", "app.cli", "serve-one", settings.host]
    with bound:
        try:
            processes.keep(command, count, bound, ready)
        except processes.NotStarted as ended:
            raise typer.Exit(ended.status) from None


@contextmanager
def _said_in_words() -> Iterator[None]:
    """What keeps the server from starting is told in a sentence."""
    try:
        yield
    except (NotLoopback, AlreadyServed, LogKeyMissing, LogKeyWrong) as refusal:
        _fail(str(refusal))
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
