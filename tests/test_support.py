"""The tests' own means: no way out of this machine; a real server, database and browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.support.guard.sitecustomize import OutgoingConnectionRefused, is_local
from tests.support.server import REPO, Server, ServerFailed, program_env

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.support.browser import OpenPage

# A server as small as can be: ready at the second question, and it remembers how often it started.
STAND_IN = """
import http.server, pathlib, os, sys
port = int(sys.argv[sys.argv.index("--port") + 1])
starts = pathlib.Path(os.environ["INFUSION_DATA_DIR"], "starts")
starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
class Answers(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Answers.asked += 1
        self.send_response(503 if Answers.asked == 1 else 200)
        self.end_headers()
        self.wfile.write(starts.read_bytes())
http.server.ThreadingHTTPServer(("127.0.0.1", port), Answers).serve_forever()
"""


@pytest.fixture
def stand_in(tmp_path: Path) -> Server:
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    command = (sys.executable, str(tmp_path / "stand_in.py"))
    return Server(tmp_path / "data", command=command, cwd=tmp_path)


def test_a_server_goes_on_with_its_port_and_data(stand_in: Server) -> None:
    stand_in.start()
    try:
        first = stand_in.pid
        stand_in.kill()
        assert not stand_in.running
        stand_in.start()
        stand_in.restart()
        assert stand_in.pid != first
        with urllib.request.urlopen(stand_in.url) as answer:
            assert answer.read() == b"xxx"
    finally:
        stand_in.clean_up()
    assert '"GET /readyz HTTP/1.1" 503' in stand_in.log()


def test_a_server_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "raise SystemExit('the disk is full')")
    with pytest.raises(ServerFailed, match=r"ended with status 1 .*\s.*the disk is full"):
        Server(tmp_path / "data", command=command).start()


def test_a_forked_server_stands_alone_as_one_of_the_command_line_does(
    start_server: StartServer,
) -> None:
    one, other = start_server(env={"INFUSION_LOG_LEVEL": "debug"}), start_server()
    process = Path(f"/proc/{one.pid}")
    assert os.getpgid(one.pid) == os.getsid(one.pid) == one.pid
    assert process.joinpath("cwd").readlink() == REPO
    kept = {os.fspath(process.joinpath("fd", str(fd)).readlink()) for fd in (1, 2)}
    assert kept == {os.fspath(one.log_path)}
    assert process.joinpath("fd", "0").readlink() == Path(os.devnull)
    assert other.url in other.log()
    assert one.url not in other.log()
    one.kill()
    assert not one.running
    assert other.stop() in (0, -signal.SIGTERM)
    one.start()
    assert one.log().count(f"Infusion monitor: {one.url}") == 2


def test_a_forked_server_that_cannot_start_shows_its_log(start_server: StartServer) -> None:
    with pytest.raises(ServerFailed, match=r"ended with status 2 .*\s.*setting is not valid"):
        start_server(env={"INFUSION_MAX_BODY_BYTES": "none"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", None, b"localhost"])
def test_this_machine_may_be_reached(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "2001:db8::1", "0.0.0.0"])
def test_any_other_machine_may_not(host: str) -> None:
    assert not is_local(host)


def test_outgoing_connections_are_refused() -> None:
    with socket.socket() as out, pytest.raises(OutgoingConnectionRefused):
        out.connect(("192.0.2.1", 80))
    with pytest.raises(OutgoingConnectionRefused):
        socket.getaddrinfo("example.org", 80)


def test_programs_that_tests_start_are_guarded_too(tmp_path: Path) -> None:
    script = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    done = subprocess.run(
        (sys.executable, "-c", script), env=program_env(tmp_path), capture_output=True, check=False
    )
    assert b"OutgoingConnectionRefused" in done.stderr


def test_programs_that_tests_start_know_nothing_of_a_persons_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFUSION_PORT", "1")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///real.sqlite3")
    env = program_env(tmp_path, env={"INFUSION_LOG": "debug"})
    own = {name: value for name, value in env.items() if name.startswith(("INFUSION", "DATABASE"))}
    assert own == {"INFUSION_DATA_DIR": os.fspath(tmp_path), "INFUSION_LOG": "debug"}


def test_each_test_has_an_empty_database_of_its_own(postgres_database: str) -> None:
    plain = postgres_database.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        name = connection.execute("SELECT current_database()").fetchone()
    assert name is not None
    assert str(name[0]).startswith("test_")


async def test_two_screens_share_nothing(open_page: OpenPage, stand_in: Server) -> None:
    stand_in.start()
    try:
        one, two = await open_page(stand_in.url), await open_page(stand_in.url)
        await one.evaluate("localStorage.setItem('theme', 'dark')")
        assert await two.evaluate("localStorage.getItem('theme')") is None
    finally:
        stand_in.clean_up()
