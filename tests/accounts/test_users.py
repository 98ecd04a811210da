"""Users: made, changed, given another password, and never all locked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from app.access.users import GROUPS, IN_A_GROUP, made_password
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from tests.access.browsers import Browser, Ward

PASSWORD = "lamp orbit velvet canoe"
STRANGE = '<img src=x onerror=alert(1)> Zoë 李 🩺 O\'Neil "&amp;"'


def made(admin: Browser, name: str = "ida", role: str = "nurse", **fields: Any) -> dict[str, Any]:
    body = {"name": name, "display_name": f"Sister {name}", "role": role, **fields}
    answer = admin.post("/api/users", body)
    assert answer.status_code == 201, answer.text
    user: dict[str, Any] = answer.json()
    return user


def patched(admin: Browser, user_id: str, **fields: Any) -> tuple[int, dict[str, Any]]:
    answer = admin.ask("PATCH", f"/api/users/{user_id}", fields)
    return answer.status_code, answer.json()


def test_a_made_password_is_shown_once_and_must_be_changed(ward: Ward) -> None:
    admin, id = ward.browser("administrator"), str(uuid4())
    body = {"id": id, "name": "Ida", "display_name": "Ida", "role": "nurse"}
    first = admin.post("/api/users", body)
    again = admin.post("/api/users", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {k: v for k, v in first.json().items() if k != "password"}
    assert "password" not in admin.get(f"/api/users/{id}").json()
    new = ward.browser()
    assert new.login("ida", first.json()["password"]).status_code == 200
    assert new.me()["password_change_needed"]
    other = admin.post("/api/users", {**body, "role": "clinician"})
    assert (other.status_code, other.json()["code"]) == (409, "id_conflict")
    told = ward.log("user.created")
    assert [e["data"]["user_id"] for e in told] == [id]
    assert first.json()["password"] not in str(told)


def test_made_passwords_have_80_bits_and_can_be_read_out() -> None:
    groups = made_password().split("-")
    assert [len(group) for group in groups] == [IN_A_GROUP] * GROUPS
    assert GROUPS * IN_A_GROUP * 5 >= 80
    assert not set("".join(groups)) & set("l1o0")
    assert made_password() != made_password()


@pytest.mark.parametrize("twin", ["IDA", " ida ", "\uff29\uff24\uff21"])
def test_a_name_is_taken_whatever_its_case_or_width(ward: Ward, twin: str) -> None:
    admin = ward.browser("administrator")
    made(admin, "Ida", password=PASSWORD)
    body = {"name": twin, "display_name": "Another", "role": "nurse"}
    answer = admin.post("/api/users", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
    assert ward.browser().login(twin, PASSWORD).status_code == 200


REFUSED = (
    ("name", "a\u200bb"),
    ("name", "a\nb"),
    ("name", "a\u0000b"),
    ("name", "   "),
    ("name", "x" * 65),
    ("name", "\ufdfa" * 10),  # 18 letters each, once it is folded
    ("display_name", "Anna\u202eannA"),
    ("display_name", "x" * 121),
    ("role", "device"),
    ("role", "boss"),
    ("password", "kurz"),
    ("password", "password1234"),
    ("password", "Sister ida 123"),
)


def test_what_cannot_be_a_user_is_refused_by_its_field(ward: Ward) -> None:
    admin = ward.browser("administrator")
    for field, value in REFUSED:
        body = {"name": "ida", "display_name": "Sister ida", "role": "nurse", field: value}
        answer = admin.post("/api/users", body)
        assert answer.status_code == 422, field
        assert [e["loc"] for e in answer.json()["errors"]] == [[field]]
        assert field != "password" or value not in answer.text


def test_names_are_kept_as_they_are_and_never_as_markup(ward: Ward) -> None:
    admin = ward.browser("administrator")
    user = made(admin, "Ida B", display_name=STRANGE)
    assert user["display_name"] == STRANGE
    answer = admin.get("/api/users")
    assert answer.headers["content-type"] == "application/json"
    assert STRANGE in [u["display_name"] for u in answer.json()["items"]]


def test_the_list_goes_on_page_by_page(ward: Ward) -> None:
    admin = ward.browser("administrator")
    names, cursor = [], ""
    while True:
        page = admin.get(f"/api/users?limit=2{cursor}").json()
        names += [user["name"] for user in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert names == ["nurse", "clinician", "administrator", "auditor", "viewer"]
    assert admin.get("/api/users?cursor=x").status_code == 422


def test_the_last_administrator_stays(ward: Ward) -> None:
    admin, own = ward.browser("administrator"), ANYWHERE.user_id("administrator")
    for change in ({"active": False}, {"role": "nurse"}):
        status, answer = patched(admin, own, **change)
        assert (status, answer["code"]) == (409, "last_administrator")
    other = made(admin, "eve", "administrator")
    status, answer = patched(admin, own, role="nurse")
    assert (status, answer["code"]) == (409, "own_role")
    assert patched(admin, own, display_name="Still me")[0] == 200
    assert patched(admin, other["id"], active=False)[0] == 200
    status, answer = patched(admin, own, active=False)
    assert (status, answer["code"]) == (409, "last_administrator")
    assert admin.me()["name"] == "Still me"


def test_another_role_ends_own_sign_ins_and_leaves_shared_screens(ward: Ward) -> None:
    admin, nurse = ward.browser("administrator"), ward.browser("nurse")
    shared = ward.browser("nurse", shared=True, station="Room 1")
    id = ANYWHERE.user_id("nurse")
    assert patched(admin, id, role="clinician")[1]["role"] == "clinician"
    assert nurse.get("/api/auth/me").status_code == 401
    assert shared.get("/api/auth/me").status_code == 200
    assert ward.browser("nurse").me()["role"] == "clinician"
    (told,) = ward.log("user.changed")
    assert (told["data"]["role_before"], told["data"]["role"]) == ("nurse", "clinician")
    assert "role_changed" in [e["data"]["why"] for e in ward.log("sign_in.ended")]


def test_who_is_deactivated_is_out_with_every_token(ward: Ward) -> None:
    admin, nurse = ward.browser("administrator"), ward.browser("nurse")
    id, headers = ANYWHERE.user_id("nurse"), ANYWHERE.headers("nurse")
    assert ward.client.get("/api/board", headers=headers).status_code == 200
    assert patched(admin, id, active=False)[1]["active"] is False
    assert nurse.get("/api/auth/me").status_code == 401
    assert ward.client.get("/api/board", headers=headers).status_code == 401
    assert ward.browser().login("nurse").status_code == 401
    answer = admin.post("/api/tokens", {"name": "x", "user_id": id})
    assert (answer.status_code, answer.json()["code"]) == (409, "user_inactive")
    assert patched(admin, id, active=True)[0] == 200
    assert ward.browser().login("nurse").status_code == 200


def test_a_reset_gives_another_password_and_ends_what_went_before(ward: Ward) -> None:
    admin, nurse = ward.browser("administrator"), ward.browser("nurse")
    id = ANYWHERE.user_id("nurse")
    answer = admin.post(f"/api/users/{id}/reset")
    assert answer.json()["has_pin"] is False
    assert nurse.get("/api/auth/me").status_code == 401
    assert ward.browser().login("nurse").status_code == 401
    again = ward.browser()
    assert again.login("nurse", answer.json()["password"]).json()["password_change_needed"]
    assert again.get("/api/board").json()["code"] == "password_change_needed"
    assert [e["data"]["user_id"] for e in ward.log("user.reset")] == [id]


def test_an_administrator_ends_a_sign_in_and_lifts_a_lockout(ward: Ward) -> None:
    admin, nurse = ward.browser("administrator"), ward.browser("nurse")
    id = ANYWHERE.user_id("nurse")
    listed = admin.get(f"/api/users/{id}/sign-ins").json()["items"]
    assert not any("secret" in key or "hash" in key for row in listed for key in row)
    own = admin.get(f"/api/users/{ANYWHERE.user_id('administrator')}/sign-ins").json()["items"]
    assert sum(row["current"] for row in own) == 1
    for row in listed:
        path = f"/api/users/{id}/sign-ins/{row['id']}"
        assert admin.ask("DELETE", path).status_code == 204
        assert admin.ask("DELETE", path).json()["code"] == "unknown_sign_in"
    assert nurse.get("/api/auth/me").status_code == 401
    for _ in range(5):
        ward.browser().login("nurse", "not this one at all")
    assert ward.browser().login("nurse").status_code == 429
    assert admin.get(f"/api/users/{id}").json()["locked_until"] is not None
    assert admin.post(f"/api/users/{id}/unlock").json()["locked_until"] is None
    assert ward.browser().login("nurse").status_code == 200


def test_nobody_else_manages_users(ward: Ward) -> None:
    for role in ("nurse", "clinician", "auditor", "viewer"):
        answer = ward.browser(role).get("/api/users")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    unknown = ward.browser("administrator").get(f"/api/users/{uuid4()}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_user")
