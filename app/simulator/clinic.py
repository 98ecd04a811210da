"""The demonstration's programme: who is in which room at the start, who comes next. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from app.simulator.profiles import PROFILES, Profile
from app.simulator.visit import MINUTE_S, Visit, draw_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 127_921  # with it the ordinary patients of the opening stay inside all limits
HISTORY_SAMPLE_S = (
    5  # what is fast-forwarded is sampled this often: a fifth of the load, the same curves
)
LIVE_SAMPLE_S = 1
NEXT_PATIENT_S = (150, 330)  # a room stands empty this long, least and most
LATER_PROFILES = ("normal",) * 7 + (
    "hypertension",
    "desaturation",
    "tachycardia",
    "probe_off",
    "quiet",
    "over_sedation",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Where in the visit a room is when the demonstration begins."""

    profile: str
    phase: str
    since_s: int


OPENINGS = (
    Opening("normal", "baseline", 4 * MINUTE_S),
    Opening("normal", "infusing", 6 * MINUTE_S),
    Opening("desaturation", "infusing", 27 * MINUTE_S),
    Opening("hypertension", "infusing", 20 * MINUTE_S),
    Opening("quiet", "infusing", 15 * MINUTE_S),
    Opening("forgotten", "infusing", 24 * MINUTE_S),
    Opening("normal", "recovery", 12 * MINUTE_S),
    Opening("normal", "ready_for_discharge", 1 * MINUTE_S),
)


def patient_seed(seed: int, room: int, number: int) -> str:
    return f"{seed}-{room}-{number}"


def make_visit(profile: Profile, seed: str, room: int, *, sample_s: int = LIVE_SAMPLE_S) -> Visit:
    """The same for the same profile, seed and room; only ordinary visits are paused on the way."""
    plan = draw_plan(seed, f"mon-{room:02d}", sample_s=sample_s)
    if profile.name != "normal":
        plan = replace(plan, pause_after_s=None)
    return Visit(plan, profile, seed)


def opening(room: int) -> Opening:
    return OPENINGS[(room - 1) % len(OPENINGS)]


def second_of(wanted: Opening, seed: str, room: int) -> int:
    """The second of the visit at which it is where the opening wants it."""
    visit = make_visit(PROFILES[wanted.profile], seed, room)
    while not visit.over:
        visit.advance()
        if visit.phase == wanted.phase and visit.t - visit.phase_since >= wanted.since_s:
            break
    return visit.t


def next_profile(seed: str) -> Profile:
    rng = Random(f"next:{seed}")
    return PROFILES[LATER_PROFILES[int(rng.random() * len(LATER_PROFILES))]]


def empty_for_s(seed: str) -> int:
    least, most = NEXT_PATIENT_S
    return least + int(Random(f"empty:{seed}").random() * (most - least))


def revive(
    profile: Profile, seed: str, room: int, history: Sequence[tuple[int, str]], until_s: int
) -> Visit:
    """A visit that was under way before this script ran: body and drug as they must be now."""
    visit = make_visit(profile, seed, room)
    visit.catch_up(history, until_s)
    return visit
