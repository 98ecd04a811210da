"""Signatures under a session's record."""

from typing import TYPE_CHECKING

from app.api.schemas.auth import Typed
from app.api.schemas.common import ActorOut, Time
from app.api.schemas.kinds import SEQ_MAX, Answer, Ask, Uuid, text_up_to, whole_number
from app.monitoring.commands import Meaning, SignatureKind
from app.services.signatures import Asked

TEXT_MAX = 2_000  # characters: a page; what is longer belongs into the chart

if TYPE_CHECKING:
    Words = str
    Seq = int
else:
    Words = text_up_to(TEXT_MAX, lines=True)
    Seq = whole_number(1, SEQ_MAX)


class _SignedIn(Ask):
    """`seq` is the last event that the person saw: if another is the last now, nothing is
    signed.
    """

    password: Typed
    seq: Seq | None = None
    id: Uuid | None = None


class SignIn(_SignedIn):
    """The signature of a clinician, one for each record; what it means is said."""

    meaning: Meaning
    text: Words | None = None

    def to_asked(self) -> Asked:
        return Asked("signature", self.meaning, self.text, self.seq, self.id)


class AddendumIn(_SignedIn):
    """What is to be said of a record that was signed before."""

    text: Words
    meaning: Meaning = "reviewed"

    def to_asked(self) -> Asked:
        return Asked("addendum", self.meaning, self.text, self.seq, self.id)


class SignatureOut(Answer):
    """`covers` and `hash`: the last event before it, and that event's place in the hash chain.
    `holds`: the log is still as it was signed, up to there. `gone`: the log no longer has it, and
    only the access log tells of it.
    """

    session_id: str
    seq: int
    id: str
    kind: SignatureKind
    at: Time
    by: ActorOut
    meaning: Meaning
    text: str | None
    covers: int
    hash: str
    holds: bool
    gone: bool = False


class SignatureList(Answer):
    """`unsigned_since`: since when there is something that nobody has signed, null where there is
    nothing; `due`: it should be signed now. `broken`: the first event that is not as it was
    written, null where all are; while there is one nothing can be signed.
    """

    items: list[SignatureOut]
    unsigned_since: Time | None
    changed_since_signed: int
    due: bool
    broken: int | None
