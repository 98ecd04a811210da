"""The composition root: everything is made here once and handed down."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import structlog
import uvicorn

from app import __version__, logs
from app.access import demo as demo_accounts
from app.access.access import Access
from app.access.anchors import anchor_forever
from app.access.ends import Ends
from app.access.log import AccessLog
from app.access.present import Present
from app.access.signing import signing
from app.api import openapi, problems
from app.api.context import Context
from app.api.door import App, Door
from app.api.guards import BodyLimit, HeadAsGet, LastWord, SameSite
from app.api.rates import Rates
from app.api.routes import include_all, pages
from app.api.sockets import SocketLimit
from app.bind import connections, refuse_beyond_loopback, tls_context
from app.crowd import RESERVE, Patience
from app.feed.clinic import tell_forever as tell_clinic_forever
from app.feed.exchange import Exchange, Log
from app.feed.frames import HEARTBEAT_S
from app.feed.history import History
from app.feed.hub import Hub
from app.feed.relay import FromLog, Head
from app.http import bounded
from app.ingest.line import Lines
from app.models import relayed
from app.models.database import is_sqlite, normalise
from app.models.lock import only_server
from app.models.store import Store
from app.monitoring.state import ENGINE_VERSION
from app.review.exports.jobs import Exports
from app.services import history, notices, sessions
from app.services.sweep import sweep_forever
from app.services.webhooks import deliver_forever

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
    from socket import socket

    from fastapi import FastAPI

    from app.feed.protocol import Commit
    from app.feed.relay import Missing
    from app.models.committed import CommittedSession
    from app.settings import Settings

STATIC_DIR: Final = Path(__file__).parent / "static"
EXPORTS: Final = "exports"  # folder of the exports of ranges, in that of the data
RESTART_S: Final = 1.0  # pause before a background task that failed is started again
GRACEFUL_S: Final = 3  # what is under way at shutdown gets so long; a commit takes milliseconds
KEEP_ALIVE_S: Final = 75  # monitors that send once a minute keep their connection

log = structlog.get_logger(__name__)


def create_app(settings: Settings, *, static_dir: Path = STATIC_DIR, demo: bool = False) -> App:
    """The whole server; nothing is opened before its lifespan begins, which refuses a database of
    demo accounts, or with `demo` one of real ones.
    """
    rates = Rates()
    app = App(
        title="Infusion monitor",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,  # its page loads scripts from another site
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # no request is told on
        lifespan=partial(_lifespan, settings, static_dir, rates, demo),
    )
    problems.install(app)
    pages.install(app)
    openapi.install(app)
    include_all(app)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(SocketLimit, rates=rates, most=settings.max_sockets_per_address)
    app.add_middleware(SameSite, allowed_hosts=settings.allowed_hosts)
    app.add_middleware(HeadAsGet)
    app.add_middleware(LastWord)
    app.door = Door(settings.allowed_hosts, settings.max_body_bytes)
    return app


@asynccontextmanager
async def _lifespan(
    settings: Settings, static_dir: Path, rates: Rates, demo: bool, app: FastAPI
) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()

    def on_commit(batch: Sequence[CommittedSession]) -> None:
        """In the scribe's thread: the loop publishes what was committed, in the same order."""
        loop.call_soon_threadsafe(deliver, batch)

    key = settings.log_key
    url = normalise(settings.resolved_database_url)
    together = not is_sqlite(url)
    training = settings.training or demo
    try:
        store = Store.open(
            url,
            data_dir=settings.data_dir,
            on_commit=on_commit,
            log_key=key.get_secret_value() if key else None,
            calling=settings.webhook_url is not None,
            training=training,
            together=together,
        )
        await _check_accounts(store, demo=demo)
    except Exception as error:
        app.state.failed = error  # for `run`: the server only says that it did not start
        raise
    hub = Hub(store.epoch, training=training)
    access = Access(store)
    access_log = AccessLog(store)
    present = Present(access_log.note)
    exchange = _exchange(store, hub, present) if together else None
    deliver = partial(_exchanged, hub, exchange) if exchange else hub.publish
    signs = signing(store, access, access_log, demo=demo, training=training)
    exports = Exports(store, settings.data_dir / EXPORTS)
    ends = Ends(store, settings.data_dir)
    app.state.context = Context(
        store,
        hub,
        _history(store),
        static_dir,
        Lines(),
        access,
        access_log,
        rates,
        signs,
        present,
        exports,
    )
    store.start()
    store.reader.warm()
    background = _background(settings, store, hub) | {
        "access": access.watch_forever,
        "access_log": access_log.write_forever,
        "screens": present.write_forever,
        "exports": exports.keep_forever,
        "anchors": partial(anchor_forever, store),
        "ends": ends.keep_forever,
    }
    if exchange is not None:
        background |= _exchanging(exchange, url)
    tasks = [asyncio.create_task(_keep_running(name, task)) for name, task in background.items()]
    present.began(version=__version__, engine=ENGINE_VERSION, together=together)
    try:
        yield
    finally:
        hub.close()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await exports.stop()
        signs.stop()
        present.ended()
        await access_log.stop()
        await ends.stop()
        await asyncio.to_thread(store.stop)
        log.info("stopped")


