"""Messages of streaming ingest: read, recorded, and what was refused told with its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from app.api import quick
from app.api.lists import check_each
from app.api.problems import domain_problem, invalid_problem
from app.api.recording import record, unreadable
from app.api.schemas.ingest import N_MAX
from app.api.schemas.kinds import check_uuid
from app.api.schemas.readings import ReadingForIn, ReadingForListIn
from app.ingest.serve import Ingest, NotAMessage
from app.ingest.stream import Refusal
from app.monitoring.commands import ReadingFor
from app.monitoring.errors import DomainError

if TYPE_CHECKING:
    from app.access.caller import Caller
    from app.api.context import Context

    Who = Callable[[], Caller]
    """Who sends, as it stands now; raises a DomainError if it may not send any more."""

ERRORS_TOLD: Final = 4  # fields of one reading; a thousand refused ones stay below a MiB


@dataclass(frozen=True, slots=True)
class Streamed:
    """The readings of a message that can be read, each with its place in it; what was refused at
    sight; and that as it was sent.
    """

    n: int
    items: Sequence[ReadingFor]
    places: Sequence[int]
    refused: list[Refusal] = field(default_factory=list)
    malformed: Sequence[Any] = ()

    def __len__(self) -> int:
        return len(self.places) + len(self.refused)


def ingest(context: Context, who: Who) -> Ingest[Streamed]:
    return Ingest(read, partial(_record, context, who))


def read(text: str | bytes, behind: bool = False) -> Streamed:
    """Raises NotAMessage for what is no JSON object with a whole number `n`.

    `sent_at` tells a device's clock by when it comes; of what lay in a socket because the server
    was `behind` it is left out, and what was known of the clock before holds.
    """
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise NotAMessage from None
    n = _number(content.pop("n", None)) if isinstance(content, dict) else None
    if n is None:
        raise NotAMessage
    items = quick.many_for(content)
    message = (
        _read_at_length(n, content) if items is None else Streamed(n, items, range(len(items)))
    )
    return _without_sent_at(message) if behind else message


def _without_sent_at(message: Streamed) -> Streamed:
    items = [
        item
        if item.reading.sent_at is None
        else replace(item, reading=replace(item.reading, sent_at=None))
        for item in message.items
    ]
    return replace(message, items=items)


def _number(n: Any) -> int | None:
    """40.0 is a whole number, as everywhere."""
    whole = type(n) is int or (type(n) is float and n.is_integer())
    return int(n) if whole and 0 <= n <= N_MAX else None


def _read_at_length(n: int, content: dict[str, Any]) -> Streamed:
    try:
        sent = ReadingForListIn.model_validate(content)
    except ValidationError as error:
        problem = invalid_problem(error.errors(include_url=False))
        return Streamed(n, (), (), [_refusal(n, None, None, problem)], [content])
    checked = check_each(ReadingForIn, sent.readings)
    refused = [
        _refusal(n, index, _id(sent.readings[index]), problem)
        for index, problem in enumerate(checked.problems)
        if problem is not None
    ]
    items = [item.to_item(sent.sent_at) for item in checked.good]
    places = [index for index, problem in enumerate(checked.problems) if problem is None]
    return Streamed(n, items, places, refused, checked.malformed)


def _id(sent: Any) -> str | None:
    """The id of what could otherwise not be read."""
    try:
        return check_uuid(sent.get("id")) if isinstance(sent, dict) else None
    except PydanticCustomError:
        return None


async def _record(context: Context, who: Who, messages: Sequence[Streamed]) -> list[list[Refusal]]:
    """All in one submission. What devices sent that is no reading is counted after the rest, which
    keeps its place.
    """
    try:
        caller = who()
    except DomainError as refusal:  # a browser that has locked since
        return [_all_refused(message, refusal) for message in messages]
    refused = [list(message.refused) for message in messages]
    items = [item for message in messages for item in message.items]
    if items:
        results = iter(await record(context, caller, items, streamed=True))
        for message, of_message in zip(messages, refused, strict=True):
            for index, item in zip(message.places, message.items, strict=True):
                result = next(results)
                if isinstance(result, DomainError):
                    id = item.reading.id
                    of_message.append(_refusal(message.n, index, id, domain_problem(result)))
    malformed = [sent for message in messages for sent in message.malformed]
    await unreadable(context, caller, malformed)
    for of_message in refused:
        of_message.sort(key=lambda refusal: refusal["index"] or 0)
    return refused


def _all_refused(message: Streamed, refusal: DomainError) -> list[Refusal]:
    return [_refusal(message.n, None, None, domain_problem(refusal))]


def _refusal(n: int, index: int | None, id: str | None, problem: dict[str, Any]) -> Refusal:
    told = problem["errors"][:ERRORS_TOLD]
    return {"n": n, "index": index, "id": id, **problem, "errors": told}
