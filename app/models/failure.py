"""Why the database did not do what was asked: a stable reason, and what to tell whom.

Whoever sent something is told that it is not stored and when to send it again; whoever runs the
server is told what to look at.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Mapping

Reason = Literal["database_gone", "database_locked", "database_unwritable", "disk_full"]

HAPPENED: Final[Mapping[Reason, str]] = {
    "database_gone": "the database does not answer",
    "database_locked": "another program keeps the database locked",
    "database_unwritable": "the database's disk refuses to write",
    "disk_full": "the disk of the database is full",
}
TO_DO: Final[Mapping[Reason, str]] = {
    "database_gone": "Look whether the database runs and can be reached.",
    "database_locked": "End the program that holds it: a backup, a shell, a migration.",
    "database_unwritable": "Look at the disk, its rights and limits, and at this server's log.",
    "disk_full": "Free space on that disk.",
}

_SQLITE: Final[Mapping[int, Reason]] = {
    sqlite3.SQLITE_BUSY: "database_locked",
    sqlite3.SQLITE_LOCKED: "database_locked",
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_CANTOPEN: "database_gone",
    sqlite3.SQLITE_NOTADB: "database_gone",
}
_PRIMARY: Final = 0xFF  # the rest of an SQLite error's number says more of the same
_POSTGRESQL: Final[Mapping[str, Reason]] = {  # SQLSTATEs
    "55P03": "database_locked",  # lock_timeout
    "53100": "disk_full",
    "25006": "database_unwritable",  # a standby, or set to read only
    "58030": "database_unwritable",  # input or output
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What kept the database from being written or read."""

    reason: Reason

    @property
    def to_sender(self) -> str:
        """To whoever sent what was refused."""
        return (
            f"Nothing was stored: {HAPPENED[self.reason]}. What was acknowledged before is safe."
            " Send the same again in a moment, under the same ids."
        )

    @property
    def to_reader(self) -> str:
        """To whoever asked for what could not be read."""
        return f"Nothing was changed: {HAPPENED[self.reason]}. Try again in a moment."

    @property
    def to_operator(self) -> str:
        """To whoever runs the server."""
        happened = HAPPENED[self.reason]
        return (
            f"{happened[0].upper()}{happened[1:]}. {TO_DO[self.reason]} Nothing that was"
            " acknowledged is lost; the server goes on by itself."
        )


def failure_of(error: BaseException) -> Failure:
    """The reason in an error of a driver, bare or wrapped by SQLAlchemy; what is not known better
    is a database that is gone if the connection broke, else one that cannot be written.
    """
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    if isinstance(cause, sqlite3.Error):
        number = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY
        return Failure(_SQLITE.get(number, "database_unwritable"))
    state = getattr(cause, "sqlstate", None)
    # Without an SQLSTATE the server has not spoken at all; 08 is a connection, 57P a shutdown.
    if state is None or state[:2] == "08" or state[:3] == "57P":
        return Failure("database_gone")
    return Failure(_POSTGRESQL.get(state, "database_unwritable"))
