"""The reader of websocket frames, against the library that everybody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode

from bench.frames import PING, TEXT, BadHandshake, Reader, frame, request

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n"


def sent(payloads: Sequence[bytes], *, deflate: bool) -> bytes:
    extension = PerMessageDeflate(
        remote_no_context_takeover=False,
        local_no_context_takeover=False,
        remote_max_window_bits=15,
        local_max_window_bits=15,
    )
    extensions = [extension] if deflate else []
    return ACCEPTED + b"".join(
        Frame(Opcode.TEXT, payload).serialize(mask=False, extensions=extensions)
        for payload in payloads
    )


@given(
    payloads=st.lists(
        st.binary(max_size=200) | st.integers(0, 70_000).map(lambda size: b"ab" * (size // 2)),
        max_size=6,
    ),
    deflate=st.booleans(),
    piece=st.integers(1, 9) | st.integers(10, 70_000),
)
def test_messages_come_out_whole_however_they_arrive(
    payloads: list[bytes], deflate: bool, piece: int
) -> None:
    stream, reader = sent(payloads, deflate=deflate), Reader()
    got = [
        message
        for at in range(0, len(stream), piece)
        for message in reader.feed(stream[at : at + piece])
    ]
    assert got == [(TEXT, payload) for payload in payloads]


def test_a_ping_may_come_between_the_parts_of_a_message() -> None:
    parts = (
        Frame(Opcode.TEXT, b"one ", fin=False),
        Frame(Opcode.PING, b"?"),
        Frame(Opcode.CONT, b"and two"),
    )
    stream = ACCEPTED + b"".join(part.serialize(mask=False) for part in parts)
    assert Reader().feed(stream) == [(PING, b"?"), (TEXT, b"one and two")]


def test_a_server_that_does_not_take_the_upgrade_is_an_error() -> None:
    with pytest.raises(BadHandshake, match="403"):
        Reader().feed(b"HTTP/1.1 403 Forbidden\r\n\r\n")


@pytest.mark.parametrize("size", [0, 5, 125, 126, 65_535, 65_536])
def test_a_clients_frame_is_masked_with_nothing(size: int) -> None:
    payload = b"x" * size
    expected = bytearray(Frame(Opcode.TEXT, payload).serialize(mask=True))
    made = frame(payload)
    head = len(made) - size - 4
    assert made[:head] == bytes(expected[:head])
    assert made[head:] == b"\0\0\0\0" + payload


def test_only_a_dashboard_that_wants_it_offers_deflate() -> None:
    assert b"permessage-deflate" in request("/api/live", 8000, deflate=True)
    assert b"permessage-deflate" not in request("/api/live", 8000, deflate=False)
