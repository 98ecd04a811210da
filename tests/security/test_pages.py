"""What a browser loads from us it may load, and nothing else is even asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from app.access.roles import TABLE
from app.api.asyncapi import asyncapi
from app.api.reference import page as reference
from app.main import create_app
from app.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Page

    from tests.support.browser import OpenPage
    from tests.support.server import Server

PAGES: Final = ("/", "/wall", "/account", "/admin/users", "/audit", "/docs")
AGAINST_THE_POLICY: Final = re.compile(r"Content.Security.Policy|violat|Permissions.Policy", re.I)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data"), database_url=""))
    return app.openapi()


async def test_pages_need_nothing_that_their_policy_forbids(
    server: Server, open_page: OpenPage
) -> None:
    said: list[str] = []

    async def listen(page: Page) -> None:
        page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))

    page = await open_page(f"{server.url}{PAGES[0]}", "administrator", listen)
    for path in PAGES[1:]:
        await page.goto(f"{server.url}{path}")
        await page.locator("body *").first.wait_for()
        if path == "/docs":
            await page.wait_for_load_state("networkidle")
    assert [text for text in said if AGAINST_THE_POLICY.search(text)] == []


async def test_what_is_slipped_into_a_page_does_not_run(
    server: Server, open_page: OpenPage
) -> None:
    page = await open_page(f"{server.url}/docs", None)
    ran = await page.evaluate(
        """() => { const script = document.createElement('script');
        script.textContent = 'window.slipped = true'; document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="slipped = true">');
        return new Promise(done => setTimeout(() => done(window.slipped === true), 100)) }"""
    )
    assert ran is False


async def test_the_reference_is_readable_in_both_schemes(
    server: Server, open_page: OpenPage
) -> None:
    page = await open_page(f"{server.url}/docs", None, color_scheme="light")
    await page.get_by_role("heading", name="the API").wait_for()
    colours = "[getComputedStyle(document.body)].flatMap(at => [at.backgroundColor, at.color])"
    light = await page.evaluate(colours)
    await page.emulate_media(color_scheme="dark")
    dark = await page.evaluate(colours)
    assert [light[0], dark[0]] == ["rgb(246, 248, 250)", "rgb(11, 15, 20)"]
    assert light[1] != light[0]
    assert dark[1] != dark[0]
    narrow = "document.documentElement.scrollWidth <= innerWidth"
    await page.set_viewport_size({"width": 360, "height": 700})
    assert await page.evaluate(narrow)


def test_the_reference_tells_of_every_operation_and_what_it_needs(
    document: dict[str, Any],
) -> None:
    made = reference(document, asyncapi("1"))
    for path, methods in document["paths"].items():
        assert f"<code>{path}</code>" in made
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in made
            needed = operation["x-needs"]
            assert needed == "public" or f"<code>{needed}</code>" in made
    assert ", ".join(role for role in TABLE if "reading.record" in TABLE[role]) in made
    targets = set(re.findall(r'id="([^"]+)"', made))
    assert set(re.findall(r'href="#([^"]+)"', made)) <= targets
    assert "<script" not in made
    assert "//" not in re.sub(r"<style>.*?</style>", "", made, flags=re.S).replace("://", "")


def test_what_documents_say_is_text_there(document: dict[str, Any]) -> None:
    evil = "<script>alert(1)</script>"
    schemas = {"Evil": {"description": evil, "properties": {evil: {"const": evil}}}}
    operation = {"operationId": evil, "summary": evil, "responses": {"200": {"description": evil}}}
    document = {
        "info": {"title": evil, "version": "1"},
        "paths": {f"/{evil}": {"get": {**operation, "x-needs": evil, "tags": [evil]}}},
        "components": {"schemas": schemas},
    }
    assert "<script" not in reference(document, asyncapi("1"))


def test_without_the_screens_the_reference_is_there(tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    from tests.api.clinic import BASE_URL

    settings = Settings(data_dir=tmp_path / "data", database_url="")
    app = create_app(settings, static_dir=tmp_path / "nothing")
    with TestClient(app, base_url=BASE_URL) as client:
        answer = client.get("/docs")
        assert answer.status_code == 200
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert client.head("/docs").content == b""
