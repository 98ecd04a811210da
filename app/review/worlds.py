"""Two worlds side by side: the alarms as they were, and as other limits would have raised them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.monitoring.limits import RANK
from app.monitoring.times import SECOND_MS, iso, parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LISTED: Final = 100  # alarms of a session listed on each side; the counts are of all
PRIORITIES: Final = ("high", "medium", "low")
FOREVER: Final = 1 << 62

Json = dict[str, Any]
Key = tuple[str, str, str | None]


@dataclass(slots=True)
class Raised:
    """One alarm in one world: its highest priority, and when it was last over (None: it was not).

    Whether a person has seen it does not count: in the other world nobody could.
    """

    id: str
    key: Key
    priority: str
    text: str
    raised_at: int
    over_at: int | None = None

    @property
    def until(self) -> int:
        return FOREVER if self.over_at is None else self.over_at

    def json(self) -> Json:
        condition, group, side = self.key
        return {
            "condition": condition,
            "group": group,
            "side": side,
            "priority": self.priority,
            "text": self.text,
            "raised_at": iso(self.raised_at),
            "duration_s": (
                None if self.over_at is None else (self.over_at - self.raised_at) / SECOND_MS
            ),
        }


class World:
    """What alarms were raised, from what was said of them in order."""

    def __init__(self) -> None:
        self._alarms: dict[str, Raised] = {}

    def hear(self, kind: str, at: int, alarm: Mapping[str, Any]) -> None:
        """One event of an alarm."""
        held = self._alarms.get(alarm["id"])
        if held is None:
            key = (alarm["condition"], alarm["group"], alarm["side"])
            raised_at = parse_iso(alarm["raised_at"])
            held = Raised(alarm["id"], key, alarm["priority"], alarm["text"], raised_at)
            self._alarms[held.id] = held
        if RANK[alarm["priority"]] > RANK[held.priority]:
            held.priority, held.text = alarm["priority"], alarm["text"]
        match kind:
            case "alarm.latched":
                held.over_at = at
            case "alarm.reopened":
                held.over_at = None
            case "alarm.cleared" if held.over_at is None:
                held.over_at = at

    @property
    def alarms(self) -> list[Raised]:
        """In order of raising."""
        return sorted(self._alarms.values(), key=lambda alarm: (alarm.raised_at, alarm.key[:2]))


@dataclass(frozen=True, slots=True)
class Compared:
    """What two worlds have in common and what each has alone."""

    both: Sequence[tuple[Raised, Raised]]
    only_before: Sequence[Raised]
    only_after: Sequence[Raised]

    @property
    def before(self) -> list[Raised]:
        return [*self.only_before, *(before for before, _ in self.both)]

    @property
    def after(self) -> list[Raised]:
        return [*self.only_after, *(after for _, after in self.both)]


def compare(before: Iterable[Raised], after: Iterable[Raised]) -> Compared:
    """Two alarms of one condition, group and side are the same if they stood at the same time; each
    has at most one partner.
    """
    theirs: dict[Key, list[Raised]] = defaultdict(list)
    ours: dict[Key, list[Raised]] = defaultdict(list)
    for alarm in before:
        theirs[alarm.key].append(alarm)
    for alarm in after:
        ours[alarm.key].append(alarm)
    both: list[tuple[Raised, Raised]] = []
    only_before: list[Raised] = []
    only_after: list[Raised] = []
    for key in theirs.keys() | ours.keys():
        left, right = theirs[key], ours[key]
        i = j = 0
        while i < len(left) and j < len(right):
            if left[i].until < right[j].raised_at:
                only_before.append(left[i])
                i += 1
            elif right[j].until < left[i].raised_at:
                only_after.append(right[j])
                j += 1
            else:
                both.append((left[i], right[j]))
                i, j = i + 1, j + 1
        only_before += left[i:]
        only_after += right[j:]
    return Compared(
        sorted(both, key=lambda pair: pair[0].raised_at),
        sorted(only_before, key=lambda alarm: alarm.raised_at),
        sorted(only_after, key=lambda alarm: alarm.raised_at),
    )


def counts(before: Sequence[Raised], after: Sequence[Raised]) -> Json:
    """How many in each world: all, by priority, and by condition, group and side."""
    by_priority = [Counter(alarm.priority for alarm in world) for world in (before, after)]
    by_key = [Counter(alarm.key for alarm in world) for world in (before, after)]
    keys = sorted(by_key[0] | by_key[1], key=lambda key: (-max(c[key] for c in by_key), str(key)))
    return {
        "before": len(before),
        "after": len(after),
        "by_priority": [
            {"priority": p, "before": by_priority[0][p], "after": by_priority[1][p]}
            for p in PRIORITIES
        ],
        "by_condition": [
            {
                "condition": key[0],
                "group": key[1],
                "side": key[2],
                "before": by_key[0][key],
                "after": by_key[1][key],
            }
            for key in keys
        ],
    }


def listed(compared: Compared) -> Json:
    """The alarms themselves, so many of each as one can read; the counts are of all."""
    pairs = compared.both[:LISTED]
    return {
        "both": {
            "count": len(compared.both),
            "alarms": [{"before": b.json(), "after": a.json()} for b, a in pairs],
        },
        "only_before": _listed(compared.only_before),
        "only_after": _listed(compared.only_after),
    }


def _listed(alarms: Sequence[Raised]) -> Json:
    return {"count": len(alarms), "alarms": [alarm.json() for alarm in alarms[:LISTED]]}
