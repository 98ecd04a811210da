"""Signatures: a person stands by the record as it is; what is said of it later are addenda, each
with a signature of its own.

Nothing is judged by them, and none takes anything out: after a signature a record can be corrected
as before, and is then no longer the one that was signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.monitoring.errors import AlreadySigned, NotSigned, RoleNeeded, SessionOpen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.monitoring.commands import Actor, SignRecord
    from app.monitoring.work import Work

SIGNED: Final = "record.signed"


def sign(work: Work, command: SignRecord, actor: Actor) -> None:
    """Raises SessionOpen, RoleNeeded, AlreadySigned or NotSigned with nothing done."""
    if command.id is None:
        raise ValueError("a signature is named before it is recorded")
    if work.closed_at is None:
        raise SessionOpen("Nothing was signed: this session goes on. Close it first.")
    if command.kind == "signature":
        if actor.role != "clinician":
            raise RoleNeeded("Nothing was signed: a clinician signs the record.")
        if work.signed:
            raise AlreadySigned(
                "Nothing was signed: this record has its signature. Say what is new in an addendum."
            )
    elif not work.signed:
        raise NotSigned("Nothing was signed: an addendum follows the signature of a clinician.")
    data = {
        "id": command.id,
        "kind": command.kind,
        "meaning": command.meaning,
        "text": command.text,
        "covers": command.covers,
        "hash": command.hash,
    }
    work.record(SIGNED, work.now, data, actor)
    work.signed = True


def signed_in(log: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a log tells of a signature."""
    return any(logged["kind"] == SIGNED for logged in log)
