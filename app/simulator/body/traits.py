"""Who a patient is: weight, age, baselines, and how far each sign goes at the usual dose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

# What a monitor could show, or a nurse note, at all: no value ever leaves these.
BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "hr": (35, 190),
        "spo2": (60, 100),
        "rr": (4, 40),  # an apnoea that a capnograph still counts through
        "etco2": (15, 80),
        "sbp": (70, 230),
        "dbp": (38, 130),
        "temp": (34.0, 41.0),
        "sedation": (0, 5),  # MOAA/S: 5 is awake
        "dissociation": (0, 4),
        "pain": (0, 10),
        "nausea": (0, 4),  # no vital sign: none, mild, moderate, marked, severe
        "agitation": (0, 4),  # the same
    }
)
SIGNS = frozenset(BOUNDS)
LEAST_PULSE_PRESSURE = 18.0  # mmHg: less is not measured by a cuff
USUAL_PULSE_PRESSURE = 25.0  # mmHg: the least that anybody comes with


@dataclass(frozen=True, slots=True)
class Spread:
    """A bell-shaped draw: mean, standard deviation, and the bounds it is held to."""

    mean: float
    sd: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (self.sd >= 0.0 and self.low <= self.high):
            raise ValueError(f"{self}: sd is at least 0, and low is not above high.")

    @classmethod
    def exactly(cls, value: float) -> Spread:
        return cls(value, 0.0, value, value)


# Baselines, and peak changes of 0.5 mg/kg over 40 min, as published for clinic series. A draw named
# peak_* is the change at the end of that infusion, the greatest in it.
USUAL: Mapping[str, Spread] = MappingProxyType(
    {
        "weight": Spread(76.0, 13.0, 45.0, 120.0),  # kg
        "age": Spread(44.0, 14.0, 18.0, 78.0),  # years: pressure, and its rise, go with it
        "sbp": Spread(124.0, 13.0, 98.0, 155.0),
        "dbp": Spread(77.0, 9.0, 55.0, 95.0),
        "hr": Spread(74.0, 10.0, 54.0, 98.0),
        "spo2": Spread(97.5, 1.0, 95.0, 100.0),
        "rr": Spread(15.0, 2.0, 11.0, 20.0),
        "etco2": Spread(37.0, 3.0, 32.0, 44.0),
        "temp": Spread(36.7, 0.25, 36.1, 37.4),
        "pain": Spread(2.0, 1.5, 0.0, 6.0),
        "peak_sbp": Spread(16.0, 11.2, -5.0, 60.0),
        "peak_dbp": Spread(11.0, 8.45, -6.0, 40.0),
        "peak_hr": Spread(7.0, 6.0, -8.0, 30.0),
        "peak_spo2": Spread(-0.2, 0.4, -1.0, 0.5),  # no effect on oxygenation was found
        "peak_rr": Spread(0.0, 1.0, -2.0, 2.0),
        "peak_etco2": Spread(0.5, 1.2, -2.0, 3.0),
        # Steps of MOAA/S lost, and of 0-4 come to. A clinic saw drowsiness in 56 % and dissociation
        # in 36 %: those at whom a nurse would chart 4, and 2, are somewhat more.
        "peak_sedation": Spread(0.65, 0.5, 0.0, 1.9),
        "peak_dissociation": Spread(1.3, 0.9, 0.0, 3.4),
        # Blood level beside the reference curve at the same dose: its spread is ours, made to span
        # the 150-250 ng/mL that clinics saw after 40 min.
        "exposure": Spread(1.0, 0.16, 0.6, 1.5),
    }
)

# Draws that go together: each is this part of an earlier one's deviation, the rest its own. Of SBP
# and DBP changes 0.7 was published, that rise and baseline go with age too; the sizes but the 0.7
# are ours.
_ALONG: Mapping[str, tuple[str, float, float]] = MappingProxyType(
    {  # name: (with, correlation, sqrt(1 - correlation^2))
        "sbp": ("age", 0.35, 0.9367496997597597),
        "dbp": ("sbp", 0.6, 0.8),
        "peak_sbp": ("age", 0.25, 0.9682458365518543),
        "peak_dbp": ("peak_sbp", 0.7, 0.714142842854285),
        "peak_hr": ("peak_sbp", 0.35, 0.9367496997597597),
        "peak_dissociation": ("peak_sedation", 0.4, 0.916515138991168),
        "etco2": ("rr", -0.4, 0.916515138991168),
    }
)


@dataclass(frozen=True, slots=True)
class Traits:
    """Who the patient is: weight, baselines, each sign's change at the peak of the usual dose."""

    weight_kg: float
    baseline: Mapping[str, float]
    peak: Mapping[str, float]
    age: float = 44.0
    exposure: float = 1.0


def bell(rng: Random) -> float:
    """A standard normal draw as twelve uniform ones less six: exact arithmetic, never beyond 6."""
    total = -6.0
    for _ in range(12):
        total += rng.random()
    return total


def held(value: float, low: float, high: float) -> float:
    return low if value < low else high if value > high else value


def draw_traits(draws: Mapping[str, Spread], seed: str) -> Traits:
    """Same draws and seed, same traits; a draw that differs changes no other."""
    for name in draws:
        if name not in USUAL:
            raise ValueError(f"A patient has no {name!r}. There are: {', '.join(USUAL)}.")
    rng = Random(f"traits:{seed}")
    normals: dict[str, float] = {}
    drawn: dict[str, float] = {}
    for name, usual in USUAL.items():
        normal = bell(rng)
        if name in _ALONG:
            other, along, own = _ALONG[name]
            normal = along * normals[other] + own * normal
        normals[name] = normal
        spread = draws.get(name, usual)
        drawn[name] = held(spread.mean + spread.sd * normal, spread.low, spread.high)
    drawn["dbp"] = min(drawn["dbp"], drawn["sbp"] - USUAL_PULSE_PRESSURE)
    peak = {n.removeprefix("peak_"): v for n, v in drawn.items() if n.startswith("peak_")}
    baseline = {name: drawn[name] for name in drawn if name in BOUNDS}
    return Traits(
        weight_kg=round(drawn["weight"], 1),
        baseline=MappingProxyType(baseline),
        peak=MappingProxyType(peak),
        age=float(int(drawn["age"])),
        exposure=drawn["exposure"],
    )
