"""A wall clock that stands until a test moves it, however busy the machine is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from app.clock import now_ms

if TYPE_CHECKING:
    from collections.abc import Iterator

READ_IN: Final = (
    "app.models.scribe",
    *(f"app.services.{one}" for one in ("notices", "readings", "sweep", "webhooks")),
)


class Clock:
    """Of scribe, services and sweep; `now` is in milliseconds of Unix time."""

    def __init__(self, patch: pytest.MonkeyPatch, now: int) -> None:
        self.now = now
        for place in READ_IN:
            patch.setattr(f"{place}.now_ms", lambda: self.now)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """It stands at the test's beginning."""
    with pytest.MonkeyPatch.context() as patch:
        yield Clock(patch, now_ms())
