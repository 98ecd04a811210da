"""One spelling for everything stored: canonical JSON, digests, states and the texts that frames are
built from.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
import orjson

from app.monitoring.rebuild import gone_on, state_of
from app.monitoring.state import ENGINE_VERSION, State
from app.monitoring.times import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.monitoring.commands import Actor

log = logging.getLogger(__name__)

_iso = lru_cache(maxsize=1_024)(iso)  # the events of one batch share their moments

DIGEST_BYTES: Final = 16  # collisions are no attack here, only a client's slip


def canonical(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no spaces; numbers as orjson spells them."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(value: Any) -> bytes:
    """Tells whether two submissions under one id have the same normalised content."""
    return hashlib.blake2b(canonical(value), digest_size=DIGEST_BYTES).digest()


@lru_cache(maxsize=1_024)  # as many people and devices as write at once
def actor_text(actor: Actor) -> str:
    return canonical(asdict(actor)).decode()


def event_text(
    session_id: str, seq: int, kind: str, at: int, recorded_at: int, actor: str, data: str
) -> bytes:
    """The event as it goes to screens and scripts, from the stored columns."""
    return (
        f'{{"session_id":"{session_id}","seq":{seq},"kind":"{kind}","at":"{_iso(at)}",'
        f'"recorded_at":"{_iso(recorded_at)}","actor":{actor},"data":{data}}}'
    ).encode()


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(State)


def encode_state(state: State) -> bytes:
    return _encoder.encode(state)


def decode_state(data: bytes) -> State:
    """The state that `encode_state` was given; raises msgspec.MsgspecError if it is of
    another shape.
    """
    return _decoder.decode(data)


def usable_state(stored: Sequence[Any] | None, seq: int) -> State | None:
    """The state of a stored (seq, version, data), if this engine made it after event `seq` and it
    is whole.

    None: it must be made from the log.
    """
    if stored is None or stored[:2] != (seq, ENGINE_VERSION):
        return None
    try:
        state = decode_state(bytes(stored[2]))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        log.warning("a stored state is damaged; it is made again from the log")
        return None
    return state if state.seq == seq else None


def state_at(
    stored: Sequence[Any] | None, seq: int, log_after: Callable[[int], Iterable[bytes]]
) -> tuple[State, int | None]:
    """The state after event `seq`, and the seq of the stored one if it was of use.

    That one is of use if this engine made it and only readings came since: they are stepped again.
    Else the whole log is.
    """
    state = usable_state(stored, seq if stored is None else stored[0])
    if state is not None and state.seq == seq:
        return state, seq
    if state is not None and state.seq < seq:
        after = gone_on(state, map(orjson.loads, log_after(state.seq)))
        if after is not None and after.seq == seq:
            return after, state.seq
    return rebuilt_state(log_after(0)), None


def rebuilt_state(log: Iterable[bytes]) -> State:
    """The state that the texts of a whole log make."""
    return state_of(orjson.loads(text) for text in log)


def number(value: float) -> float:
    """82.0 and 82 are the same number and are stored as 82."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
