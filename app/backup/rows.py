"""Rows of a database as lines, the same from SQLite and from PostgreSQL.

Tables are taken as they are in the database and not as the code has them, so that an archive of an
older schema can be restored into that schema and then be migrated.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import (
    JSON,
    LargeBinary,
    MetaData,
    String,
    Text,
    cast,
    func,
    select,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Select, Table

ROWS_AT_A_TIME: Final = 1_000  # read, told of and written together; some hundred KB
NOT_DATA: Final = "alembic_version"  # which schema it is stands in the manifest

Row = tuple[Any, ...]
Told = Callable[[int], None]
"""Is called with how many rows more are done."""
Begin = Callable[[str, int], Told]
"""Is called with what is done next and over how many rows, and answers whom to tell of them."""


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and the hash of their lines."""

    rows: int
    sha256: str


def tables_of(db: Connection) -> dict[str, Table]:
    """By their names, in an order in which every row's references are there before it."""
    metadata = MetaData()
    metadata.reflect(db)
    return {str(table.name): table for table in metadata.sorted_tables if table.name != NOT_DATA}


def columns_of(table: Table) -> list[str]:
    return sorted(str(column.name) for column in table.columns)


def count_of(db: Connection, table: Table) -> int:
    return int(db.execute(select(func.count()).select_from(table)).scalar_one())


def lines_of(db: Connection, table: Table) -> Iterator[bytes]:
    """Every row in the order of its key, in batches of lines."""
    encode = _encoder(table)
    query = _in_order(db, table).execution_options(yield_per=ROWS_AT_A_TIME)
    with db.execute(query) as result:
        for rows in result.partitions():
            yield b"".join(map(encode, rows))


def content_of(db: Connection, table: Table, told: Told) -> Content:
    """Reads all of the table."""
    hash, rows = hashlib.sha256(), 0
    for lines in lines_of(db, table):
        hash.update(lines)
        many = lines.count(b"\n")
        rows += many
        told(many)
    return Content(rows, hash.hexdigest())


def rows_of(lines: Iterable[bytes], table: Table) -> Iterator[list[Row]]:
    """The rows of lines, in batches; raises ValueError for what is no row of this table."""
    names = columns_of(table)
    binary = [i for i, name in enumerate(names) if isinstance(table.c[name].type, LargeBinary)]
    batch: list[Row] = []
    for line in lines:
        row = orjson.loads(line)
        if not isinstance(row, list) or len(row) != len(names):
            raise ValueError(f"a line is no row of {table.name}")
        for i in binary:
            row[i] = None if row[i] is None else b64decode(row[i], validate=True)
        batch.append(tuple(row))
        if len(batch) == ROWS_AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch


def _in_order(db: Connection, table: Table) -> Select[Any]:
    """JSON is taken as its text: it comes back as it was written, whatever reads it."""
    columns: list[Any] = []
    for name in columns_of(table):
        column = table.c[name]
        columns.append(cast(column, Text) if isinstance(column.type, JSON) else column)
    return select(*columns).order_by(*(_bytewise(db, key) for key in table.primary_key.columns))


def _bytewise(db: Connection, key: Any) -> Any:
    """Texts in the order of their bytes: a server's language would order them in another way."""
    if db.dialect.name == "postgresql" and isinstance(key.type, String):
        return key.collate("C")
    return key


def _encoder(table: Table) -> Callable[[Any], bytes]:
    kinds = [table.c[name].type for name in columns_of(table)]
    binary = [i for i, kind in enumerate(kinds) if isinstance(kind, LargeBinary)]

    def encode(row: Any) -> bytes:
        values = list(row)
        for i in binary:
            values[i] = None if values[i] is None else b64encode(bytes(values[i])).decode()
        return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)

    return encode
