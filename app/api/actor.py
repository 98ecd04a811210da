"""Who asks, for the routes: admitted before the route runs (`app.api.needs`)."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.access.caller import Caller
from app.api.needs import caller_of
from app.monitoring.commands import Actor


def current_caller(connection: HTTPConnection) -> Caller:
    return caller_of(connection)


def current_actor(connection: HTTPConnection) -> Actor:
    return caller_of(connection).actor


CurrentCaller = Annotated[Caller, Depends(current_caller)]
CurrentActor = Annotated[Actor, Depends(current_actor)]
