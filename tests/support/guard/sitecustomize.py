"""The tests reach nothing but this machine: any other connection or name is refused, loudly.

Imported by the tests and, as `sitecustomize` on PYTHONPATH, by every Python process they start.
"""

from __future__ import annotations

import ipaddress
import sys

LOCAL_NAMES = {"", "localhost", "ip6-localhost"}


class OutgoingConnectionRefused(RuntimeError):
    """A test, or a program it started, tried to leave this machine."""


def is_local(host: object) -> bool:
    """Whether `host`, a name or an address as the socket module takes it, is this machine."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if host is None or (isinstance(host, str) and host in LOCAL_NAMES):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = args[1]
        if isinstance(address, tuple) and address and not is_local(address[0]):
            raise OutgoingConnectionRefused(f"{event} to {address[0]}:{address[1]}")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and not is_local(args[0]):
        raise OutgoingConnectionRefused(f"{event} of {args[0]!r}")


sys.addaudithook(_watch)