async def _check_accounts(store: Store, *, demo: bool) -> None:
    """Raises RealOnly or DemoOnly, and has then closed the store."""
    try:
        await store.reader.read(partial(demo_accounts.check, demo=demo))
    except BaseException:
        store.stop()
        raise


def _background(
    settings: Settings, store: Store, hub: Hub
) -> dict[str, Callable[[], Awaitable[None]]]:
    tasks: dict[str, Callable[[], Awaitable[None]]] = {
        "sweep": partial(sweep_forever, store),
        "heartbeat": partial(_beat_forever, store, hub),
        "clinic": partial(tell_clinic_forever, hub, partial(notices.told, store)),
    }
    url, secret = settings.webhook_url, settings.webhook_secret
    if url is not None and secret is not None:
        told = (url.get_secret_value(), secret.get_secret_value())
        tasks["webhooks"] = partial(deliver_forever, store, *told)
    return tasks


def _exchanged(hub: Hub, exchange: Exchange, batch: Sequence[Commit]) -> None:
    """As `Hub.publish`: what cannot be published sends everybody away to come back."""
    try:
        exchange.committed(batch)
    except Exception as error:  # asyncio would log the batch itself, which is about patients
        log.error("publish_failed", exc_type=type(error).__name__, count=len(batch))
        hub.close()


def _exchange(store: Store, hub: Hub, present: Present) -> Exchange:
    """The other processes that serve this database hear of our commits, and we of theirs; one that
    has begun is told anew which screens are here.
    """

    async def heads(ids: Sequence[str]) -> list[Head]:
        found = await store.reader.read(partial(relayed.heads, ids=ids))
        return [Head(*head) for head in found]

    async def beyond(missing: Sequence[Missing]) -> list[FromLog]:
        found = await store.reader.read(partial(relayed.beyond, lacking=missing))
        return [FromLog(c.session_id, c.seq, c.events, c.board_row, c.urgent) for c in found]

    return Exchange(uuid4().hex, hub, Log(heads, beyond), hub.publish, present.again)


def _exchanging(exchange: Exchange, url: str) -> dict[str, Callable[[], Awaitable[None]]]:
    from app.models.notify import listen_forever, tell_forever  # PostgreSQL's driver is an extra

    return {
        "listen": partial(listen_forever, url, exchange.heard, exchange.connected),
        "tell": partial(tell_forever, url, exchange.messages),
        "read": exchange.read_forever,
        "look": exchange.look_forever,
    }


def _history(store: Store) -> History:
    async def events(session_id: str, after: int, limit: int) -> list[bytes]:
        return await history.session_events(store, session_id, after=after, limit=limit)

    return History(
        head=partial(history.event_head, store),
        state=partial(sessions.session_state, store),
        events=events,
        board=partial(sessions.board_rows, store),
    )


async def _beat_forever(store: Store, hub: Hub) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        hub.beat(commit_ok=store.commit_ok, sweep_age_s=store.sweep_age_s())


async def _keep_running(name: str, task: Callable[[], Awaitable[None]]) -> None:
    """A task that fails is logged and started again: a monitor must not stop watching."""
    while True:
        try:
            await task()
        except Exception as error:  # whatever it was: the age of the sweep tells every screen
            log.error("background_task_failed", task=name, exc_type=type(error).__name__)
        await asyncio.sleep(RESTART_S)


def run(
    settings: Settings,
    on_ready: Callable[[str], None] | None = None,
    sockets: list[socket] | None = None,
    *,
    demo: bool = False,
) -> None:
    """Serves until it is told to stop, on `sockets` if they are given. `on_ready` is called with
    the address once it answers.

    Raises CannotServe, AlreadyServed, RealOnly, DemoOnly, or what kept the database from being
    opened.
    """
    refuse_beyond_loopback(settings)
    tls = tls_context(settings)
    logs.configure(settings.log_level)
    app = create_app(settings, demo=demo)
    most = connections(settings, RESERVE)
    http, ws = bounded(Patience(connections=most))
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="auto" if tls is None else "app.bind:tls_loop",
        http=http,
        ws=ws,
        ssl_context_factory=None if tls is None else lambda *_: tls,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        ws_max_size=settings.max_body_bytes,
        ws_per_message_deflate=False,  # each watcher would compress the same frame again
        timeout_graceful_shutdown=GRACEFUL_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        access_log=False,  # addresses hold ids of sessions and patients
        log_config=None,
        server_header=False,
        lifespan="on",
    )
    try:
        alone = is_sqlite(normalise(settings.resolved_database_url))
        with only_server(settings.data_dir) if alone else nullcontext():
            _Server(config, on_ready, lambda: app.state.context).run(sockets)
    except KeyboardInterrupt:
        pass  # Ctrl-C: everything has been stopped by then
    except SystemExit:  # it did not start: an error of ours tells more than its number
        failed: Exception | None = getattr(app.state, "failed", None)
        if failed is None:
            raise
        raise failed from None


def address(bound: socket, *, tls: bool = False) -> str:
    host, port = bound.getsockname()[:2]
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[str], None] | None,
        context: Callable[[], Context],
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._context = context

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Streams tell what became of what they took while their sockets are still open."""
        await self._context().lines.close()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            url = address(self.servers[0].sockets[0], tls=self.config.is_ssl)
            log.info("serving", address=url)
            if self._on_ready is not None:
                self._on_ready(url)
