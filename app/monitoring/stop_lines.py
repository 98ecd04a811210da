"""From which values on the infusion should be stopped: fixed lines, the same for every session.

They are no alarm limits: nobody moves them, they give no flag and no alarm. The critical alarm of
the same value, with its own limit, stands beside the prompt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.limits import Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.limits import Comparator, Lines, Number, Side


def _stop(side: Side, comparator: Comparator, value: Number, delay_s: Number = 0) -> Line:
    return Line("stop", side, comparator, value, "high", delay_s)


# From the stop-infusion prompts of the preset "Ketamine adult": hypertension above 200/120 and
# pressure below 80, desaturation that lasts 30 s, breathing below 8, a patient who does not answer
# to voice. `delay_s` is for streamed values: as long as the critical line of the vital waits, and
# for oxygen half a minute, in which a probe is put right or the patient takes a breath.
STOP_LINES: Final[Mapping[str, tuple[Line, ...]]] = {
    "hr": (_stop("low", "<=", 40, 5),),
    "spo2": (_stop("low", "<=", 88, 30),),
    "sbp": (_stop("low", "<=", 80), _stop("high", ">=", 200)),
    "dbp": (_stop("high", ">=", 120),),
    "rr": (_stop("low", "<=", 7, 15),),
    "sedation": (_stop("low", "<=", 2),),
}


def with_stop_lines(lines: Lines) -> Lines:
    """The lines by which values are judged: the limits in force and, after them, these."""
    return {**lines, **{v: lines.get(v, ()) + stops for v, stops in STOP_LINES.items()}}
