"""What processes of one database tell each other, and which others are there. No I/O, no clock."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAYLOAD_BYTES: Final = 7_900  # PostgreSQL refuses a NOTIFY of 8,000
HERE_S: Final = 3.0  # between two words of being there; also when screens have changed
FORGOTTEN_S: Final = 15.0  # five words missing: screens of a process that died are not counted


class Span(NamedTuple):
    """These events of a session were committed."""

    session_id: str
    first: int
    last: int


class Word(NamedTuple):
    """One message: who says it, what was committed and if that may wait, and how many screens hang
    on that process (None: it is not said).
    """

    by: str
    spans: list[Span]
    urgent: bool
    screens: dict[str, int] | None


def words(
    by: str, spans: Mapping[str, tuple[int, int]], *, urgent: bool = False
) -> Iterator[bytes]:
    """As few messages as hold the spans."""
    part: list[tuple[str, int, int]] = []
    size = 0
    for id, (first, last) in spans.items():
        needs = len(id) + 2 * 20 + 8  # two numbers of 64 bits at most, and what JSON puts between
        if part and size + needs > PAYLOAD_BYTES - 100:
            yield _text(by, {"spans": part, "urgent": urgent})
            part, size = [], 0
        part.append((id, first, last))
        size += needs
    if part:
        yield _text(by, {"spans": part, "urgent": urgent})


def here(by: str, screens: Mapping[str, int]) -> bytes:
    return _text(by, {"screens": dict(screens)})


def parse(text: str) -> Word | None:
    """None for what is not ours: anybody with the database's password may notify."""
    try:
        said = orjson.loads(text)
        spans = [Span(str(id), int(first), int(last)) for id, first, last in said.get("spans", [])]
        screens = said.get("screens")
        if screens is not None:
            screens = {str(kind): int(count) for kind, count in screens.items()}
        return Word(str(said["by"]), spans, bool(said.get("urgent", True)), screens)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _text(by: str, said: dict[str, Any]) -> bytes:
    return orjson.dumps({"by": by, **said})


class Peers:
    """The other processes that were heard of lately, with their screens."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[float, dict[str, int]]] = {}

    @property
    def others(self) -> bool:
        """Whether any is there; false also in the moments before the first was heard."""
        return bool(self._heard)

    def heard(self, by: str, screens: dict[str, int], now_s: float) -> bool:
        """True for one that was not known."""
        new = by not in self._heard
        self._heard[by] = (now_s, screens)
        return new

    def screens(self, now_s: float) -> dict[str, int]:
        """All of theirs together; who was not heard of for long is forgotten."""
        self._heard = {by: w for by, w in self._heard.items() if now_s - w[0] <= FORGOTTEN_S}
        total: Counter[str] = Counter()
        for _, screens in self._heard.values():
            total.update(screens)
        return dict(total)
