"""One simulated patient: pure, seeded, a second at a time.

Randomness comes from `random.Random(text).random()` alone and is shaped by arithmetic alone:
logarithms and sines differ in their last bit between machines, and these readings must not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from app.simulator import pharmacokinetics
from app.simulator.profiles import USUAL, Profile, Spread, share_at

REFERENCE_PRESSOR = (
    221.36986607818625  # ng/mL, lagged level at 40 min of 0.5 mg/kg over 40 min: effect 1
)
REFERENCE_MIND = 236.26074784903153  # ng/mL, likewise for sedation and dissociation
MIND_FLOOR = 60.0  # ng/mL, below which nothing is felt
MOST = 1.8  # effect is held there: pressure does not rise without end at higher doses

PHI = 0.9791483623609768  # per second: a tenth of the noise is forgotten in 5 s
INNOVATION = 0.20314646067755482  # sqrt(1 - PHI^2), so that the standard deviation stays as given
NOISE_SD = {"hr": 2.0, "spo2": 0.5, "rr": 1.0, "etco2": 0.8}
CUFF_SD = 4.0  # mmHg, of one cuff measurement
SBP_DBP_CORRELATION = 0.7
_UNCORRELATED = 0.714142842854285  # sqrt(1 - 0.7^2)

# What a monitor could show at all, so that no draw ever leaves the plausible.
BOUNDS = {
    "hr": (35, 190),
    "spo2": (60, 100),
    "rr": (4, 40),
    "etco2": (15, 80),
    "sbp": (70, 230),
    "dbp": (38, 130),
}
LEAST_PULSE_PRESSURE = 18  # mmHg
STREAMED = ("hr", "spo2", "rr", "etco2")


def bell(rng: Random) -> float:
    """A standard normal draw as twelve uniform ones less six: exact arithmetic, never beyond 6."""
    total = -6.0
    for _ in range(12):
        total += rng.random()
    return total


def held(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _draw(spread: Spread, normal: float) -> float:
    return held(spread.mean + spread.sd * normal, spread.low, spread.high)


@dataclass(frozen=True, slots=True)
class Traits:
    """Who the patient is: weight, baselines, each sign's change at the peak of the usual dose."""

    weight_kg: float
    baseline: Mapping[str, float]
    peak: Mapping[str, float]


def draw_traits(profile: Profile, seed: str) -> Traits:
    """Same profile and seed, same traits; SBP and DBP change together (correlation 0.7)."""
    rng = Random(f"traits:{seed}")
    drawn: dict[str, float] = {}
    pressor = 0.0
    for name, usual in USUAL.items():
        normal = bell(rng)
        if name == "peak_sbp":
            pressor = normal
        elif name == "peak_dbp":
            normal = SBP_DBP_CORRELATION * pressor + _UNCORRELATED * normal
        drawn[name] = _draw(profile.draws.get(name, usual), normal)
    drawn["dbp"] = min(drawn["dbp"], drawn["sbp"] - 25.0)
    peak = {n.removeprefix("peak_"): v for n, v in drawn.items() if n.startswith("peak_")}
    baseline = {n: v for n, v in drawn.items() if not n.startswith("peak_") and n != "weight"}
    return Traits(round(drawn["weight"], 1), baseline, peak)


class Patient:
    """`advance` moves on by a second; the other methods are what a device or nurse sees then."""

    def __init__(self, profile: Profile, seed: str) -> None:
        self.profile = profile
        self.traits = draw_traits(profile, seed)
        self.level = pharmacokinetics.NONE
        self.story_min = 0.0  # minutes of infusing; runs on once the infusion is over
        self._noise = dict.fromkeys(NOISE_SD, 0.0)
        self._stream = Random(f"stream:{seed}")
        self._hand = Random(f"hand:{seed}")

    def advance(self, rate_mg_per_kg_min: float, *, story: bool) -> None:
        """A second at this infusion rate; `story` tells whether the profile's minutes run."""
        self.level = pharmacokinetics.step(self.level, rate_mg_per_kg_min)
        if story:
            self.story_min += pharmacokinetics.STEP_MIN
        for sign, sd in NOISE_SD.items():
            self._noise[sign] = PHI * self._noise[sign] + INNOVATION * sd * bell(self._stream)

    @property
    def pressor(self) -> float:
        """Effect on pressure and rate: 1 at the end of the usual infusion."""
        return min(self.level.pressor / REFERENCE_PRESSOR, MOST)

    @property
    def mind(self) -> float:
        """Effect on the mind: 1 at the end of the usual infusion, soon 0 after it."""
        above = max(0.0, self.level.mind - MIND_FLOOR)
        return min(above / (REFERENCE_MIND - MIND_FLOOR), MOST)

    def expected(self, sign: str) -> float:
        """The sign without noise: baseline, the drug's effect, and what the profile does to it."""
        peak = self.traits.peak.get(sign, 0.0)
        if sign == "sedation":
            value = 5.0 - peak * self.mind
        elif sign == "dissociation":
            value = peak * self.mind
        elif sign == "pain":
            value = self.traits.baseline[sign] * (1.0 - 0.7 * min(1.0, self.pressor))
        else:
            value = self.traits.baseline[sign] + peak * self.pressor
        for pull in self.profile.pulls:
            if pull.sign == sign:
                value += (pull.target - value) * share_at(pull.course, self.story_min)
        return value

    @property
    def silent(self) -> bool:
        """Whether the monitor sends nothing at all."""
        return None in self._gaps()

    def streamed(self) -> dict[str, float]:
        """What the monitor sends: a zero is a probe that is off, nothing at all is silence."""
        off = self._gaps()
        if None in off:
            return {}
        return {
            sign: 0 if sign in off else self._shown(sign, self._noise[sign]) for sign in STREAMED
        }

    def cuff(self) -> dict[str, float]:
        """One cuff measurement: DBP < MAP < SBP always."""
        shared, own = bell(self._hand), bell(self._hand)
        sbp = self._shown("sbp", CUFF_SD * shared)
        dbp = self._shown("dbp", 0.75 * CUFF_SD * (0.6 * shared + 0.8 * own))
        dbp = min(dbp, sbp - LEAST_PULSE_PRESSURE)
        # Oscillometric mean: a little above a third of the pulse pressure.
        return {"sbp": sbp, "dbp": dbp, "map": dbp + round(0.36 * (sbp - dbp))}

    def scores(self) -> dict[str, float]:
        """What a nurse charts: MOAA/S 0-5, dissociation 0-4, pain 0-10."""
        return {
            "sedation": int(held(round(self.expected("sedation")), 0, 5)),
            "dissociation": int(held(round(self.expected("dissociation")), 0, 4)),
            "pain": int(held(round(self.expected("pain")), 0, 10)),
        }

    def full_set(self) -> dict[str, float]:
        """A full set by hand: the monitor's numbers, a cuff pair, scores, temperature."""
        taken: dict[str, float] = {
            sign: self._shown(sign, self._noise[sign]) for sign in ("hr", "spo2", "rr")
        }
        taken |= {k: v for k, v in self.cuff().items() if k != "map"}
        taken |= self.scores()
        taken["temp"] = round(self.traits.baseline["temp"], 1)
        return taken

    def _gaps(self) -> set[str | None]:
        gaps = self.profile.gaps
        return {gap.sign for gap in gaps if gap.from_min <= self.story_min < gap.to_min}

    def _shown(self, sign: str, noise: float) -> int:
        low, high = BOUNDS[sign]
        return int(held(round(self.expected(sign) + noise), low, high))
