"""As seen: the board and the session page at a moment that is over, and what was around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

from app.monitoring.times import parse_iso
from tests.e2e.api import asking, until
from tests.support.axe import stumbles
from tests.support.pages import opened, tile_of

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

SHOWN = """(tile) => ({
  values: [...tile.querySelectorAll('[data-testid=value]')].map((value) =>
    [value.dataset.vital, value.textContent, value.dataset.flag, value.dataset.state]),
  phase: tile.querySelector('[data-testid=phase]').textContent,
  station: tile.dataset.station, priority: tile.dataset.priority, alarm: tile.dataset.alarmState,
  words: tile.querySelector('.strip-words')?.textContent ?? null,
  quiet: [...tile.querySelectorAll('[data-testid=quiet]')].map((mark) => mark.dataset.kind),
  who: tile.querySelector('.who').textContent,
})"""
"""What a tile says but for its running times."""
MINUTES = 12
LATER = "2099-01-01T00:00:00Z"  # of what has yet to come is shown what is now


def has_board(around: dict[str, Any]) -> bool:
    """Its screens are written down within some seconds of their coming."""
    return any(screen["shows"] == "board" for screen in around["screens"])


async def shown(tile: Locator) -> dict[str, Any]:
    said: dict[str, Any] = await tile.evaluate(SHOWN)
    return said


async def review(open_page: OpenPage, clinic: Clinic, session: str, **context: Any) -> Page:
    page = await opened(open_page, f"{clinic.url}/sessions/{session}#seen", **context)
    await expect(seen(page)).to_have_attribute("data-waiting", "false")
    return page


def seen(page: Page) -> Locator:
    return page.get_by_test_id("as-seen")


async def go_to(page: Page, event: dict[str, Any]) -> None:
    """From event to event, as somebody who looks for it, to the moment when it was stored; what was
    stored in the same millisecond was seen at once.
    """
    wanted = parse_iso(event["recorded_at"])
    while (now := int(await seen(page).get_attribute("data-moment") or 0)) != wanted:
        await page.get_by_test_id("seen-back" if now > wanted else "seen-forward").click()
        await expect(seen(page)).not_to_have_attribute("data-moment", str(now))
        await expect(seen(page)).to_have_attribute("data-waiting", "false")


def driven(clinic: Clinic) -> str:
    """A simulated quarter of an hour on its own clock, with a desaturation in the middle."""
    began = "2026-03-01T09:00:00.000Z"
    with asking(clinic.url) as api:
        id = api.infusing(clinic.room(), simulated=True, clock="driven", starts_at=began)
        for minute in range(1, MINUTES + 1):
            values = {"hr": 70 + minute, "spo2": 84 if minute in (6, 7) else 97}
            taken = f"2026-03-01T09:{minute:02}:00.000Z"
            source = {"source": "device", "device": "sim-1", "interval_s": 60}
            api.post(
                f"/api/sessions/{id}/readings", {"values": values, "taken_at": taken, **source}
            )
    return id


async def test_each_moment_looks_as_it_looked_on_the_board(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    board = await opened(open_page, clinic.url)
    tile = tile_of(board, session)
    looked: dict[int, dict[str, Any]] = {}

    async def look(**data: str) -> None:
        for name, value in data.items():
            await expect(tile).to_have_attribute(f"data-{name.replace('_', '-')}", value)
        looked[clinic.state(session)["seq"]] = await shown(tile)

    await expect(tile).to_be_visible()
    await look(priority="")
    alarm = clinic.read(session, spo2=84, hr=96)["alarms"][0]
    await look(priority="high", alarm_state="active")
    with asking(clinic.url) as api:
        api.post(f"/api/sessions/{session}/alarms/{alarm['id']}/acknowledge", {"rev": 1})
        await look(alarm_state="acknowledged")
        api.post(f"/api/sessions/{session}/audio-pause", {"seconds": 60})
        await expect(tile.get_by_test_id("quiet")).to_have_count(1)
        await look()
    await until(clinic.url, f"/api/sessions/{session}/as-seen", has_board, at=LATER)
    page = await review(open_page, clinic, session)
    around = page.get_by_test_id("seen-around")
    await expect(around.get_by_test_id("seen-person").first).to_be_visible()
    await expect(around.get_by_test_id("seen-software")).to_contain_text("version")
    await expect(around.locator("[data-shows=board]").first).to_be_visible()
    await expect(around.get_by_test_id("seen-quiet")).to_contain_text("Clara Clinician")
    then = page.locator("[data-testid=as-seen] [data-testid=tile]")
    log = {event["seq"]: event for event in clinic.events(session)}
    for seq, before in reversed(looked.items()):
        await go_to(page, log[seq])
        await expect(then).to_have_attribute("data-priority", before["priority"])
        assert await shown(then) == before
        numbers = page.locator(".seen-numbers [data-testid=value][data-vital=spo2]")
        assert ["spo2", await numbers.inner_text()] in [value[:2] for value in before["values"]]
    assert await then.evaluate("(tile) => tile.tagName") == "ARTICLE", "it leads to the present"


async def test_time_is_slid_and_played_and_old_values_grow_stale(
    clinic: Clinic, open_page: OpenPage
) -> None:
    page = await review(open_page, clinic, driven(clinic))
    spo2 = page.locator(".seen-numbers [data-testid=value][data-vital=spo2]")
    slider = page.get_by_test_id("seen-slider")
    clock = page.get_by_test_id("seen-clock")
    await slider.focus()
    await page.keyboard.press("Home")
    for _ in range(6):
        await page.keyboard.press("PageUp")
    await expect(spo2).to_have_text("84")
    await expect(slider).to_have_attribute("aria-valuetext", f"{await clock.inner_text()}, T+6:00")
    await page.keyboard.press("ArrowLeft")
    await expect(spo2).to_have_text("97")
    await page.get_by_test_id("seen-speed-1").click()
    await page.get_by_test_id("seen-play").click()
    await expect(spo2).to_have_text("84")  # for two minutes; sixty times as fast, it may be missed
    await page.get_by_test_id("seen-speed-60").click()
    await expect(spo2).to_have_text("97")
    await expect(page.get_by_test_id("seen-play")).to_have_text("Play")
    await expect(clock).to_have_text(f"09:{MINUTES}:00")


async def test_when_the_server_was_down_it_says_not_live(
    clinic: Clinic, open_page: OpenPage
) -> None:
    session = clinic.infusing()
    clinic.server.restart(kill=True)
    clinic.read(session, hr=90)
    page = await review(open_page, clinic, session)
    read_to = int(await page.get_by_test_id("review").get_attribute("data-seq") or 0)
    resumed = [one for one in clinic.events(session, "watch.resumed") if one["seq"] <= read_to]
    await expect(page.get_by_test_id("seen-gap")).to_have_count(len(resumed))
    await go_to(page, resumed[-1])  # one that a stall brought before may end where this begins
    await expect(page.get_by_test_id("seen-not-live")).to_have_count(0)
    await page.get_by_test_id("seen-back").click()
    await expect(page.get_by_test_id("seen-not-live")).to_contain_text("did not watch")
    assert not await stumbles(page, "as seen, not live")
