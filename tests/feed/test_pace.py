"""When what was committed goes out; time goes on only when told."""

from dataclasses import dataclass, field

import pytest

from app.feed.pace import MAX_REST_S, REST, Pace
from tests.feed.fakes import StillLoop


@dataclass
class Sending:
    loop: StillLoop = field(default_factory=StillLoop)
    sent: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(self._go, self.loop, self.loop.time)

    def _go(self) -> None:
        self.sent.append(round(self.loop.now, 6))

    def ask(self, *, urgent: bool = False) -> None:
        self.pace.ask(urgent=urgent)


@pytest.fixture
def sending() -> Sending:
    return Sending()


def test_while_the_loop_keeps_up_all_goes_out_at_once(sending: Sending) -> None:
    for _ in range(3):
        sending.ask()
        sending.loop.turn()
    assert sending.sent == [0, 0, 0]


def test_what_comes_in_the_same_turn_goes_out_together_in_the_next(sending: Sending) -> None:
    for _ in range(3):
        sending.ask(urgent=True)
    assert len(sending.sent) == 1
    sending.loop.turn()
    assert len(sending.sent) == 2
    sending.loop.turn()
    assert len(sending.sent) == 2


def test_at_most_a_quarter_of_the_loop_goes_into_sending(sending: Sending) -> None:
    sending.ask()
    sending.loop.turn(took=0.004)
    sending.ask()
    sending.loop.wait(REST * 0.004 - 0.001)
    sending.ask()
    assert sending.sent == [0]
    sending.loop.wait(0.001)
    assert sending.sent == [0, 0.016]
    assert sending.loop.timers == 0


def test_nothing_is_joined_for_longer_than_an_eye_notices(sending: Sending) -> None:
    sending.ask()
    sending.loop.turn(took=10)
    sending.ask()
    sending.loop.wait(MAX_REST_S)
    assert sending.sent == [0, 10 + MAX_REST_S]


def test_an_alarm_does_not_wait_for_what_is_joined_and_takes_it_along(sending: Sending) -> None:
    sending.ask()
    sending.loop.turn(took=0.004)
    sending.ask()
    sending.loop.wait(0.005)
    sending.ask(urgent=True)
    assert sending.sent == [0, 0.009]
    assert sending.loop.timers == 0
    sending.loop.turn(took=0.004)
    sending.loop.wait(1)
    assert len(sending.sent) == 2


def test_alarms_leave_half_of_the_loop_for_what_comes_in(sending: Sending) -> None:
    sending.ask(urgent=True)
    sending.loop.turn(took=0.004)
    sending.ask(urgent=True)
    sending.ask(urgent=True)
    sending.loop.wait(0.004)
    assert sending.sent == [0, 0.008]


def test_what_was_asked_goes_out_though_sending_failed_before() -> None:
    loop, failed = StillLoop(), list[float]()

    def fail() -> None:
        failed.append(loop.now)
        raise ZeroDivisionError

    pace = Pace(fail, loop, loop.time)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            pace.ask(urgent=False)
        loop.turn()
    assert len(failed) == 2


def test_after_it_was_stopped_nothing_goes_out(sending: Sending) -> None:
    sending.ask()
    sending.loop.turn(took=0.004)
    sending.ask()
    sending.pace.stop()
    sending.loop.wait(1)
    assert sending.sent == [0]
