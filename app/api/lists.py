"""Lists whose items stand alone: each is checked by itself, and answered in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from app.api.problems import domain_problem, invalid_problem
from app.errors import UnknownSession
from app.monitoring.errors import DomainError

Item = TypeVar("Item", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Checked(Generic[Item]):
    """The good ones in order, and in every place either None or the problem of a malformed one,
    which are kept as sent."""

    good: list[Item]
    problems: list[dict[str, Any] | None]
    malformed: list[Any]


def check_each(model: type[Item], sent: Sequence[Any]) -> Checked[Item]:
    good: list[Item] = []
    problems: list[dict[str, Any] | None] = []
    malformed = []
    for item in sent:
        try:
            good.append(model.model_validate(item))
            problems.append(None)
        except ValidationError as error:
            problems.append(invalid_problem(error.errors(include_url=False)))
            malformed.append(item)
    return Checked(good, problems, malformed)


def outcomes(
    checked: Checked[Any], results: Sequence[tuple[int, Any] | DomainError]
) -> dict[str, Any]:
    """The answer to the list: what became of each, in the order sent."""
    of_good = iter(results)
    return {
        "items": [
            _outcome(next(of_good)) if problem is None else _refused(problem)
            for problem in checked.problems
        ]
    }


def of_each(results: Sequence[tuple[int, Any] | DomainError]) -> dict[str, Any]:
    """The answer to a list of which nothing was malformed."""
    return {"items": [_outcome(result) for result in results]}


def session_known(results: Sequence[Any]) -> None:
    """The address names the session of a whole list, so that an unknown one is the answer to it;
    raises UnknownSession.
    """
    for result in results:
        if isinstance(result, UnknownSession):
            raise result


def _outcome(result: tuple[int, Any] | DomainError) -> dict[str, Any]:
    if isinstance(result, DomainError):
        return _refused(domain_problem(result))
    return {"status": result[0], "reading": result[1]}


def _refused(problem: dict[str, Any]) -> dict[str, Any]:
    return {"status": problem["status"], "problem": problem}
