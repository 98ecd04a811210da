"""The memory of a dashboard that only stands open."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import msgspec

from bench.clinic import Api
from bench.figures import Goal, ratio
from bench.part import Bench, Figure, Part, taking_turns
from bench.run import MAKING_S, dashboards
from bench.servers import helper
from bench.vitals import reading

if TYPE_CHECKING:
    from bench.part import Round
    from bench.servers import Served

SESSIONS: Final = 8
FIRST: Final = 100  # let in before it is measured: what a process needs once is not counted
IDLE: Final = 1_000
SAID: Final = 20  # readings that each is sent before: buffers and compressors are in use
SETTLE_S: Final = 1.0  # until the last of them is out


def per_dashboard_kb(bench: Bench, server: Served) -> float:
    sessions = bench.sessions(server, SESSIONS)
    with Api(server.port, server.device) as api, ExitStack() as stack:
        for count in (FIRST, IDLE):
            watching = dashboards(server, count)
            assert watching is not None
            boards = stack.enter_context(helper("bench.dashboards", server.data_dir.parent))
            boards.say(msgspec.json.encode(watching).decode())
            boards.hear(MAKING_S)
            for number in range(SAID):
                which = number % SESSIONS
                sent = reading(which, number, 0)
                sent["taken_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                api.post(f"/api/sessions/{sessions[which]}/readings", sent)
            time.sleep(SETTLE_S)
            if count == FIRST:
                before = server.rss_kb()
        return (server.rss_kb() - before) / count


def _ours(bench: Bench) -> float:
    with bench.ours() as server:
        return per_dashboard_kb(bench, server)


def _default(bench: Bench) -> float:
    with bench.reference("broadcast") as server:
        return per_dashboard_kb(bench, server)


def one_round(bench: Bench, number: int) -> Round:
    ours, default = taking_turns(number, lambda: _ours(bench), lambda: _default(bench))
    return {"ratio": ratio(ours, default), "ours": ours, "default": default}


PART: Final = Part(
    4,
    "Memory of an idle dashboard",
    f"{IDLE:,} dashboards more than {FIRST}, each of which has been sent {SAID} readings; the other"
    " side is a FastAPI websocket under uvicorn as it comes, which sends the reading as posted.",
    one_round,
    (
        Figure(
            "ratio",
            "memory of a dashboard, ours / uvicorn's default",
            goal=Goal("memory of an idle dashboard / uvicorn's default", 0.6),
        ),
        Figure("ours", "ours", "kB"),
        Figure("default", "uvicorn's default", "kB"),
    ),
)
