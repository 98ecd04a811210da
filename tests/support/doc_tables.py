"""The tables of docs/alarms.md, written from the registry and the preset."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.monitoring.protocols import KETAMINE_ADULT
from app.monitoring.vitals import VITALS, VitalSign

if TYPE_CHECKING:
    from app.monitoring.limits import Line, RelativeRule

ALARMS = Path(__file__).resolve().parents[2] / "docs" / "alarms.md"


def limits_table() -> str:
    rows = [
        "| vital | line | beyond | priority | delay, streamed | hysteresis |",
        "|---|---|---|---|---|---|",
    ]
    for code, lines in KETAMINE_ADULT.lines.items():
        vital = VITALS[code]
        for line in lines:
            rows.append(
                f"| {_named(vital)} | {line.tier} {line.side} | {line.comparator} {line.value:g}"
                f" | {_priority(line)} | {_delay(line)} | {vital.hysteresis:g} |"
            )
        for rule in KETAMINE_ADULT.relative.get(code, ()):
            delay = vital.delays["relative"]
            rows.append(
                f"| {_named(vital)} | relative {rule.side} | {_relative(rule)} | {rule.priority}"
                f" | {f'{delay:g} s' if delay else 'none'} | {vital.hysteresis:g} |"
            )
    return "\n".join(rows)


def schedule_table() -> str:
    rows = ["| phase | a value at least every |", "|---|---|"]
    for phase, schedule in KETAMINE_ADULT.schedule.items():
        by_minutes: dict[float, list[str]] = {}
        for code, seconds in schedule.items():
            by_minutes.setdefault(seconds / 60, []).append(VITALS[code].short)
        parts = [f"{minutes:g} min: {', '.join(names)}" for minutes, names in by_minutes.items()]
        rows.append(f"| {phase} | {'; '.join(parts)} |")
    return "\n".join(rows)


def vitals_table() -> str:
    rows = [
        "| code | vital sign | unit | LOINC | kind"
        " | possible (device) | possible (person) | likely | step that sounds again |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for vital in VITALS.values():
        spans = (vital.reject, vital.manual_reject, vital.likely)
        shown = " | ".join(f"{low:g} to {high:g}" for low, high in spans)
        rows.append(
            f"| `{vital.code}` | {vital.label} | {vital.unit or 'score'} | {vital.loinc or 'none'}"
            f" | {vital.kind} | {shown} | {vital.worsening:g} |"
        )
    return "\n".join(rows)


def _named(vital: VitalSign) -> str:
    return f"{vital.short} {vital.unit}".strip()


def _priority(line: Line) -> str:
    return line.priority or "flag only"


def _delay(line: Line) -> str:
    return f"{line.delay_s:g} s" if line.delay_s else "none"


def _relative(rule: RelativeRule) -> str:
    change = f"{rule.percent:+g} %" if rule.offset is None else f"{rule.offset:+g}"
    also = ""
    if rule.and_value is not None:
        also = f" and {'below' if rule.side == 'low' else 'above'} {rule.and_value:g}"
    return f"{rule.comparator} baseline {change}{also}"


def written(text: str) -> str:
    """The document with its tables as the code now has them."""
    tables = {"limits": limits_table(), "schedule": schedule_table(), "vitals": vitals_table()}
    for name, table in tables.items():
        pattern = f"<!-- {name} -->\n.*?<!-- /{name} -->"
        text = re.sub(
            pattern,
            f"<!-- {name} -->\n{table}\n<!-- /{name} -->".replace("\\", r"\\"),
            text,
            flags=re.S,
        )
    return text


if __name__ == "__main__":
    ALARMS.write_text(written(ALARMS.read_text()))
    sys.exit(0)
