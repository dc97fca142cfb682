"""Ways to find a doctor, by name. A strategy turns a case into steps that are tried in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from consultations.enums import How
from consultations.errors import UnknownStrategyError
from consultations.models import Consultation
from consultations.rules import is_chosen, is_phone
from consultations.services.cases import Past
from doctors.enums import HIGHEST_RANK, LEVEL_RANKS, Level
from doctors.services.load import Wanted


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One try: a name for the log, whom to look for, and whether he must be online."""

    name: str
    wanted: Wanted
    how: How = How.AUTOMATIC


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What strategies may look at. ``level_rank`` is None when any level will do."""

    level_rank: int | None
    department_id: int | None
    last_doctor_id: int | None
    excluded_doctor_ids: frozenset[int]
    by_phone: bool = False

    def wanted(self) -> Wanted:
        """Return the widest wish that respects who must not get the case."""
        return Wanted(excluded_doctor_ids=self.excluded_doctor_ids, by_phone=self.by_phone)


Strategy = Callable[[Case], Iterator[Step]]
_STRATEGIES: dict[str, Strategy] = {}


def strategy(name: str) -> Callable[[Strategy], Strategy]:
    """Register a strategy; ``rules.ASSIGNMENT_STRATEGY`` names the one in use."""

    def register(function: Strategy) -> Strategy:
        _STRATEGIES[name] = function
        return function

    return register


def strategy_named(name: str) -> Strategy:
    """Return a registered strategy. Raises UnknownStrategyError."""
    try:
        return _STRATEGIES[name]
    except KeyError:
        raise UnknownStrategyError from None


def names() -> list[str]:
    """Return the names that can be used."""
    return sorted(_STRATEGIES)


def steps_for(consultation: Consultation, *, name: str, past: Past) -> list[Step]:
    """Return what to try for a case, in order. A case for a chosen doctor has one step."""
    excluded, last = past.excluded_doctor_ids, past.last_doctor_id
    by_phone = is_phone(consultation.kind)
    if is_chosen(consultation.kind) and consultation.doctor_id is not None:
        chosen = Wanted(
            doctor_id=consultation.doctor_id,
            may_be_away=True,
            by_phone=by_phone,
            excluded_doctor_ids=excluded,
        )
        return [Step(name="chosen_doctor", wanted=chosen, how=How.CHOSEN)]
    case = Case(
        level_rank=_rank(consultation.wanted_level),
        department_id=consultation.department_id,
        last_doctor_id=None if last in excluded else last,
        by_phone=by_phone,
        excluded_doctor_ids=excluded,
    )
    return list(strategy_named(name)(case))


def _rank(level: str) -> int | None:
    return LEVEL_RANKS[Level(level)] if level else None


@strategy("standard")
def standard(case: Case) -> Iterator[Step]:
    """Same doctor as lately, then level and department, then level, then upward at no charge."""
    yield from _same_doctor(case)
    yield from _exact_level(case)
    yield from _upward(case)


@strategy("same_department")
def same_department(case: Case) -> Iterator[Step]:
    """Like standard, but never leaves the department that the patient named."""
    for step in standard(case):
        if step.name == "same_doctor":
            yield step
            continue
        wanted = replace(step.wanted, department_id=case.department_id)
        if case.department_id is None or step.wanted.department_id is not None:
            yield step
        elif step.name.startswith("higher_level"):
            yield replace(step, wanted=wanted)


def _same_doctor(case: Case) -> Iterator[Step]:
    if case.last_doctor_id is not None:
        wanted = replace(
            case.wanted(), doctor_id=case.last_doctor_id, min_level_rank=case.level_rank
        )
        yield Step(name="same_doctor", wanted=wanted)


def _exact_level(case: Case) -> Iterator[Step]:
    exact = replace(case.wanted(), min_level_rank=case.level_rank, max_level_rank=case.level_rank)
    if case.department_id is not None:
        yield Step(
            name="level_and_department", wanted=replace(exact, department_id=case.department_id)
        )
    yield Step(name="level", wanted=exact)


def _upward(case: Case) -> Iterator[Step]:
    if case.level_rank is None:
        return
    for rank in range(case.level_rank + 1, HIGHEST_RANK + 1):
        wanted = replace(case.wanted(), min_level_rank=rank, max_level_rank=rank)
        yield Step(name="higher_level", wanted=wanted)
