"""Having a person's name and ID number checked by the register. Only what came of it is kept."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from clinic.accounts.models import User
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import CLINIC_ZONE, clinic_day
from clinic.core.clock import now as current_moment
from clinic.core.crypto import decrypt
from clinic.core.errors import NotFoundError
from clinic.patients.enums import CheckResult, RealName
from clinic.patients.errors import (
    RealNameAwayError,
    RealNameIncompleteError,
    RealNameNeededError,
    RealNameRunningError,
    RealNameTriesUsedError,
)
from clinic.patients.gateways.register import Answer, ask_register
from clinic.patients.models import RealNameCheck, VisitPerson
from clinic.patients.rules import is_card_name
from clinic.patients.selectors.persons import id_number_context
from clinic.patients.selectors.real_name import state_of, tries_left
from clinic.settings import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked, and of which check row; never stored or logged."""

    check_id: int
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    index: str = field(repr=False)


def check_real_name(*, actor: Actor, person_id: int, now: datetime) -> VisitPerson:
    """Ask the register about one of the actor's persons and keep what came of it.

    Who is verified is not asked about again. Not inside a transaction: the register is asked
    between two of them. Raises NotFoundError, RealNameIncompleteError, RealNameRunningError,
    RealNameTriesUsedError, RealNameAwayError.
    """
    question = _begin(actor, person_id, now)
    if question is None:
        return VisitPerson.objects.get(pk=person_id)
    answer = ask_register(name=question.name, id_number=question.id_number)
    person = _finish(question, answer, actor=actor)
    if answer.result is CheckResult.AWAY:
        raise RealNameAwayError(extra={"retry_after": 60})
    return person


def require_real_name(person: VisitPerson, now: datetime) -> None:
    """Let a verified person pass. Raises RealNameNeededError with the door to use."""
    state = state_of(person, now)
    if state is not RealName.VERIFIED:
        own = f"/api/v1/visit-persons/{person.public_id}"
        doors = {"door": f"{own}/real-name-check", "documents": f"{own}/documents"}
        raise RealNameNeededError(extra={"real_name_state": state.value, **doors})


def note_identity_changed(person: VisitPerson) -> None:
    """Mark a person whose name or ID number changed as to be checked again; the caller saves."""
    if person.real_name_state != RealName.NONE:
        person.real_name_state = RealName.STALE


def _begin(actor: Actor, person_id: int, now: datetime) -> _Question | None:
    """Store that the register is asked; None when there is nothing to ask."""
    with transaction.atomic():
        person = locked_person(actor.account_id, person_id)
        if state_of(person, now) is RealName.VERIFIED:
            return None
        if not person.id_number_sealed or not is_card_name(person.name):
            raise RealNameIncompleteError
        _give_up_lost(person, now)
        day = clinic_day(now)
        if not tries_left(person, day):
            raise RealNameTriesUsedError(extra={"retry_after": _seconds_to_tomorrow(now)})
        number = RealNameCheck.objects.filter(person=person, day=day).count() + 1
        check = RealNameCheck.objects.create(
            person=person, day=day, try_number=number, started_at=now
        )
        return _Question(
            check_id=check.pk,
            name=person.name,
            id_number=decrypt(person.id_number_sealed, context=id_number_context(person)),
            index=person.id_number_index,
        )


def _finish(question: _Question, answer: Answer, *, actor: Actor) -> VisitPerson:
    """Store the answer; about a name or number that changed meanwhile it says nothing."""
    from_register = answer.result is not CheckResult.AWAY
    with transaction.atomic():
        check = RealNameCheck.objects.get(pk=question.check_id)
        person = locked_person(actor.account_id, check.person_id)
        moment = max(current_moment(), check.started_at)
        closed = RealNameCheck.objects.filter(pk=check.pk, result=CheckResult.RUNNING).update(
            result=answer.result, reference=answer.reference, finished_at=moment
        )
        same = (person.name, person.id_number_index) == (question.name, question.index)
        if closed and from_register and same:
            _settle(person, answer.result, moment)
        audit.record(
            actor, "real_name.check", "visit_person", person.public_id, result=answer.result.value
        )
    return person


def _settle(person: VisitPerson, result: CheckResult, moment: datetime) -> None:
    verified = result is CheckResult.SAME
    person.real_name_state = RealName.VERIFIED if verified else RealName.FAILED
    person.real_name_at, person.real_name_until = moment, None
    person.save(update_fields=["real_name_state", "real_name_at", "real_name_until"])


def _give_up_lost(person: VisitPerson, now: datetime) -> None:
    """End a question whose process died. Raises RealNameRunningError for one that still runs."""
    running = RealNameCheck.objects.filter(person=person, result=CheckResult.RUNNING)
    lost = running.filter(started_at__lt=now - rules.REAL_NAME_GIVEN_UP_AFTER)
    lost.update(result=CheckResult.AWAY, finished_at=now)
    if running.exists():
        raise RealNameRunningError


def locked_person(account_id: int, person_id: int) -> VisitPerson:
    """Return a person under the lock of the account, as changes of persons take it.

    So the tries of all persons of an account are counted one after the other.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=account_id)
    person = VisitPerson.objects.filter(pk=person_id, account_id=account_id).first()
    if person is None:
        raise NotFoundError
    return person


def _seconds_to_tomorrow(now: datetime) -> int:
    local = now.astimezone(CLINIC_ZONE)
    tomorrow = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((tomorrow - local).total_seconds()) + 1
