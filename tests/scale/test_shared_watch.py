"""Of several processes, nobody watched only if none of them did."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest

from app.models.database import connect
from app.models.notify import plain
from app.models.presence import Presence
from app.models.shared_watch import KEEP_MS, RECENT_MS, SharedWatch
from app.models.watch import GAP_MS, Gap
from tests.scale.conftest import AT_WORK, until_nobody_is_at_work

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = 1_790_000_000_000
MINUTE = 60_000


class Ward:
    """One database, and the processes that watch it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = connect(url)
        self.watches: list[SharedWatch] = []

    def begin(self, now: int) -> SharedWatch:
        watch = SharedWatch.begin(self.url, self.engine, now)
        self.watches.append(watch)
        return watch

    def leave(self, watch: SharedWatch) -> None:
        """The only one: nobody is at work any more."""
        watch.leave()
        until_nobody_is_at_work(self.url)

    def mark(self, now: int) -> None:
        """What the sweep of some process commits."""
        self.run("UPDATE meta SET value = %s WHERE name = 'alive_at'", str(now))

    def run(self, statement: str, *values: object) -> int:
        with psycopg.connect(plain(self.url), autocommit=True) as db:
            return db.execute(statement.encode(), values).rowcount

    def cut(self) -> int:
        """Breaks every connection that says that a process is at work."""
        return self.run(f"SELECT pg_terminate_backend(pid) FROM ({AT_WORK}) AS at_work")

    def until_it_waits(self, thread: threading.Thread) -> None:
        """Returns when it has to wait for a process that begins, or has ended without."""
        with psycopg.connect(plain(self.url), autocommit=True) as db:
            while thread.is_alive() and all(ok for _, ok in db.execute(AT_WORK).fetchall()):
                time.sleep(0.01)  # nobody tells


@pytest.fixture
def ward(clinic_database: str) -> Iterator[Ward]:
    ward = Ward(clinic_database)
    yield ward
    for watch in ward.watches:
        watch.leave()
    ward.engine.dispose()


def test_the_first_start_of_all_is_no_gap(ward: Ward) -> None:
    assert ward.begin(NOON).gap is None


def test_a_start_where_nobody_is_at_work_is_a_gap_however_short(ward: Ward) -> None:
    ward.leave(ward.begin(NOON))
    assert ward.begin(NOON + 1_500).gap == Gap(NOON, NOON + 1_500)


def test_a_start_while_another_is_at_work_is_none(ward: Ward) -> None:
    ward.begin(NOON)
    later = NOON + RECENT_MS + MINUTE
    ward.mark(later - 4_000)
    watch = ward.begin(later)
    watch.look(later + 100)
    assert watch.gap is None


def test_processes_that_start_together_tell_of_the_same_gap(ward: Ward) -> None:
    ward.leave(ward.begin(NOON))
    first = ward.begin(NOON + MINUTE)
    second = ward.begin(NOON + MINUTE + 300)
    second.look(NOON + MINUTE + 400)
    assert first.gap == second.gap == Gap(NOON, NOON + MINUTE)


def test_who_starts_beside_one_that_hangs_is_told_how_long(ward: Ward) -> None:
    ward.begin(NOON)  # and marks nothing any more
    watch = ward.begin(NOON + MINUTE)
    watch.look(NOON + MINUTE)
    assert watch.gap == Gap(NOON, NOON + MINUTE)


def test_one_that_stalled_while_another_went_on_has_no_gap(ward: Ward) -> None:
    stalled, other = ward.begin(NOON), ward.begin(NOON)
    ward.mark(NOON + 4 * MINUTE)
    other.alive(NOON + 4 * MINUTE)
    stalled.look(NOON + 4 * MINUTE + 5_000)
    assert stalled.gap is None


def test_where_all_stalled_each_tells_of_the_same_gap(ward: Ward) -> None:
    one, other = ward.begin(NOON), ward.begin(NOON)
    one.look(NOON + GAP_MS)
    assert one.gap is None
    one.look(NOON + MINUTE)
    one.look(NOON + MINUTE + 50)  # the commit before this one failed
    other.look(NOON + MINUTE + 100)
    assert one.gap == other.gap == Gap(NOON, NOON + MINUTE)
    for watch in (one, other):
        watch.alive(NOON + MINUTE + 200)
    ward.mark(NOON + MINUTE + 200)
    one.look(NOON + 3 * MINUTE)  # a second one
    assert one.gap == Gap(NOON + MINUTE + 200, NOON + 3 * MINUTE)


def test_a_connection_that_broke_is_made_anew(ward: Ward) -> None:
    watch = ward.begin(NOON)
    assert ward.cut() == 1
    watch.alive(NOON + KEEP_MS)
    ward.mark(NOON + KEEP_MS)
    assert ward.begin(NOON + KEEP_MS + 500).gap is None


def test_a_database_that_is_gone_keeps_nobody_from_going_on(ward: Ward) -> None:
    watch = ward.begin(NOON)
    ward.cut()
    watch._presence._url = "postgresql://nobody@/nothing?host=/nowhere"
    watch.alive(NOON + KEEP_MS)
    with pytest.raises(psycopg.Error):
        watch.look(NOON + MINUTE)


def test_while_one_enters_alone_others_wait(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.presence.OPTIONS", "-c lock_timeout=0")  # however long it takes
    entered: list[bool] = []

    @contextmanager
    def entering() -> Iterator[bool]:
        presence = Presence(ward.url)
        with presence.enter() as (_, alone):
            yield alone
        presence.leave()

    def second() -> None:
        with entering() as alone:
            entered.append(alone)

    thread = threading.Thread(target=second, daemon=True)
    with entering() as alone:
        assert alone
        thread.start()
        ward.until_it_waits(thread)
        assert entered == []
    thread.join(60)
    assert len(entered) == 1
