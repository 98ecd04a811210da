"""What differs between the two databases where the scribe writes: how a transaction begins, how
lists are passed, and whether statements wait for each other's answers.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.models.sql import POSTGRESQL, SQLITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.staged import Row

QUOTED: Final = '","'
AT_ONCE: Final = (256, 64, 16, 4, 1)  # rows of one statement: few texts, so that all stay prepared


class Sqlite:
    """One file and one writer: a lock on all of it from the start."""

    sql = SQLITE
    is_server = False

    def begin(self, cursor: Any) -> None:
        cursor.execute("BEGIN IMMEDIATE")

    def pipeline(self, connection: Any) -> AbstractContextManager[Any]:
        """There is no way to be saved."""
        return nullcontext()

    def listed(self, values: Sequence[Any]) -> Row:
        """The parameters that pass a list."""
        return (orjson.dumps(values).decode(),)

    def pairs(self, values: Sequence[Row]) -> Row:
        """The parameters that pass a list of pairs."""
        return (orjson.dumps(values).decode(),)

    def write(self, cursor: Any, statement: str, rows: Sequence[Row]) -> None:
        """Many rows with few statements: each one lets go of the interpreter's lock, and on a busy
        server has to wait to get it back.
        """
        if " VALUES " not in statement or "CONFLICT" in statement:
            cursor.executemany(statement, rows)
            return
        start, left = 0, len(rows)
        for size in AT_ONCE:
            while left >= size:
                part = rows[start : start + size]
                cursor.execute(_of_rows(statement, size), tuple(chain.from_iterable(part)))
                start, left = start + size, left - size


class Postgresql:
    """A server some way off: what can be asked together is asked together."""

    sql = POSTGRESQL
    is_server = True

    def begin(self, cursor: Any) -> None:
        """The driver sends it with the first statement."""

    def pipeline(self, connection: Any) -> AbstractContextManager[Any]:
        """Statements inside go out together; their errors come at the end of it."""
        pipeline: AbstractContextManager[Any] = connection.driver_connection.pipeline()
        return pipeline

    def listed(self, values: Sequence[Any]) -> Row:
        return (_array(values),) if values else ("{}",)

    def pairs(self, values: Sequence[Row]) -> Row:
        return _columns(values)

    def write(self, cursor: Any, statement: str, rows: Sequence[Row]) -> None:
        """As an array for each column: a statement of one text and a few parameters."""
        cursor.execute(statement, _columns(rows))


Dialect = Sqlite | Postgresql


@lru_cache(maxsize=64)  # a few statements in five sizes
def _of_rows(statement: str, size: int) -> str:
    """`INSERT ... VALUES (...)` for so many rows."""
    head, values, marks = statement.partition(" VALUES ")
    return head + values + ", ".join([marks] * size)


def _columns(rows: Sequence[Row]) -> Row:
    """Arrays of the columns as PostgreSQL spells them; none holds a null."""
    return tuple(_array(column) for column in zip(*rows, strict=True)) if rows else ("{}", "{}")


def _array(values: Sequence[Any]) -> str:
    """By hand: the driver takes two microseconds for each value of a list."""
    if isinstance(values[0], int):
        return f"{{{','.join(map(str, values))}}}"
    if isinstance(values[0], bytes):
        texts = [f"\\\\x{value.hex()}" for value in values]
    else:
        texts = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    return f'{{"{QUOTED.join(texts)}"}}'
