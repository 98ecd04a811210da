"""Nobody's password crosses a network in clear: TLS, or a proxy that ends it, or this machine."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from websockets.asyncio.client import connect

from app.bind import (
    HANDSHAKE_S,
    NotLoopback,
    TlsUnusable,
    connections,
    refuse_beyond_loopback,
    tls_context,
)
from app.settings import Settings
from tests.security.certificates import certificate, trusting
from tests.security.edge import dial
from tests.support.people import bearer
from tests.support.server import REPO, SERVE, Server, program_env

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class TlsServer(Server):
    """The same, spoken to by TLS."""

    client: ssl.SSLContext

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def live_url(self) -> str:
        return f"wss://127.0.0.1:{self.port}/api/live"

    def _wait_ready(self, deadline: float) -> None:
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=self.client))
        urllib.request.install_opener(opener)
        super()._wait_ready(deadline)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], Any]:
        request = urllib.request.Request(self.url + path, headers=headers)
        with urllib.request.urlopen(request, timeout=10, context=self.client) as answer:
            told = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, told, answer.read()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


def made(folder: Path, files: tuple[Path, Path], **given: Any) -> TlsServer:
    cert, key = files
    args = ["--tls-cert", str(cert), "--tls-key", str(key), *given.pop("args", [])]
    server = TlsServer(folder / "data", args=args, **given)
    server.client = trusting(cert)
    return server


@pytest.fixture
def server(tmp_path: Path, files: tuple[Path, Path]) -> Iterator[TlsServer]:
    server = made(tmp_path, files)
    server.start()
    yield server
    server.clean_up()


async def test_https_and_wss_are_spoken_and_nothing_in_clear(server: TlsServer) -> None:
    status, headers, _ = await asyncio.to_thread(server.get, "/readyz")
    assert status == 200
    assert "strict-transport-security" in headers
    assert "https://127.0.0.1" in server.log()
    same = {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
    async with connect(
        server.live_url, ssl=server.client, additional_headers=bearer("nurse") | same
    ) as screen:
        assert orjson.loads(await screen.recv())["kind"] == "hello"
    clear = await dial(server.port, b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b"200" not in await clear.ended()
    clear.leave()


async def test_who_never_begins_with_tls_is_sent_away(server: TlsServer) -> None:
    silent = await dial(server.port)
    silent.within_s = HANDSHAKE_S + 10
    assert await silent.ended() == b""
    silent.leave()


def test_old_versions_and_weak_ciphers_are_refused(
    server: TlsServer, files: tuple[Path, Path]
) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    weak = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    weak.check_hostname, weak.verify_mode = False, ssl.CERT_NONE
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("AES128-SHA:ECDHE-ECDSA-AES128-SHA")
    for context in (old, weak):
        with pytest.raises(urllib.error.URLError, match=r"(?i)ssl|alert|protocol"):
            urllib.request.urlopen(f"{server.url}/readyz", timeout=10, context=context)
    new = trusting(files[0])
    new.minimum_version = ssl.TLSVersion.TLSv1_3
    with urllib.request.urlopen(f"{server.url}/readyz", timeout=10, context=new) as answer:
        assert answer.status == 200


async def test_several_processes_speak_it_too(
    tmp_path: Path, files: tuple[Path, Path], postgres_url: str
) -> None:
    server = made(tmp_path, files, args=["--processes", "2"], database_url=postgres_url)
    try:
        await asyncio.to_thread(server.start)
        for _ in range(6):
            assert (await asyncio.to_thread(server.get, "/readyz"))[0] == 200
        assert server.url in server.log()
    finally:
        server.clean_up()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "monitor.local"])
def test_beyond_this_machine_only_by_tls_or_behind_a_proxy(
    host: str, files: tuple[Path, Path]
) -> None:
    cert, key = files
    proxied: list[dict[str, Any]] = [{}, {"forwarded_allow_ips": "10.0.0.2"}]
    for given in proxied:
        with pytest.raises(NotLoopback, match="--tls-cert"):
            refuse_beyond_loopback(Settings(host=host, **given))
    with pytest.raises(NotLoopback, match="FORWARDED_ALLOW_IPS"):
        refuse_beyond_loopback(Settings(host=host, behind_proxy=True))
    refuse_beyond_loopback(Settings(host=host, tls_cert=cert, tls_key=key))
    behind = Settings(host=host, behind_proxy=True, forwarded_allow_ips="10.0.0.2")
    refuse_beyond_loopback(behind)


def test_a_certificate_that_cannot_be_used_is_told_in_a_sentence(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    cert, key = files
    (tmp_path / "other").mkdir()
    _, other = certificate(tmp_path / "other")
    for wrong in (other, cert):
        with pytest.raises(TlsUnusable, match="belong together"):
            tls_context(Settings(tls_cert=cert, tls_key=wrong))
    with pytest.raises(TlsUnusable, match="cannot be read"):
        tls_context(Settings(tls_cert=tmp_path / "none.pem", tls_key=key))
    assert tls_context(Settings()) is None
    with pytest.raises(ValueError, match="together"):
        Settings(tls_cert=cert)
    ran = subprocess.run(
        [*SERVE, "--port", "0", "--tls-cert", str(cert), "--tls-key", str(other)],
        cwd=REPO, env=program_env(tmp_path / "data"), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert b"belong together" in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_a_proxy_is_believed_only_if_it_is_the_one_named(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    def hsts(trusted: str | None) -> bool:
        env = {} if trusted is None else {"FORWARDED_ALLOW_IPS": trusted}
        server = Server(tmp_path / f"data-{trusted}", env=env)
        request.addfinalizer(server.clean_up)
        server.start()
        asked = urllib.request.Request(
            f"{server.url}/livez", headers={"X-Forwarded-Proto": "https"}
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return "strict-transport-security" in answer.headers

    assert hsts(None)
    assert not hsts("10.0.0.2")


def test_as_many_connections_as_the_system_lets_it_have() -> None:
    program = (
        "import resource; from app.bind import connections; from app.settings import Settings;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (400, {hard}));"
        "print(connections(Settings(), 64), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    for hard, told in ((400, b"80 400"), (3000, b"2000 3000")):
        ran = subprocess.run(
            [sys.executable, "-c", program.format(hard=hard)],
            cwd=REPO, capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        assert ran.stdout.splitlines()[-1] == told
    assert connections(Settings(max_connections=50), 64) == 50
