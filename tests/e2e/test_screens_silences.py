"""What a person has made quieter is in sight with its countdown, however small the tile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.layout import cut_off
from tests.support.pages import opened

if TYPE_CHECKING:
    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

ROOMS: Final = 24  # the smallest tiles
STATION: Final = {"width": 1920, "height": 1080}
PHONE: Final = {"width": 390, "height": 844}
SILENCES: Final[dict[str, dict[str, Any]]] = {
    "audio-pause": {"seconds": 120},
    "alarm-off": {"scope": "spo2", "reason": "probe is moved"},
    "standby": {"reason": "toilet", "minutes": 5},
}
IN_SIGHT: Final = """(tile) => {
  const box = tile.getBoundingClientRect()
  const taken = [...tile.querySelectorAll('.code, .phase, .phase-time, .station')]
  return [...tile.querySelectorAll('.quiet-left')].filter((left) => {
    const one = left.getBoundingClientRect()
    const on = document.elementFromPoint(one.x + one.width / 2, one.y + one.height / 2)
    const meets = taken.some((other) => {
      const { left, right, top, bottom } = other.getBoundingClientRect()
      return one.left < right && left < one.right && one.top < bottom && top < one.bottom
    })
    return one.width > 0 && one.right <= box.right && left.contains(on) && !meets
  }).length
}"""


@pytest.mark.parametrize("size", [STATION, PHONE], ids=["24 tiles", "phone"])
async def test_every_silence_of_a_tile_shows_its_countdown(
    clinic: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    session = clinic.infusing()
    with asking(clinic.url) as api:
        for kind, body in SILENCES.items():
            api.post(f"/api/sessions/{session}/{kind}", body)
        standing = len(api.everything("/api/sessions", active="true"))
    for _ in range(standing, ROOMS):
        clinic.infusing()
    page = await opened(open_page, clinic.url, viewport=size)
    tile = page.locator(f"[data-testid=tile][data-session='{session}']")
    await expect(tile.locator(".quiet-left")).to_have_count(len(SILENCES))
    await tile.scroll_into_view_if_needed()
    assert await tile.evaluate(IN_SIGHT) == len(SILENCES)
    assert await cut_off(page, ".quiet-mark") == []
