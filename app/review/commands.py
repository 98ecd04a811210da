"""The command `what-if`, for the application's command line to register."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.models.database import connect, is_sqlite, normalise
from app.monitoring.errors import DomainError
from app.review.proposal import read_proposal
from app.review.what_if import Which, recorded, what_if
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.review.proposal import Proposal
    from app.review.what_if import Recorded

USAGE: Final = 2
SHOWN: Final = 20  # alarms shown on each side of a session; --json gives more

File = Annotated[
    Path,
    typer.Option("--limits", help="TOML file: tables limits.spo2, delays.spo2 and so on, by flag"),
]


def register(app: typer.Typer) -> None:
    """Add the command to a command line."""
    app.command("what-if")(what_if_command)


def what_if_command(
    limits: File,
    session: Annotated[str | None, typer.Option(help="Id of one session")] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="Sessions begun from this time or day (UTC) on")
    ] = None,
    to: Annotated[str | None, typer.Option(help="and before this one")] = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Simulated sessions instead of real ones")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="All of it as JSON")] = False,
) -> None:
    """Which alarms other limits would have raised in recorded sessions; nothing stored changes."""
    try:
        proposal = read_proposal(limits.read_text(encoding="utf-8"))
        which = Which(session, _moment(from_), _moment(to), simulated)
        told = _work_out(_database(), which, proposal)
    except DomainError as refusal:
        wrong = [f"{'.'.join(map(str, e.loc))}: {e.msg}" for e in refusal.errors]
        _fail("\n".join(wrong or [refusal.detail]))
    except (OSError, UnicodeDecodeError) as error:
        _fail(f"{limits} cannot be read: {error}")
    except SQLAlchemyError as error:
        _fail(
            f"The database cannot be read ({error.__class__.__name__})."
            " Look at DATABASE_URL and INFUSION_DATA_DIR, or run `infusion-monitor migrate` first."
        )
    if json:
        typer.echo(orjson.dumps(told))
    else:
        _show(told)


def _database() -> str:
    try:
        return normalise(Settings().resolved_database_url)
    except ValidationError:
        _fail("A setting is not valid. See the table of settings in README.md.")


def _moment(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text if len(text) > len("2026-11-22") else f"{text}T00:00Z")
        if moment.tzinfo is None:
            _fail(f"{text}: must say its offset, such as Z or +01:00.")
        return round(moment.timestamp() * 1_000)
    except ValueError:
        _fail(f"{text}: is no time such as 2026-11-22 or 2026-11-22T10:15Z.")


def _work_out(url: str, which: Which, proposal: Proposal) -> dict[str, Any]:
    file = make_url(url).database
    if is_sqlite(url) and file and not Path(file).exists():
        _fail(f"There is no database {file}.")  # or an empty one would be made of that name
    engine = connect(url, read_only=True, pool_size=1)
    try:
        with engine.connect() as db, db.begin():
            sessions = recorded(db, which)
        return _with_a_bar(engine, sessions, proposal)
    finally:
        engine.dispose()


def _with_a_bar(engine: Engine, sessions: list[Recorded], proposal: Proposal) -> dict[str, Any]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("events", total=sum(one.events for one in sessions))
        return what_if(engine, sessions, proposal, lambda events: bar.advance(task, events))


def _show(told: dict[str, Any]) -> None:
    console = Console()
    total = told["total"]
    console.print(
        f"{total['sessions']} sessions, {total['hours']:.1f} hours: {total['before']} alarms as it"
        f" was, {total['after']} with these limits; {total['both']} are in both,"
        f" {total['only_before']} only as it was, {total['only_after']} only with these limits."
    )
    console.print(_table("All", total))
    for session in told["sessions"]:
        if not (session["only_before"]["count"] or session["only_after"]["count"]):
            continue
        name = f"{session['station']}, {session['hours']:.2f} h, {session['session_id']}"
        console.print(_table(name, session))
        for side, title in (("only_before", "Only as it was"), ("only_after", "Only with these")):
            for line in _lines(title, session[side]):
                console.print(line, markup=False, highlight=False, soft_wrap=True)


def _table(title: str, counted: dict[str, Any]) -> Table:
    table = Table(title=Text(title), title_justify="left")
    table.add_column("alarms")
    table.add_column("as it was", justify="right")
    table.add_column("with these limits", justify="right")
    table.add_row("all", str(counted["before"]), str(counted["after"]))
    for row in counted["by_priority"]:
        table.add_row(row["priority"], str(row["before"]), str(row["after"]))
    table.add_section()
    for row in counted["by_condition"]:
        name = " ".join(filter(None, (row["condition"], row["group"], row["side"])))
        table.add_row(Text(name), str(row["before"]), str(row["after"]))
    return table


def _lines(title: str, listed: dict[str, Any]) -> Iterator[str]:
    if not listed["count"]:
        return
    shown = listed["alarms"][:SHOWN]
    yield f"{title}: {listed['count']}"
    for alarm in shown:
        lasted = "to the end" if alarm["duration_s"] is None else f"{alarm['duration_s']:g} s"
        yield f"  {alarm['raised_at']}  {alarm['priority']:6}  {lasted:>10}  {alarm['text']}"
    if listed["count"] > len(shown):
        yield f"  and {listed['count'] - len(shown)} more"


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)
