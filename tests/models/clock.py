"""A wall clock that a test moves, or that creeps: nothing falls due because a machine is busy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from app.clock import now_ms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

READ_IN: Final = (
    "app.models.scribe",
    *(f"app.services.{one}" for one in ("notices", "readings", "sweep", "webhooks")),
)


class Clock:
    """Of scribe, services, sweep and the test itself; `now` is in milliseconds of Unix time."""

    def __init__(
        self, patch: pytest.MonkeyPatch, now: int, of: ModuleType, *, step: int = 0
    ) -> None:
        self.now = now
        self._step = step
        patch.setattr(of, "now_ms", self._read, raising=False)
        for place in READ_IN:
            patch.setattr(f"{place}.now_ms", self._read)

    def _read(self) -> int:
        self.now += self._step
        return self.now


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """It stands at the test's beginning."""
    with pytest.MonkeyPatch.context() as patch:
        yield Clock(patch, now_ms(), request.module)


@pytest.fixture
def creeping(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each that looks finds it a millisecond later."""
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch, now_ms(), request.module, step=1)
        yield
