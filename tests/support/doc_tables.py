"""The tables of docs/alarms.md, written from the registry and the preset."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.monitoring import alarms, attention, controls, cuff, offline
from app.monitoring.intake import GRACE_FLOOR_S, GRACE_SHARE
from app.monitoring.protocols import KETAMINE_ADULT
from app.monitoring.rules import ABOUT, beyond_limit, silence
from app.monitoring.times import MINUTE_MS, SECOND_MS, seconds
from app.monitoring.vitals import VITALS, VitalSign

if TYPE_CHECKING:
    from app.monitoring.limits import Line, RelativeRule

ALARMS = Path(__file__).resolve().parents[2] / "docs" / "alarms.md"


def conditions_table() -> str:
    rows = ["| condition | kind | when | priority |", "|---|---|---|---|"]
    rows += [f"| `{a.condition}` | {a.kind} | {a.when} | {a.priority} |" for a in ABOUT]
    return "\n".join(rows)


def times_table() -> str:
    """Every delay of the engine that does not belong to a line or a rule."""
    times = [
        (
            "a streamed value must be inside by the hysteresis until its condition is over",
            _INSIDE,
        ),
        ("a condition that comes back within this of clearing re-opens the same alarm", _REOPEN),
        ("the priority of an acknowledged alarm falls after this below it", _CALMER),
        ("an unacknowledged high of a stream, or a technical one, sounds again after", _RESOUND),
        ("an unacknowledged high calls the next person after", _UNSEEN),
        ("the same of a blood pressure", _UNSEEN_BP),
        ("a high that no screen has confirmed as shown and sounded calls after", _UNSOUNDED),
        ("audio pause, at most", seconds(controls.PAUSE_MAX_S * SECOND_MS)),
        ("audio off and alarm off, at most, and until the phase changes", seconds(controls.OFF_MS)),
        ("standby, at most", seconds(controls.STANDBY_MAX_MIN * MINUTE_MS)),
        ("grace for silence after a start, a gap or a standby", seconds(silence.GRACE_MS)),
        ("alarms of a probe wait for the cuff on its arm, once a cycle, at most", _HOLD),
        ("equal cuff pressures count as sent again within", seconds(cuff.REPEAT_MS)),
        ("a stream's late value asks for a recheck if nothing newer comes within", _SETTLE),
        ("a typed value is fresh until it is due and a grace of", _GRACE),
    ]
    return "\n".join(["| what | time |", "|---|---|", *(f"| {w} | {t} |" for w, t in times)])


_INSIDE = seconds(beyond_limit.INSIDE_MS)
_REOPEN = seconds(alarms.REOPEN_MS)
_CALMER = seconds(alarms.CALMER_MS)
_RESOUND = seconds(attention.RESOUND_MS)
_UNSEEN = seconds(attention.UNSEEN_MS)
_UNSEEN_BP = seconds(attention.UNSEEN_BP_MS)
_UNSOUNDED = seconds(attention.UNSOUNDED_MS)
_HOLD = seconds(cuff.HOLD_MS)
_SETTLE = seconds(offline.SETTLE_MS)
_GRACE = f"{GRACE_SHARE * 100:g} % of its interval, at least {GRACE_FLOOR_S:g} s"


def bounds_table() -> str:
    rows = ["| vital | limits may be set from | to | least distance |", "|---|---|---|---|"]
    for vital in VITALS.values():
        if vital.limit_bounds is not None:
            low, high = vital.limit_bounds
            rows.append(f"| {_named(vital)} | {low:g} | {high:g} | {vital.limit_gap:g} |")
    return "\n".join(rows)


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
        for code, every_s in schedule.items():
            by_minutes.setdefault(every_s / 60, []).append(VITALS[code].short)
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
    tables = {
        "conditions": conditions_table(),
        "times": times_table(),
        "limits": limits_table(),
        "bounds": bounds_table(),
        "schedule": schedule_table(),
        "vitals": vitals_table(),
    }
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
