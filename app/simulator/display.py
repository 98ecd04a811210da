"""What a person sees while a script runs: one line a room, and what went wrong below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

if TYPE_CHECKING:
    from rich.console import Console

    from app.simulator.rooms.tally import Tally


class Display:
    """Lines are updated in place on a terminal; elsewhere only the final state is printed."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),  # a station's name is nobody's markup
            TextColumn("[cyan]{task.fields[phase]:<20}"),
            BarColumn(bar_width=20),
            TaskProgressColumn(),
            TextColumn("{task.fields[acknowledged]}/{task.fields[sent]} acknowledged"),
            TextColumn("{task.fields[alarms]} alarms"),
            TextColumn("[red]{task.fields[trouble]}"),
            console=console,
        )
        self._waiting = ""

    def __enter__(self) -> Display:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def add(self, name: str, total: float) -> TaskID:
        return self._progress.add_task(
            name, total=total, phase="waiting", acknowledged=0, sent=0, alarms=0, trouble=""
        )

    def waiting(self, why: str | None) -> None:
        """The server is not answering, or is again."""
        self._waiting = "" if why is None else f"server: {why}, trying again"

    def show(self, line: TaskID, done: float, phase: str, tally: Tally) -> None:
        trouble = f"{tally.error_count} errors" if tally.error_count else ""
        self._progress.update(
            line,
            completed=done,
            phase=phase,
            acknowledged=tally.acknowledged,
            sent=tally.sent,
            alarms=len(tally.alarms),
            trouble=self._waiting or trouble,
        )
