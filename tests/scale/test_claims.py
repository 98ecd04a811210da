"""Of several processes each call is made by one, and by another after it if that one died."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.clock import now_ms
from app.models.deliveries import LEASE_MS, claim, due_calls
from app.models.store import Store
from app.monitoring.commands import CallHelp
from app.services.attention import call_help
from app.services.webhooks import ANSWER_S
from tests.models.ward import NURSE, infusing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stores(clinic_database: str, tmp_path: Path) -> Iterator[list[Store]]:
    stores = []
    for _ in range(2):
        store = Store.open(clinic_database, data_dir=tmp_path, calling=True, together=True)
        store.start()
        stores.append(store)
    yield stores
    for store in stores:
        store.stop()


async def test_a_call_is_claimed_once_and_again_when_nothing_came_of_it(
    stores: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = stores
    await call_help(one, NURSE, await infusing(one), CallHelp(None))
    (call,) = await other.reader.read(partial(due_calls, now=now_ms(), limit=10))
    submitted = partial(claim, call=call)
    assert [await store.scribe.submit(submitted) for store in (one, other, one)] == [
        True, False, False
    ]  # fmt: skip
    assert await other.reader.read(partial(due_calls, now=now_ms(), limit=10)) == []
    later = now_ms() + LEASE_MS + 1
    monkeypatch.setattr("app.models.scribe.now_ms", lambda: later)
    (again,) = await other.reader.read(partial(due_calls, now=later, limit=10))
    assert again == call
    assert await other.scribe.submit(submitted) is True


def test_a_claim_outlasts_an_attempt() -> None:
    assert LEASE_MS > 1_000 * ANSWER_S
