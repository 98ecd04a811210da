"""Everything is in sight and can be hit: 24 tiles, tablets, a phone, the wall."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.async_api import expect

from tests.e2e.api import asking
from tests.support.feed import Feed
from tests.support.layout import buried, controls, cut_off, overlapping, scrolls
from tests.support.pages import opened, tile_of, typed_in_vain, value
from tests.support.people import WALL

if TYPE_CHECKING:
    from playwright.async_api import FloatRect, Page

    from tests.e2e.conftest import Clinic
    from tests.support.browser import OpenPage

FULL: Final = 24
STATION: Final = {"width": 1920, "height": 1080}
TABLET: Final = {"width": 1024, "height": 768}
UPRIGHT: Final = {"width": 768, "height": 1024}
PHONE: Final = {"width": 390, "height": 844}
LARGE_PX: Final = 64  # acknowledge, number pad, phases: hit with gloves
SMALL_PX: Final = 44
APART_PX: Final = 12
WALL_PX: Final = 48
NOT_LIVE_MS: Final = 60_000  # silence is said after 15 s, and a page that was held up waits longer


@pytest.fixture(scope="module")
def full(clinic: Clinic) -> Clinic:
    """Eight rooms taken and then, for who wants them, sixteen more; some with alarms."""
    fill(clinic, 8)
    return clinic


def fill(clinic: Clinic, rooms: int) -> None:
    with asking(clinic.url) as api:
        taken = len(api.everything("/api/sessions", active="true"))
    for number in range(taken, rooms):
        worse = {3: {"spo2": 84}, 4: {"sbp": 186, "dbp": 118}, 6: {"spo2": 93, "o2_flow": 2}}
        clinic.infusing(**worse.get(number % 8, {}))


async def board(open_page: OpenPage, url: str, size: dict[str, int], count: int) -> Page:
    page = await opened(open_page, url, viewport=size, has_touch=size is not STATION)
    await expect(page.get_by_test_id("tile")).to_have_count(count)
    return page


@pytest.mark.parametrize("size", [TABLET, STATION], ids=["tablet", "station"])
async def test_eight_tiles_and_their_list_are_in_sight_without_scrolling(
    full: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    page = await board(open_page, full.url, size, 8)
    await all_in_sight(page, size)


async def test_a_phone_shows_a_list_that_scrolls_one_way_only(
    full: Clinic, open_page: OpenPage
) -> None:
    page = await board(open_page, full.url, PHONE, 8)
    assert await cut_off(page, "[data-testid=tile]") == []
    assert await page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    await page.get_by_test_id("tile").last.scroll_into_view_if_needed()
    await expect(page.get_by_test_id("tile").last).to_be_in_viewport()


@pytest.mark.parametrize("size", [STATION, TABLET, UPRIGHT, PHONE], ids=str)
async def test_every_control_of_the_board_and_of_a_session_is_large_enough_and_alone(
    full: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    page = await board(open_page, full.url, size, 8)
    await large_enough(page, "board")
    await page.locator("[data-testid=tile][data-priority=high]").first.click()
    await expect(page.get_by_test_id("alarms").get_by_test_id("acknowledge").first).to_be_visible()
    assert await page.evaluate("document.scrollingElement.scrollWidth") <= size["width"]
    await wide_enough(page)
    await large_enough(page, "session")
    assert await buried(page) == []


async def wide_enough(page: Page) -> None:
    """The page's own boxes may hide that they are too narrow for what is in them."""
    for box in (".session-page", ".top", ".road", ".session-page > .controls", ".enter-place"):
        across, _ = await scrolls(page, box)
        assert across <= 0, f"{box} is {across} px too narrow"


