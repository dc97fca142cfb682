"""The only door to an appointment's state: taking a place, moving on, and the steps of both.

Order of locks: advisory locks of doctors and persons, visit person, payment order, appointment.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import (
    DEFAULT_DB_ALIAS,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    connections,
)
from psycopg2.errors import LockNotAvailable
from psycopg2.extras import NumericRange

from appointments.enums import MOVES, WAITING, Act, State
from appointments.events import AppointmentConfirmed, WaitingListMoved
from appointments.models import Appointment
from appointments.services import announcing, telling
from appointments.services.statements import (
    LIFECYCLE,
    MOST,
    MOVE,
    QUEUE,
    TAKE_ALONE,
    TAKE_AND_KEEP,
    TAKE_IN_GROUP,
    TOLD,
    WISHED,
)
from clinic.core.actor import Actor
from clinic.core.errors import ConflictError, NotFoundError
from clinic.core.events import Event, packed, publish, wake_on_commit
from clinic.core.gathering import Gathering, GoAloneError
from clinic.core.statements import Row, Statement, Write, last_rows_of, rows_of
from clinic.core.transitions import check_move
from clinic.patients.models import VisitPerson
from payments.services.states import lock_order

# These change what stands in people's calendars, so the next file must replace the last one.
SEEN_IN_CALENDARS: Final = frozenset(
    {Act.PAID, Act.ACCEPTED, Act.MOVED, Act.REASSIGNED, Act.DISPLACED, Act.CANCELLED}
)
# How long those who take places by the gathering wait for a lock; then each does as ever.
WAIT_NO_LONGER: Final = Write(
    Statement("", (), "SET LOCAL lock_timeout = '50ms'", is_kept=False), ()
)
Given = Mapping[str, Any]  # what ``statements.TAKE_AND_KEEP`` is told of one


def locked(appointment_id: int) -> Appointment:
    """Return the row, locked until the transaction ends. Raises NotFoundError.

    People and order are loaded afterwards: a join would show them as they were before the wait.
    """
    rows = Appointment.objects.select_for_update(no_key=True)
    row = rows.filter(pk=appointment_id).first()
    if row is None:
        raise NotFoundError
    return row


def locked_with_order(appointment_id: int) -> Appointment:
    """Lock the order, then the appointment, as the house's order of locks wants it.

    Raises NotFoundError; ConflictError when an order came into being between the two.
    """
    found = Appointment.objects.filter(pk=appointment_id).values_list("order_id", flat=True)
    order_id = found.first()
    if order_id is not None:
        lock_order(order_id)
    appointment = locked(appointment_id)
    if appointment.order_id != order_id:
        raise ConflictError
    return appointment


def take(draft: Appointment, state: State, *, actor: Actor, act: Act, now: datetime) -> bool:
    """Store a new appointment with its first step if the time is free; say whether.

    A group wants the doctor's advisory lock before. Nothing is raised for a taken time: rivals
    are told apart by ``statements.WHY_NOT``.
    """
    draft.state, draft.state_since = state, now
    statement = TAKE_ALONE if draft.kind.capacity == 1 else TAKE_IN_GROUP
    return _became(draft, _taking_one(statement, _given(draft, act, actor)))


def take_and_keep(draft: Appointment, kept: Mapping[str, Any], *, actor: Actor, act: Act) -> bool:
    """Do the same for one alone whose state is set, with the answer that is kept under its key.

    ``kept`` holds the values of ``idempotency.KEPT_WITH``. Those of one company are stored
    together; what fails for one is told to him alone.
    """
    given = {**_given(draft, act, actor), **kept}
    is_inside = connections[DEFAULT_DB_ALIAS].in_atomic_block
    row = _taking_alone(given) if is_inside else TAKERS.result_of(given)
    return _became(draft, row)


def judged(person: VisitPerson) -> dict[str, Any]:
    """Return who somebody is, as the values of ``statements.JUDGED``."""
    return {
        "person_name": person.name,
        "person_gender": person.gender,
        "person_birthday": person.birthday,
        "person_proof": person.real_name_state,
    }


def _given(draft: Appointment, act: Act, actor: Actor) -> Given:
    check_move(MOVES, "", draft.state)
    columns = draft.__dict__
    draft.pk = 0  # the statement tells the facts which key it really is
    return {
        **{name: columns[name] for name in TOLD},
        "act": act,
        "actor": actor.label[:80],
        "capacity": draft.kind.capacity,
        "facts": orjson.Fragment(packed(*_facts(draft, act, "", actor))),
        **judged(draft.person),
    }


def _became(draft: Appointment, row: Row | None) -> bool:
    """Put on the draft what its row says, and announce it; say whether there is one."""
    draft.pk = None
    if row is None:
        return False
    _public_id, draft.pk, *seats = row
    draft.seats = NumericRange(*seats)
    announcing.push_state(draft)
    wake_on_commit()
    return True


def _taking_one(statement: Statement, given: Given) -> Row | None:
    return next(iter(rows_of(statement, orjson.dumps([given]).decode())), None)


def _taking_together(given: Sequence[Given]) -> list[Row | None]:
    """Return the rows of those whose time was free, in one transaction.

    Who holds a place and waits for another may be waited for in turn, and others wait for this: so
    it waits for no lock for long. All processes take times in one order, and rivals for one as they
    came. Raises GoAloneError when somebody's key is known already, or somebody else is in the way.
    """
    in_order = sorted(given, key=lambda one: (one["doctor_id"], one["starts_at"]))
    taking = Write(TAKE_AND_KEEP, (orjson.dumps(in_order).decode(),))
    try:
        rows = last_rows_of(WAIT_NO_LONGER, taking)
    except IntegrityError as error:
        raise GoAloneError from error
    except (OperationalError, InterfaceError) as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise GoAloneError from error
        connection.close_if_unusable_or_obsolete()  # who goes alone goes by this thread's too
        raise
    made = {row[0]: row for row in rows}
    return [made.get(one["public_id"]) for one in given]


def _taking_alone(given: Given) -> Row | None:
    return _taking_one(TAKE_AND_KEEP, given)


TAKERS: Final = Gathering("booking", _taking_together, _taking_alone, most=MOST)


def enqueue(draft: Appointment, *, actor: Actor, now: datetime) -> bool:
    """Store a new appointment that waits, with its first step; say whether.

    No row is stored when its code is taken or the person waits for the same: ``person_waits_once``.
    """
    check_move(MOVES, "", State.QUEUED)
    draft.state, draft.state_since = State.QUEUED, now
    values: dict[str, Any] = {name: getattr(draft, name) for name in WISHED}
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, values | {"act": Act.QUEUED, "actor": actor.label[:80]})
        row = cursor.fetchone()
    if row is None:
        return False
    (draft.pk,) = row
    _note_line(draft)
    announcing.push_state(draft)
    return True


def advance(
    appointment: Appointment,
    to: State,
    *,
    actor: Actor,
    act: Act,
    now: datetime,
    note: Mapping[str, Any] | None = None,
) -> None:
    """Move a locked appointment and store with it what the caller set on it, its step, its push.

    ``note`` holds ids, moments and codes. Raises IllegalTransitionError; ConflictError when the
    row was not locked and moved meanwhile.
    """
    check_move(MOVES, appointment.state, to)
    before, appointment.state, appointment.state_since = appointment.state, to, now
    _store(appointment, before, actor=actor, act=act, now=now, note=note)


def stay(
    appointment: Appointment,
    *,
    actor: Actor,
    act: Act,
    now: datetime,
    note: Mapping[str, Any] | None = None,
) -> None:
    """Store what the caller set on a locked appointment that keeps its state, with its step."""
    _store(appointment, appointment.state, actor=actor, act=act, now=now, note=note)


def _store(
    appointment: Appointment,
    before: str,
    *,
    actor: Actor,
    act: Act,
    now: datetime,
    note: Mapping[str, Any] | None,
) -> None:
    if act in SEEN_IN_CALENDARS:
        appointment.sequence += 1
    values = {name: getattr(appointment, name) for name in LIFECYCLE}
    about = {
        "id": appointment.pk,
        "before": before,
        "act": act,
        "actor": actor.label[:80],
        "note": json.dumps(dict(note or {})),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values | about)
        if not cursor.rowcount:
            raise ConflictError
    if before in WAITING or appointment.state in WAITING:
        _note_line(appointment)
    _announce(appointment, act, before, actor)


def _announce(appointment: Appointment, act: Act, before: str, actor: Actor) -> None:
    """Show the state to its people, and publish what rooms above and notices wait for."""
    announcing.push_state(appointment)
    publish(*_facts(appointment, act, before, actor))


def _facts(appointment: Appointment, act: Act, before: str, actor: Actor) -> list[Event]:
    facts: list[Event] = list(telling.worth_telling(appointment, act, before, actor))
    if appointment.state == State.CONFIRMED and before != State.CONFIRMED:
        facts.append(AppointmentConfirmed(appointment_id=appointment.pk))
    return facts


def _note_line(appointment: Appointment) -> None:
    fact = WaitingListMoved(kind_id=appointment.kind_id, branch_id=appointment.branch_id)
    publish(fact)
