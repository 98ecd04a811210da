"""What can happen to a simulated patient, as plain data: a profile is one entry here.

Minutes are minutes of infusing: a pause holds the story, as it holds the drug. After the infusion
they run on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Spread:
    """A bell-shaped draw: mean, standard deviation, and the bounds it is held to."""

    mean: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pull:
    """One sign is drawn towards `target`: wholly where the share is 1, not at all where it is 0."""

    sign: str
    target: float
    course: tuple[tuple[float, float], ...]  # (minute, share), minutes rising


@dataclass(frozen=True, slots=True)
class Gap:
    """Between two minutes the device sends 0 for `sign`, or nothing at all if that is None."""

    sign: str | None
    from_min: float
    to_min: float


@dataclass(frozen=True, slots=True)
class Profile:
    """Draws that are not the usual ones, and what happens to patient, device and nurse."""

    name: str
    about: str
    draws: Mapping[str, Spread] = field(default_factory=lambda: MappingProxyType({}))
    pulls: tuple[Pull, ...] = ()
    gaps: tuple[Gap, ...] = ()
    forgotten_from_min: float | None = None  # from here on nobody charts and the cuff is off


# Baselines, and peak changes of 0.5 mg/kg over 40 min, as published for clinic series.
USUAL: Mapping[str, Spread] = MappingProxyType(
    {
        "weight": Spread(76.0, 13.0, 45.0, 120.0),  # kg
        "sbp": Spread(124.0, 13.0, 98.0, 155.0),
        "dbp": Spread(77.0, 9.0, 55.0, 95.0),
        "hr": Spread(74.0, 10.0, 54.0, 98.0),
        "spo2": Spread(97.5, 1.0, 95.0, 100.0),
        "rr": Spread(15.0, 2.0, 11.0, 20.0),
        "etco2": Spread(37.0, 3.0, 32.0, 44.0),
        "temp": Spread(36.7, 0.25, 36.1, 37.4),
        "peak_sbp": Spread(16.0, 11.0, -5.0, 60.0),
        "peak_dbp": Spread(11.0, 8.5, -6.0, 40.0),
        "peak_hr": Spread(7.0, 6.0, -8.0, 30.0),
        "peak_spo2": Spread(-0.2, 0.4, -1.0, 0.5),  # no effect on oxygenation was found
        "peak_rr": Spread(0.0, 1.0, -2.0, 2.0),
        "peak_etco2": Spread(0.5, 1.2, -2.0, 3.0),
        "peak_sedation": Spread(0.9, 0.5, 0.0, 2.0),  # steps of MOAA/S lost
        "peak_dissociation": Spread(1.8, 0.9, 0.0, 3.4),  # of 0-4
        "pain": Spread(2.0, 1.5, 0.0, 6.0),
    }
)

_ALL = (
    Profile("normal", "an infusion as most are"),
    Profile(
        "hypertension",
        "blood pressure climbs by about 55 mmHg by minute 30",
        draws=MappingProxyType(
            {
                "sbp": Spread(138.0, 4.0, 130.0, 146.0),
                "dbp": Spread(84.0, 4.0, 76.0, 90.0),
                "peak_sbp": Spread(58.0, 3.0, 52.0, 60.0),
                "peak_dbp": Spread(30.0, 3.0, 24.0, 36.0),
                "peak_hr": Spread(14.0, 3.0, 8.0, 20.0),
            }
        ),
    ),
    Profile(
        "tachycardia",
        "heart rate climbs to about 130 by the end",
        draws=MappingProxyType(
            {
                "hr": Spread(84.0, 4.0, 76.0, 92.0),
                "peak_hr": Spread(48.0, 3.0, 42.0, 54.0),
            }
        ),
    ),
    Profile(
        "desaturation",
        "SpO2 falls to 86 within 90 seconds at minute 25 and recovers after stimulation",
        pulls=(
            Pull("spo2", 86.0, ((25.0, 0.0), (26.5, 1.0), (29.5, 1.0), (32.5, 0.0))),
            Pull("rr", 10.0, ((24.5, 0.0), (26.0, 1.0), (29.0, 1.0), (30.0, 0.0))),
        ),
    ),
    Profile(
        "over_sedation",
        "hardly rousable from minute 20: RR 6, EtCO2 55, SpO2 falls, awake again ten minutes later",
        pulls=(
            Pull("rr", 6.0, ((20.0, 0.0), (22.0, 1.0), (27.0, 1.0), (30.0, 0.0))),
            Pull("etco2", 55.0, ((20.0, 0.0), (24.0, 1.0), (27.0, 1.0), (31.0, 0.0))),
            Pull("spo2", 88.0, ((21.0, 0.0), (24.5, 1.0), (27.0, 1.0), (30.0, 0.0))),
            Pull("sedation", 2.0, ((20.0, 0.0), (21.0, 1.0), (27.0, 1.0), (30.0, 0.0))),
        ),
    ),
    Profile(
        "probe_off",
        "the SpO2 probe is off from minute 12 to 15: the device sends 0",
        gaps=(Gap("spo2", 12.0, 15.0),),
    ),
    Profile(
        "quiet",
        "the monitor sends nothing from minute 14 to 24",
        gaps=(Gap(None, 14.0, 24.0),),
    ),
    Profile(
        "forgotten",
        "from minute 10 on nobody charts and the cuff is not on: a set becomes overdue",
        forgotten_from_min=10.0,
    ),
)

PROFILES: Mapping[str, Profile] = MappingProxyType({profile.name: profile for profile in _ALL})


def share_at(course: tuple[tuple[float, float], ...], minute: float) -> float:
    """The share of a pull at this minute; outside its course it is what it began or ended with."""
    if minute <= course[0][0]:
        return course[0][1]
    for (m0, s0), (m1, s1) in pairwise(course):
        if minute < m1:
            return s0 + (s1 - s0) * (minute - m0) / (m1 - m0)
    return course[-1][1]
