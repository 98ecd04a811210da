"""Who asks, for the routes: admitted before the route runs (`app.api.needs`)."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.access.caller import Caller
from app.access.proofs import Client
from app.api.needs import caller_of
from app.api.rates import address_of
from app.monitoring.commands import Actor

BROWSER_CHARACTERS = 200  # of what a browser calls itself: enough to know it again


def current_caller(connection: HTTPConnection) -> Caller:
    return caller_of(connection)


def current_actor(connection: HTTPConnection) -> Actor:
    return caller_of(connection).actor


def client_of(connection: HTTPConnection) -> Client:
    """Where it comes from."""
    browser = connection.headers.get("user-agent", "")
    printable = "".join(c for c in browser if c.isprintable())
    return Client(address_of(connection.scope), printable[:BROWSER_CHARACTERS])


CurrentClient = Annotated[Client, Depends(client_of)]
CurrentCaller = Annotated[Caller, Depends(current_caller)]
CurrentActor = Annotated[Actor, Depends(current_actor)]
