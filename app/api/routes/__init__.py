"""The addresses of the API, one file per noun."""

from fastapi import FastAPI

from app.api.routes import (
    access_log,
    alarms,
    annotations,
    as_seen,
    attention,
    auth,
    board,
    catalogue,
    clinic,
    corrections,
    devices,
    emergencies,
    exports,
    history,
    ingest,
    limits,
    live,
    notices,
    operations,
    pages,
    patients,
    plotly_script,
    readings,
    record,
    reference,
    review,
    sessions,
    signatures,
    tokens,
    users,
)

NOUNS = (
    patients,
    sessions,
    readings,
    corrections,
    annotations,
    signatures,
    alarms,
    attention,
    devices,
    limits,
    history,
    exports,
    board,
    record,
    review,
    clinic,
    as_seen,
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
    app.include_router(plotly_script.router)
    app.include_router(pages.router)  # last: it also serves single files at the root
