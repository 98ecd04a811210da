"""The load of a thousand rooms, measured with a few."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import pytest

from bench import clinic
from bench.part import Bench
from bench.parts import rooms
from bench.rooms import RoomsTold

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it reads /proc")


def test_the_load_is_measured_against_a_server_that_only_acknowledges(tmp_path: Path) -> None:
    bench = Bench(tmp_path, quick=True)
    with bench.reference("sink") as server:
        measured = rooms.loaded(bench, server, clinic.names(50))
    told = measured.told
    assert told.due == told.acknowledged == 50
    assert told.warming == 50
    assert 0 < told.p50 <= told.p99
    assert told.seconds > 0.9
    assert measured.server_us >= 0
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_answer_is_not_sustained() -> None:
    told = RoomsTold(
        due=100,
        acknowledged=99,
        warming=0,
        p50_ms=4.0,
        p99_ms=None,
        late_ms=0.0,
        seconds=1.0,
        cpu_s=0.1,
    )
    assert math.isnan(told.p99)
    assert not told.sustained
    assert told.core == pytest.approx(0.1)
    assert told.cpu_us == pytest.approx(1_000)
