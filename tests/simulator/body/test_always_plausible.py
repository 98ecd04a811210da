"""Whatever is done to whomever: each value is one a monitor could show, pressures are in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from app.simulator.body import BOUNDS, REMEDIES, SIGNS, USUAL, Happening, Patient, Spread

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

EXAMPLES = 30
MOST_A_SECOND = (
    8.0  # of any sign that is expected: a fall by 160 within a minute is steeper nowhere
)
FASTEST = 0.1  # mg/kg/min: eight times the usual rate
SCORES = {"sedation", "dissociation", "pain"}


class Stretch(NamedTuple):
    """So many seconds at one rate, and what is given before them."""

    seconds: int
    rate: float
    story: bool
    remedy: str | None
    amount: float


stretches = st.builds(
    Stretch,
    st.integers(1, 400),
    st.one_of(st.just(0.0), st.floats(0.0, FASTEST)),
    st.booleans(),
    st.none() | st.sampled_from(sorted(REMEDIES)),
    st.floats(0.01, 5_000.0),
)


@st.composite
def happenings(draw: DrawFn, *, slow: bool = False) -> Happening:
    sign = draw(st.sampled_from(sorted(SIGNS)))
    times = st.floats(60.0 if slow else 0.0, 600.0)
    return Happening(
        sign,
        draw(st.floats(*BOUNDS[sign])),
        draw(st.floats(-20.0, 15.0)),
        draw(times),
        draw(st.none() | st.floats(0.0, 600.0)),
        draw(times),
        draw(st.frozensets(st.sampled_from(sorted(REMEDIES)), max_size=3)),
    )


@st.composite
def draws(draw: DrawFn) -> dict[str, Spread]:
    """Patients as far from the usual as the usual draws' bounds, and twice as far."""
    names = draw(st.sets(st.sampled_from(sorted(USUAL)), max_size=4))
    found = {}
    for name in names:
        usual = USUAL[name]
        reach = usual.high - usual.low
        at = draw(st.floats(max(0.0, usual.low - reach), usual.high + reach))
        found[name] = Spread.exactly(at)
    return found


def assert_plausible(patient: Patient) -> None:
    shown = patient.streamed() | patient.scores() | patient.cuff()
    assert set(shown) == {"hr", "spo2", "rr", "etco2", "sbp", "dbp", "map"} | SCORES
    for sign, value in shown.items():
        low, high = BOUNDS.get(sign, (38, 230))  # MAP between the two others
        assert isinstance(value, int)
        assert low <= value <= high, sign
    assert shown["dbp"] < shown["map"] < shown["sbp"]
    for sign in SIGNS:
        low, high = BOUNDS[sign]
        assert low <= patient.expected(sign) <= high
    assert patient.expected("dbp") < patient.expected("sbp")
    assert 34.0 <= patient.full_set()["temp"] <= 41.0
    assert patient.blood_ng_per_ml >= 0.0


def give(patient: Patient, stretch: Stretch) -> None:
    if stretch.remedy is not None:
        patient.give(stretch.remedy, stretch.amount)


@settings(max_examples=EXAMPLES)
@given(
    seed=st.text(max_size=20),
    drawn=draws(),
    befalls=st.lists(happenings(), max_size=4),
    visit=st.lists(stretches, min_size=1, max_size=5),
)
def test_every_value_is_plausible_and_pressures_are_in_order(
    seed: str, drawn: dict[str, Spread], befalls: list[Happening], visit: list[Stretch]
) -> None:
    patient = Patient(seed, draws=drawn, happenings=befalls)
    assert_plausible(patient)
    for stretch in visit:
        give(patient, stretch)
        for second in range(stretch.seconds):
            patient.advance(stretch.rate, story=stretch.story)
            if second % 20 == 0:
                assert_plausible(patient)


@settings(max_examples=EXAMPLES)
@given(
    befalls=st.lists(happenings(slow=True), max_size=2),
    visit=st.lists(stretches, min_size=1, max_size=3),
)
def test_nothing_jumps(befalls: list[Happening], visit: list[Stretch]) -> None:
    """Where nothing comes at once, no sign that is expected moves like an artefact."""
    patient = Patient("smooth", happenings=befalls)
    before = {sign: patient.expected(sign) for sign in SIGNS}
    for stretch in visit:
        give(patient, stretch)
        for _ in range(stretch.seconds):
            patient.advance(stretch.rate, story=stretch.story)
            now = {sign: patient.expected(sign) for sign in SIGNS}
            jumps = {s for s in SIGNS if abs(now[s] - before[s]) > MOST_A_SECOND}
            assert not jumps, patient.second
            before = now


@settings(max_examples=EXAMPLES)
@given(
    seed=st.text(max_size=20),
    befalls=st.lists(happenings(), max_size=3),
    visit=st.lists(stretches, min_size=1, max_size=3),
    looks=st.integers(1, 50),
)
def test_who_is_watched_and_who_is_not_show_the_same(
    seed: str, befalls: list[Happening], visit: list[Stretch], looks: int
) -> None:
    watched, alone = (Patient(seed, happenings=befalls) for _ in range(2))
    for stretch in visit:
        for patient in (watched, alone):
            give(patient, stretch)
        for second in range(stretch.seconds):
            for patient in (watched, alone):
                patient.advance(stretch.rate, story=stretch.story)
            if second % looks == 0:
                assert_plausible(watched)
    assert watched.full_set() == alone.full_set()
    assert watched.streamed() == alone.streamed()
