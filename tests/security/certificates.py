"""A certificate of the tests' own for this machine."""

from __future__ import annotations

import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.machine import NO_OPENSSL, find_openssl

if TYPE_CHECKING:
    from pathlib import Path


def certificate(folder: Path) -> tuple[Path, Path]:
    """Certificate and key, as PEM files."""
    openssl = find_openssl()
    if openssl is None:
        pytest.fail(NO_OPENSSL, pytrace=False)
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = [str(openssl), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    files = ["-nodes", "-days", "2", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return cert, key


def trusting(cert: Path) -> ssl.SSLContext:
    """A client that trusts this certificate and no other."""
    return ssl.create_default_context(cafile=cert)
