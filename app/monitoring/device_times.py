"""A device's time by our clock. It never refuses or hides a value: of a clock that cannot be right
the value is of when it came, and from then on the clock is corrected by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.monitoring.times import SECOND_MS
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from app.monitoring.commands import RecordReading
    from app.monitoring.state import DeviceSeen

SKEW_TOLERANCE_MS: Final = (
    2 * SECOND_MS
)  # below this it is the network's delay, not the device's clock
OLDEST_MS: Final = (
    86_400 * SECOND_MS
)  # no visit lasts a day: a clock behind by more was never set, or its count began again
EARLIEST_MS: Final = 946_684_800_000  # 2000-01-01: a device that has lost its clock says 1970
LATEST_MS: Final = 4_102_444_800_000  # 2100-01-01
LATE_MS: Final = 60 * SECOND_MS  # what a device kept while offline comes within less
LIVE_MS: Final = 15 * SECOND_MS  # a stream's value is fresh for so long, whatever its interval


def by_our_clock(command: RecordReading, said: int, now: int, known_skew: int) -> tuple[int, int]:
    """When a device's reading was taken, and the skew taken out of it; nothing was measured after
    it arrived.

    A clock that tells what it shows (`sent_at`) is corrected by that. One that does not is taken to
    be as it was last known; where that cannot be (ahead of now, or more than a day old) either it
    was set right meanwhile, or it is wrong by what it is away from now.
    """
    told = command.sent_at is not None
    skew = known_skew if command.sent_at is None else now - command.sent_at
    if abs(skew) <= SKEW_TOLERANCE_MS:
        skew = 0
    taken_at = said if command.taken_at is None else said + skew
    if command.taken_at is None or told:
        ahead = taken_at > now + SKEW_TOLERANCE_MS
        if ahead or not EARLIEST_MS <= taken_at <= LATEST_MS:
            return now, skew or now - said
        return taken_at, skew
    if _can_be(taken_at, now):
        return taken_at, skew
    if _can_be(said, now) and abs(now - said) < abs(now - taken_at):
        return said, 0
    return now, now - said


def known_skew(device: DeviceSeen | None, command: RecordReading, now: int) -> int:
    """The skew last known of a device's clock, for a reading that does not tell it; 0 if its clock
    was set right: its own time has gone back, and by that it sends as it measures.

    A stream is believed once all of it has come late for a while, for it soon tells more. A cuff's
    next value may be minutes away, and this one must not be of then.
    """
    if device is None or not device.skew_ms:
        return 0
    skew, said = device.skew_ms, command.taken_at
    if said is None or device.last_at is None:
        return skew
    if said >= device.last_at - skew or abs(now - said) > LIVE_MS:
        return skew
    if any(VITALS[code].continuous for code in command.values if code in VITALS):
        late = device.late_since is not None and now - device.late_since >= LATE_MS
        return 0 if late else skew
    return 0


def _can_be(taken_at: int, now: int) -> bool:
    return now - OLDEST_MS <= taken_at <= now + SKEW_TOLERANCE_MS
