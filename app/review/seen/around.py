"""What was around a session at a moment: the server, its screens and the people, as the access log
has them. What is older than the entries that tell it is None: not recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson
from sqlalchemy import bindparam, select

from app.models.tables import access_log, sign_in, user_account
from app.monitoring.times import MINUTE_MS, iso

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

Json = dict[str, Any]

SERVER: Final = "server"  # by whom entries about the server itself are
CHANGES: Final = (
    "server.started",
    "server.stopped",
    "screens.changed",
    "signed_in",
    "signed_out",
    "sign_in.ended",
    "locked",
    "unlocked",
)
"""After one of these other people or screens are there."""
LOOK_AHEAD_MS: Final = 60 * MINUTE_MS  # how far the next change is looked for: an index's few rows
TELL_AGAIN_MS: Final = 15_000
"""After a start, in which those that were there before tell their screens anew: they hear of it
within three seconds and write within six.
"""
Entry: Final = access_log.c
SignIn: Final = sign_in.c
User: Final = user_account.c

_OF_SERVERS: Final = (
    select(Entry.at, Entry.kind, Entry.seq, Entry.data)
    .where(
        Entry.who == SERVER,
        Entry.kind.in_(("server.started", "server.stopped")),
        Entry.at <= bindparam("at"),
    )
    .order_by(Entry.seq.desc())
)
_NEXT_START: Final = (
    select(Entry.at)
    .where(Entry.who == SERVER, Entry.kind == "server.started", Entry.at > bindparam("at"))
    .order_by(Entry.seq)
    .limit(1)
)
_OF_SCREENS: Final = (
    select(Entry.data)
    .where(
        Entry.who == SERVER,
        Entry.kind == "screens.changed",
        Entry.seq > bindparam("after"),
        Entry.at <= bindparam("at"),
    )
    .order_by(Entry.seq.desc())
)
_SIGN_INS: Final = (
    select(
        SignIn.id, SignIn.shared, SignIn.station, SignIn.created_at, User.id.label("user"),
        User.display_name, User.role,
    )
    .join(user_account, SignIn.user_key == User.key)
    .where(
        SignIn.created_at <= bindparam("at"),
        SignIn.expires_at > bindparam("at"),
        SignIn.ended_at.is_(None) | (SignIn.ended_at > bindparam("at")),
    )
    .order_by(SignIn.created_at, SignIn.id)
)  # fmt: skip
_SAID_OF: Final = (
    select(Entry.at, Entry.seq, Entry.kind, Entry.actor)
    .where(
        Entry.who == bindparam("user"),
        Entry.credential == bindparam("credential"),
        Entry.kind.in_(("signed_in", "locked", "unlocked")),
        Entry.at <= bindparam("at"),
    )
    .order_by(Entry.at, Entry.seq)
)
_NEXT: Final = (
    select(Entry.at)
    .where(
        Entry.at > bindparam("at"), Entry.at <= bindparam("until"), Entry.kind.in_(CHANGES)
    )
    .order_by(Entry.at)
    .limit(1)
)  # fmt: skip


class Gap(NamedTuple):
    """Nobody watched from `since` to `until`."""

    since: int
    until: int


class _Server(NamedTuple):
    """One that was at work, since the entry `seq`."""

    id: str
    seq: int
    since: int
    version: str
    engine: int


class Around:
    """Of one session, of which `gaps` are known, at one moment of the clinic's clock."""

    def __init__(self, db: Connection, at: int, state: Json, gaps: Sequence[Gap]) -> None:
        self._db = db
        self._at = at
        self._state = state
        self._gaps = gaps
        self._stopped_at: int | None = None
        self._last_start: _Server | None = None
        self._servers = self._at_work()

    @property
    def software(self) -> str | None:
        """The version that was at work, None where none was or nobody wrote it down."""
        return self._servers[0].version if self._servers else None

    @property
    def engine(self) -> int | None:
        return self._servers[0].engine if self._servers else None

    def live(self) -> Json:
        """Whether what was on the screens could be believed then; else why not, and for how long.

        On a clock that follows its feed there is no time in which nobody watched.
        """
        if self._state["clock"] == "driven":
            return _live(True, None, None, None)
        gap = next((gap for gap in self._gaps if gap.since <= self._at < gap.until), None)
        if gap is not None:
            return _live(False, "not_watched", gap.since, gap.until)
        if not self._servers and self._stopped_at is not None:
            until = self._db.execute(_NEXT_START, {"at": self._at}).scalar()
            return _live(False, "server_stopped", self._stopped_at, until)
        since = max((gap.until for gap in self._gaps if gap.until <= self._at), default=None)
        return _live(True, None, since, None)

    def screens(self) -> list[Json] | None:
        """Every screen that was live, those that showed this session first; None: not recorded."""
        if not self._servers:
            return None if self._stopped_at is None else []
        if not self.live()["ok"]:
            return []
        listed = [screen for server in self._servers for screen in self._screens_of(server)]
        shown = [_shown(screen, self._state) for screen in listed]
        return sorted(shown, key=lambda screen: (screen["shows"] == "other", screen["since"]))

    def people(self) -> list[Json]:
        """Who was signed in, each once with all their sign-ins, the oldest first."""
        theirs: dict[str, list[Any]] = {}
        for row in self._db.execute(_SIGN_INS, {"at": self._at}):
            theirs.setdefault(row.user, []).append(row)
        return [self._person(rows) for rows in theirs.values()]

    def until(self) -> str:
        """Nothing of this changes before then."""
        limit = self._at + LOOK_AHEAD_MS
        edges = [edge for gap in self._gaps for edge in gap if edge > self._at]
        if (last := self._last_start) is not None and self._at < last.since + TELL_AGAIN_MS:
            edges.append(last.since + TELL_AGAIN_MS)
        found = self._db.execute(_NEXT, {"at": self._at, "until": limit}).scalar()
        return iso(min([limit, *edges, *([] if found is None else [found])]))

    def _at_work(self) -> list[_Server]:
        """The servers that had started and not stopped; one that works alone ends all before."""
        stopped: set[str] = set()
        found: list[_Server] = []
        for at, kind, seq, text in self._db.execute(_OF_SERVERS, {"at": self._at}):
            said = orjson.loads(text)
            if kind == "server.stopped":
                stopped.add(said["server"])
                self._stopped_at = max(at, self._stopped_at or at)
                continue
            started = _Server(said["server"], seq, at, said["version"], said["engine"])
            self._last_start = self._last_start or started
            if said["server"] not in stopped:
                found.append(started)
            if not said["together"]:
                break
        return found

    def _screens_of(self, server: _Server) -> list[Json]:
        """What it said last; a long list is told in several entries of one number."""
        said: dict[int, list[Json]] = {}
        number: int | None = None
        asked = {"after": self._told_after(server), "at": self._at}
        for (text,) in self._db.execute(_OF_SCREENS, asked):
            told = orjson.loads(text)
            if told["server"] != server.id:
                continue
            number = told["number"] if number is None else number
            if told["number"] != number:
                break
            said[told["part"]] = told["screens"]
            if len(said) == told["parts"]:
                break
        return [screen for part in sorted(said) for screen in said[part]]

    def _told_after(self, server: _Server) -> int:
        """The entry after which it must have told its screens: one that was there when another
        began tells them anew, and who does not is dead. Before a start that ended a time in which
        nobody watched, all were.
        """
        last = self._last_start
        if last is None or last.seq == server.seq:
            return server.seq
        ended_gap = any(0 <= last.since - gap.until < TELL_AGAIN_MS for gap in self._gaps)
        waits = self._at - last.since < TELL_AGAIN_MS and not ended_gap
        return server.seq if waits else last.seq

    def _person(self, rows: Sequence[Any]) -> Json:
        """Under the name and in the role of then: those that were written down last."""
        name, role, latest = rows[0].display_name, rows[0].role, (0, 0)
        sign_ins: list[Json] = []
        for row in rows:
            locked = False
            asked = {"user": row.user, "credential": f"sign_in:{row.id}", "at": self._at}
            for at, seq, kind, text in self._db.execute(_SAID_OF, asked):
                locked = kind == "locked"
                actor = orjson.loads(text)
                if actor is not None and (at, seq) > latest:
                    name, role, latest = actor["name"], actor["role"], (at, seq)
            sign_ins.append(
                {
                    "since": iso(row.created_at),
                    "locked": locked,
                    "shared": bool(row.shared),
                    "station": row.station,
                }
            )
        return {"id": rows[0].user, "name": name, "role": role, "sign_ins": sign_ins}


def _live(ok: bool, why: str | None, since: int | None, until: int | None) -> Json:
    told = [None if moment is None else iso(moment) for moment in (since, until)]
    return {"ok": ok, "why": why, "since": told[0], "until": told[1]}


def _shown(screen: Json, state: Json) -> Json:
    """The screen, and whether it showed this session: on its page, on a board, or not."""
    boards, own = screen["boards"], screen["station"]
    seen = "simulated" if state["simulated"] else "real"
    on_board = bool({"all", seen} & set(boards)) or ("own" in boards and own == state["station"])
    shows = "page" if state["id"] in screen["sessions"] else "board" if on_board else "other"
    kept = {name: screen[name] for name in ("id", "by", "station", "sound", "since")}
    return {**kept, "shows": shows}
