"""The addresses of the API, one file per noun."""

from fastapi import FastAPI

from app.api.routes import (
    alarms,
    attention,
    board,
    catalogue,
    corrections,
    devices,
    history,
    ingest,
    limits,
    live,
    notices,
    operations,
    pages,
    patients,
    readings,
    review,
    sessions,
)

NOUNS = (
    patients,
    sessions,
    readings,
    corrections,
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
)


def include_all(app: FastAPI) -> None:
    for noun in NOUNS:
        app.include_router(noun.router)
    app.include_router(pages.router)  # last: it also serves single files at the root
