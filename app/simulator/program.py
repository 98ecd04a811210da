"""What the scripts' commands share: where the monitor is, and how a run ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from app.simulator.client import Api, Retry, SimulatorError
from app.simulator.pace import Stop, run_stoppable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from rich.console import Console

FAILED = 1
INTERRUPTED = 130  # what shells expect after Ctrl-C
CONTACT = Retry(contact_s=10.0)  # a monitor that is just being started answers well within this

Url = Annotated[str, typer.Option(help="Address of the monitor", envvar="INFUSION_URL")]
Token = Annotated[str | None, typer.Option(help="Sent as a bearer token", envvar="INFUSION_TOKEN")]
HERE = "http://127.0.0.1:8000"


def api_of(url: str, token: str | None, console: Console) -> Api:
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


def run_program(main: Callable[[Stop], Awaitable[None]], console: Console) -> int:
    """The exit status so far; what fails is told in a sentence, without a trace."""
    try:
        return INTERRUPTED if asyncio.run(run_stoppable(main)) else 0
    except (SimulatorError, BaseExceptionGroup) as error:
        wrong = sentences(error)
    for sentence in wrong:
        console.print(sentence, style="red", markup=False, emoji=False, soft_wrap=True)
    return FAILED


def sentences(error: SimulatorError | BaseExceptionGroup[BaseException]) -> list[str]:
    """What went wrong, each thing once; raises it where something in it is nobody's mistake."""
    if isinstance(error, SimulatorError):
        return [str(error)]
    expected, other = error.split(SimulatorError)
    if expected is None or other is not None:
        raise error
    return sorted({str(one) for one in _leaves(expected)})


def _leaves(group: BaseExceptionGroup[SimulatorError]) -> list[SimulatorError]:
    found: list[SimulatorError] = []
    for error in group.exceptions:
        found.extend(_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    return found
