"""What wanders in a body from second to second: each value remembers the last ones."""

from __future__ import annotations

from random import Random

from app.simulator.body.traits import bell

# Standard deviations of what a monitor shows of a resting adult.
SD = {"hr": 2.0, "spo2": 0.5, "rr": 1.0, "etco2": 0.8}
WANDER_SD = 3.0  # mmHg, of systolic pressure over minutes
CUFF_SD = 2.6457513110645907  # sqrt(4^2 - 3^2) mmHg: wander and cuff together have 4

_STAYS = 0.9791483623609768  # per second: a tenth is forgotten in 5 s
_NEW = 0.20314646067755482  # sqrt(1 - stays^2), so that the standard deviation stays as given
_WANDER_STAYS = 0.99584200184511  # per second: forgotten within minutes, as vessels do
_WANDER_NEW = 0.09109724123772375  # sqrt(1 - that^2)
_WITH_RR, _OWN = -0.4, 0.916515138991168  # more breaths, less CO2; sqrt(1 - 0.4^2)
_FOUR = 1.7320508075688772  # sqrt 3: the sum of four uniform draws has a variance of a third

_HR, _SPO2, _RR = (_NEW * _FOUR * SD[sign] for sign in ("hr", "spo2", "rr"))
_ETCO2_RR = _NEW * _FOUR * SD["etco2"] * _WITH_RR
_ETCO2 = _NEW * _FOUR * SD["etco2"] * _OWN
_WANDER = _WANDER_NEW * _FOUR * WANDER_SD


class Noise:
    """One draw a second for each sign, asked for or not: a look more alters nothing."""

    __slots__ = ("_next", "etco2", "hr", "rr", "spo2", "wander")

    def __init__(self, seed: str) -> None:
        rng = Random(f"noise:{seed}")
        self.hr = bell(rng) * SD["hr"]
        self.spo2 = bell(rng) * SD["spo2"]
        self.rr = bell(rng) * SD["rr"]
        self.etco2 = bell(rng) * SD["etco2"]
        self.wander = bell(rng) * WANDER_SD
        self._next = rng.random

    def advance(self) -> None:
        """A second on. Sums of four draws are bell-shaped enough: many of them make one value."""
        r = self._next
        breath = r() + r() + r() + r() - 2.0
        self.hr = _STAYS * self.hr + _HR * (r() + r() + r() + r() - 2.0)
        self.spo2 = _STAYS * self.spo2 + _SPO2 * (r() + r() + r() + r() - 2.0)
        self.rr = _STAYS * self.rr + _RR * breath
        gas = _ETCO2_RR * breath + _ETCO2 * (r() + r() + r() + r() - 2.0)
        self.etco2 = _STAYS * self.etco2 + gas
        self.wander = _WANDER_STAYS * self.wander + _WANDER * (r() + r() + r() + r() - 2.0)


def of_cuff(seed: str, second: int) -> tuple[float, float]:
    """What a cuff measures beside the truth at this second: mmHg of systolic and diastolic."""
    rng = Random(f"cuff:{seed}:{second}")
    shared, own = bell(rng), bell(rng)
    return CUFF_SD * shared, 0.75 * CUFF_SD * (0.6 * shared + 0.8 * own)
