"""The patient: `advance` moves on by a second; the rest is what a device or a nurse sees then."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from app.simulator.body import noise, pharmacokinetics
from app.simulator.body.effects import Effects
from app.simulator.body.happenings import Course, Happening
from app.simulator.body.noise import Noise
from app.simulator.body.pharmacokinetics import REFERENCE_MIND, REFERENCE_PRESSOR, Level
from app.simulator.body.traits import BOUNDS, LEAST_PULSE_PRESSURE, Spread, draw_traits, held

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MIND_FLOOR = 60.0  # ng/mL, below which nothing is felt
MOST = 1.8  # effect is held there: pressure does not rise without end at higher doses
PAIN_EASED = 0.7  # of the pain, at the end of the usual infusion
OSCILLOMETRIC = 0.36  # of the pulse pressure lies the mean above DBP: a little more than a third

# What one step of agitation (0-4) does beside being seen: ours.
STIRRED: Mapping[str, float] = MappingProxyType({"hr": 7.0, "sbp": 6.0, "dbp": 4.0, "rr": 1.5})
MOVING = 2.0  # from this agitation on arms move, and probes with them

STREAMED = ("hr", "spo2", "rr", "etco2")
SCORED = ("sedation", "dissociation", "pain")
_MIND = {"sedation": -1.0, "dissociation": 1.0}  # which way the drug moves them
_AWAKE = 5.0  # MOAA/S
_NO_DRAWS: Mapping[str, Spread] = MappingProxyType({})


class Patient:
    """One person, from before the infusion until long after it.

    `draws` are what differs from the usual patient. `second` counts the calls of `advance`.
    """

    def __init__(
        self,
        seed: str,
        *,
        draws: Mapping[str, Spread] = _NO_DRAWS,
        happenings: Sequence[Happening] = (),
    ) -> None:
        self.traits = draw_traits(draws, seed)
        self.second = -1
        self._seed = seed
        self._level = pharmacokinetics.NONE
        self._story_s = 0
        self._noise = Noise(seed)
        self._courses = [Course(happening) for happening in happenings]
        self._effects = Effects()
        self._agitation = 0.0
        for course in self._courses:
            course.advance(0, self._effects.at_work)
        self._agitation = self.expected("agitation")

    def advance(self, rate_mg_per_kg_min: float, *, story: bool = True) -> None:
        """A second at this infusion rate, 0 when paused or stopped.

        `story` tells whether the minutes of the happenings run: not before the infusion, and not
        while it is paused.
        """
        if not rate_mg_per_kg_min >= 0.0:
            raise ValueError(f"{rate_mg_per_kg_min} mg/kg/min is no rate.")
        self.second += 1
        self._story_s += story
        self._level = pharmacokinetics.second(self._level, rate_mg_per_kg_min)
        self._noise.advance()
        if self._effects.any:
            self._effects.advance()
        if self._courses:
            at_work = self._effects.at_work
            for course in self._courses:
                course.advance(self._story_s, at_work)
            self._courses = [course for course in self._courses if not course.over]
            self._agitation = self.expected("agitation")

    def give(self, remedy: str, amount: float | None = None) -> None:
        """Acts from the next second on; the usual amount where none is said, else in its unit."""
        self._effects.give(remedy, amount)

    @property
    def story_min(self) -> float:
        """Minutes of infusing; they run on once the infusion is over."""
        return self._story_s / 60.0

    @property
    def blood_ng_per_ml(self) -> float:
        return self._level.blood * self.traits.exposure

    @property
    def level(self) -> Level:
        """The reference patient's level at what was infused; effects are in this one's traits."""
        return self._level

    @property
    def pressor(self) -> float:
        """Effect on pressure and rate: 1 at the end of the usual infusion."""
        return min(self._level.pressor / REFERENCE_PRESSOR, MOST)

    @property
    def mind(self) -> float:
        """Effect on the mind: 1 at the end of the usual infusion, soon 0 after it."""
        above = self._level.mind - MIND_FLOOR
        return min(above / (REFERENCE_MIND - MIND_FLOOR), MOST) if above > 0.0 else 0.0

    @property
    def moving(self) -> bool:
        """Whether arms move, so that what monitors show is likely to be artefact."""
        return self._agitation >= MOVING

    def expected(self, sign: str) -> float:
        """A sign without noise: baseline, drug, what befalls the patient, what helps."""
        value = self._bare(sign)
        if sign == "dbp":
            value = min(value, self._bare("sbp") - LEAST_PULSE_PRESSURE)
        low, high = BOUNDS[sign]
        return held(value, low, high)

    def streamed(self) -> dict[str, int]:
        """What a monitor shows now."""
        wandering = self._noise
        return {
            "hr": _shown("hr", self.expected("hr") + wandering.hr),
            "spo2": _shown("spo2", self.expected("spo2") + wandering.spo2),
            "rr": _shown("rr", self.expected("rr") + wandering.rr),
            "etco2": _shown("etco2", self.expected("etco2") + wandering.etco2),
        }

    def cuff(self) -> dict[str, int]:
        """One cuff measurement; the same again in the same second."""
        upper, lower = noise.of_cuff(self._seed, self.second)
        wander = self._noise.wander
        sbp = _shown("sbp", self.expected("sbp") + wander + upper)
        dbp = _shown("dbp", self.expected("dbp") + 0.6 * wander + lower)
        dbp = min(dbp, sbp - int(LEAST_PULSE_PRESSURE))
        return {"sbp": sbp, "dbp": dbp, "map": dbp + round(OSCILLOMETRIC * (sbp - dbp))}

    def scores(self) -> dict[str, int]:
        """What a nurse charts: MOAA/S 0-5, dissociation 0-4, pain 0-10."""
        return {sign: _shown(sign, self.expected(sign)) for sign in SCORED}

    def full_set(self) -> dict[str, float]:
        """A full set by hand: the monitor's numbers, a cuff pair, scores, temperature."""
        streamed, cuff = self.streamed(), self.cuff()
        taken: dict[str, float] = {sign: streamed[sign] for sign in ("hr", "spo2", "rr")}
        taken |= {sign: cuff[sign] for sign in ("sbp", "dbp")}
        taken |= self.scores()
        taken["temp"] = round(self.expected("temp"), 1)
        return taken

    def _bare(self, sign: str) -> float:
        """Not yet held to what is possible."""
        value = self._drugged(sign)
        if self._agitation > 0.0 and sign in STIRRED:
            value += STIRRED[sign] * self._agitation
        for course in self._courses:
            if course.happening.sign == sign:
                value += (course.happening.target - value) * course.share
        return self._effects.on(sign, value) if self._effects.any else value

    def _drugged(self, sign: str) -> float:
        """Baseline, and what ketamine makes of it."""
        if sign in _MIND:
            awake = _AWAKE if sign == "sedation" else 0.0
            return awake + _MIND[sign] * self.traits.peak[sign] * self.mind
        base = self.traits.baseline.get(sign, 0.0)
        if sign == "pain":
            return base * (1.0 - PAIN_EASED * min(1.0, self.pressor))
        peak = self.traits.peak.get(sign)
        return base if peak is None else base + peak * self.pressor


def _shown(sign: str, value: float) -> int:
    low, high = BOUNDS[sign]
    return int(held(round(value), low, high))
