"""Recordings as CSV: a column `t_s`, and columns named by vital sign. Nothing is cleaned."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from app.simulator.client import SimulatorError

COLUMNS = frozenset(("hr", "spo2", "sbp", "dbp", "map", "rr", "temp", "etco2", "o2_flow"))
LONGEST_S = 7 * 24 * 3600.0  # a week; more is a wrong unit
LONGEST_STEP_S = 86_400.0  # a day: the longest interval a device may declare
LONE_ROW_STEP_S = 60.0  # the step declared for a recording of one row


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a recording; None where the cell is blank."""

    number: int  # of the file's line, as an editor counts
    t_s: float
    values: dict[str, float | None]

    @property
    def blank(self) -> bool:
        return all(value is None for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Recording:
    path: Path
    rows: tuple[Row, ...]

    @property
    def stem(self) -> str:
        return self.path.stem

    @property
    def length_s(self) -> float:
        return self.rows[-1].t_s

    @property
    def step_s(self) -> float:
        """The usual distance between two rows, which is what its device would declare."""
        steps = [later.t_s - row.t_s for row, later in pairwise(self.rows) if later.t_s > row.t_s]
        return min(median(steps), LONGEST_STEP_S) if steps else LONE_ROW_STEP_S


def _number(text: str, where: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    # JSON knows neither NaN nor infinity: what the file has cannot be sent as it is.
    if value != value or value in (float("inf"), float("-inf")):
        raise SimulatorError(f"{where}: {text!r} is not a number; leave the cell blank instead")
    return int(value) if value.is_integer() else value


def read_recording(path: Path) -> Recording:
    """The whole file; any mistake in it is one sentence with the line and column."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = list(csv.reader(file))
    except OSError as error:
        raise SimulatorError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SimulatorError(f"{path}: is not a CSV text file: {error}") from error
    if not lines:
        raise SimulatorError(f"{path}: is empty; the first line must name the columns")
    header = [name.strip() for name in lines[0]]
    _check_header(path, header)
    rows = [
        _row(path, number, header, cells)
        for number, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise SimulatorError(f"{path}: has no rows")
    for row, later in pairwise(rows):
        if later.t_s < row.t_s:
            raise SimulatorError(f"{path} line {later.number}: t_s goes back in time")
    return Recording(path, tuple(rows))


def _check_header(path: Path, header: list[str]) -> None:
    known = ", ".join(sorted(COLUMNS))
    if "t_s" not in header:
        raise SimulatorError(f"{path}: has no column t_s (seconds from the start)")
    for name in header:
        if name != "t_s" and name not in COLUMNS:
            raise SimulatorError(f"{path}: unknown column {name!r}; known are t_s, {known}")
        if header.count(name) > 1:
            raise SimulatorError(f"{path}: column {name!r} is there twice")
    if len(header) == 1:
        raise SimulatorError(f"{path}: has no vital sign; known are {known}")


def _row(path: Path, number: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        raise SimulatorError(
            f"{path} line {number}: {len(cells)} cells, the header names {len(header)}"
        )
    where = f"{path} line {number}"
    read = {
        name: _number(cell, f"{where}, column {name}")
        for name, cell in zip(header, cells, strict=True)
    }
    t_s = read.pop("t_s")
    if t_s is None or not 0 <= t_s <= LONGEST_S:
        raise SimulatorError(f"{where}: t_s must be between 0 and {LONGEST_S:.0f} seconds")
    return Row(number, t_s, read)
