"""Notices: what the whole clinic should know."""

from typing import Literal

from app.api.schemas.common import Time
from app.api.schemas.kinds import Answer


class NoticeOut(Answer):
    """`text` is a sentence for people; `count` says how often it was told since `since`."""

    id: str
    kind: Literal["device_refused", "device_unattached", "webhook_undelivered", "emergency"]
    text: str
    since: Time
    last_at: Time
    count: int
    device: str | None
    station: str | None


class NoticeList(Answer):
    items: list[NoticeOut]
    next_cursor: str | None
