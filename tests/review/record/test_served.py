"""What the process that reads apart keeps, and that nothing of it is ever old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from app.monitoring.commands import VoidReading
from app.review import served
from app.services import corrections
from tests.models.ward import NURSE, infusing, record
from tests.monitoring.ward import Ward
from tests.review.record.told import record as told_of

if TYPE_CHECKING:
    from app.models.store import Store


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    served._kept.clear()


async def drawn(store: Store, session_id: str) -> list[list[float]]:
    """The numbers of the pulse in the figure, by trace."""
    made = await store.reader.read(
        lambda db: served.figure_json(db, session_id, None, None, None, False)
    )
    traces = orjson.loads(made)["data"]
    return [t["y"] for t in traces if t["meta"].get("vital") == "hr" and "customdata" in t]


async def test_what_is_kept_is_true_also_after_a_correction(store: Store) -> None:
    session_id = await infusing(store)
    wrong, _ = await record(store, session_id, hr=170.0)
    assert await drawn(store, session_id) == [[74, 170]]
    assert await drawn(store, session_id) == [[74, 170]]
    assert len(served._kept) == 1
    await corrections.correct(store, NURSE, session_id, VoidReading(wrong["id"], "slip"))
    assert await drawn(store, session_id) == [[74], [170]]


async def test_only_so_much_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "KEPT", 2)
    ids = [await infusing(store) for _ in range(3)]
    for session_id in ids:
        await drawn(store, session_id)
    assert [name[0] for name in served._kept] == ids[1:]


def test_calm_readings_of_a_device_can_be_left_out() -> None:
    ward = Ward.infusing()
    ward.streams(range(5), hr=80)
    ward.sends(5, hr=130)
    ward.types(6, hr=81)
    voided = ward.sends(7, hr=82)[0]
    ward.voids(8, voided)
    told = [one for one in told_of(ward.log).readings if not served.is_calm(one)]
    assert [one.values["hr"] for one in told] == [130, 81, 82]
