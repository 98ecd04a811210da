"""The addresses of the API, one file per noun."""

from fastapi import FastAPI

from app.api.routes import (
    access_log,
    alarms,
    annotations,
    attention,
    auth,
    board,
    catalogue,
    corrections,
    devices,
    emergencies,
    history,
    ingest,
    limits,
    live,
    notices,
    operations,
    pages,
    patients,
    readings,
    reference,
    review,
    sessions,
    tokens,
    users,
)

NOUNS = (
    patients,
    sessions,
    readings,
    corrections,
    annotations,
    alarms,
    attention,
    devices,
    limits,
    history,
    board,
    review,
    catalogue,
    notices,
    operations,
    live,
    ingest,
    access_log,
    auth,
    users,
    tokens,
    emergencies,
)


def include_all(app: FastAPI) -> None:
    for noun in NOUNS:
        app.include_router(noun.router)
    app.include_router(reference.router)
    app.include_router(pages.router)  # last: it also serves single files at the root
