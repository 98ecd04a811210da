"""Credentials that are for some sessions only, however these are named; and PINs that nobody finds
by trying.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.clinic import Clinic, refused
from tests.support.as_clinic import AS_SENT, AsClinic
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.access.browsers import Ward

SPELLINGS: list[Callable[[str], str]] = [str, str.upper, lambda id: id.replace("-", "")]
OF_A_SESSION = ("", "/events", "/timeline", "/as-seen", "/record", "/figure", "/alarms", "/limits")


def real_session(ward: Ward, station: str) -> str:
    ward.client.auth = AsClinic()
    id = str(Clinic(ward.client).session(station=station)["id"])
    ward.client.auth = AS_SENT
    return id


def bound_token(ward: Ward, role: str, station: str) -> dict[str, str]:
    """A token of this user, for one station only."""
    made = ward.client.post(
        "/api/tokens",
        json={"name": "Bedside", "user_id": ANYWHERE.user_id(role), "station": station},
        headers=ANYWHERE.headers("administrator"),
    )
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['token']}"}


@pytest.mark.parametrize("spelt", SPELLINGS)
@pytest.mark.parametrize("rest", OF_A_SESSION)
def test_a_simulator_sees_no_real_session_however_it_is_spelt(
    ward: Ward, rest: str, spelt: Callable[[str], str]
) -> None:
    place = f"/api/sessions/{spelt(real_session(ward, 'Room 1'))}{rest}"
    answer = ward.client.get(place, headers=ANYWHERE.headers("simulator"))
    refused(answer, 409, "simulated_mismatch")


@pytest.mark.parametrize("spelt", SPELLINGS)
def test_a_bound_token_changes_no_other_session_however_it_is_spelt(
    ward: Ward, spelt: Callable[[str], str]
) -> None:
    place = f"/api/sessions/{spelt(real_session(ward, 'Room 1'))}/phase"
    elsewhere = bound_token(ward, "clinician", "Room 9")
    body = {"to": "cancelled", "reason": "not theirs"}
    refused(ward.client.post(place, json=body, headers=elsewhere), 403, "not_bound")


def test_a_bound_token_reaches_nothing_of_the_whole_clinic(ward: Ward) -> None:
    admin = bound_token(ward, "administrator", "Room 9")
    nurse = bound_token(ward, "nurse", "Room 9")
    refused(ward.client.get("/api/users", headers=admin), 403, "not_allowed")
    refused(ward.client.post("/api/tokens", json={}, headers=admin), 403, "not_allowed")
    refused(ward.client.get("/api/notices", headers=nurse), 403, "not_allowed")
    there = f"/api/sessions/{real_session(ward, 'Room 9')}"
    assert ward.client.get(there, headers=nurse).status_code == 200
    refused(ward.client.put(f"{there}/devices/mon-1", json={}, headers=nurse), 403, "not_allowed")


def test_a_bound_token_reaches_no_export_that_its_person_has_made_of_the_clinic(ward: Ward) -> None:
    real_session(ward, "Room 1")
    person, bound = ANYWHERE.headers("nurse"), bound_token(ward, "nurse", "Room 9")
    period = {"from": "2020-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z"}
    body = {**period, "formats": ["events.csv"]}
    refused(ward.client.post("/api/exports", json=body, headers=bound), 403, "not_bound")
    made = ward.client.post("/api/exports", json=body, headers=person)
    assert made.status_code == 202, made.text
    one = f"/api/exports/{made.json()['id']}"
    for method, path in (("GET", ""), ("GET", one), ("GET", f"{one}/file"), ("DELETE", one)):
        answer = ward.client.request(method, path or "/api/exports", headers=bound)
        refused(answer, 403, "not_bound")
    assert ward.client.delete(one, headers=person).json()["state"] == "cancelled"


def test_a_shared_screen_is_not_told_who_else_was_there(ward: Ward) -> None:
    path = f"/api/sessions/{real_session(ward, 'Room 1')}/as-seen"
    person, shared = ward.browser("nurse"), ward.browser("nurse", shared=True, station="Room 7")
    assert person.get(path).json()["people"]
    told = shared.get(path).json()
    assert (told["people"], told["screens"]) == (None, None)


def test_signing_in_again_gives_no_more_tries_at_somebodys_pin(ward: Ward) -> None:
    path = "/api/patients"
    for _ in range(4):  # screens, one after the other
        screen = ward.browser("nurse", shared=True, station="Room 7")
        for _ in range(3):
            answer = screen.granted("clinician", "POST", path, "739164")
            refused(answer, 401, "wrong_credentials")
    last = ward.browser("nurse", shared=True, station="Room 7")
    refused(last.granted("clinician", "POST", path), 401, "wrong_credentials")
    ward.browser("clinician")  # by password: it is really them
    assert last.granted("clinician", "POST", path).status_code == 200


def test_a_reset_ends_the_tokens_of_that_person(ward: Ward) -> None:
    nurse = ANYWHERE.headers("nurse")
    assert ward.client.get("/api/board", headers=nurse).status_code == 200
    place = f"/api/users/{ANYWHERE.user_id('nurse')}/reset"
    done = ward.client.post(place, json={}, headers=ANYWHERE.headers("administrator"))
    assert done.status_code == 200, done.text
    refused(ward.client.get("/api/board", headers=nurse), 401, "not_signed_in")


def test_whoever_passes_by_does_not_darken_a_wall_screen(ward: Ward) -> None:
    wall = ANYWHERE.cookie_header("wall")
    refused(ward.client.post("/api/auth/logout", headers=wall), 403, "not_allowed")
    assert ward.client.get("/api/board", headers=wall).status_code == 200
