"""Where the server may listen, and with what: nobody's password or patient crosses a network in
clear.
"""

from __future__ import annotations

import resource
import ssl
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog
from uvicorn.loops.auto import auto_loop_factory

from app.settings import is_loopback

if TYPE_CHECKING:
    import asyncio

    from app.settings import Settings

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secrecy and authenticated encryption only. TLS 1.3 has no others."""
OTHER_FILES: Final = 256  # that a process has open beside its connections: database, logs, pipes
FILES: Final = 65_536  # asked of the system: room for what has not yet shown that it speaks TLS
HANDSHAKE_S: Final = 10.0  # for TLS to be agreed on; a bad network takes one
CLOSING_S: Final = 5.0  # for a client to say goodbye

log = structlog.get_logger(__name__)


class CannotServe(Exception):
    """The settings do not let the server start; the message says what to do."""


class NotLoopback(CannotServe):
    """Beyond this machine only what is encrypted."""


class TlsUnusable(CannotServe):
    """The certificate or its key cannot be used."""


def refuse_beyond_loopback(settings: Settings) -> None:
    """Raises NotLoopback."""
    if is_loopback(settings.host) or settings.tls:
        return
    if not settings.behind_proxy:
        raise NotLoopback(
            f"Without TLS the server listens on loopback only, not on {settings.host}. Give it a"
            " certificate (serve --tls-cert FILE --tls-key FILE), or, if a proxy that ends TLS"
            " stands in front, set INFUSION_BEHIND_PROXY=true and FORWARDED_ALLOW_IPS to the"
            " proxy's address."
        )
    if "forwarded_allow_ips" not in settings.model_fields_set:
        raise NotLoopback(
            "INFUSION_BEHIND_PROXY is set, but not FORWARDED_ALLOW_IPS: set it to the address from"
            " which the proxy connects, so that the server believes it who the clients are and that"
            " they came by TLS."
        )


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """None without TLS; raises TlsUnusable."""
    if settings.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.set_ciphers(CIPHERS)
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key, password="")
    except ssl.SSLError:
        raise TlsUnusable(
            f"{settings.tls_cert} and {settings.tls_key} are not a certificate and its key: both"
            " must be PEM, belong together, and the key have no password. Nothing was changed."
        ) from None
    except OSError as error:
        raise TlsUnusable(
            f"{error.filename or settings.tls_cert} cannot be read ({error.strerror}): see"
            " INFUSION_TLS_CERT and INFUSION_TLS_KEY. Nothing was changed."
        ) from None
    return context


def connections(settings: Settings, reserve: int) -> int:
    """How many may be open at once: as set, or as many as the system lets this process have; what
    it lets a process ask for is asked for.
    """
    most = settings.max_connections
    needed = most + reserve + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    asked = max(needed, FILES)
    if soft != resource.RLIM_INFINITY and soft < asked:
        soft = asked if hard == resource.RLIM_INFINITY else min(asked, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft < needed:
            most = max(1, soft - reserve - OTHER_FILES)
            log.warning("fewer_connections", count=most, reason="limit of open files")
    return most


def tls_loop() -> asyncio.AbstractEventLoop:
    """An event loop whose servers do not wait a minute for somebody who never begins with TLS, as
    asyncio does; uvicorn has no setting for it.
    """
    loop = auto_loop_factory()()
    listen = partial(
        loop.create_server, ssl_handshake_timeout=HANDSHAKE_S, ssl_shutdown_timeout=CLOSING_S
    )
    loop.create_server = listen  # type: ignore[method-assign]  # an overload less
    return loop
