"""The newest value of each vital, of whichever source."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.monitoring.limits import Number
    from app.monitoring.situation import Situation
    from app.monitoring.state import Sample, State


def newest_sample(seen: Situation | State, vital: str) -> Sample | None:
    """The sample that holds the newest value of a vital, of any origin; the later recorded of two
    taken at once.
    """
    by_origin = seen.newest.get(vital)
    return _latest(by_origin, seen.samples) if by_origin else None


def newest_value(seen: Situation | State, vital: str) -> tuple[Number, int] | None:
    """The newest value of a vital and when it was taken; None if it was never taken."""
    by_origin = seen.newest.get(vital)
    if not by_origin:
        return None
    sample = _latest(by_origin, seen.samples)
    return sample.values[vital], sample.taken_at


def _latest(by_origin: Mapping[str, int], samples: Mapping[int, Sample]) -> Sample:
    latest: Sample | None = None
    for seq in by_origin.values():  # nearly always a device, and perhaps somebody's hand
        sample = samples[seq]
        if (
            latest is None
            or sample.taken_at > latest.taken_at
            or (sample.taken_at == latest.taken_at and sample.seq > latest.seq)
        ):
            latest = sample
    assert latest is not None
    return latest
