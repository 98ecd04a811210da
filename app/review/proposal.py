"""Other limits to try on what was recorded: lines of the protocol moved, or given other delays."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.monitoring.errors import FieldError, InvalidRequest
from app.monitoring.limits import NAMED, Line, Lines, Number, named_line, with_moved
from app.monitoring.protocols import PROTOCOLS
from app.monitoring.vitals import VITALS

LONGEST_DELAY_S: Final = 600  # ten minutes beyond a line is no delay any more

ByFlag = Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Values and delays (seconds) by vital and flag; what is not named stays as it was."""

    limits: Mapping[str, ByFlag] = field(default_factory=dict)
    delays: Mapping[str, ByFlag] = field(default_factory=dict)

    @property
    def named(self) -> frozenset[str]:
        """The lines that it moves, as `spo2.low`: a person's own move of them does not count."""
        return frozenset(f"{vital}.{flag}" for vital, of in self.limits.items() for flag in of)

    def redraw(self, lines: Lines) -> Lines:
        """The protocol's lines as proposed; those relative to a baseline are drawn from it later,
        as they were.
        """
        redrawn = dict(lines)
        for vital in lines.keys() & (self.limits.keys() | self.delays.keys()):
            for flag, value in self.limits.get(vital, {}).items():
                redrawn[vital] = with_moved(redrawn[vital], flag, value)
            for flag, delay_s in self.delays.get(vital, {}).items():
                redrawn[vital] = _delayed(redrawn[vital], flag, delay_s)
        return redrawn


def _delayed(lines: tuple[Line, ...], flag: str, delay_s: Number) -> tuple[Line, ...]:
    """The line that the flag names waits so long; those further out under its name never longer."""
    first = named_line(lines, flag)
    return tuple(
        replace(line, delay_s=delay_s if line is first else min(line.delay_s, delay_s))
        if (line.tier, line.side, line.basis) == (*NAMED[flag], "absolute")
        else line
        for line in lines
    )


def read_proposal(text: str) -> Proposal:
    """The proposal that a TOML text makes; raises InvalidRequest, one error per field."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidRequest(f"This is not TOML: {error}.") from error
    errors = [
        FieldError((name,), "unknown_field", "There are the tables limits and delays.")
        for name in told
        if name not in ("limits", "delays")
    ]
    if errors:
        raise _refusal(errors)
    return proposal_of(told.get("limits", {}), told.get("delays", {}))


def proposal_of(limits: Any, delays: Any) -> Proposal:
    """The proposal of these tables, once every line of it exists and all are in order; raises
    InvalidRequest, one error per field.
    """
    errors = [*_wrong("limits", limits), *_wrong("delays", delays)]
    if not errors and not limits and not delays:
        errors.append(FieldError(("limits",), "required", "Name at least one limit or delay."))
    if errors:
        raise _refusal(errors)
    proposal = Proposal(limits, delays)
    errors = _out_of_order(proposal)
    if errors:
        raise _refusal(errors)
    return proposal


def _refusal(errors: list[FieldError]) -> InvalidRequest:
    return InvalidRequest("Correct the fields listed and ask again.", errors=errors)


def _wrong(table: str, told: Any) -> list[FieldError]:
    if not isinstance(told, Mapping):
        return [FieldError((table,), "not_an_object", "Must hold a table for each vital sign.")]
    errors = []
    for vital, by_flag in told.items():
        if vital not in VITALS:
            errors.append(FieldError((table, vital), "unknown_vital", "No such vital sign."))
        elif not isinstance(by_flag, Mapping):
            errors.append(FieldError((table, vital), "not_an_object", "Must name flags."))
        else:
            for flag, number in by_flag.items():
                found = _wrong_line(table, vital, flag, number)
                if found is not None:
                    errors.append(FieldError((table, vital, flag), *found))
    return errors


def _wrong_line(table: str, vital: str, flag: str, number: Any) -> tuple[str, str] | None:
    """The code and sentence of what is wrong, None if nothing is."""
    of_vital = [protocol.lines.get(vital, ()) for protocol in PROTOCOLS.values()]
    if flag not in NAMED or all(named_line(lines, flag) is None for lines in of_vital):
        return "no_such_line", f"{VITALS[vital].label} has no line {flag}."
    if type(number) not in (int, float):
        return "not_a_number", "Must be a number."
    if table == "limits":
        low, high = VITALS[vital].reject
        if not low <= number <= high:
            return "out_of_bounds", f"Must be between {low:g} and {high:g}."
        return None
    if VITALS[vital].kind != "streamed":
        return "no_delay", f"{VITALS[vital].label} is judged as it is taken, without delay."
    if not 0 <= number <= LONGEST_DELAY_S:
        return "out_of_bounds", f"Must be between 0 and {LONGEST_DELAY_S} seconds."
    return None


def _out_of_order(proposal: Proposal) -> list[FieldError]:
    """Of every protocol: low below high, critical not inside warning."""
    errors = {}
    for protocol in PROTOCOLS.values():
        for vital in proposal.limits.keys() & protocol.lines.keys():
            lines = proposal.redraw({vital: protocol.lines[vital]})[vital]
            found = [line.value for flag in NAMED if (line := named_line(lines, flag)) is not None]
            if found != sorted(found):
                where = ("limits", vital)
                message = "Low must be below high, and critical outside warning."
                errors[where] = FieldError(where, "not_ordered", message)
    return list(errors.values())
