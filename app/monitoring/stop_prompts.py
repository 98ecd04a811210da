"""The infusion should stop: said to people while it runs and a value is beyond a stop line for its
delay. It is a prompt, never an alarm and never a command: it makes no sound, and no pump listens.

A prompt ends when the infusion does not run any more, when the value is back inside, when what
raised it is taken back, or when a person says why the infusion goes on. After that it comes again
only for a value that was back inside in between, or that got worse by a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from app.monitoring.errors import NoSuchPrompt
from app.monitoring.rules.beyond_limit import INSIDE_MS, has_lasted, raise_at
from app.monitoring.state import StopAnswer, StopPrompt
from app.monitoring.stop_lines import STOP_LINES
from app.monitoring.times import iso, parse_iso
from app.monitoring.vitals import VITALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.monitoring.commands import Actor, AnswerStopPrompt
    from app.monitoring.state import Excursion
    from app.monitoring.work import Work

EndedBy = Literal["phase", "inside", "answered", "corrected"]
INFUSING: Final = "infusing"
STOPPABLE: Final = tuple(vital for vital in VITALS if vital in STOP_LINES)


def judge(work: Work, at: int) -> int | None:
    """Brings the prompts in line with what is true at `at`; answers when that may change by
    itself. What is inside for long enough is out of `work.out` already.
    """
    if not (work.out or work.stop_prompts or work.stop_answers):
        return None
    due: list[int] = []
    beyond: dict[str, list[Excursion]] = {}
    lasting: dict[str, list[Excursion]] = {}
    for vital, excursion in _beyond_stop_lines(work):
        beyond.setdefault(vital, []).append(excursion)
        if excursion.inside_since is not None:
            due.append(excursion.inside_since + INSIDE_MS)
        if has_lasted(work, vital, excursion, at):
            lasting.setdefault(vital, []).append(excursion)
        elif excursion.inside_since is None:
            due.append(raise_at(work, vital, excursion))
    for vital in STOPPABLE:
        _end_what_is_over(work, vital, beyond.get(vital, []), at)
        if work.phase == INFUSING and vital not in work.stop_prompts:
            _begin(work, vital, lasting.get(vital, []), at)
    work.stop_ended_by = "inside"
    if work.closed_at is not None:
        return None  # nothing begins in it any more
    return min((moment for moment in due if moment > at), default=None)


def answer(work: Work, command: AnswerStopPrompt, actor: Actor) -> None:
    """A person lets the infusion go on and says why; raises NoSuchPrompt."""
    vital = command.vital
    prompt = work.stop_prompts.get(vital)
    if prompt is None:
        raise NoSuchPrompt("Nothing was changed: no stop prompt stands for this vital sign now.")
    beyond = [e for v, e in _beyond_stop_lines(work) if v == vital and e.line.side == prompt.side]
    seen = [e.sample.values[vital] for e in beyond if _is_beyond(e, vital)]
    worst = min if prompt.side == "low" else max
    value = worst(seen, default=prompt.value)
    work.stop_answers = {**work.stop_answers, vital: StopAnswer(value, prompt.side)}
    _end(work, vital, work.now, "answered", command.reason, actor)


def public_prompt(prompt: StopPrompt) -> dict[str, Any]:
    return {
        "at": iso(prompt.at),
        "value": prompt.value,
        "line": prompt.line,
        "side": prompt.side,
    }


def prompts_in(log: Iterable[Mapping[str, Any]]) -> dict[str, StopPrompt]:
    """The prompts that a log says are standing."""
    standing: dict[str, StopPrompt] = {}
    for logged in log:
        data = logged["data"]
        if logged["kind"] == "stop_prompt.raised":
            at = parse_iso(data["at"])
            standing[data["vital"]] = StopPrompt(at, data["value"], data["line"], data["side"])
        elif logged["kind"] == "stop_prompt.ended":
            standing.pop(data["vital"], None)
    return standing


def _beyond_stop_lines(work: Work) -> Iterator[tuple[str, Excursion]]:
    for key, excursions in work.out.items():
        for excursion in excursions:
            if excursion.line.tier == "stop":
                yield key.split("|", 1)[0], excursion


def _end_what_is_over(work: Work, vital: str, beyond: list[Excursion], at: int) -> None:
    """One that stands does not wait for the delay again, whatever its source waits for now."""
    sides = {excursion.line.side for excursion in beyond}
    seen = work.stop_answers.get(vital)
    if seen is not None and (seen.side not in sides or _is_worse(vital, seen, beyond)):
        work.stop_answers = {v: s for v, s in work.stop_answers.items() if v != vital}
    standing = work.stop_prompts.get(vital)
    if standing is None:
        return
    if work.phase != INFUSING:
        _end(work, vital, at, "phase")
    elif standing.side not in sides:
        _end(work, vital, at, work.stop_ended_by)


def _begin(work: Work, vital: str, lasting: list[Excursion], at: int) -> None:
    seen = work.stop_answers.get(vital)
    wanted = [e for e in lasting if seen is None or e.line.side != seen.side]
    if not wanted:
        return
    newest = max(wanted, key=lambda excursion: (excursion.sample.taken_at, excursion.sample.seq))
    told = newest.sample if _is_beyond(newest, vital) else newest.worst
    line = newest.line
    prompt = StopPrompt(at, told.values[vital], line.value, line.side)
    work.stop_prompts = {**work.stop_prompts, vital: prompt}
    work.record("stop_prompt.raised", at, {"vital": vital, **public_prompt(prompt)})


def _is_worse(vital: str, seen: StopAnswer, beyond: list[Excursion]) -> bool:
    """By the step by which an alarm sounds again, too."""
    step = VITALS[vital].worsening
    for excursion in beyond:
        if excursion.line.side == seen.side and _is_beyond(excursion, vital):
            value = excursion.sample.values[vital]
            further = seen.value - value if seen.side == "low" else value - seen.value
            if further >= step:
                return True
    return False


def _is_beyond(excursion: Excursion, vital: str) -> bool:
    return excursion.line.reached(excursion.sample.values[vital])


def _end(
    work: Work,
    vital: str,
    at: int,
    ended_by: EndedBy,
    reason: str | None = None,
    actor: Actor | None = None,
) -> None:
    work.stop_prompts = {v: p for v, p in work.stop_prompts.items() if v != vital}
    data = {"vital": vital, "ended_by": ended_by, "reason": reason}
    if actor is None:
        work.record("stop_prompt.ended", at, data)
    else:
        work.record("stop_prompt.ended", at, data, actor)
