"""What was around a session: servers that came and went, their screens, and who was signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from app.access.present import MOST, Present
from app.api.schemas.as_seen import AsSeenOut
from app.clock import now_ms
from app.models.access_log import DATA_BYTES, Entry, append, stamped
from app.monitoring.commands import Actor
from app.monitoring.times import iso
from app.review.seen.around import Around, Gap
from tests.access.conftest import ward
from tests.access.test_confined import real_session
from tests.api.clinic import conforms
from tests.audit.book import NURSE
from tests.support.people import ANYWHERE, NAMES

if TYPE_CHECKING:
    from app.models.item import Item
    from app.models.store import Store
    from tests.access.browsers import Ward

__all__ = ["ward"]

Json = dict[str, Any]

T0 = 1_800_000_000_000
SESSION: Json = {"id": "s", "clock": "wall", "simulated": False, "station": "Room 1"}
PAGE = {"id": "a", "by": None, "station": "Room 1", "sound": "proven", "since": iso(T0)}
SCREEN = {**PAGE, "boards": ["real"], "sessions": []}


async def told(store: Store, *entries: tuple[int, str, Json]) -> None:
    """Entries about the server, each so many seconds after the begin."""
    by = Actor("system", "server", "Infusion monitor")

    def run(item: Item) -> None:
        for second, kind, data in entries:
            at = T0 + second * 1_000
            append(item, Entry(kind, by, data=data, at=at))  # type: ignore[arg-type]  # one of the kinds

    await store.scribe.submit(run)


async def around(store: Store, second: int, gaps: tuple[Gap, ...] = (), **session: Any) -> Json:
    def read(db: Any) -> Json:
        seen = Around(db, T0 + second * 1_000, {**SESSION, **session}, gaps)
        return {
            "live": seen.live(),
            "screens": seen.screens(),
            "software": seen.software,
            "until": seen.until(),
        }

    found: Json = await store.reader.read(read)
    return found


def started(server: str, *, together: bool = False) -> Json:
    return {"server": server, "version": "1.0", "engine": 5, "together": together}


def screens(server: str, number: int, *ids: str, part: int = 0, parts: int = 1) -> Json:
    listed = [{**SCREEN, "id": id} for id in ids]
    return {"server": server, "number": number, "part": part, "parts": parts, "screens": listed}


def ids(seen: Json) -> list[str]:
    return [screen["id"] for screen in seen["screens"]]


async def test_what_nobody_wrote_down_is_not_made_up(store: Store) -> None:
    seen = await around(store, 5)
    assert (seen["screens"], seen["software"], seen["live"]["ok"]) == (None, None, True)


async def test_screens_are_those_that_were_told_last_of_a_server_that_was_at_work(
    store: Store,
) -> None:
    await told(
        store,
        (10, "server.started", started("one")),
        (20, "screens.changed", screens("one", 1, "a")),
        (30, "screens.changed", screens("one", 2, "a", "b", part=0, parts=2)),
        (30, "screens.changed", screens("one", 2, "c", part=1, parts=2)),
        (40, "server.stopped", {"server": "one"}),
        (50, "server.started", started("two")),
    )
    assert (await around(store, 5))["screens"] is None
    assert ids(await around(store, 15)) == []
    assert ids(await around(store, 25)) == ["a"]
    assert ids(await around(store, 35)) == ["a", "b", "c"]
    stopped = await around(store, 45)
    assert stopped["live"] == {
        "ok": False,
        "why": "server_stopped",
        "since": iso(T0 + 40_000),
        "until": iso(T0 + 50_000),
    }
    assert (stopped["screens"], stopped["software"]) == ([], None)
    assert ids(await around(store, 55)) == []
    assert (await around(store, 25))["until"] == iso(T0 + 30_000)


async def test_of_a_server_that_died_no_screen_is_left(store: Store) -> None:
    await told(
        store,
        (10, "server.started", started("one")),
        (20, "screens.changed", screens("one", 1, "a")),
        (60, "server.started", started("two")),
    )
    gap = Gap(T0 + 30_000, T0 + 60_000)
    seen = await around(store, 40, (gap,))
    assert (seen["live"]["why"], seen["screens"]) == ("not_watched", [])
    assert (await around(store, 61, (gap,)))["live"]["since"] == iso(gap.until)
    assert ids(await around(store, 61, (gap,))) == []


async def test_servers_that_work_together_are_seen_together(store: Store) -> None:
    await told(
        store,
        (10, "server.started", started("one", together=True)),
        (11, "server.started", started("two", together=True)),
        (20, "screens.changed", screens("one", 1, "a")),
        (21, "screens.changed", screens("two", 1, "b")),
        (30, "server.stopped", {"server": "one"}),
    )
    assert sorted(ids(await around(store, 25))) == ["a", "b"]
    assert ids(await around(store, 35)) == ["b"]


async def test_of_servers_together_one_that_died_tells_its_screens_no_more(store: Store) -> None:
    await told(
        store,
        (10, "server.started", started("one", together=True)),
        (11, "server.started", started("two", together=True)),
        (20, "screens.changed", screens("one", 1, "a")),
        (21, "screens.changed", screens("two", 1, "b")),
        (60, "server.started", started("two again", together=True)),
        (63, "screens.changed", screens("one", 2, "a")),
        (64, "screens.changed", screens("two again", 1, "c")),
        (90, "screens.changed", screens("one", 3, "a", "d")),
    )
    assert sorted(ids(await around(store, 40))) == ["a", "b"]
    assert sorted(ids(await around(store, 61))) == ["a", "b"], "they have yet to tell them anew"
    assert sorted(ids(await around(store, 80))) == ["a", "c"]
    assert sorted(ids(await around(store, 95))) == ["a", "c", "d"]
    nobody = Gap(T0 + 30_000, T0 + 59_000)
    assert ids(await around(store, 62, (nobody,))) == [], "all had died"


async def test_a_screen_says_whether_it_showed_this_session(store: Store) -> None:
    listed = [
        {**SCREEN, "id": "its page", "boards": [], "sessions": ["s"]},
        {**SCREEN, "id": "training", "boards": ["simulated"]},
        {**SCREEN, "id": "its room", "boards": ["own"]},
        {**SCREEN, "id": "another room", "boards": ["own"], "station": "Room 2"},
    ]
    said = {**screens("one", 1), "screens": listed}
    await told(store, (1, "server.started", started("one")), (2, "screens.changed", said))
    shows = {s["id"]: s["shows"] for s in (await around(store, 3))["screens"]}
    assert shows == {
        "its page": "page",
        "training": "other",
        "its room": "board",
        "another room": "other",
    }


async def test_a_crowd_of_screens_is_told_in_parts_and_none_is_too_long() -> None:
    noted: list[Entry] = []
    present = Present(noted.append)
    for number in range(MOST + 5):
        present.sounds(str(number), NURSE, "Room 1", "live")
        present.watches(str(number), session="0" * 36, on=True)
    present.tell()
    listed = [screen["id"] for entry in noted for screen in entry.data["screens"]]
    assert listed == [str(number) for number in range(MOST)]
    assert {entry.data["parts"] for entry in noted} == {len(noted)}
    assert {entry.data["live"] for entry in noted} == {MOST + 5}
    assert all(len(stamped(entry, 0).data) <= DATA_BYTES for entry in noted)
    assert not any("left_out" in stamped(entry, 0).data for entry in noted)
    present.sounds("0", NURSE, "Room 1", "gone")
    present.tell()
    assert noted[-1].data["live"] == MOST + 4


def test_who_was_signed_in_at_several_screens_is_one_person(ward: Ward) -> None:
    path = f"/api/sessions/{real_session(ward, 'Room 1')}/as-seen"
    reader, nurse = ward.browser("clinician"), ANYWHERE.user_id("nurse")

    def seen() -> tuple[str, list[Json]]:
        ward.look()  # what was noted is written
        asked = urlencode({"at": iso(now_ms())})
        people = conforms(AsSeenOut, reader.get(f"{path}?{asked}"))["people"]
        (one,) = [person for person in people if person["id"] == nurse]
        return one["name"], one["sign_ins"]

    ward.browser("nurse")
    name, before = seen()
    admin = ward.browser("administrator")
    renamed = admin.ask("PATCH", f"/api/users/{nurse}", {"display_name": "Nora New"})
    assert renamed.status_code == 200, renamed.text
    ward.browser("nurse", shared=True, station="Room 7")
    after, sign_ins = seen()
    assert (name, after) == (NAMES["nurse"], "Nora New")
    *known, shared = sign_ins
    assert known == before, "nothing is lost of the others"
    assert (before[-1]["shared"], before[-1]["locked"]) == (False, False)
    assert (shared["shared"], shared["station"]) == (True, "Room 7")
