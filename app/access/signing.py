"""Everything that signing in is made of, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.access.attempts import Attempts
from app.access.own_account import OwnAccount
from app.access.passwords import Hashing
from app.access.proofs import Proofs
from app.access.screens import Screens
from app.access.sign_ins import SignIns

if TYPE_CHECKING:
    from app.access.access import Access
    from app.access.log import AccessLog
    from app.models.store import Store


@dataclass(frozen=True, slots=True)
class Signing:
    """Of one process; `stop` ends its threads."""

    demo: bool
    sign_ins: SignIns
    screens: Screens
    own_account: OwnAccount
    attempts: Attempts
    hashing: Hashing

    def stop(self) -> None:
        self.hashing.stop()
        self.attempts.stop()


def signing(
    store: Store, access: Access, log: AccessLog, *, demo: bool = False, training: bool = False
) -> Signing:
    attempts, hashing = Attempts(), Hashing()
    proofs = Proofs(store, access, log, attempts, hashing)
    return Signing(
        demo,
        SignIns(store, access, proofs, attempts, demo=demo),
        Screens(store, access, log, proofs, demo=demo, training=training),
        OwnAccount(store, access, proofs, hashing),
        attempts,
        hashing,
    )
