"""The addresses of the API, one file per noun."""

from fastapi import FastAPI

from app.api.routes import (
    alarms,
    board,
    catalogue,
    history,
    live,
    operations,
    pages,
    patients,
    readings,
    sessions,
)


def include_all(app: FastAPI) -> None:
    for noun in (patients, sessions, readings, alarms, history, board, catalogue, operations, live):
        app.include_router(noun.router)
    app.include_router(pages.router)  # last: it also serves single files at the root
