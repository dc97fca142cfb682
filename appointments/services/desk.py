"""What only the front desk does: take money, write down who stands there."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from appointments.errors import NothingToPayError
from appointments.models import Appointment
from appointments.selectors.desk import find, on_desk
from appointments.services.holding import settle_paid
from appointments.services.passes import visit_of
from appointments.services.sides import is_desk
from clinic.accounts.models import User
from clinic.accounts.services.sign_in import register_at_desk
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ForbiddenError, NotFoundError
from clinic.patients.enums import Gender, Relation
from clinic.patients.models import VisitPerson
from clinic.patients.services.persons import NewPerson, add_person_for
from payments.enums import ProofKind
from payments.services.offline import needs_second_person, take_offline_payment
from payments.services.offline_claims import claim_offline_payment


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """Who stands at the desk; ``phone`` is E.164. The account is made when there is none."""

    phone: str = field(repr=False)
    name: str = field(repr=False)
    gender: Gender
    birthday: date


def find_visits(text: str) -> list[Appointment]:
    """Return the appointment of a scanned pass, else those of a booking code or a phone.

    Raises InvalidInputError for anything else.
    """
    public_id = visit_of(text)
    return find(text) if public_id is None else list(on_desk().filter(public_id=public_id))


def register(newcomer: Newcomer, *, actor: Actor) -> VisitPerson:
    """Return a new visit person of the account with this phone; the account is made if missing.

    The first person of a new account is its owner. Raises ForbiddenError, TooManyPersonsError,
    InvalidInputError, NotFoundError for a suspended account.
    """
    if not is_desk(actor):
        raise ForbiddenError
    with transaction.atomic():
        account = User.objects.filter(phone=newcomer.phone).first()
        is_new = account is None
        if account is None:
            account = register_at_desk(phone=newcomer.phone, name=newcomer.name, by=actor)
        if not account.is_active:
            raise NotFoundError
        told = NewPerson(
            name=newcomer.name,
            relation=Relation.SELF if is_new else Relation.OTHER,
            gender=newcomer.gender,
            birthday=newcomer.birthday,
            phone=newcomer.phone,
        )
        return add_person_for(account.pk, actor=actor, told=told, now=current_moment())


def take_money(appointment_id: int, *, kind: ProofKind, reference: str, actor: Actor) -> bool:
    """Pay the order of an appointment with money received at the desk; say whether it is paid.

    A large sum waits for a second person. Never in a transaction. Raises ForbiddenError,
    NotFoundError, NothingToPayError, and what ``take_offline_payment`` raises.
    """
    if not is_desk(actor):
        raise ForbiddenError
    appointment = Appointment.objects.select_related("order").filter(pk=appointment_id).first()
    if appointment is None:
        raise NotFoundError
    order = appointment.order
    if order is None:
        raise NothingToPayError
    is_large = needs_second_person(order)
    take = claim_offline_payment if is_large else take_offline_payment
    take(order.pk, kind=kind, reference=reference, received_at=current_moment(), actor=actor)
    if not is_large:
        settle_paid(appointment.pk, actor=actor)
    return not is_large