@pytest.mark.parametrize("size", [STATION, TABLET, UPRIGHT, PHONE], ids=str)
async def test_a_prompt_to_stop_leaves_the_alarm_and_the_numbers_in_sight(
    full: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    session = next(row["id"] for row in standing(full) if len(row["stop_prompts"]) > 0)
    page = await opened(open_page, full.page_of(session), viewport=size)
    await expect(page.get_by_test_id("stop-prompt")).to_be_visible()
    prompts = await page.get_by_test_id("stop-prompts").bounding_box()
    assert prompts is not None
    assert prompts["height"] <= size["height"] / 4
    for seen in (
        page.get_by_test_id("alarms").get_by_test_id("acknowledge").first,
        *[value(page, vital) for vital in ("hr", "spo2", "sbp")],
    ):
        box = await seen.bounding_box()
        assert box is not None
        assert await reached(page, box), f"covered: {seen}"
    assert await buried(page) == []


@pytest.mark.parametrize("said", ["data-live=not-live", "data-quiet=true"])
async def test_the_bar_stays_at_the_foot_of_a_phone_that_is_not_live_or_quiet(
    full: Clinic, open_page: OpenPage, said: str
) -> None:
    page = await opened(open_page, full.page_of(standing(full)[0]["id"]), viewport=PHONE)
    await expect(page.get_by_test_id("enter-vitals")).to_be_visible()
    bottoms: dict[str, float] = await page.evaluate(
        """(said) => {
          document.documentElement.setAttribute(...said.split('='))
          const bottom = (id) =>
            document.querySelector(`[data-testid=${id}]`).getBoundingClientRect().bottom
          return { enter: bottom('enter-vitals'), help: bottom('help-button') }
        }""",
        said,
    )
    assert max(bottoms.values()) <= PHONE["height"]


@pytest.mark.parametrize("size", [STATION, TABLET, PHONE], ids=["station", "tablet", "phone"])
async def test_a_call_for_help_says_all_of_its_note_and_a_tile_how_it_begins(
    full: Clinic, open_page: OpenPage, size: dict[str, int]
) -> None:
    row = standing(full)[0]
    with asking(full.url) as api:
        api.post(f"/api/sessions/{row['id']}/help", {"note": LONG_NOTE})
    page = await board(open_page, full.url, size, 8)
    await page.get_by_test_id("help-come").click()
    await expect(page.get_by_test_id("help-come")).to_have_count(0)
    await expect(page.get_by_test_id("help")).to_have_attribute("data-size", "small")
    await expect(page.get_by_test_id("help")).to_contain_text(LONG_NOTE)
    assert await scrolls(page, "[data-testid=help]") <= (0, 0)
    assert await cut_off(page, "[data-testid=help]") == []
    await large_enough(page, "help")
    begins: bool = (
        await tile_of(page, row["id"])
        .locator(".strip")
        .evaluate(
            "strip => strip.querySelector('.stars').getBoundingClientRect().top"
            " >= strip.getBoundingClientRect().top - 4"  # a letter's box is higher than its line
        )
    )
    assert begins
    await page.get_by_test_id("help-came").click()
    await expect(page.get_by_test_id("help")).to_have_count(0)


LONG_NOTE: Final = (
    "does not answer when she is called, bring the trolley and the second bottle of oxygen"
)


async def test_a_closed_session_on_a_tablet_begins_with_its_numbers(
    clinic: Clinic, open_page: OpenPage
) -> None:
    with asking(clinic.url) as api:
        session = api.infusing("Corridor")
        api.post(f"/api/sessions/{session}/phase", {"to": "transferred", "reason": "test"})
    page = await opened(open_page, clinic.page_of(session), viewport=TABLET)
    numbers = await page.locator(".numbers-panel").bounding_box()
    events = await page.get_by_test_id("events").bounding_box()
    assert numbers is not None
    assert events is not None
    assert numbers["y"] < events["y"]


async def test_a_locked_phone_leaves_help_free_and_its_pin_window_is_whole(
    full: Clinic, open_page: OpenPage
) -> None:
    page = await opened(
        open_page, full.page_of(standing(full)[0]["id"]), role="nurse", viewport=PHONE
    )
    await page.get_by_test_id("account").click()
    await page.get_by_test_id("account-lock").click()
    await expect(page.get_by_test_id("lock-bar")).to_be_visible()
    assert await buried(page) == []
    for control in ("help-button", "enter-vitals"):
        box = await page.get_by_test_id(control).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]
    await page.get_by_test_id("help-button").click(trial=True)
    await page.get_by_test_id("unlock").click()
    await expect(page.get_by_test_id("pin-dots")).to_be_visible()
    assert await cut_off(page, "[data-testid=pin-dialog]") == []


async def test_what_is_not_live_says_so_over_the_phases_and_not_over_the_alarms(
    full: Clinic, open_page: OpenPage
) -> None:
    session = next(row["id"] for row in standing(full) if len(row["stop_prompts"]) > 0)
    feeds, pages = [Feed(), Feed(), Feed()], []
    for feed, size in zip(feeds, (STATION, TABLET, PHONE), strict=True):
        page = await opened(open_page, full.page_of(session), feed.prepare, viewport=size)
        await expect(page.get_by_test_id("alarm").first).to_be_visible()
        pages.append(page)
    for feed in feeds:
        await feed.cut()
    for page in pages:
        banner = page.get_by_test_id("not-live")
        await expect(banner).to_be_visible(timeout=NOT_LIVE_MS)
        over = await banner.bounding_box()
        below = await page.get_by_test_id("alarm").first.bounding_box()
        assert over is not None
        assert below is not None
        assert over["y"] + over["height"] <= below["y"] + 1, page.viewport_size


