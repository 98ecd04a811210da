"""The command `load`, for the application's command line to register."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from app.simulator.client import Api, SimulatorError
from app.simulator.load.run import Options, run
from app.simulator.pace import run_stoppable
from app.simulator.program import CONTACT, FAILED, HERE, INTERRUPTED, Token, Url, sentences

if TYPE_CHECKING:
    from app.simulator.load.report import Outcome
    from app.simulator.load.run import Transport
    from app.simulator.load.tally import Tally
    from app.simulator.pace import Stop

MS = 1_000


def register(app: typer.Typer) -> None:
    """Add the command to a command line."""
    app.command("load")(load_command)


def load_command(
    rooms: Annotated[int, typer.Option(help="Sessions at the same time, at most 5,000")] = 1_000,
    hz: Annotated[float, typer.Option(help="Readings a second of each room")] = 1.0,
    minutes: Annotated[float, typer.Option(help="How long they send, at most 60")] = 1.0,
    transport: Annotated[
        str, typer.Option(help="ws: a few streams; http: one POST for each reading")
    ] = "ws",
    connections: Annotated[
        int | None, typer.Option(help="Without it 8 streams, or 64 connections for POSTs")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same values")] = 1,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the sessions open at the end")
    ] = False,
    anywhere: Annotated[
        bool, typer.Option("--anywhere", help="Also a monitor that is not on this machine")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the figures as JSON instead of a table")
    ] = False,
    url: Url = HERE,
    token: Token = None,
) -> None:
    """Load a monitor: many simulated rooms that send by the clock, whether or not it answers."""
    console = Console(stderr=True)
    try:
        options = Options(
            rooms, hz, minutes, _transport(transport), connections, seed, keep, anywhere
        )
        outcome = asyncio.run(_until_told(url, token, options, console))
    except (SimulatorError, BaseExceptionGroup) as error:
        _say(sentences(error), console)
        raise typer.Exit(FAILED) from error
    if outcome is None:
        _say(["Stopped at once. The next load at these stations ends the sessions."], console)
        raise typer.Exit(INTERRUPTED)
    if json:
        typer.echo(orjson.dumps(outcome.as_json(), option=orjson.OPT_INDENT_2))
    else:
        Console().print(outcome.table())
    _say(outcome.remarks(), console)
    raise typer.Exit(INTERRUPTED if outcome.stopped else 0 if outcome.whole else FAILED)


def _transport(text: str) -> Transport:
    match text.strip().lower():
        case "ws":
            return "ws"
        case "http":
            return "http"
        case _:
            raise SimulatorError(f"--transport {text}: give ws or http")


async def _until_told(
    url: str, token: str | None, options: Options, console: Console
) -> Outcome | None:
    """A Ctrl-C ends the sending, the rooms are still given back; a second one ends all at once, and
    there is no outcome.
    """
    outcome: Outcome | None = None

    async def main(stop: Stop) -> None:
        nonlocal outcome
        with Shown(console) as shown:
            async with Api(url, token=token, retry=CONTACT, on_wait=shown.waiting) as api:
                outcome = await run(api, token, options, stop, shown)

    await run_stoppable(main, takes_its_time=True)
    return outcome


class Shown:
    """One line on a terminal, once a second; nothing elsewhere, for it would be counted as load."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._shown = console.is_terminal
        self._why: str | None = None

    def __enter__(self) -> Shown:
        if self._shown:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._live.stop()

    def waiting(self, why: str | None) -> None:
        self._why = why

    def doing(self, what: str, tally: Tally | None = None) -> None:
        if not self._shown:
            return
        if tally is not None and tally.due:
            p99 = tally.latency.quantile(0.99)
            what = (
                f"{tally.due:,} due, {tally.acknowledged:,} acknowledged, {tally.open:,} waiting,"
                f" p99 {'-' if p99 is None else f'{p99 * MS:.0f} ms'}"
            )
        if self._why is not None:
            what += f" · server: {self._why}, trying again"
        self._live.update(Text(what), refresh=True)


def _say(sentences: list[str], console: Console) -> None:
    for sentence in sentences:
        console.print(sentence, style="bold red", markup=False, emoji=False, soft_wrap=True)
