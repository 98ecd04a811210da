"""A session opened for review, in a browser: until its figure is on the page."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from bench import servers
from bench.figures import Goal
from bench.hours import Long
from bench.opened import Drawn, Reviewed
from bench.part import Bench, Figure, Part
from bench.servers import helper

if TYPE_CHECKING:
    from pathlib import Path

    from bench.part import Round

HOURS: Final = (1, 4)
REPEATS: Final = 3  # of each session in a round, each by a server and browsers that know nothing
OPENS_MS: Final = 1_000.0  # what a clinician waits for without wondering
FILLING_S: Final = 240.0  # some forty thousand readings
OPENING_S: Final = 400.0  # five starts of a browser and eleven pages, on a busy machine
DATA: Final = "long"


def browser(bench: Bench, _number: int) -> Round:
    took: dict[str, list[float]] = {}
    with bench.fresh() as folder:
        (folder / DATA).mkdir()
        with helper("bench.hours", folder) as filler:
            lasting = [*HOURS, *HOURS]
            ids = filler.asked(Long(str(folder / DATA), lasting), list[str], FILLING_S)
        for _ in range(1 if bench.quick else REPEATS):
            _opened(folder, ids[: len(HOURS)], ids[len(HOURS) :], took)
    middle = {name: median(times) for name, times in took.items()}
    return {**{f"ratio_{hours}": middle[f"warm_{hours}"] / OPENS_MS for hours in HOURS}, **middle}


def _opened(folder: Path, cold: list[str], warm: list[str], took: dict[str, list[float]]) -> None:
    """The server has not read those that are opened cold, nor the others when they are first."""
    with servers.ours(folder, data=DATA) as server, helper("bench.opened", folder) as screen:
        wanted = Reviewed(f"http://127.0.0.1:{server.port}", cold, [*warm, *warm])
        drawn = screen.asked(wanted, Drawn, OPENING_S)
    for name, times in (
        ("cold", drawn.cold),
        ("tab", drawn.tab),
        ("later", drawn.later),
        ("warm", drawn.warm[: len(HOURS)]),
        ("again", drawn.warm[len(HOURS) :]),
    ):
        for hours, ms in zip(HOURS, times, strict=True):
            took.setdefault(f"{name}_{hours}", []).append(ms)


def _figures(hours: int) -> tuple[Figure, ...]:
    name = "an hour" if hours == 1 else f"{hours} hours"
    goal = Goal(f"figure of {name}, from the press on the list to the figure drawn / 1 s", 1.0)
    return (
        Figure(f"ratio_{hours}", goal.text, goal=goal),
        Figure(f"warm_{hours}", f"{name}, from the list, in a browser that has drawn one", "ms"),
        Figure(f"again_{hours}", f"{name}, from the list once more", "ms"),
        Figure(f"cold_{hours}", f"{name}, by its address, in a new browser", "ms"),
        Figure(f"tab_{hours}", f"{name}, by its address again, in another tab", "ms"),
        Figure(f"later_{hours}", f"{name}, by its address, that browser started again", "ms"),
    )


PART: Final = Part(
    14,
    "The timeline in a browser",
    "Sessions of one reading a second with 8 vitals in a Chromium without a graphics card, at 1920"
    " x 1080, until the page marks its figure as drawn. From the list: since the press, in a"
    " browser that has drawn another session, by a server that has not read this one; then the same"
    " once more. By its address: since the address was asked for, in a browser that nothing drives:"
    " with an empty cache, in another tab, and after it was ended and started again.",
    browser,
    tuple(figure for hours in HOURS for figure in _figures(hours)),
    rounds=2,
)
