"""What a device sends, as the references take it."""

from datetime import datetime

from pydantic import BaseModel, Field


class ReadingIn(BaseModel):
    """A reading without any rule but its types."""

    id: str
    taken_at: datetime
    device: str = Field(max_length=64)
    interval_s: float | None = None
    values: dict[str, float]
