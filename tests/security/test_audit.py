"""Known holes are told of; without a network that is said, and is no failure."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

from tests.support.audit import Found, of_npm, of_python, told
from tests.support.server import REPO, program_env

NOBODY: Final = "http://127.0.0.1:9"  # the port of discard, where nothing listens


def test_holes_are_named_and_fail() -> None:
    package = {"name": "leaky", "version": "1.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}
    found = of_python(1, json.dumps({"dependencies": [package]}), "Found 2 holes")
    assert found == Found(["leaky 1.0: PYSEC-1", "leaky 1.0: PYSEC-2"])
    sentence, status = told("Python packages", found)
    assert status == 1
    assert "PYSEC-2" in sentence
    vulnerable = {"vulnerabilities": {"leaky": {"severity": "high"}}}
    assert of_npm(1, json.dumps(vulnerable), "") == Found(["leaky: high"])


def test_none_is_none() -> None:
    clean = {"dependencies": [{"name": "tight", "version": "1.0", "vulns": []}]}
    assert told("Packages", of_python(0, json.dumps(clean), "")) == ("Packages: no known holes.", 0)
    assert of_npm(0, '{"vulnerabilities": {}}', "") == Found([])


def test_what_else_goes_wrong_is_not_passed_over() -> None:
    for found in (of_python(1, "", "usage: pip-audit"), of_npm(1, "", "command not found")):
        assert told("Packages", found)[1] == 2


def test_without_a_network_it_says_so_and_does_not_fail() -> None:
    cut_off = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "http_proxy"), NOBODY)
    cut_off |= {"npm_config_registry": f"{NOBODY}/", "PIP_RETRIES": "0"}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.audit"],
        cwd=REPO, env=program_env(REPO, env=cut_off), capture_output=True, text=True, timeout=110,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.splitlines() == [
        "Python packages: not looked at, for the package service cannot be reached from here.",
        "Frontend packages: not looked at, for the package service cannot be reached from here.",
    ]
