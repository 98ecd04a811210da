import pytest

from app.feed.messages import (
    NotAMessage,
    Shown,
    Status,
    UnwatchBoard,
    UnwatchSession,
    WatchBoard,
    WatchSession,
    parse,
)
from tests.feed.fakes import OTHER, WARD


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"op":"watch","board":true}', WatchBoard),
        (f'{{"op":"watch","session":"{WARD}"}}', WatchSession),
        (f'{{"op":"watch","session":"{WARD}","after":3,"epoch":"e"}}', WatchSession),
        ('{"op":"unwatch","board":true}', UnwatchBoard),
        (f'{{"op":"unwatch","session":"{WARD}"}}', UnwatchSession),
        ('{"op":"status","sound":"quiet"}', Status),
        (f'{{"op":"shown","session":"{WARD}","alarm":"{OTHER}","rev":2}}', Shown),
    ],
)
def test_every_message_of_the_protocol_is_understood(text: str, kind: type) -> None:
    assert isinstance(parse(text), kind)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "NaN",
        '{"op":"watch"}',
        '{"op":"watch","board":false}',
        '{"op":"watch","board":true,"session":"x"}',
        '{"op":"watch","session":"room 3"}',
        f'{{"op":"watch","session":"{WARD}","after":"3"}}',
        f'{{"op":"watch","session":"{WARD}","after":-1}}',
        f'{{"op":"watch","session":"{WARD}","after":1.5}}',
        f'{{"op":"watch","session":"{WARD}","after":99999999999999999999999}}',
        '{"op":"status","sound":"loud"}',
        '{"op":"acknowledge"}',
        f'{{"op":"shown","session":"{WARD}","rev":2}}',
        f'{{"op":"shown","session":"{WARD}","alarm":"{OTHER}","rev":0}}',
        f'{{"op":"shown","session":"{WARD}","alarm":"{OTHER}","rev":true}}',
        f'{{"op":"shown","session":"{WARD}","alarm":"high","rev":1}}',
        "[" * 10_000,
    ],
)
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(NotAMessage):
        parse(text)
