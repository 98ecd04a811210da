"""A session opened for review: its record and its figure, at the server."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Final

from bench import servers
from bench.clinic import Api
from bench.figures import Goal
from bench.hours import Long
from bench.part import Bench, Figure, Part
from bench.servers import helper

if TYPE_CHECKING:
    from bench.part import Round

HOURS: Final = (1, 4)
REPEATS: Final = 5  # of each session in a round, each time by a server that knows nothing of it
OPENED_MS: Final = 1_000.0  # within this a session is open; the browser needs its share of it
FILLING_S: Final = 120.0  # some twenty thousand readings
DATA: Final = "long"


def records(bench: Bench, _number: int) -> Round:
    took: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    with bench.fresh() as folder:
        (folder / DATA).mkdir()
        with helper("bench.hours", folder) as filler:
            ids = filler.asked(Long(str(folder / DATA), list(HOURS)), list[str], FILLING_S)
        repeats = 1 if bench.quick else REPEATS
        for _ in range(repeats):
            with (
                servers.ours(folder, data=DATA) as server,
                Api(server.port, server.nurse) as api,
            ):
                api.read(f"/api/sessions/{ids[0]}/record?until=1")  # the program is read in
                for hours, id in zip(HOURS, ids, strict=True):
                    _open(api, hours, id, took, sizes)
    middle = {name: median(times) for name, times in took.items()}
    opened = {hours: middle[f"figure_{hours}"] + middle[f"record_{hours}"] for hours in HOURS}
    return {
        **{f"ratio_{hours}": ms / OPENED_MS for hours, ms in opened.items()},
        **middle,
        **{f"kb_{name}": size / 1_000 for name, size in sizes.items()},
    }


def _open(
    api: Api, hours: int, id: str, took: dict[str, list[float]], sizes: dict[str, int]
) -> None:
    """As the page does: the figure, the record beside it, then a closer look."""
    session = f"/api/sessions/{id}"
    closer = f"{session}/figure?from=2023-11-14T22:20:00Z&to=2023-11-14T22:35:00Z&points=900"
    for name, path in (
        (f"figure_{hours}", f"{session}/figure?points=400"),
        (f"record_{hours}", f"{session}/record?readings=told"),
        (f"closer_{hours}", closer),
        (f"whole_{hours}", f"{session}/record"),
    ):
        began = time.perf_counter()
        sizes[name] = len(api.read(path))
        took.setdefault(name, []).append((time.perf_counter() - began) * 1_000)


def _figures(hours: int) -> tuple[Figure, ...]:
    name = "an hour" if hours == 1 else f"{hours} hours"
    goal = Goal(f"figure and record of {name}, from asking to the last byte / 1 s", 1.0)
    return (
        Figure(f"ratio_{hours}", goal.text, goal=goal),
        Figure(f"figure_{hours}", f"figure of {name}, asked for first", "ms"),
        Figure(f"record_{hours}", f"record of {name}, then", "ms"),
        Figure(f"closer_{hours}", f"15 min of {name}, every value", "ms"),
        Figure(f"whole_{hours}", f"record of {name} with every reading", "ms"),
        Figure(f"kb_figure_{hours}", f"size of the figure of {name}", "kB"),
        Figure(f"kb_record_{hours}", f"size of the record of {name}", "kB"),
        Figure(f"kb_whole_{hours}", f"size of the record of {name} with every reading", "kB"),
    )


PART: Final = Part(
    13,
    "A session opened for review",
    "Sessions of one reading a second with 8 vitals, asked for over HTTP as the page asks: the"
    " figure first, by a server that has not read this session yet, then the record without calm"
    " readings, then a quarter of an hour with every value.",
    records,
    tuple(figure for hours in HOURS for figure in _figures(hours)),
)
