"""The tables of docs/security.md: who may do what, and what each operation needs."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.access.roles import IDLE_S, ON_A_LOCKED_SCREEN, TABLE, Permission
from app.api.asyncapi import asyncapi
from app.api.needs import NEEDS
from app.main import create_app
from app.settings import Settings

SECURITY = Path(__file__).resolve().parents[2] / "docs" / "security.md"


def roles_table() -> str:
    """A row a permission; who has it, and whether it stays on a locked screen."""
    roles = list(TABLE)
    rows = [f"| permission | {' | '.join(roles)} | locked |", f"|---|{'---|' * (len(roles) + 1)}"]
    for permission in Permission:
        if permission is Permission.PUBLIC:
            continue
        marks = ["x" if permission in TABLE[role] else "" for role in roles]
        locked = "x" if permission in ON_A_LOCKED_SCREEN else ""
        rows.append(f"| `{permission}` | {' | '.join(marks)} | {locked} |")
    locks = [f"{IDLE_S[role] // 60} min" if role in IDLE_S else "never" for role in roles]
    rows.append(f"| locks after | {' | '.join(locks)} | |")
    return "\n".join(rows)


def operations_table() -> str:
    """A row a permission; the operations that need it."""
    needed: dict[str, list[str]] = {}
    for path, methods in _openapi()["paths"].items():
        for method, operation in methods.items():
            if NEEDS in operation:
                needed.setdefault(operation[NEEDS], []).append(f"`{method.upper()} {path}`")
    for name, permission in _messages():
        needed.setdefault(permission, []).append(f"`{name}`")
    rows = ["| permission | operations |", "|---|---|"]
    rows += [
        f"| `{permission}` | {', '.join(sorted(needed[permission]))} |"
        for permission in Permission
        if permission in needed
    ]
    return "\n".join(rows)


def _openapi() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return create_app(Settings(data_dir=Path(folder), database_url="")).openapi()


def _messages() -> list[tuple[str, str]]:
    """What may be said on the sockets, and the permission that it needs."""
    messages = asyncapi("")["components"]["messages"]
    return [(f"{name}", message[NEEDS]) for name, message in messages.items() if NEEDS in message]


def written(text: str) -> str:
    """The document with its tables as the code now has them."""
    for name, table in (("roles", roles_table()), ("operations", operations_table())):
        made = f"<!-- {name} -->\n{table}\n<!-- /{name} -->".replace("\\", r"\\")
        text = re.sub(f"<!-- {name} -->\n.*?<!-- /{name} -->", made, text, flags=re.S)
    return text


if __name__ == "__main__":
    SECURITY.write_text(written(SECURITY.read_text()))
    sys.exit(0)
