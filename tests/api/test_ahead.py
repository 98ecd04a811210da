"""A session's page names, ahead of its own script, what its timeline will need."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import pytest
from starlette.testclient import TestClient

from app.api.routes import ahead
from app.main import create_app
from app.settings import Settings
from tests.api.clinic import BASE_URL
from tests.support.server import REPO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT: Final = f"</plotly/{version('plotly')}.js>; rel=preload; as=script"
OWN, FIND, REVIEW = ahead.SOURCES
BUILT: Final[dict[str, Any]] = {
    "index.html": {"file": "assets/index-1.js", "imports": ["_store.js"], "css": ["assets/a.css"]},
    "_store.js": {"file": "assets/store-1.js"},
    OWN: {"file": "assets/own-1.js", "imports": ["index.html", "_store.js"]},
    FIND: {"file": "assets/find-1.js", "imports": ["_when.js"], "dynamicImports": [REVIEW]},
    "_when.js": {"file": "assets/when-1.js", "imports": ["_store.js"], "css": ["assets/when.css"]},
    REVIEW: {"file": "assets/review-1.js", "imports": ["_when.js"]},
    "src/board/board.tsx": {"file": "assets/board-1.js"},
}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Board</title>")
    return folder


@pytest.fixture
def client(tmp_path: Path, static: Path) -> Iterator[TestClient]:
    settings = Settings(data_dir=tmp_path / "data", database_url="")
    with TestClient(create_app(settings, static_dir=static), base_url=BASE_URL) as client:
        yield client


def test_only_a_sessions_page_names_it_and_what_the_page_does_not_name_itself(
    client: TestClient, static: Path
) -> None:
    manifest = static / ahead.MANIFEST
    manifest.parent.mkdir()
    manifest.write_text(json.dumps(BUILT))
    told = client.get("/sessions/some-session").headers["link"].split(", ")
    assert told[0] == SCRIPT
    assert sorted(told[1:]) == [
        *(
            f"</assets/{name}-1.js>; rel=modulepreload; crossorigin"
            for name in ("find", "own", "review", "when")
        ),
        "</assets/when.css>; rel=preload; as=style; crossorigin",
    ]
    for other in ("/", "/sessions", "/sessions/", "/clinic", "/nowhere"):
        assert "link" not in client.get(other, headers={"Accept": "text/html"}).headers
    assert client.get("/sessions/a").text == client.get("/").text, "no page has more in it"


def test_without_the_builds_own_word_the_script_is_named(client: TestClient, static: Path) -> None:
    assert client.head("/sessions/some-session").headers["link"] == SCRIPT
    (static / "index.html").unlink()
    assert "link" not in client.get("/sessions/some-session").headers, "there is no page"


def test_the_script_is_where_it_was_named(client: TestClient) -> None:
    leads = client.head("/plotly.js", follow_redirects=False).headers["location"]
    assert SCRIPT.startswith(f"<{leads}>")


def test_the_sources_that_it_follows_are_there() -> None:
    for source in ahead.SOURCES:
        assert (REPO / "frontend" / source).is_file()
    assert "manifest: true" in (REPO / "frontend" / "vite.config.ts").read_text("utf-8")
