"""A signature in the record says if it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.api.schemas.record import RecordOut
from tests.access.conftest import ward
from tests.access.test_signing_records import AsNurse, signing
from tests.api.clinic import conforms

if TYPE_CHECKING:
    from tests.access.browsers import Browser, Ward

__all__ = ["ward"]


def signatures(browser: Browser, session: str) -> list[dict[str, Any]]:
    record = conforms(RecordOut, browser.get(f"/api/sessions/{session}/record"))
    return list(record["signatures"])


def test_it_holds_until_what_it_covers_is_touched(ward: Ward) -> None:
    doctor, session = ward.browser("clinician"), AsNurse(ward).closed()
    assert signatures(doctor, session) == []
    made = signing(doctor, session)
    assert made.status_code == 201, made.text
    [signed] = signatures(doctor, session)
    assert signed["holds"] is True
    assert (signed["hash"], signed["covers"]) == (made.json()["hash"], signed["seq"] - 1)
    assert (signed["meaning"], signed["at"]) == ("verified", made.json()["at"])
    ward.rows("DROP TRIGGER event_no_update")
    ward.rows("UPDATE event SET at = at + 1 WHERE seq = 2")
    [signed] = signatures(doctor, session)
    assert signed["holds"] is False
