"""The commands of the scripts, for the application's command line to register."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it when the program runs
from typing import TYPE_CHECKING, Annotated
from uuid import UUID  # noqa: TC003 - the same

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from app.simulator.load import command as load
from app.simulator.pace import parse_speed
from app.simulator.program import FAILED, HERE, Token, Url, api_of, run_program
from app.simulator.record import record
from app.simulator.replay import Outcome, replay
from app.simulator.rooms.command import simulate_command

if TYPE_CHECKING:
    from app.simulator.pace import Stop

WIDEST = 1_000  # characters: more than any table of file names and stations needs


def register(app: typer.Typer) -> None:
    """Add them to a command line."""
    app.command("simulate")(simulate_command)
    app.command("replay")(replay_command)
    app.command("record")(record_command)
    load.register(app)


def replay_command(
    files: Annotated[list[Path], typer.Argument(help="CSV recordings", metavar="FILE...")],
    speed: Annotated[
        str, typer.Option(help="1 is real time, 60 an hour in a minute, max as fast as it goes")
    ] = "1",
    station: Annotated[
        str | None, typer.Option(help="Where to play it; without it, named after the file")
    ] = None,
    finish: Annotated[
        bool, typer.Option(help="Complete the infusion at the end instead of leaving it running")
    ] = False,
    url: Url = HERE,
    token: Token = None,
) -> None:
    """Replay recordings: each into a simulated session, uncleaned, at any pace."""
    console = Console(stderr=True)
    done: list[Outcome] = []

    async def main(stop: Stop) -> None:
        async with api_of(url, token, console) as api:
            await replay(
                api,
                files,
                speed=parse_speed(speed),
                station=station,
                finish=finish,
                console=console,
                stop=stop,
                outcomes=done,
            )

    status = run_program(main, console)
    if done:
        _print_whole(_table(done))
    for outcome in done:
        for lost in outcome.lost:
            sentence = f"{outcome.recording.path}: {lost}"
            console.print(sentence, markup=False, emoji=False, soft_wrap=True)
    if not finish and done:
        console.print("The sessions stay open at their last values; --finish completes them.")
    raise typer.Exit(status or (FAILED if any(outcome.lost for outcome in done) else 0))


def record_command(
    session: Annotated[UUID, typer.Option(help="Id of the session, as in the address of its page")],
    out: Annotated[
        Path | None, typer.Option(help="The file; without it session-<id>.csv in this folder")
    ] = None,
    force: Annotated[bool, typer.Option(help="Replace a file that is there")] = False,
    url: Url = HERE,
    token: Token = None,
) -> None:
    """Write a session back as a recording that `replay` takes."""
    console = Console(stderr=True)

    async def main(_: Stop) -> None:
        async with api_of(url, token, console) as api:
            written = await record(api, session, out, force=force)
        sentence = f"{written.rows} rows in {written.path}"
        console.print(sentence, markup=False, emoji=False, highlight=False, soft_wrap=True)
        for left in written.left_out:
            console.print(f"  {left}", markup=False, highlight=False, soft_wrap=True)

    raise typer.Exit(run_program(main, console))


def _table(outcomes: list[Outcome]) -> Table:
    table = Table("file", "station")
    for name in ("rows", "stored", "refused", "rejected values", "alarms", "session"):
        table.add_column(name)
    for outcome in outcomes:
        rejected = ", ".join(
            f"{code} {count}" for code, count in sorted(outcome.tally.rejected.items())
        )
        table.add_row(
            Text(outcome.recording.stem),  # as they are: a bracket in a name is no markup
            Text(outcome.place.station),
            str(len(outcome.recording.rows)),
            str(outcome.rows_stored),
            str(outcome.tally.refused),
            rejected or "-",
            str(len(outcome.tally.alarms)),
            outcome.session_id,
        )
    return table


def _print_whole(table: Table) -> None:
    """As wide as it needs where no screen sets the width, so that no name is broken or cut."""
    console = Console()
    if not console.is_terminal:
        unbounded = console.options.update(max_width=WIDEST)
        console.width = max(console.width, Measurement.get(console, unbounded, table).maximum)
    console.print(table)
