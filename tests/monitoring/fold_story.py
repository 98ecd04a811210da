"""A session of which a screen sees a part: what it is given first, hears then, and must show."""

from __future__ import annotations

from dataclasses import dataclass

from tests.monitoring.ward import Json, Ward


@dataclass
class Story:
    """A session of which a screen sees all that comes after `watch`."""

    ward: Ward
    snapshot: Json | None = None
    seen: int = 0

    def watch(self) -> None:
        self.snapshot = self.ward.public
        self.seen = len(self.ward.log)

    def told(self) -> Json:
        return {
            "snapshot": self.snapshot,
            "events": self.ward.log[self.seen :],
            "expected": self.ward.public,
        }
