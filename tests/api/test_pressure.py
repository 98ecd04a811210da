"""The share of devices' requests that is taken while the loop is behind."""

from app.api.pressure import BEHIND_S, CROWD, LEAST, LOOK_S, Pressure

LATE = 2 * BEHIND_S


def taken(pressure: Pressure, of: int = 1_000) -> int:
    return sum(pressure.takes() for _ in range(of))


def look(pressure: Pressure, late_s: float, asked: int = CROWD) -> None:
    taken(pressure, asked)
    pressure.looked(late_s)


def test_without_pressure_all_are_taken() -> None:
    assert taken(Pressure()) == 1_000


def test_a_single_stall_passes() -> None:
    pressure = Pressure()
    for late in (LATE, 0.0, 10.0, 0.0, LATE, 0.0):
        look(pressure, late)
    assert taken(pressure) == 1_000


def test_what_requests_did_not_cause_is_not_laid_on_them() -> None:
    pressure = Pressure()
    for _ in range(100):
        look(pressure, LATE, asked=CROWD - 1)
    assert taken(pressure) == 1_000


def test_while_it_lasts_fewer_and_fewer_are_taken_but_always_some() -> None:
    pressure, counts = Pressure(), []
    for _ in range(60):
        look(pressure, LATE)
        counts.append(taken(pressure))
    assert counts == sorted(counts, reverse=True)
    assert counts[5] < 600
    assert counts[-1] == round(1_000 * LEAST)


def test_they_are_taken_evenly() -> None:
    pressure = Pressure()
    for _ in range(100):
        look(pressure, LATE)
    every = round(1 / LEAST)
    runs = [sum(pressure.takes() for _ in range(every)) for _ in range(50)]
    assert set(runs) <= {0, 1, 2}
    assert 49 <= sum(runs) <= 51


def test_when_it_is_over_all_are_taken_again_within_seconds() -> None:
    pressure = Pressure()
    for _ in range(100):
        look(pressure, LATE)
    looks = 0
    while taken(pressure, 100) < 100:
        look(pressure, 0.0)
        looks += 1
    assert 1.0 < looks * LOOK_S < 3.0
