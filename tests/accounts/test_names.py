"""Names: which are the same, and which are none."""

from __future__ import annotations

import pytest

from app.access.names import display_name, folded, user_name
from app.monitoring.errors import InvalidRequest


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna", "ANNA"), ("straße", "STRASSE"), ("ﬁona", "FIONA"), ("a  b", "A\u00a0B"), ("é", "É")],
)
def test_case_width_and_ligatures_do_not_count(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    assert folded(folded(one)) == folded(one)


def test_accents_count() -> None:
    assert folded("Zoë") != folded("Zoe")


@pytest.mark.parametrize("name", ["", " \t", "a\tb", "a\x7f", "\ud800", "a\u2028b", "a\u200db"])
def test_no_name_breaks_what_shows_it(name: str) -> None:
    with pytest.raises(InvalidRequest):
        user_name(name)


def test_what_joins_letters_may_be_in_a_display_name() -> None:
    name = "\u0645\u06cc\u200c\u062e\u0648"  # Persian, with what keeps two letters apart
    assert display_name(name) == name
