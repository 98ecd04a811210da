"""A visit as a script: pure, seeded, second by second. Second 0 is the check-in."""

from app.simulator.script.actions import (
    Acknowledges,
    Action,
    Asks,
    AttachesDevice,
    Charts,
    Notes,
    Sends,
)
from app.simulator.script.visit import LOOK_S, Visit

__all__ = [
    "LOOK_S",
    "Acknowledges",
    "Action",
    "Asks",
    "AttachesDevice",
    "Charts",
    "Notes",
    "Sends",
    "Visit",
]
