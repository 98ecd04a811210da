"""Whoever guesses is slowed down, by name and by address; everybody else gets in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerMinute

from app.access import lockout
from app.access.attempts import Attempts
from app.errors import TooManyAttempts
from tests.api.clinic import refused
from tests.support.people import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.access.browsers import Ward

NOW = 1_800_000_000_000
FEW = RateLimitItemPerMinute(3, 60, "attempts")


def test_five_wrong_passwords_lock_the_name_and_each_further_one_for_twice_as_long(
    ward: Ward,
) -> None:
    browser = ward.browser()
    for _ in range(5):
        refused(browser.login("nurse", "a wrong password"), 401, "wrong_credentials")
    for waits in (30, 60, 120):
        answer = browser.login("nurse")  # right, and too late
        problem = refused(answer, 429, "too_many_attempts")
        assert waits - 10 <= problem["retry_after_s"] <= waits
        assert answer.headers["retry-after"] == str(problem["retry_after_s"])
        ward.pass_time(waits * 1_000)
        refused(browser.login("nurse", "a wrong password"), 401, "wrong_credentials")
    refused(browser.login("nurse"), 429, "too_many_attempts")
    assert ward.browser("clinician").me()["role"] == "clinician"  # from the same address
    ward.pass_time(15 * 60_000)
    assert browser.login("nurse").status_code == 200
    for _ in range(4):
        refused(browser.login("nurse", "a wrong password"), 401, "wrong_credentials")
    assert browser.login("nurse").status_code == 200  # it began again
    whys = {e["data"]["why"] for e in ward.log("sign_in.failed")}
    assert whys == {"wrong", "locked_out"}


def test_a_name_that_nobody_has_is_answered_as_any_other(ward: Ward) -> None:
    for name in ("nurse", "nobody"):
        answers = [ward.browser().login(name, "a wrong password") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        details = {answer.json()["detail"].split(" Try")[0] for answer in answers}
        assert len(details) == 2
    assert all(entry["actor"] is None for entry in ward.log("sign_in.failed")[2:])


def test_many_at_once_are_no_more_than_their_number(ward: Ward) -> None:
    def guess(number: int) -> int:
        body = {"name": "nurse", "password": f"guess number {number}"}
        return int(ward.client.post("/api/auth/login", json=body).status_code)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))
    assert answers.count(401) == 5
    assert answers.count(429) == 11


def test_a_lockout_does_not_end_what_is_signed_in(ward: Ward) -> None:
    nurse, attacker = ward.browser("nurse"), ward.browser()
    for _ in range(6):
        attacker.login("nurse", "a wrong password")
    assert nurse.me()["locked"] is False
    nurse.post("/api/auth/lock")
    assert nurse.post("/api/auth/unlock", {"pin": ANYWHERE.pin("nurse")}).status_code == 200


def test_a_lockout_from_elsewhere_shuts_out_no_screen_that_is_signed_in(ward: Ward) -> None:
    nurse, attacker = ward.browser("nurse"), ward.browser()
    station = ward.browser("clinician", shared=True, station="Room 1")
    nurse.post("/api/auth/lock")
    for _ in range(6):
        attacker.login("nurse", "a wrong password")
    password = {"password": ANYWHERE.password("nurse")}
    assert nurse.post("/api/auth/unlock", password).status_code == 200
    asked = {"user_id": ANYWHERE.user_id("nurse"), "method": "GET", "path": "/api/patients"}
    assert station.post("/api/auth/grant", asked | password).status_code == 200
    refused(attacker.login("nurse"), 429, "too_many_attempts")  # it is still locked there


def test_whoever_guesses_at_a_screen_is_slowed_down_there_and_nowhere_else(ward: Ward) -> None:
    screen, other = ward.browser("nurse"), ward.browser("nurse")
    for one in (screen, other):
        one.post("/api/auth/lock")
    for _ in range(5):
        wrong = screen.post("/api/auth/unlock", {"password": "a wrong password"})
        refused(wrong, 401, "wrong_credentials")
    right = {"password": ANYWHERE.password("nurse")}
    refused(screen.post("/api/auth/unlock", right), 429, "too_many_attempts")
    assert screen.post("/api/auth/unlock", {"pin": ANYWHERE.pin("nurse")}).status_code == 200
    assert other.post("/api/auth/unlock", right).status_code == 200
    assert ward.browser().login("nurse").status_code == 200
    (own,) = {e["credential"] for e in ward.log("unlock.failed")}
    assert own.startswith("sign_in:")


def test_passwords_at_a_screen_wait_as_long(attempts: Attempts) -> None:
    assert [attempts.password_tried("u", "s", NOW) for _ in range(6)] == [0] * 5 + [30]
    assert attempts.password_tried("u", "another", NOW) == 0
    assert attempts.password_tried("u", "s", NOW + 30_000) == 0
    assert attempts.password_tried("u", "s", NOW + 30_000) == 60
    attempts.password_right("u", "s")
    assert attempts.password_tried("u", "s", NOW + 30_000) == 0


@pytest.fixture
def attempts() -> Iterator[Attempts]:
    counted = Attempts(FEW)
    yield counted
    counted.stop()


def test_an_address_that_fails_often_waits_but_for_who_was_there_before(
    attempts: Attempts,
) -> None:
    attempts.succeeded("10.0.0.7", "nurse")
    for _ in range(3):
        attempts.check("10.0.0.7", "clinician", NOW)
        attempts.failed("10.0.0.7")
    with pytest.raises(TooManyAttempts) as refusal:
        attempts.check("10.0.0.7", "clinician", NOW)
    assert refusal.value.extra["retry_after_s"] >= 1
    attempts.check("10.0.0.7", "nurse", NOW)
    attempts.check("10.0.0.8", "clinician", NOW)


def test_what_is_counted_stays_bounded(attempts: Attempts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.access.attempts.KEPT", 50)
    for number in range(200):
        attempts.failed(f"10.0.{number}.1")
        attempts.succeeded(f"10.0.{number}.1", "somebody")
        attempts.nobody(f"name {number}", NOW)
        attempts.pin_tried("user", f"sign-in {number}")
        attempts.password_tried("user", f"sign-in {number}", NOW)
    counts = (attempts._names, attempts._pins, attempts._passwords)
    sizes = (attempts._storage.storage, attempts._known, *counts)
    assert max(len(kept) for kept in sizes) <= 51
    with pytest.raises(TooManyAttempts):  # the rest count as one
        attempts.check("10.9.9.9", "clinician", NOW)


def test_names_of_nobody_wait_as_long(attempts: Attempts) -> None:
    assert [attempts.nobody("x", NOW) for _ in range(6)] == [0] * 5 + [30]
    assert attempts.nobody("x", NOW + 29_001) == 1
    assert attempts.nobody("x", NOW + 30_000) == 0
    assert attempts.nobody("x", NOW + 30_000) == 60


def test_a_pin_that_could_not_be_tried_does_not_count(attempts: Attempts) -> None:
    for _ in range(5):
        attempts.pin_tried("user", "screen")
        attempts.pin_not_tried("user", "screen")
    assert attempts.pins("user", "screen") == 0


@given(st.integers(0, 10_000), st.integers(0, 2**41))
def test_waits_grow_and_end(failures: int, now: int) -> None:
    seconds = lockout.lock_s(failures)
    assert 0 <= seconds <= 900
    assert (seconds == 0) == (failures < 5)
    assert lockout.lock_s(failures + 1) >= seconds
    until = lockout.locked_until(failures, now)
    assert lockout.wait_s(until, now) == seconds
    assert lockout.wait_s(until, now + seconds * 1_000) == 0
    if until is not None:
        assert lockout.wait_s(until, until - 1) == 1


def test_the_waits_are_those_of_the_protocol() -> None:
    assert [lockout.lock_s(n) for n in range(4, 12)] == [0, 30, 60, 120, 240, 480, 900, 900]