async def test_what_waits_for_the_server_lies_over_no_other_control(
    full: Clinic, open_page: OpenPage
) -> None:
    session = next(row["id"] for row in standing(full) if len(row["stop_prompts"]) > 0)
    page = await opened(open_page, full.page_of(session), viewport=TABLET)
    await typed_in_vain(page)
    for size in (TABLET, PHONE):
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for control in ("stop-prompt-pause", "help-button", "waiting-entries"):
            await page.get_by_test_id(control).click(trial=True)


def standing(clinic: Clinic) -> list[dict[str, Any]]:
    with asking(clinic.url) as api:
        rows: list[dict[str, Any]] = api.get("/api/board")["items"]
    return rows


async def reached(page: Page, box: FloatRect) -> bool:
    """No prompt lies over its middle."""
    free: bool = await page.evaluate(
        "([x, y]) => y < innerHeight"
        " && document.elementFromPoint(x, y)?.closest('.stop-prompts') === null",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    return free


async def test_the_measuring_knows_what_is_scrolled_under_a_bar_from_what_lies_over_another(
    open_page: OpenPage,
) -> None:
    page = await open_page("about:blank", None, viewport=PHONE)
    await page.set_content(UNDER_A_BAR)
    pairs = overlapping(await controls(page))
    assert pairs == ["one and over-one"]
    assert await buried(page) == ["never-free"]


UNDER_A_BAR: Final = """<body style="margin: 0; height: 2000px; position: relative">
<style>button { position: absolute; left: 0; width: 100px; height: 50px }</style>
<button data-testid="one" style="top: 0"></button>
<button data-testid="over-one" style="top: 20px"></button>
<button data-testid="scrolled-away" style="top: 780px"></button>
<div style="position: fixed; left: 0; right: 0; bottom: 0; height: 60px; background: #fff">
<button data-testid="bar" style="top: 5px"></button></div>
<div style="position: fixed; left: 200px; top: 300px; width: 100px; height: 50px">
<button data-testid="never-free" style="top: 0"></button></div>
<div style="position: fixed; left: 200px; top: 300px; width: 90px; height: 90px; background: #eee">
</div></body>"""


async def large_enough(page: Page, where: str) -> None:
    found = await controls(page)
    small = [
        f"{control.name} {control.width:.0f} x {control.height:.0f}"
        for control in found
        if control.least < (LARGE_PX if is_large(control.name) else SMALL_PX) - 0.5
    ]
    assert not small, f"too small in {where}: {small}"
    assert not overlapping(found), f"{where}: {overlapping(found)}"
    large = [control for control in found if is_large(control.name)]
    close = [
        f"{one.name} {one.gap(other):.1f} {other.name}"
        for one in large
        for other in found
        if other is not one and not other.holds and one.gap(other) < APART_PX - 0.5
    ]
    assert not close, f"too close in {where}: {close}"


def is_large(name: str) -> bool:
    return name in {"acknowledge", "responding"} or name.startswith(("phase-to-", "pad-"))


async def test_the_wall_has_numbers_of_48_px_and_no_names_on_it_nor_in_what_it_is_sent(
    full: Clinic, open_page: OpenPage
) -> None:
    feed = Feed()
    page = await open_page(f"{full.url}/wall", WALL, feed.prepare, viewport=STATION)
    await expect(page.get_by_test_id("tile")).to_have_count(8)
    await expect(page.locator("[data-testid=value][data-vital=hr]").first).to_contain_text("8")
    least: float = await page.locator(
        "[data-testid=value]:is([data-vital=hr], [data-vital=spo2])"
    ).evaluate_all(
        "all => Math.min(...all.map((one) => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert least >= WALL_PX
    await all_in_sight(page, STATION)
    with asking(full.url) as api:
        people = api.everything("/api/patients")
    sent, drawn = json.dumps(feed.frames), await page.content()
    for person in people:
        for name in ("code", "initials", "id"):
            assert person[name] not in sent, name
            assert person[name] not in drawn, name
    assert "Clara Clinician" not in sent
    assert "Clara Clinician" not in drawn
    await expect(page.get_by_test_id("acknowledge")).to_have_count(0)


async def test_24_tiles_are_in_sight_at_a_station_with_every_word(
    full: Clinic, open_page: OpenPage
) -> None:
    fill(full, FULL)
    page = await board(open_page, full.url, STATION, FULL)
    await all_in_sight(page, STATION)
    stations = await page.get_by_test_id("tile").evaluate_all(
        "all => all.map((one) => one.dataset.station)"
    )
    assert stations == [f"Room {number}" for number in range(1, FULL + 1)]


async def all_in_sight(page: Page, size: dict[str, int]) -> None:
    cut = await cut_off(page, "[data-testid=tile]")
    assert not cut, f"cut off: {cut}"
    assert await scrolls(page, ".board-tiles") <= (0, 0)
    assert await scrolls(page, "html") <= (0, 0)
    for tile in await page.get_by_test_id("tile").all():
        box = await tile.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        assert box["y"] + box["height"] <= size["height"]
