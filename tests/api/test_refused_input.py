"""What a device sends and is refused is shown to the clinic, however it was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.api.clinic import Clinic


def told(clinic: Clinic, device: str) -> list[tuple[str, str]]:
    """The notices of this device."""
    items = clinic.client.get("/api/notices", params={"limit": "1000"}).json()["items"]
    return [(notice["kind"], notice["text"]) for notice in items if notice["device"] == device]


def refused_once(device: str) -> list[tuple[str, str]]:
    return [("device_refused", f"{device} was refused once: 422 invalid request")]


def everything_told(clinic: Clinic) -> list[Any]:
    return list(clinic.client.get("/api/notices", params={"limit": "1000"}).json()["items"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"device": "mon-a", "values": {"pulse": 80}},
        {"device": "mon-b", "interval_s": 0, "values": {"hr": 80}},
        {"device": "mon-c", "value": {"hr": 80}},
    ],
    ids=["unknown vital", "impossible interval", "unknown field"],
)
def test_malformed_input_of_a_device_is_told(clinic: Clinic, wrong: dict[str, Any]) -> None:
    session = clinic.session()["id"]
    assert clinic.read(session, **wrong).status_code == 422
    assert told(clinic, wrong["device"]) == refused_once(wrong["device"])


def test_malformed_input_in_a_list_is_told(clinic: Clinic) -> None:
    session = clinic.session()["id"]
    sent = [{"device": "mon-d", "values": {"hr": "80"}}, {"values": {"hr": 80}}]
    answer = clinic.read(session, readings=sent).json()
    assert [item["status"] for item in answer["items"]] == [422, 201]
    assert told(clinic, "mon-d") == refused_once("mon-d")


def test_what_a_person_mistyped_is_told_to_that_person_alone(clinic: Clinic) -> None:
    before = everything_told(clinic)
    assert clinic.read(clinic.session()["id"], values={"hr": 8000}).status_code == 422
    assert everything_told(clinic) == before


def test_a_probe_that_is_off_is_told_at_its_vital_and_not_to_the_clinic(clinic: Clinic) -> None:
    session = clinic.session()["id"]
    answer = clinic.read(session, device="mon-e", values={"spo2": 0, "hr": 0})
    assert answer.status_code == 422
    assert told(clinic, "mon-e") == []


@pytest.mark.parametrize("device", [{"a": 1}, ["x"], "", "x" * 65, 7, None, "bad\u0000name"])
def test_a_device_that_has_no_name_is_no_notice(clinic: Clinic, device: Any) -> None:
    before = everything_told(clinic)
    sent = [{"device": device, "values": {"hr": "80"}}]
    assert clinic.read(clinic.session()["id"], readings=sent).status_code == 200
    assert everything_told(clinic) == before
