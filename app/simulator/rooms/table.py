"""What a person sees while a run goes on: a table on a terminal, elsewhere a line a phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.live import Live
from rich.table import Table
from rich.text import Text

from app.simulator.rooms.tally import total

if TYPE_CHECKING:
    from rich.console import Console

    from app.simulator.rooms.room import Room

REFRESH_PER_S = 2  # readable, and a small share of the work of many rooms
COLUMNS = ("room", "scenario", "phase", "minute", "readings", "alarms", "refused", "errors")


class LiveTable:
    """One line a room, in place on a terminal; `waiting` says that the server does not answer."""

    def __init__(self, console: Console, rooms: list[Room]) -> None:
        self._console = console
        self._rooms = rooms
        self._why = ""
        self._phases: dict[str, str] = {}
        self._live = Live(
            console=console,
            get_renderable=self.table,
            refresh_per_second=REFRESH_PER_S,
            auto_refresh=console.is_terminal,
        )

    def __enter__(self) -> LiveTable:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def waiting(self, why: str | None) -> None:
        """The server is not answering, or is again."""
        now = "" if why is None else f"server: {why}, trying again"
        if now and not self._why and not self._console.is_terminal:
            self._console.print(now, markup=False, highlight=False, soft_wrap=True)
        self._why = now

    def moved(self, room: Room) -> None:
        """Called when a room has played on: where there is no table, a new phase is said."""
        if self._console.is_terminal or self._phases.get(room.session_id) == room.visit.phase:
            return
        self._phases[room.session_id] = room.visit.phase
        self._console.print(
            f"{room.name}: {room.scenario}, {room.visit.phase}, minute {room.minute}",
            *(f"{room.tally.acknowledged}/{room.tally.sent} acknowledged",),
            sep=", ",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )

    def table(self) -> Table:
        whole = total([room.tally for room in self._rooms])
        table = Table(title=self._why or None, title_style="red", caption=_caption(self._rooms))
        for name in COLUMNS:
            table.add_column(name, no_wrap=True)
        table.add_column("answer p50/p95", no_wrap=True)
        for room in self._rooms:
            table.add_row(*_cells(room))
        if len(self._rooms) > 1:
            table.add_section()
            table.add_row(
                *("all", "", "", ""),
                f"{whole.acknowledged}/{whole.sent}",
                f"{len(whole.standing)}/{len(whole.alarms)}",
                *(str(whole.refused), str(whole.error_count), str(whole.latency)),
            )
        return table


def _cells(room: Room) -> tuple[str | Text, ...]:
    tally = room.tally
    return (
        Text(room.name),  # as it is: a bracket in a name is no markup
        Text(room.scenario),
        "ended elsewhere" if room.gone and not room.visit.over else room.visit.phase,
        str(room.minute),
        f"{tally.acknowledged}/{tally.sent}",
        f"{len(tally.standing)}/{len(tally.alarms)}",
        str(tally.refused),
        str(tally.error_count),
        str(tally.latency),
    )


def _caption(rooms: list[Room]) -> str:
    here = sum(1 for room in rooms if not room.over)
    return f"{here} of {len(rooms)} patients are here; readings acknowledged/sent, alarms now/all"
