"""A time zone as a caller names it."""

from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.review.zones import UTC_NAME, ZONE


def _zone(value: object) -> str:
    """How a zone's name looks; whether there is such a zone is asked later."""
    if not isinstance(value, str) or not ZONE.fullmatch(value):
        raise PydanticCustomError("unknown_zone", "Must be a time zone such as Europe/Berlin")
    return value


Zone = Annotated[
    str,
    PlainValidator(_zone),
    WithJsonSchema({"type": "string", "pattern": f"^{ZONE.pattern}$", "examples": [UTC_NAME]}),
]
