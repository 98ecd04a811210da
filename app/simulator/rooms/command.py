"""The command `simulate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from app.simulator.pace import parse_speed
from app.simulator.program import FAILED, HERE, Token, Url, api_of, run_program
from app.simulator.rooms.run import Options, simulate
from app.simulator.rooms.tally import total
from app.simulator.rooms.transport import Way  # noqa: TC001 - typer reads it when the program runs
from app.simulator.scenario import listed

if TYPE_CHECKING:
    from app.simulator.pace import Stop
    from app.simulator.rooms.room import Room
    from app.simulator.rooms.tally import Tally


def simulate_command(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names (see --list) or TOML files; rooms take them in turn", metavar="SCENARIO"
        ),
    ] = None,
    rooms: Annotated[
        int | None,
        typer.Option(min=1, max=200, help="Sessions at the same time; else one a scenario"),
    ] = None,
    speed: Annotated[
        str, typer.Option(help="1 is real time, 60 an hour in a minute, max as fast as it goes")
    ] = "1",
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same readings")] = None,
    duration: Annotated[
        float | None,
        typer.Option(min=0.1, help="Simulated minutes; without it until all have gone home"),
    ] = None,
    nurse: Annotated[
        bool | None,
        typer.Option("--nurse/--no-nurse", help="Whether a nurse plays; else as scenarios say"),
    ] = None,
    clock: Annotated[
        Literal["driven", "wall"],
        typer.Option(help="wall: real time only, and what faults of a device's clock need"),
    ] = "driven",
    transport: Annotated[Way, typer.Option(help="How devices send")] = "http",
    go_on: Annotated[
        bool,
        typer.Option("--continue", help="Go on with what a run like this one has left standing"),
    ] = False,
    list_them: Annotated[
        bool, typer.Option("--list", help="Show the scenarios that are built in, and end")
    ] = False,
    url: Url = HERE,
    token: Token = None,
) -> None:
    """Simulate patients in several rooms: simulated sessions on a clock of their own."""
    if list_them:
        _list()
        return
    console = Console(stderr=True)
    done: list[Room] = []

    async def main(stop: Stop) -> None:
        options = Options(
            scenarios=tuple(scenarios or ()),
            rooms=rooms,
            speed=parse_speed(speed),
            seed=seed,
            duration_min=duration,
            nurse=nurse,
            clock=clock,
            way=transport,
            go_on=go_on,
        )
        async with api_of(url, token, console) as api:
            await simulate(api, options, console, stop, done)

    status = run_program(main, console)
    if done:
        _say_the_end(console, done)
        status = status or (FAILED if any(_lost(room) for room in done) else 0)
    raise typer.Exit(status)


def _lost(room: Room) -> bool:
    """Whether a reading has no answer, or was refused though its device did nothing wrong."""
    tally = room.tally
    answered = tally.acknowledged + tally.refused
    return answered < tally.sent or (tally.refused > 0 and not room.faulty)


def _say_the_end(console: Console, done: list[Room]) -> None:
    whole = total([room.tally for room in done])
    console.print(
        f"{whole.sent} readings sent, {whole.acknowledged} acknowledged, {whole.refused} refused,"
        f" {len(whole.alarms)} alarms, {whole.error_count} errors, answers {whole.latency}",
        soft_wrap=True,
        highlight=False,
    )
    for sentence in [*_by_code(whole), *whole.errors]:
        console.print(f"  {sentence}", markup=False, highlight=False, soft_wrap=True)
    standing = [room for room in done if not room.over]
    if standing:
        still = ", their clock stands still" if any(room.driven for room in standing) else ""
        console.print(
            f"{len(standing)} of {len(done)} sessions stay as they are{still}: the same command"
            " with --continue goes on with them, any other run takes their places",
            soft_wrap=True,
            highlight=False,
        )


def _by_code(whole: Tally) -> list[str]:
    said = (("refused", whole.refusals), ("values not taken", whole.rejected))
    return [
        f"{what}: " + ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
        for what, codes in said
        if codes
    ]


def _list() -> None:
    table = Table("scenario", "what happens", box=None, pad_edge=False)
    for name, about in listed():
        table.add_row(name, about)
    Console(soft_wrap=True).print(table)
