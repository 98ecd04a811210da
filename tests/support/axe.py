"""axe-core on a page: what a person who sees, hears or points badly would stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped]  # no types
    Axe,
)
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

THEMES: Final = ("dark", "light")
GRAVE: Final = frozenset({"serious", "critical"})
ANY: Final = GRAVE | {"minor", "moderate"}
_ALL: Final = {"resultTypes": ["violations"], "preload": False}  # our styles need no second reading
_RULES: Final = ["color-contrast", "link-in-text-block"]
_COLOURS: Final = {**_ALL, "runOnly": {"type": "rule", "values": _RULES}}
_SCRIPT: Final[str] = Axe().axe_script
_WEAR: Final = "(theme) => { document.documentElement.dataset.theme = theme }"


async def stumbles(page: Page, where: str, impacts: frozenset[str] = GRAVE) -> list[str]:
    """What is serious or critical: all of it in the dark theme, the colours in the light one too.
    Themes differ in nothing else.
    """
    was = await page.evaluate("document.documentElement.dataset.theme")
    found: list[str] = []
    for theme in THEMES:
        await page.evaluate(_WEAR, theme)
        await expect(page.locator("html")).to_have_attribute("data-theme", theme)
        await settled(page)
        options = _ALL if theme == THEMES[0] else _COLOURS
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(_SCRIPT)
        result = await page.evaluate("(options) => axe.run(document, options)", options)
        found += [
            f"{where}, {theme}: {one['id']}: {spots(one)}"
            for one in result["violations"]
            if one["impact"] in impacts
        ]
    await page.evaluate(_WEAR, was)
    return found


async def settled(page: Page) -> None:
    """Colours and places that change slowly have changed."""
    await page.evaluate(
        """() => Promise.allSettled(document.getAnimations()
          .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
          .map((one) => one.finished))"""
    )


def spots(violation: dict[str, Any]) -> str:
    shown = [f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:4]]
    return f"{len(violation['nodes'])} x: " + " | ".join(shown)
