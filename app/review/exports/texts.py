"""How the exports say numbers, times and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.times import MINUTE_MS, SECOND_MS, parse_iso
from app.monitoring.vitals import VITALS
from app.review.zones import UTC_NAME, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable

NONE: Final = "\N{EN DASH}"  # what was not taken; never blank and never 0
MINUS: Final = "\N{MINUS SIGN}"
FLAG_MARKS: Final = {"low_critical": "LL", "low": "L", "high": "H", "high_critical": "HH"}
FLAG_TONES: Final = {
    "low_critical": "critical",
    "low": "warning",
    "high": "warning",
    "high_critical": "critical",
}
DISCLAIMER: Final = (
    "This software is a charting and display aid. It is not a cleared or approved medical device"
    " and must not be used as the primary or only means of monitoring a patient or of alarm"
    " notification. Values may be delayed, missing or wrong. Limits are defaults that the clinic's"
    " medical director must review."
)
BROKEN: Final = (
    "THE LOG WAS CHANGED OUTSIDE THE PROGRAM, FROM EVENT {seq} ON: no signature over that holds;"
    " `infusion-monitor verify` names it."
)
SIMULATED: Final = "SIMULATED DATA \N{EN DASH} NOT A PATIENT"


def number(value: float | None) -> str:
    """As it was stored: no digit more, none less."""
    if value is None:
        return NONE
    text = repr(value)
    if "e" in text:  # nobody reads 1e-05
        text = f"{value:.10f}".rstrip("0")
    text = text[:-2] if text.endswith(".0") else text
    return text.rstrip(".")


def rounded(value: float | None, places: int = 1) -> str:
    """What was worked out, to so many places."""
    if value is None:
        return NONE
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def change(value: float | None) -> str:
    """With its sign."""
    if value is None:
        return NONE
    text = rounded(abs(value))
    if text == "0":
        return "0"
    return f"+{text}" if value > 0 else f"{MINUS}{text}"


def span(seconds: float) -> str:
    """`2 h 05 min`, `12:30 min`, `45 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d} min"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes:02d} min"


def label(vital: str) -> str:
    known = VITALS.get(vital)
    return known.short if known else vital


def unit(vital: str) -> str:
    known = VITALS.get(vital)
    return known.unit if known else ""


def flagged(value: float, flag: str | None) -> str:
    """`190HH`: as laboratories write it."""
    return number(value) + FLAG_MARKS.get(flag or "", "")


def who(by: dict[str, Any] | None) -> str:
    """Name and role; of a machine its name."""
    if by is None:
        return NONE
    name = str(by.get("name") or by.get("id") or by.get("kind") or NONE)
    role = by.get("role")
    return f"{name} ({role})" if role and by.get("kind") == "person" else name


def words(codes: Iterable[str]) -> str:
    return ", ".join(code.replace("_", " ") for code in codes)


@dataclass(frozen=True, slots=True)
class Clock:
    """The times of a record in one zone; what is of another day or offset than zero says so."""

    name: str
    zone: tzinfo
    zero: datetime
    zero_ms: int

    @classmethod
    def of(cls, t0: str, zone: str = UTC_NAME) -> Clock:
        """Raises InvalidRequest for a zone that there is not."""
        info, ms = zone_of(zone), parse_iso(t0)
        return cls(zone, info, datetime.fromtimestamp(ms / SECOND_MS, info), ms)

    def moment(self, text: str) -> datetime:
        return datetime.fromtimestamp(parse_iso(text) / SECOND_MS, self.zone)

    def time(self, text: str | None) -> str:
        """`10:15:00`."""
        if text is None:
            return NONE
        at = self.moment(text)
        same_day = at.date() == self.zero.date()
        return self._with_offset(at, "%H:%M:%S" if same_day else "%Y-%m-%d %H:%M:%S")

    def full(self, text: str | None) -> str:
        """`2026-11-22 10:15:00`; with the offset where that is another than zero's."""
        return NONE if text is None else self._with_offset(self.moment(text), "%Y-%m-%d %H:%M:%S")

    def _with_offset(self, at: datetime, spelling: str) -> str:
        said = at.strftime(spelling)
        return said if at.utcoffset() == self.zero.utcoffset() else f"{said} {_offset(at)}"

    def since_zero(self, text: str) -> str:
        """`12:05` minutes and seconds after the zero of T+, with a minus before it."""
        seconds = round((parse_iso(text) - self.zero_ms) / SECOND_MS)
        minutes, rest = divmod(abs(seconds), MINUTE_MS // SECOND_MS)
        return f"{MINUS if seconds < 0 else ''}{minutes}:{rest:02d}"

    def named(self) -> str:
        """`Europe/Berlin (UTC+01:00)`."""
        return UTC_NAME if self.name == UTC_NAME else f"{self.name} (UTC{_offset(self.zero)})"


def _offset(at: datetime) -> str:
    text = at.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"
