"""Whatever people do on their screens: phases follow, values stay plausible."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.monitoring.commands import Acknowledge, ChangePhase, TakeBackPhase
from app.monitoring.errors import DomainError
from app.monitoring.phases import FORWARD
from app.simulator.body import BOUNDS
from app.simulator.script import LOOK_S, Asks, Charts, Sends
from tests.simulator.script.bed import Bed, told, visit_of

SCENARIO = told(
    {
        "plan": {"planned_min": 6, "dose_mg_per_kg": 0.2, "recovery_min": 4, "sample_s": 20},
        "happening": [
            {"sign": "spo2", "to": 82, "at_min": 2, "within_s": 30, "hold_s": 200},
            {"sign": "sbp", "to": 195, "at_min": 3, "within_s": 60, "ends_with": ["labetalol"]},
            {"sign": "agitation", "to": 3, "at_min": 1, "within_s": 30, "hold_s": 300},
        ],
        "nurse": {"answer_after_s": 20, "chart_every_min": 2},
    }
)
LAST_S = 2_000
NO_SHRINKING = (Phase.explicit, Phase.generate)  # an example takes a quarter of a second
LIMITS: dict[str, tuple[float, float]] = {**BOUNDS, "map": (30, 240)}

seconds = st.integers(1, LAST_S)
phases = st.tuples(st.just("phase"), st.sampled_from(sorted(FORWARD)))
written = st.tuples(
    st.sampled_from(("medication", "oxygen", "rate_change", "note")),
    st.sampled_from(
        (
            {"drug": "Labetalol", "dose": 1_000_000, "unit": "g"},
            {"drug": "Atropine"},
            {"flow_l_min": 15},
            {"flow_l_min": 0},
            {"rate": 0, "unit": "%"},
            {"rate": 1_000_000, "unit": "mL/h"},
            {},
        )
    ),
)
others = st.sampled_from((("acknowledge", None), ("take back", None)))
deeds = st.lists(st.tuples(seconds, st.one_of(phases, written, others)), max_size=12)


def does(bed: Bed, what: str, how: Any) -> None:
    """On a screen; what the server refuses has not been done."""
    with suppress(DomainError, ValueError):
        match what:
            case "phase":
                bed.person(ChangePhase(how, reason="as told", override_reason="as told"))
            case "take back":
                bed.person(TakeBackPhase(bed.state.phase, "mistaken tap"))
            case "acknowledge":
                for alarm in list(bed.state.alarms.values()):
                    bed.person(Acknowledge(alarm.id, action="checked_patient"))
            case _:
                bed.writes(what, how, "Slowed")


@settings(max_examples=15, phases=NO_SHRINKING)
@given(deeds, st.booleans())
def test_the_visit_stands_where_the_log_stands_and_says_only_what_can_be(
    told_of: list[tuple[int, tuple[str, Any]]], plays: bool
) -> None:
    def between(bed: Bed) -> None:
        for second, (what, how) in told_of:
            if bed.visit.t + 1 == second:
                does(bed, what, how)
        if bed.visit.t % LOOK_S == 0 and bed.visit.t >= 0 and not _just_done(bed):
            assert bed.visit.phase == bed.state.phase

    def _just_done(bed: Bed) -> bool:
        return any(bed.visit.t + 1 == second for second, _ in told_of)

    bed = Bed(visit_of(SCENARIO, nurse=plays, sample_s=20))
    bed.play(LAST_S, between=between)
    for action in bed.of(Sends, Charts):
        delivered = action.delivery.messages if isinstance(action, Sends) else (action.message,)
        for message in delivered:
            for sign, value in message.values.items():
                low, high = LIMITS[sign]
                assert value is not None
                assert low <= value <= high, (action.at_s, sign, value)
            values = {sign: value or 0.0 for sign, value in message.values.items()}
            if "map" in values:
                assert values["dbp"] < values["map"] < values["sbp"]
    asked = [asks.at_s for asks in bed.of(Asks)]
    assert len(asked) == len(set(asked)), "at most one phase is asked for in a second"
    assert len(bed.refused) <= len(told_of) * 3, "it does not ask again and again"
