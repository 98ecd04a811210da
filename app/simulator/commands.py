"""The commands `simulate` and `replay`, for the application's command line to register."""

from __future__ import annotations

import asyncio
from pathlib import Path  # noqa: TC003 - typer reads it when the program runs
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from app.simulator.client import Api, Retry, SimulatorError
from app.simulator.pace import Stop, parse_speed, run_stoppable
from app.simulator.replay import Outcome, replay
from app.simulator.simulate import Options, simulate, total

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.simulator.room import Room

FAILED = 1
INTERRUPTED = 130  # what shells expect after Ctrl-C
CONTACT = Retry(contact_s=10.0)  # a monitor that is just being started answers well within this
WIDEST = 1_000  # characters: more than any table of file names and stations needs

Url = Annotated[str, typer.Option(help="Address of the monitor", envvar="INFUSION_URL")]
Token = Annotated[str | None, typer.Option(help="Sent as a bearer token", envvar="INFUSION_TOKEN")]
HERE = "http://127.0.0.1:8000"


def register(app: typer.Typer) -> None:
    """Add both commands to a command line."""
    app.command("simulate")(simulate_command)
    app.command("replay")(replay_command)


def simulate_command(
    rooms: Annotated[int, typer.Option(min=1, max=200, help="Sessions at the same time")] = 4,
    speed: Annotated[
        str, typer.Option(help="1 is real time, 60 an hour in a minute, max as fast as it goes")
    ] = "1",
    seed: Annotated[int, typer.Option(help="The same seed gives the same readings")] = 1,
    duration: Annotated[
        float | None,
        typer.Option(min=0.1, help="Simulated minutes; without it until all have gone home"),
    ] = None,
    profile: Annotated[
        list[str] | None, typer.Option(help="What happens to the patients, one for each room")
    ] = None,
    cuff_minutes: Annotated[float, typer.Option(min=1.0, max=60.0)] = 5.0,
    url: Url = HERE,
    token: Token = None,
) -> None:
    """Simulate patients in several rooms: simulated sessions on a clock of their own."""
    console = Console(stderr=True)
    done: list[Room] = []

    async def main(stop: Stop) -> None:
        options = Options(
            rooms=rooms,
            speed=parse_speed(speed),
            seed=seed,
            duration_min=duration,
            profiles=tuple(profile or ()),
            cuff_s=round(cuff_minutes * 60),
        )
        async with _api(url, token, console) as api:
            await simulate(api, options, console, stop, done)

    status = _run(main, console)
    whole = total([room.tally for room in done])
    if not done:
        raise typer.Exit(status)
    console.print(
        f"{whole.sent} readings sent, {whole.acknowledged} acknowledged, {whole.refused} refused,"
        f" {len(whole.alarms)} alarms, {whole.error_count} errors"
    )
    for error in whole.errors:
        console.print(f"  {error}", markup=False)
    standing = [room for room in done if not room.over]
    if standing:
        console.print(
            f"{len(standing)} sessions stay as they are, their clock stands still;"
            " the next run takes their places"
        )
    raise typer.Exit(status or (FAILED if whole.acknowledged < whole.sent else 0))


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
        async with _api(url, token, console) as api:
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

    status = _run(main, console)
    if done:
        _print_whole(_table(done))
    for outcome in done:
        for lost in outcome.lost:
            sentence = f"{outcome.recording.path}: {lost}"
            console.print(sentence, markup=False, emoji=False, soft_wrap=True)
    if not finish and done:
        console.print("The sessions stay open at their last values; --finish completes them.")
    raise typer.Exit(status or (FAILED if any(outcome.lost for outcome in done) else 0))


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


def _api(url: str, token: str | None, console: Console) -> Api:
    """Patient with restarts of a monitor that was there, not with one that never was."""
    return Api(url, token=token, retry=CONTACT, on_wait=_telling(console, url))


def _telling(console: Console, url: str) -> Callable[[str | None], None]:
    """Says once, before there are lines to show it in, that the server is being waited for."""
    told = False

    def waiting(why: str | None) -> None:
        nonlocal told
        if why is not None and not told:
            told = True
            console.print(f"{url}: {why}, trying again", markup=False)

    return waiting


def _run(main: Callable[[Stop], Awaitable[None]], console: Console) -> int:
    """The exit status so far; what fails is told in a sentence, without a trace."""
    try:
        return INTERRUPTED if asyncio.run(run_stoppable(main)) else 0
    except SimulatorError as error:
        wrong = [str(error)]
    except BaseExceptionGroup as group:
        expected, other = group.split(SimulatorError)
        if expected is None or other is not None:
            raise
        wrong = sorted({str(error) for error in _leaves(expected)})
    for sentence in wrong:
        console.print(sentence, style="red", markup=False, emoji=False, soft_wrap=True)
    return FAILED


def _leaves(group: BaseExceptionGroup[SimulatorError]) -> list[SimulatorError]:
    found: list[SimulatorError] = []
    for error in group.exceptions:
        found.extend(_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    return found
