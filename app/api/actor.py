"""Who is asking. Until there is sign-in: one local clinician, on a server bound to loopback."""

from typing import Annotated

from fastapi import Depends

from app.monitoring.commands import Actor

LOCAL = Actor("person", "local", "Local user", role="clinician")


def current_actor() -> Actor:
    """The one place that sign-in replaces."""
    return LOCAL


CurrentActor = Annotated[Actor, Depends(current_actor)]
