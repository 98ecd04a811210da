"""Tables of what was measured, for a terminal and for docs/performance.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from bench.figures import told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.part import Figure, Measured

HEAD = ("| | median [least..most] | goal | |", "|---|---|---|---|")


def table(measured: Measured) -> str:
    """The part's figures; those with a goal say if it is met, whatever the answer is."""
    rows = [_row(measured, figure) for figure in measured.part.figures]
    return "\n".join((*HEAD, *rows))


def _row(measured: Measured, figure: Figure) -> str:
    spread = measured.spread(figure)
    unit = f" {figure.unit}" if figure.unit else ""
    cells = f"| {figure.label} | {spread}{unit} |"
    if figure.goal is None:
        return f"{cells} | |"
    met = "met" if figure.goal.met(spread.middle) else "**missed**"
    return f"{cells} {figure.goal} | {met} |"


def section(measured: Measured) -> str:
    part = measured.part
    rounds = f"{len(measured.rounds)} round{'s' if len(measured.rounds) != 1 else ''}"
    return f"{part.about} ({rounds})\n\n{table(measured)}"


def summary(all_measured: Sequence[Measured]) -> str:
    """Every goal in one line each."""
    rows = []
    for measured in all_measured:
        for figure in measured.part.figures:
            if figure.goal is None:
                continue
            middle = measured.spread(figure).middle
            met = "met" if figure.goal.met(middle) else "MISSED"
            rows.append(
                f"{measured.part.number:>2}  {met:<6}  {told(middle):>7} ({figure.goal})  "
                f"{figure.goal.text}"
            )
    return "\n".join(rows)


def as_json(machine: str, all_measured: Sequence[Measured]) -> bytes:
    """Every figure of every round, to be looked at again."""
    parts = {str(one.part.number): one.rounds for one in all_measured}
    return orjson.dumps({"machine": machine, "parts": parts}, option=orjson.OPT_INDENT_2)


def written(document: str, machine: str, all_measured: Sequence[Measured]) -> str:
    """The document with these parts renewed; parts that were not measured stay as they are."""
    for measured in all_measured:
        name = str(measured.part.number)
        document = between(document, name, f"{section(measured)}\n\n{machine}")
    return document


def between(document: str, name: str, text: str) -> str:
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(document):
        raise ValueError(f"there is no place for part {name}: {begin} ... {end}")
    return pattern.sub(lambda _: f"{begin}\n{text}\n{end}", document)


def write(page: Path, machine: str, all_measured: Sequence[Measured]) -> None:
    page.write_text(written(page.read_text("utf-8"), machine, all_measured), "utf-8")
