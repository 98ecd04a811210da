"""What a fault makes of the numbers of one message. Pure; only `+ - * /` on what leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from app.simulator.faults.kinds import CuffFailure, Motion, ProbeOff, Sentinel, WrongUnit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.simulator.message import Message

    Draw = Callable[[str], float]
    """A number from 0 up to 1 for a purpose: the same for the same fault of the same message."""

ValueFault = ProbeOff | Motion | CuffFailure | WrongUnit | Sentinel
VALUE_FAULTS: Final = (ProbeOff, Motion, CuffFailure, WrongUnit, Sentinel)

CUFF: Final = ("sbp", "dbp", "map")
KPA_PER_MMHG: Final = 0.133322

# How far motion throws a sign, as (least, spread). Each is more than the change within 5 min that
# the monitor asks to confirm, and leads to a number that some patient has.
PLAUSIBLE_JUMPS: Final[Mapping[str, tuple[float, float]]] = {
    "hr": (55.0, 25.0),
    "spo2": (-12.0, -4.0),
    "rr": (17.0, 6.0),
    "etco2": (-21.0, -4.0),
}
LOWEST: Final = 2.0  # below that a jump would not be plausible
# What no patient has: above what is physically possible of each.
IMPLAUSIBLE: Final[Mapping[str, tuple[float, float]]] = {
    "hr": (360.0, 140.0),
    "spo2": (101.0, 26.0),
    "rr": (120.0, 80.0),
    "etco2": (160.0, 90.0),
}

Values = dict[str, float | None]


def disturbed(fault: ValueFault, message: Message, draw: Draw) -> Values:
    """The message's values as the fault leaves them; empty if there is nothing left to send."""
    values = dict(message.values)
    typed = message.source == "manual"
    match fault:
        case WrongUnit():
            return _in_wrong_unit(fault.sign, values, typed)
        case _ if typed:
            return values
        case ProbeOff():
            return _without_probe(fault, values)
        case Motion():
            return _shaken(fault, values, draw)
        case CuffFailure():
            return _without_pressure(fault, values)
        case Sentinel():
            return {s: fault.value if s == fault.sign else x for s, x in values.items()}
    assert_never(fault)


def _without_probe(fault: ProbeOff, values: Values) -> Values:
    if fault.sign not in values:
        return values
    if fault.shows == "left_out":
        return {sign: value for sign, value in values.items() if sign != fault.sign}
    return {**values, fault.sign: 0 if fault.shows == "zero" else None}


def _shaken(fault: Motion, values: Values, draw: Draw) -> Values:
    if draw("hit") >= fault.share:
        return values
    for sign in fault.signs:
        value = values.get(sign)
        if value is None:
            continue
        if fault.jumps == "plausible":
            least, spread = PLAUSIBLE_JUMPS[sign]
            values[sign] = max(LOWEST, round(value + least + spread * draw(sign)))
        else:
            least, spread = IMPLAUSIBLE[sign]
            values[sign] = round(least + spread * draw(sign))
    return values


def _without_pressure(fault: CuffFailure, values: Values) -> Values:
    if fault.shows == "zeros":
        return {sign: 0 if sign in CUFF else value for sign, value in values.items()}
    return {sign: value for sign, value in values.items() if sign not in CUFF}


def _in_wrong_unit(sign: str, values: Values, typed: bool) -> Values:
    """A thermometer is read by a person, all else by a monitor."""
    if typed != (sign == "temp"):
        return values
    wrong = CUFF if sign == "bp" else (sign,)
    return {s: _converted(sign, x) if s in wrong else x for s, x in values.items()}


def _converted(sign: str, value: float | None) -> float | None:
    if value is None:
        return None
    if sign == "temp":
        return round(value * 9 / 5 + 32, 1)
    if sign == "spo2":
        return round(value / 100, 4)
    return round(value * KPA_PER_MMHG, 1)
