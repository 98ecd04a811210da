"""Fixtures for all tests. None skips: what cannot be had fails with one clear sentence."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import HealthCheck, settings

import tests.support.guard.sitecustomize  # noqa: F401  # imported for its effect: no outgoing connections
from app.models.reader import Reader
from tests.support.outcome import FAILED
from tests.support.server import LOG_TAIL, REPO, SERVE, Server

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

pytest_plugins = ["tests.support.browser", "tests.support.postgres"]

RUNNING = pytest.StashKey[list[Server]]()


class StartServer(Protocol):
    """Start a real server that ends with the test, and return it when it is ready."""

    def __call__(
        self,
        *,
        database_url: str | None = None,
        env: Mapping[str, str] | None = None,
        command: Sequence[str] | None = None,
    ) -> Server: ...


def pytest_configure(config: pytest.Config) -> None:
    """Examples are the same every time, and others every time in the long run; none has a limit of
    time, for a machine may be busy.
    """
    unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("others", unhurried)
    settings.register_profile("same", unhurried, derandomize=True, database=None)
    settings.load_profile("others" if config.option.markexpr == "long" else "same")
    config.stash[RUNNING] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures they use, so that no test can be in the wrong group."""
    for item in items:
        used = getattr(item, "fixturenames", ())
        if "postgres_url" in used or "postgres_cluster" in used:
            item.add_marker("postgres")
        if "browser" in used:
            item.add_marker("browser")
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def pytest_collection_finish() -> None:
    """What was loaded is no garbage: it need not be looked through again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
        for server in item.config.stash[RUNNING]:
            report.sections.append((f"log of {server.url}", server.log()[-LOG_TAIL:]))
    return report


@pytest.fixture(scope="session", autouse=True)
def apart_when_asked() -> Iterator[None]:
    """A server inside the process of the tests starts the process that reads apart when it is first
    asked, not before: most of them never ask. Servers of their own do as they do in a clinic.
    """
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(Reader, "warm", lambda _: None)
        yield


@pytest.fixture
def start_server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[StartServer]:
    """Starts servers, each with a data folder of its own."""
    running = request.config.stash[RUNNING]
    mine: list[Server] = []

    def start(
        *,
        database_url: str | None = None,
        env: Mapping[str, str] | None = None,
        command: Sequence[str] | None = None,
    ) -> Server:
        data_dir = tmp_path / f"data{len(mine)}"
        server = Server(
            data_dir,
            database_url=database_url,
            env=env,
            command=command or SERVE,
            forked=command is None,
        )
        mine.append(server)
        running.append(server)
        server.start()
        return server

    yield start
    for server in mine:
        server.clean_up()
        running.remove(server)


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """A real server on an SQLite file of its own."""
    return start_server()


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Folder with recordings of real monitors, as CSV files."""
    told = os.environ.get("INFUSION_RECORDINGS")
    folder = Path(told) if told else REPO.parent / "shared" / "data" / "recordings"
    if not any(folder.glob("*.csv")):
        pytest.fail(
            f"No recordings (*.csv) in {folder}: set INFUSION_RECORDINGS to their folder.",
            pytrace=False,
        )
    return folder
