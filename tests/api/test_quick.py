"""The short way reads as the models do: whatever it takes, they take, and read in the same way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.api import quick
from app.api.schemas.readings import (
    LIST_MAX,
    ReadingForIn,
    ReadingForListIn,
    ReadingIn,
    ReadingListIn,
)
from app.monitoring.commands import ReadingFor, RecordReading
from app.monitoring.vitals import VITALS

MANY = settings(max_examples=500)
SESSION = "01930000-0000-7000-8000-000000000001"
UUIDS: list[Any] = [
    SESSION, SESSION.upper(), SESSION.replace("-", ""), f"{{{SESSION}}}", f"urn:uuid:{SESSION}",
    f" {SESSION}", f"{SESSION}\n", SESSION[:-1], SESSION + "0", "0" * 31 + "g", "", None, 0, True,
    [], {}, "\u0661" * 32, SESSION.replace("0", "\u0660"),
]  # fmt: skip
TIMES: list[Any] = [
    "2026-11-22T10:15:00Z", "2026-11-22T10:15:00.000Z", "2026-11-22T10:15:00.123456789Z",
    "2026-11-22T11:15:00+01:00", "2026-11-22T11:15:00+0100", "2026-11-22T04:45:00-05:30",
    "2026-11-22T10:15Z", "2026-11-22T10:15:00", "2026-11-22 10:15:00Z", "2026-11-22T10:15:60Z",
    "2016-12-31T23:59:60Z", "2026-02-29T10:15:00Z", "2026-11-22T24:00:00Z", "2026-11-22t10:15:00z",
    "2026-11-22T10:15:00+25:00", "2026-11-22T10:15:00.1234567891Z", "1899-11-22T10:15:00Z",
    "2026-11-22T10:15:00Z ", "2026-11-22T10:15:00Z\n", "2026-11-22", "", "now", 1_795_342_500, None,
    True, [], {}, "2026-11-22T10:15:00-00:00", "2026-13-22T10:15:00Z",
]  # fmt: skip
TEXTS: list[Any] = [
    "mon-01", " mon-01 ", "mon 01", "", "   ", "x" * 64, "x" * 65, "x" * 200, "x" * 201, "m\u00fc",
    "\U0001f4a7" * 64, "a\nb", "\nmon", "mon\u0000", "a\u0085b", "\u0085mon", "\u200bmon", "\ufeff",
    "a\u2028b", "\u00a0mon\u00a0", "a\u00adb", "\ue000", "manual", None, 7, True, [], {}, "\x7f",
]  # fmt: skip
NUMBERS: list[Any] = [
    80, 80.0, 80.5, 0, -0.0, -1, 1e9, -1e9, 1e9 + 1, 1_000_000_001, 2**53 + 1, 2**63, 2**64, 1e300,
    5e-324, True, False, "80", None, [80], {"value": 80}, 86_400, 86_400.5, 8388607, -999,
]  # fmt: skip
FLAGS: list[Any] = [True, False, 0, 1, "true", None, [], {}]
SOURCES: list[Any] = ["manual", "device", "Manual", "", None, 0, ["manual"], {}, False]
WEAK: list[Any] = [
    [], ["hr"], ["spo2", "hr", "hr"], ["pulse"], [None], [1], [[]], "hr", ("hr"), None, {}, True,
    list(VITALS), [*VITALS, "hr"], ["HR"], [{}],
]  # fmt: skip
VALUES: list[Any] = [
    {}, {"hr": 80}, {"spo2": 97, "hr": 80}, dict.fromkeys(sorted(VITALS), 5),
    {"pulse": 80},
    {"HR": 80}, {"": 80}, [], None, 80, "hr", {"hr": {}}, {"hr": 80, "values": {}},
]  # fmt: skip

FIELDS: dict[str, list[Any]] = {
    "id": UUIDS,
    "taken_at": TIMES,
    "source": SOURCES,
    "device": TEXTS,
    "interval_s": NUMBERS,
    "sent_at": TIMES,
    "confirmed": FLAGS,
    "weak": WEAK,
    "cuff_inflating": FLAGS,
    "session_id": UUIDS,
    "station": TEXTS,
    "unknown": [None, 1],
    "readings": [[]],
}


def of(pool: list[Any], good: int) -> st.SearchStrategy[Any]:
    """Half of the time one of the first, which are good, so that whole readings are good too."""
    return st.one_of(st.sampled_from(pool[:good]), st.sampled_from(pool))


VALUE = st.one_of(
    st.sampled_from(VALUES),
    st.dictionaries(st.sampled_from(list(VITALS)), of(NUMBERS, 3), max_size=5),
    st.dictionaries(st.sampled_from([*VITALS, "pulse", ""]), of(NUMBERS, 3), max_size=5),
)
PLAIN = {name: pool for name, pool in FIELDS.items() if name not in ("unknown", "readings")}
READING = st.one_of(
    st.fixed_dictionaries(
        {"values": VALUE}, optional={name: of(pool, 1) for name, pool in PLAIN.items()}
    ),
    st.dictionaries(
        st.sampled_from([*FIELDS, "values"]), st.one_of(*map(st.sampled_from, FIELDS.values()))
    ),
    st.sampled_from([None, [], "x", 1, {}]),
)
LIST = st.one_of(
    st.fixed_dictionaries(
        {"readings": st.lists(READING, max_size=3)}, optional={"sent_at": of(TIMES, 7)}
    ),
    st.dictionaries(st.sampled_from(["readings", "sent_at", "values", "n"]), READING),
    READING,
)


def spelled(reading: RecordReading | None) -> str | None:
    """All of it, with the kind of each number and the order of the values."""
    return None if reading is None else repr(reading)


def by_model(content: Any) -> RecordReading | None:
    try:
        return ReadingIn.model_validate(content).to_command()
    except ValidationError:
        return None


def list_by_model(content: Any) -> list[ReadingFor] | None:
    try:
        sent = ReadingListIn.model_validate(content)
        models = [ReadingIn.model_validate(one) for one in sent.readings]
    except ValidationError:
        return None
    return [ReadingFor(one.to_command(sent.sent_at), SESSION) for one in models]


def list_for_by_model(content: Any) -> list[ReadingFor] | None:
    try:
        sent = ReadingForListIn.model_validate(content)
        models = [ReadingForIn.model_validate(one) for one in sent.readings]
    except ValidationError:
        return None
    return [one.to_item(sent.sent_at) for one in models]


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_is_read_as_the_model_reads_it(field: str) -> None:
    for value in FIELDS[field]:
        content = {"values": {"hr": 80}, "device": "mon-01", "source": "device", field: value}
        if field not in ("station", "session_id"):
            assert spelled(quick.single(content)) == spelled(by_model(content)), value
        assert repr(quick.many_for({"readings": [content]})) == repr(
            list_for_by_model({"readings": [content]})
        ), value


def test_each_value_is_read_as_the_model_reads_it() -> None:
    for values in (*VALUES, *({"hr": number} for number in NUMBERS)):
        content = {"values": values}
        assert spelled(quick.single(content)) == spelled(by_model(content)), values


@MANY
@given(READING)
def test_a_reading_is_read_as_the_model_reads_it(content: Any) -> None:
    assert spelled(quick.single(content)) == spelled(by_model(content))


@MANY
@given(LIST)
def test_a_list_is_read_as_the_models_read_it(content: Any) -> None:
    assert repr(quick.many(content, SESSION)) == repr(list_by_model(content))
    assert repr(quick.many_for(content)) == repr(list_for_by_model(content))


def test_a_reading_has_one_place() -> None:
    for place in ({"session_id": SESSION, "station": "Room 1"}, {"station": "Room 1"},
                  {"session_id": SESSION}, {"device": "mon-01"}, {}):  # fmt: skip
        content = {"readings": [{"values": {"hr": 80}, **place}]}
        assert repr(quick.many_for(content)) == repr(list_for_by_model(content)), place


def test_a_list_is_bounded() -> None:
    one = {"values": {"hr": 80}, "station": "Room 1"}
    assert quick.many_for({"readings": [one] * LIST_MAX}) is not None
    assert quick.many_for({"readings": [one] * (LIST_MAX + 1)}) is None
