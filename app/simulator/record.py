"""A session back as a recording: what was sent to it, in the columns that `replay` takes.

The log is read as it stands: what was voided or moved away is left out, what was amended is as it
was put right. The file appears whole or not at all, and never in the place of another.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.simulator import wire
from app.simulator.client import Api, Json, SimulatorError
from app.simulator.recording import COLUMNS, LONGEST_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

ORDER = ("hr", "spo2", "rr", "etco2", "sbp", "dbp", "map", "temp", "o2_flow")
SIGNAL_ZEROS = frozenset(("hr", "spo2", "rr"))  # of these a device says with 0 that it has none
NO_VALUE = -999  # of the others

Values = dict[str, float]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken at one time, in milliseconds."""

    at_ms: int
    values: Values


@dataclass(frozen=True, slots=True)
class Written:
    path: Path
    rows: int
    left_out: tuple[str, ...]


async def record(api: Api, session_id: UUID, out: Path | None, *, force: bool) -> Written:
    """Read the session's log and write it; raises SimulatorError for what cannot be done."""
    path = Path(f"session-{session_id}.csv") if out is None else out
    if not force and path.exists():
        raise there_already(path)
    events = await api.events(str(session_id), 0)
    taken, left_out = readings_of(events)
    text = as_csv(taken)
    write_whole(path, text, force=force)
    return Written(path, text.count("\n") - 1, left_out)


def readings_of(events: Iterable[Json]) -> tuple[list[Taken], tuple[str, ...]]:
    """What the log holds of readings, by time; and what a recording cannot hold of it."""
    held: dict[str, Json] = {}
    lost: list[Taken] = []
    left_out: dict[str, int] = {}
    for event in events:
        data = event["data"]
        match event["kind"]:
            case "reading.recorded":
                held[data["id"]] = data
            case "reading.amended":
                held[data["id"]] = data["reading"]
            case "reading.voided":
                held.pop(data["id"], None)
            case "signal.lost":
                at_ms = wire.ms_of(data["taken_at"])
                lost.append(Taken(at_ms, {vital: _no_signal(vital) for vital in data["vitals"]}))
    taken: list[Taken] = [*lost]
    for data in held.values():
        values = sent_values(data)
        for vital in values.keys() - COLUMNS:
            left_out[vital] = left_out.get(vital, 0) + 1
        taken.append(Taken(wire.ms_of(data["taken_at"]), values))
    known = [Taken(t.at_ms, {v: t.values[v] for v in ORDER if v in t.values}) for t in taken]
    said = tuple(f"{count} values of {v}: no column" for v, count in sorted(left_out.items()))
    return sorted((t for t in known if t.values), key=lambda t: t.at_ms), said


def sent_values(data: Mapping[str, Any]) -> Values:
    """The values as they were sent: not what was derived of them, but what was rejected."""
    derived = set(data.get("derived") or ())
    values = {vital: value for vital, value in data["values"].items() if vital not in derived}
    for rejected in data.get("rejected") or ():
        if rejected["value"] is not None:
            values.setdefault(rejected["vital"], rejected["value"])
    return values


def as_csv(taken: Sequence[Taken]) -> str:
    """One row a time, as long as no vital sign has two values at it."""
    if not taken:
        raise SimulatorError("this session has no reading that a recording could hold")
    rows = _rows(taken)
    begin_ms = rows[0].at_ms
    if rows[-1].at_ms - begin_ms > LONGEST_S * 1_000:
        raise SimulatorError("this session lasted longer than a recording may (a week)")
    columns = [name for name in ORDER if any(name in row.values for row in rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["t_s", *columns])
    for row in rows:
        t_s = _number((row.at_ms - begin_ms) / 1_000)
        writer.writerow([t_s, *(_number(row.values.get(name)) for name in columns)])
    return text.getvalue()


def write_whole(path: Path, text: str, *, force: bool) -> None:
    """Beside its place first, and then into it at once; on disk when this returns."""
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a handle
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _place(Path(beside), path, force=force)
        finally:
            with suppress(FileNotFoundError):
                Path(beside).unlink()
    except FileExistsError as error:
        raise there_already(path) from error
    except OSError as error:
        raise SimulatorError(f"{path}: cannot be written: {error.strerror}") from error


def there_already(path: Path) -> SimulatorError:
    return SimulatorError(f"{path} is there already: nothing was written; give --force or --out")


def _place(beside: Path, path: Path, *, force: bool) -> None:
    if force:
        beside.replace(path)
        return
    try:
        path.hardlink_to(beside)  # fails where a file is, unlike a rename
    except PermissionError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        beside.rename(path)


def _rows(taken: Sequence[Taken]) -> list[Taken]:
    rows: list[Taken] = []
    for one in taken:
        last = rows[-1] if rows else None
        if last is not None and last.at_ms == one.at_ms and not last.values.keys() & one.values:
            rows[-1] = Taken(one.at_ms, {**last.values, **one.values})
        else:
            rows.append(one)
    return rows


def _number(value: float | None) -> str:
    """As short as it is exact."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _no_signal(vital: str) -> int:
    return 0 if vital in SIGNAL_ZEROS else NO_VALUE
