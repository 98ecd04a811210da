"""The TypeScript types of the API, generated from the OpenAPI document: frontend/src/api.d.ts."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import orjson

from app.main import create_app
from app.settings import Settings
from hatch_build import install, npm

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
CHECKED_IN = FRONTEND / "src" / "api.d.ts"


def generate(target: Path) -> None:
    """Write the types of the API as the code now has it."""
    document = create_app(Settings()).openapi()
    install(FRONTEND)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "openapi.json"
        source.write_bytes(orjson.dumps(document, option=orjson.OPT_SORT_KEYS))
        npm(
            FRONTEND, "exec", "--silent", "--", "openapi-typescript", str(source), "-o", str(target)
        )


if __name__ == "__main__":
    generate(CHECKED_IN)
    sys.exit(0)
