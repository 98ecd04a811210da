"""A signature in the record says if it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.api.schemas.record import RecordOut
from tests.access.conftest import ward
from tests.access.test_signing_records import AsNurse, adding, signing
from tests.api.clinic import conforms, refused

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
    changed_by_hand(ward)
    [signed] = signatures(doctor, session)
    assert signed["holds"] is False
    record = doctor.get(f"/api/sessions/{session}/record").json()
    assert record["broken"] == 2
    earlier = doctor.get(f"/api/sessions/{session}/record?until=1").json()
    assert earlier["broken"] is None, "what it tells of is as it was written"
    refused(adding(doctor, session, "clinician"), 409, "record_broken")


def test_an_export_looks_also_where_nobody_has_signed(ward: Ward) -> None:
    doctor, session = ward.browser("clinician"), AsNurse(ward).closed()
    page = f"/api/sessions/{session}/report.html"
    assert "CHANGED OUTSIDE" not in doctor.get(page).text
    assert doctor.get(f"/api/sessions/{session}/signatures").json()["broken"] is None
    changed_by_hand(ward)
    assert "CHANGED OUTSIDE THE PROGRAM, FROM EVENT 2 ON" in doctor.get(page).text
    assert doctor.get(f"/api/sessions/{session}/signatures").json()["broken"] == 2


def test_over_a_signature_that_was_taken_out_nothing_is_signed(ward: Ward) -> None:
    """All after it, and the row of the session, made to look as they were before."""
    doctor, session = ward.browser("clinician"), AsNurse(ward).closed()
    before = ward.rows("SELECT seq, head FROM infusion_session WHERE id = :id", id=session)[0]
    seq = signing(doctor, session).json()["seq"]
    ward.rows("DROP TRIGGER event_no_delete")
    ward.rows(
        "DELETE FROM event WHERE seq = :seq AND session_key ="
        " (SELECT key FROM infusion_session WHERE id = :id)",
        seq=seq,
        id=session,
    )
    ward.rows(
        "UPDATE infusion_session SET seq = :seq, head = :head, signed_seq = NULL WHERE id = :id",
        seq=before[0],
        head=before[1],
        id=session,
    )
    assert doctor.get(f"/api/sessions/{session}/signatures").json()["broken"] == seq
    assert f"FROM EVENT {seq} ON" in doctor.get(f"/api/sessions/{session}/report.html").text
    refused(signing(doctor, session), 409, "record_broken")


def changed_by_hand(ward: Ward) -> None:
    ward.rows("DROP TRIGGER event_no_update")
    ward.rows("UPDATE event SET at = at + 1 WHERE seq = 2")
