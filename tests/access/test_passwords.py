"""What is accepted as a password or a PIN, and how it is hashed."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access import passwords
from app.access.passwords import Hashing
from app.errors import Busy
from app.monitoring.errors import InvalidRequest

GOOD = "a lantern under seven rivers"


def code_of(password: str, *about: str) -> str:
    with pytest.raises(InvalidRequest) as refusal:
        passwords.check_password(password, about, field="new_password")
    (error,) = refusal.value.errors
    assert error.loc == ("new_password",)
    assert password not in str(error)
    return error.code


def test_passwords_that_are_short_long_or_easy_are_refused() -> None:
    passwords.check_password(GOOD, ("nurse", "Nora Nurse"))
    passwords.check_password("k3fzp-9wqmt-h2c7x-vrn4d")
    assert code_of("short one") == "password_too_short"
    assert code_of("x" * 129) == "password_too_long"
    for easy in (
        "password1234",
        "qwertyuiopas",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "abcabcabcabc",
    ):
        assert code_of(easy) == "password_too_easy"
    assert code_of("Infusion-Monitor") == "password_too_easy"
    assert code_of("nora.nurse.nora", "nurse", "Nora Nurse") == "password_too_easy"


def test_length_is_of_what_is_seen_however_it_was_typed() -> None:
    typed = "cafe\u0301 au lait, s'il vous plai\u0302t"
    composed = "caf\u00e9 au lait, s'il vous pla\u00eet"
    assert passwords.password_fits(typed, passwords.password_hash(composed))


def test_pins_that_come_to_mind_first_are_refused() -> None:
    for good in ("4806", "135790", "80808018", "2580"):
        passwords.check_pin(good)
    for easy in ("0000", "1234", "9876", "1212", "7890", "11111111", "1122"):
        with pytest.raises(InvalidRequest) as refusal:
            passwords.check_pin(easy)
        assert refusal.value.errors[0].code == "pin_too_easy"
    for wrong in ("123", "123456789", "12a4", "", "\uff11\uff12\uff13\uff14", "48 06", "4806\n"):
        with pytest.raises(InvalidRequest) as refusal:
            passwords.check_pin(wrong)
        assert refusal.value.errors[0].code == "not_a_pin"


def test_hashes_fit_what_they_were_made_of_and_nothing_else() -> None:
    hash = passwords.password_hash(GOOD)
    assert hash.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert passwords.password_fits(GOOD, hash)
    assert not passwords.password_fits(GOOD + " ", hash)
    assert not passwords.password_fits(GOOD, None)
    assert not passwords.password_fits(GOOD, "no hash at all")
    pin = passwords.pin_hash("4806")
    assert passwords.pin_fits("4806", pin)
    assert not passwords.pin_fits("4807", pin)
    assert not passwords.pin_fits("4806", None)


def test_a_hash_of_other_costs_is_replaced_once_the_password_is_known() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert passwords.password_fits(GOOD, old)
    new = passwords.rehashed(GOOD, old)
    assert new is not None
    assert passwords.rehashed(GOOD, new) is None


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_any_text_is_judged_and_none_is_shown(text: str) -> None:
    try:
        passwords.check_password(text)
    except InvalidRequest as refusal:
        (error,) = refusal.errors
        assert error.code.startswith("password_")


async def test_a_crowd_is_told_to_come_again_and_a_pin_does_not_wait_for_it() -> None:
    hashing, held = Hashing(), threading.Event()
    crowd = [asyncio.ensure_future(hashing.of_password(held.wait)) for _ in range(20)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await hashing.of_password(held.wait)
    assert await hashing.of_pin(partial(passwords.pin_fits, "4806", None)) is False
    held.set()
    assert all(await asyncio.gather(*crowd))
    assert await hashing.of_password(lambda: "in") == "in"
    hashing.stop()
