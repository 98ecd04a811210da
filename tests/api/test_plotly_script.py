"""The script that draws figures comes out of the Python package, packed, and is kept for ever."""

from __future__ import annotations

import gzip
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import httpx2

if TYPE_CHECKING:
    from tests.support.server import Server

RELEASE: Final = version("plotly")
PATIENCE_S: Final = 60  # the first to ask waits until it is unpacked, on a machine that is busy


def test_it_is_found_without_knowing_its_version_and_sent_packed(server: Server) -> None:
    with httpx2.Client(base_url=server.url, timeout=PATIENCE_S) as client:
        leads = client.get("/plotly.js", follow_redirects=False)
        assert (leads.status_code, leads.headers["location"]) == (307, f"/plotly/{RELEASE}.js")
        assert leads.headers["cache-control"] == "no-store"
        packed = client.get(f"/plotly/{RELEASE}.js")
        plain = client.get(f"/plotly/{RELEASE}.js", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert len(gzip.compress(plain.content, 1)) < len(plain.content) / 2
    for answer in (packed, plain):
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "style-src 'self'" in answer.headers["content-security-policy"]


def test_no_other_file_is_reached_by_its_address(server: Server) -> None:
    with httpx2.Client(base_url=server.url, timeout=PATIENCE_S) as client:
        for other in ("0.0.0", f"..%2f{RELEASE}", f"{RELEASE}%00"):
            assert client.get(f"/plotly/{other}.js").status_code in (400, 404)
