"""Reads of visit persons."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.core.crypto import decrypt
from clinic.core.invariants import invariant
from clinic.patients.models import VisitPerson
from clinic.patients.rules import mask_id_number


def visible_to(actor: Actor) -> QuerySet[VisitPerson]:
    """Return the actor's own visit persons, the default one first, then in order of entry."""
    return VisitPerson.objects.filter(account_id=actor.user_id, is_active=True).order_by(
        "-is_default", "id"
    )


def persons_of(user_id: int) -> QuerySet[VisitPerson]:
    """Return the visit persons of an account, the default one first, for rooms above."""
    return VisitPerson.objects.filter(account_id=user_id, is_active=True).order_by(
        "-is_default", "id"
    )


def everybody() -> QuerySet[VisitPerson]:
    """Return the visit persons of accounts that still stand, for the front desk."""
    return VisitPerson.objects.filter(is_active=True, account__is_active=True)


def default_person(user_id: int) -> VisitPerson | None:
    """Return the default visit person of an account, or None when it has no person at all."""
    return VisitPerson.objects.filter(account_id=user_id, is_default=True).first()


def id_number_context(person: VisitPerson) -> str:
    """Return what binds an encrypted ID number to its row, so that it cannot be moved."""
    return f"visit_person.{person.public_id}.id_number"


def masked_id_number(person: VisitPerson) -> str:
    """Return the ID number fit to be shown, ``110***********1234``; empty without one."""
    if not person.id_number_sealed:
        return ""
    return mask_id_number(decrypt(person.id_number_sealed, context=id_number_context(person)))


@invariant("patients.default", _("Every account with visit persons has exactly one default."))
def accounts_without_default() -> list[str]:
    """Return accounts that break the promise."""
    active = Count("visit_persons", filter=Q(visit_persons__is_active=True))
    default = Count("visit_persons", filter=Q(visit_persons__is_default=True))
    broken = User.objects.annotate(active=active, default=default).filter(
        Q(active__gt=0) & ~Q(default=1)
    )
    return [f"account {user.public_id}" for user in broken]
