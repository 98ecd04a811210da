"""Signatures in the engine: who signs what, and that the log alone tells who did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.monitoring.commands import SignRecord
from app.monitoring.engine import step
from app.monitoring.errors import AlreadySigned, NotSigned, RoleNeeded, SessionOpen
from app.monitoring.fold import fold
from app.monitoring.in_force import limits_of
from app.monitoring.rebuild import restep, state_of
from app.monitoring.signing import signed_in
from app.monitoring.view import public
from tests.monitoring.test_adopted import other_version
from tests.monitoring.ward import ANNA, CLINICIAN, NURSE, Ward, kinds

if TYPE_CHECKING:
    from app.monitoring.commands import Actor, SignatureKind

HASH = "0f" * 32


def sign(ward: Ward, kind: SignatureKind, by: Actor, *, at: float = 300) -> list[dict[str, object]]:
    covers = ward.state.seq
    command = SignRecord(kind, "verified", covers, HASH, text="Looked at.", id=f"{kind}-{covers}")
    return ward._at(at, command, by)


@pytest.fixture
def ward() -> Ward:
    """A closed session."""
    ward = Ward.infusing()
    ward.types(10, sbp=130, dbp=80)
    ward.phase("transferred", 200)
    return ward


def test_it_tells_what_it_covers_and_moves_nothing_else(ward: Ward) -> None:
    before, seq = public(ward.state), ward.state.seq
    (said,) = sign(ward, "signature", CLINICIAN)
    assert (said["kind"], said["seq"]) == ("record.signed", seq + 1)
    assert said["data"] == {
        "id": f"signature-{seq}",
        "kind": "signature",
        "meaning": "verified",
        "text": "Looked at.",
        "covers": seq,
        "hash": HASH,
    }
    assert public(ward.state) == {**before, "seq": seq + 1} == fold(before, said)
    assert ward.state.next_due_at is None, "a closed session waits for nothing"


def test_an_open_session_is_signed_by_nobody() -> None:
    ward = Ward.infusing()
    before = ward.state
    with pytest.raises(SessionOpen):
        sign(ward, "signature", CLINICIAN)
    assert ward.state is before


def test_a_clinician_signs_once_and_nurses_add_what_is_new(ward: Ward) -> None:
    with pytest.raises(NotSigned):
        sign(ward, "addendum", CLINICIAN)
    for nobody in (NURSE, ANNA):
        with pytest.raises(RoleNeeded):
            sign(ward, "signature", nobody)
    sign(ward, "signature", CLINICIAN)
    with pytest.raises(AlreadySigned):
        sign(ward, "signature", CLINICIAN)
    for by in (NURSE, CLINICIAN):
        assert kinds(sign(ward, "addendum", by)) == ["record.signed"]


def test_what_is_signed_can_be_corrected_and_stays_signed(ward: Ward) -> None:
    (late,) = ward.annotates(210, "late", happened=100)
    sign(ward, "signature", CLINICIAN)
    ward.rewrites(310, late, happened=120)
    ward.voids_annotation(320, "late")
    assert ward.state.signed
    with pytest.raises(AlreadySigned):
        sign(ward, "signature", CLINICIAN, at=330)


def test_the_log_alone_tells_that_it_was_signed(ward: Ward) -> None:
    assert not signed_in(ward.log)
    sign(ward, "signature", CLINICIAN)
    sign(ward, "addendum", NURSE, at=310)
    state, said = restep(ward.log)
    assert (state, state.signed) == (ward.state, True)
    assert [(e.seq, e.kind, e.data) for e in said[-2:]] == [
        (e["seq"], e["kind"], e["data"]) for e in ward.log[-2:]
    ]


def test_a_log_of_another_version_keeps_its_signature() -> None:
    ward = Ward.infusing()
    ward.streams(range(60), spo2=97, hr=80)
    ward.streams(range(60, 90), spo2=84, hr=80)
    ward.phase("transferred", 200)
    sign(ward, "signature", CLINICIAN)
    log = other_version(ward.log, without="alarm.escalated")
    assert len(log) < len(ward.log)
    adopted = state_of(log)
    assert adopted.signed
    command = SignRecord("signature", "reviewed", adopted.seq, HASH, id="again")
    with pytest.raises(AlreadySigned):
        step(adopted, command, limits_of(adopted), adopted.now, CLINICIAN)
