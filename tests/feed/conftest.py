import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from app.feed.hub import Hub
from app.feed.serve import serve
from tests.feed.fakes import EPOCH, Browser, FakeAlarms, FakeCaller, FakeLog, settle

Connect = Callable[..., Browser]


@pytest.fixture(autouse=True, scope="module")
def unhurried_close() -> Iterator[None]:
    """Who takes nothing for a while is still told why it is closed, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.feed.serve.CLOSE_S", 60.0)
        yield


@pytest.fixture
async def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
async def hub() -> Hub:
    """It tells everything at once: its time stands still, so that no turn takes long."""
    return Hub(EPOCH, time=lambda: 0.0)


@pytest.fixture
async def alarms() -> FakeAlarms:
    return FakeAlarms()


@pytest.fixture
async def connect(hub: Hub, log: FakeLog, alarms: FakeAlarms) -> AsyncIterator[Connect]:
    """Connects a browser; all go when the test ends."""
    served: list[asyncio.Task[None]] = []
    browsers: list[Browser] = []

    def one(caller: FakeCaller | None = None) -> Browser:
        browser = Browser()
        browsers.append(browser)
        rights = (caller or FakeCaller()).rights()
        serving = serve(browser.receive, browser.send, hub, log.history(), alarms.confirm, rights)
        served.append(asyncio.create_task(serving))
        return browser

    yield one
    for browser in browsers:
        browser.go()
    await settle()
    await asyncio.gather(*served)
    assert hub.watchers == 0, "a watcher stayed in the hub after it had gone"
