"""As much of a websocket's client as a dashboard needs: bytes in, messages out, no I/O."""

from __future__ import annotations

import zlib
from typing import Final

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
FIN: Final = 0x80
DEFLATED: Final = 0x40  # RSV1: the message is compressed (RFC 7692)
MASKED: Final = 0x80
TAIL: Final = b"\x00\x00\xff\xff"  # what the sender has cut off each compressed message
KEY: Final = b"\0\0\0\0"  # masked with nothing: it is allowed, and costs nothing
SHORT: Final = 126
MEDIUM: Final = 1 << 16


class BadHandshake(Exception):
    """The server did not take the upgrade."""


def request(path: str, port: int, *, deflate: bool, token: str = "") -> bytes:
    """Asks for a websocket, as a browser does with `deflate`."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"host: 127.0.0.1:{port}",
        "upgrade: websocket",
        "connection: Upgrade",
        "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
        "sec-websocket-version: 13",
    ]
    if token:
        lines.append(f"authorization: Bearer {token}")
    if deflate:
        lines.append("sec-websocket-extensions: permessage-deflate")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One message from a client."""
    size = len(payload)
    if size < SHORT:
        head = bytes((FIN | opcode, MASKED | size))
    elif size < MEDIUM:
        head = bytes((FIN | opcode, MASKED | SHORT)) + size.to_bytes(2, "big")
    else:
        head = bytes((FIN | opcode, MASKED | SHORT + 1)) + size.to_bytes(8, "big")
    return head + KEY + payload


class Reader:
    """Feed it what arrives; it gives back whole messages as (opcode, payload), inflated.

    The answer to the handshake comes first and is no message. Raises BadHandshake.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._open = False
        self._parts: list[bytes] = []
        self._first = 0
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    @property
    def is_open(self) -> bool:
        return self._open

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        self._buffer += data
        if not self._open and not self._handshake():
            return []
        messages: list[tuple[int, bytes]] = []
        buffer, at, end = self._buffer, 0, len(self._buffer)
        while end - at >= 2:
            first, size, body = buffer[at], buffer[at + 1] & 0x7F, at + 2
            if size >= SHORT:
                width = 2 if size == SHORT else 8
                if end - body < width:
                    break
                size = int.from_bytes(buffer[body : body + width], "big")
                body += width
            if end - body < size:
                break
            at = body + size
            self._take(first, bytes(buffer[body:at]), messages)
        del buffer[:at]
        return messages

    def _handshake(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self._buffer.startswith(b"HTTP/1.1 101"):
            raise BadHandshake(self._buffer[:200].decode(errors="replace"))
        del self._buffer[: end + 4]
        self._open = True
        return True

    def _take(self, first: int, payload: bytes, messages: list[tuple[int, bytes]]) -> None:
        opcode = first & 0x0F
        if opcode >= CLOSE:  # control frames stand alone, also between the parts of a message
            messages.append((opcode, payload))
            return
        if opcode:
            self._first = first
        self._parts.append(payload)
        if first & FIN:
            whole = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
            self._parts.clear()
            if self._first & DEFLATED:
                whole = self._inflate.decompress(whole + TAIL)
            messages.append((self._first & 0x0F, whole))
