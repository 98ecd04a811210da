"""What the documents say is what the code does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from app.api.schemas.events import EventOut
from app.monitoring.rules import ABOUT, RULES
from tests.support import access_tables
from tests.support.doc_tables import ALARMS, written

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ALARMS.parent
ROOT = DOCS.parent


def test_tables_of_the_alarm_document_are_the_codes() -> None:
    assert written(ALARMS.read_text()) == ALARMS.read_text(), "run `make docs`"


def test_tables_of_the_security_document_are_the_codes() -> None:
    text = access_tables.SECURITY.read_text()
    assert "<!-- roles -->" in text
    assert access_tables.written(text) == text, "run `make docs`"


def test_every_rule_has_its_row() -> None:
    text = ALARMS.read_text()
    assert len(ABOUT) == len(RULES)
    for about in ABOUT:
        assert f"| `{about.condition}` |" in text


def test_every_event_kind_is_in_the_protocol() -> None:
    text = (DOCS / "protocol.md").read_text()
    union, _ = get_args(EventOut)
    for model in get_args(union):
        (kind,) = get_args(model.model_fields["kind"].annotation)
        assert f"`{kind}`" in text


@pytest.mark.parametrize(
    "page", [*sorted(DOCS.glob("*.md")), ROOT / "README.md"], ids=lambda p: p.name
)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target
