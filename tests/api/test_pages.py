"""The screens are files; without them the server says what is missing."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.api.guards import PAGE_POLICY
from app.api.routes.pages import names
from app.main import create_app
from app.settings import Settings
from hatch_build import pack
from tests.api.clinic import BASE_URL, NOBODY, refused

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/", f"/session/{NOBODY}"])
def test_every_screen_is_the_same_page_and_never_an_old_one(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "<title>Board</title>" in response.text
    assert response.headers["cache-control"] == "no-cache"


def test_assets_are_named_by_their_content_and_kept(client: TestClient) -> None:
    response = client.get("/assets/app-1f2e.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert "immutable" in response.headers["cache-control"]


def test_single_files_are_served_from_the_root(client: TestClient) -> None:
    assert client.get("/favicon.svg").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/missing.js",
        "/assets/%2e%2e/index.html",
        "/assets/..%2findex.html",
        "/assets/%2fetc%2fpasswd",
        "/..%2fmain.py",
        "/assets/a%00b",
        "/" + "a" * 5_000,
        "/assets",
    ],
)
def test_nothing_outside_the_built_files_is_served(client: TestClient, path: str) -> None:
    refused(client.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/at/all", "/session", "/assets/gone.js"])
def test_who_opens_an_unknown_address_gets_a_page_that_says_so(
    client: TestClient, path: str
) -> None:
    page = client.get(path, headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert "<title>Board</title>" in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"] == PAGE_POLICY
    assert page.headers["x-content-type-options"] == "nosniff"
    assert (page.headers["cache-control"], page.headers["vary"]) == ("no-store", "Accept")
    without = client.head(path, headers={"Accept": BROWSER})
    assert (without.status_code, without.content) == (404, b"")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api/nowhere", BROWSER),
        (f"/api/sessions/{NOBODY}/nowhere", BROWSER),
        ("/nowhere", "*/*"),
        ("/nowhere", ""),
        ("/nowhere", "application/json"),
        ("/nowhere", "application/json, text/html;q=0"),
    ],
)
def test_programs_and_the_api_get_the_problem(client: TestClient, path: str, accept: str) -> None:
    refused(client.get(path, headers={"Accept": accept}), 404, "not_found")


def test_an_unknown_address_is_a_problem_while_nothing_is_built(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url="")
    app = create_app(settings, static_dir=tmp_path / "nothing")
    with TestClient(app, base_url=BASE_URL) as client:
        refused(client.get("/nowhere", headers={"Accept": BROWSER}), 404, "not_found")


def test_without_the_build_the_page_says_so_and_the_api_works(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url="")
    app = create_app(settings, static_dir=tmp_path / "nothing")
    with TestClient(app, base_url=BASE_URL) as client:
        page = client.get("/")
        assert page.status_code == 503
        assert "The screens are not built yet" in page.text
        assert client.get("/livez").status_code == 200


def test_a_page_can_be_asked_for_without_its_content(client: TestClient) -> None:
    response = client.head("/")
    assert (response.status_code, response.content) == (200, b"")


def test_who_takes_gzip_gets_the_packed_copy_and_who_does_not_the_file(tmp_path: Path) -> None:
    page = "<title>Board</title>" * 100
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "index.html").write_text(page)
    pack(tmp_path / "static")
    settings = Settings(data_dir=tmp_path / "data", database_url="")
    app = create_app(settings, static_dir=tmp_path / "static")
    with TestClient(app, base_url=BASE_URL) as client:
        packed = client.get("/", headers={"Accept-Encoding": "br;q=1.0, gzip;q=0.8"})
        plain = client.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.text == plain.text == page
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(page) / 10
    assert "content-encoding" not in plain.headers
    for answer in (packed, plain):
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == "no-cache"
    assert packed.headers["etag"] != plain.headers["etag"]


@pytest.mark.parametrize(
    ("accept_encoding", "takes"),
    [
        ("gzip, deflate, br", True),
        ("GZip ; q=0.5", True),
        ("deflate, gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("", False),
        ("identity", False),
        ("x-gzip-not", False),
    ],
)
def test_gzip_is_sent_only_to_who_asks_for_it(accept_encoding: str, takes: bool) -> None:
    assert names(accept_encoding, "gzip") is takes
