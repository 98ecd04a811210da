"""What the composition root hands to every request."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.access.access import Access
from app.access.log import AccessLog
from app.access.present import Present
from app.access.signing import Signing
from app.api.rates import Rates
from app.feed.history import History
from app.feed.hub import Hub
from app.ingest.line import Lines
from app.models.store import Store
from app.review.exports.jobs import Exports


@dataclass(frozen=True, slots=True)
class Context:
    store: Store
    hub: Hub
    history: History
    static_dir: Path
    lines: Lines
    access: Access
    access_log: AccessLog
    rates: Rates
    signing: Signing
    present: Present
    exports: Exports


def current(connection: HTTPConnection) -> Context:
    context: Context = connection.app.state.context
    return context


def _store(connection: HTTPConnection) -> Store:
    return current(connection).store


CurrentStore = Annotated[Store, Depends(_store)]
CurrentContext = Annotated[Context, Depends(current)]
