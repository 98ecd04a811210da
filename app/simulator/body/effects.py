"""What was given, and what it comes to on each sign from second to second."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.simulator.body.remedies import REMEDIES, Remedy, remedy_of

HALF = 2.0  # usual amounts that bring half of the most an effect can be, which is three times usual


@dataclass(slots=True)
class Dose:
    """A remedy that was given once: it comes, stays, and wears off."""

    remedy: Remedy
    amount: float  # in usual amounts
    age_s: int = 0

    @property
    def at_work(self) -> bool:
        return self.remedy.starts_s <= self.age_s < self.remedy.fades_s

    @property
    def over(self) -> bool:
        return self.age_s >= self.remedy.gone_s

    @property
    def risen(self) -> float:
        return _between(self.age_s, self.remedy.starts_s, self.remedy.full_s)

    @property
    def left(self) -> float:
        """The amount that has not worn off."""
        worn = _between(self.age_s, self.remedy.fades_s, self.remedy.gone_s)
        return self.amount * (1.0 - worn)


@dataclass(slots=True)
class Flow:
    """A remedy that goes on until it is set otherwise: its amount moves to what was set."""

    remedy: Remedy
    was: float = 0.0
    to: float = 0.0
    age_s: int = 0

    def set(self, amount: float) -> None:
        self.was, self.to, self.age_s = self.amount, amount, 0

    @property
    def amount(self) -> float:
        """In usual amounts."""
        share = _between(self.age_s, self.remedy.starts_s, self.remedy.full_s)
        return self.was + (self.to - self.was) * share

    @property
    def at_work(self) -> bool:
        return self.to > 0.0 and (self.was > 0.0 or self.age_s >= self.remedy.starts_s)


def _between(age_s: int, start: float, end: float) -> float:
    return 0.0 if age_s <= start else 1.0 if age_s >= end else (age_s - start) / (end - start)


def size(amount: float) -> float:
    """The effect of so many usual amounts: 1 of one, less than twice of two, 3 at the very most."""
    return (1.0 + HALF) * amount / (HALF + amount)


@dataclass(slots=True)
class Effects:
    """All that is in the body now. Nothing in it ever jumps: neither a new dose nor an old one."""

    doses: dict[str, list[Dose]] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    at_work: frozenset[str] = frozenset()
    shifts: dict[str, float] = field(default_factory=dict)
    lifts: dict[str, tuple[float, float]] = field(default_factory=dict)  # target, share of the way

    @property
    def any(self) -> bool:
        return bool(self.doses or self.flows)

    def give(self, code: str, amount: float | None) -> None:
        remedy = remedy_of(code)
        usual = remedy.in_usual(amount)
        if remedy.lasting:
            self.flows.setdefault(code, Flow(remedy)).set(usual)
        else:
            self.doses.setdefault(code, []).append(Dose(remedy, usual))

    def advance(self) -> None:
        """A second on. Where nothing was given there is nothing to do: ask `any` before."""
        working: set[str] = set()
        for code, doses in tuple(self.doses.items()):
            for dose in doses:
                dose.age_s += 1
            left = [dose for dose in doses if not dose.over]
            if left:
                self.doses[code] = left
            else:
                del self.doses[code]
            if any(dose.at_work for dose in left):
                working.add(code)
        self.lifts = {}
        for code, flow in self.flows.items():
            flow.age_s += 1
            if flow.at_work:
                working.add(code)
            share = flow.amount / (1.0 + flow.amount)
            self.lifts |= {sign: (to, share) for sign, to in flow.remedy.lifts.items()}
        self.at_work = frozenset(working)
        self.shifts = self._shifted()

    def on(self, sign: str, value: float) -> float:
        """The value of a sign under all that was given."""
        value += self.shifts.get(sign, 0.0)
        if sign not in self.lifts:
            return value
        target, share = self.lifts[sign]
        return value + max(0.0, target - value) * share

    def _shifted(self) -> dict[str, float]:
        sizes = {code: _together(doses) for code, doses in self.doses.items()}
        for code, by in tuple(sizes.items()):
            for taken_back in REMEDIES[code].reverses & sizes.keys():
                sizes[taken_back] *= max(0.0, 1.0 - by)
        shifts: dict[str, float] = {}
        for code, whole in sizes.items():
            for sign, shift in REMEDIES[code].shifts.items():
                shifts[sign] = shifts.get(sign, 0.0) + whole * shift
        return shifts


def _together(doses: list[Dose]) -> float:
    """The size that doses of one remedy have together: each adds what its amount adds to theirs."""
    whole = before = total = 0.0
    for dose in doses:
        total += dose.left
        now = size(total)
        whole += (now - before) * dose.risen
        before = now
    return whole
