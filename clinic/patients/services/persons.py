"""Visit persons: add, change, remove. The account row is locked, so the default moves safely."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.accounts.models import User
from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import clinic_day
from clinic.core.crypto import blind_index, decrypt, encrypt
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.patients.enums import DocumentReason, Gender, RealName, Relation
from clinic.patients.errors import DefaultNeededError, PersonInUseError, TooManyPersonsError
from clinic.patients.matters import has_running_matter
from clinic.patients.models import IdentityDocument, VisitPerson
from clinic.patients.rules import (
    IdNumber,
    IdNumberError,
    is_plausible_birthday,
    read_id_number,
)
from clinic.patients.selectors import id_number_context
from clinic.patients.services.consents import revoke_all_of
from clinic.patients.services.documents import withdraw_waiting
from clinic.patients.services.real_name import note_identity_changed
from clinic.settings import rules

FORGETTING = system_actor("deletion of the account")
INDEX_CONTEXT = "visit_person.id_number"  # one for all accounts: equal numbers can be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is told about a new visit person; birthday and gender may come from the ID number."""

    name: str = field(repr=False)
    relation: Relation
    gender: Gender | None = None
    birthday: date | None = None
    id_number: str = field(default="", repr=False)
    is_default: bool = False
    height_cm: Decimal | None = None
    weight_kg: Decimal | None = None
    phone: str = field(default="", repr=False)
    city: str = ""


def add_person(*, actor: Actor, told: NewPerson, now: datetime) -> VisitPerson:
    """Store a visit person of the actor's account; the first one is the default.

    Raises TooManyPersonsError, InvalidInputError, and by constraint IdNumberTakenError,
    SelfExistsError.
    """
    return add_person_for(actor.account_id, actor=actor, told=told, now=now)


def add_person_for(account_id: int, *, actor: Actor, told: NewPerson, now: datetime) -> VisitPerson:
    """Store a visit person of an account, by its owner or by staff; as ``add_person``."""
    with transaction.atomic():
        account = _lock_account(account_id)
        if _active(account).count() >= rules.MAX_VISIT_PERSONS:
            raise TooManyPersonsError(most=rules.MAX_VISIT_PERSONS)
        person = VisitPerson(account=account, created_at=now)
        _fill(person, asdict(told) | {"is_default": False}, clinic_day(now))
        person.save()
        if told.is_default or not _active(account).filter(is_default=True).exists():
            _make_default(person)
        audit.record(actor, "add", "visit_person", person.public_id)
    return person


def person_by_name(*, actor: Actor, account_id: int, name: str, phone: str) -> VisitPerson:
    """Return the account's person of that name and phone, added with nothing else when new.

    For bookings that know no more. A person without a phone gets this one. Birthday and gender
    stay unknown until the account changes the person. ``phone`` is E.164. Raises
    TooManyPersonsError.
    """
    with transaction.atomic():
        account = User.objects.select_for_update(of=("self",), no_key=True).get(pk=account_id)
        same = _active(account).filter(name=name, phone__in=[phone, ""])
        person: VisitPerson | None = same.order_by("-phone", "id").first()
        if person is None:
            return _add_by_name(account, actor, name, phone)
        if not person.phone:
            person.phone = phone
            person.save(update_fields=["phone"])
            audit.record(actor, "change", "visit_person", person.public_id, fields=["phone"])
    return person


def change_person(
    *, actor: Actor, person_id: int, changes: dict[str, Any], now: datetime
) -> VisitPerson:
    """Store changes of one of the actor's visit persons; keys as in NewPerson.

    Who the person is stays while an order, a case or an appointment of his is open. The lock of the
    row makes new appointments wait, that of the account new orders.

    Raises NotFoundError, DefaultNeededError, InvalidInputError, PersonInUseError, and by constraint
    IdNumberTakenError, SelfExistsError.
    """
    values = dict(changes)
    wants_default = values.pop("is_default", None)
    with transaction.atomic():
        person = _own_person(_lock_account(actor.account_id), person_id, is_locked=True)
        if wants_default is False and person.is_default:
            raise DefaultNeededError
        was, told = _identity(person), _told(person)
        _fill(person, values, clinic_day(now))
        if _is_retold(person, told) and has_running_matter(person.pk):
            raise PersonInUseError
        if _is_another(person, was):
            withdraw_waiting(person, DocumentReason.PERSON_CHANGED, now=now, by=actor)
        person.save()
        if wants_default and not person.is_default:
            _make_default(person)
        audit.record(actor, "change", "visit_person", person.public_id, fields=sorted(changes))
    return person


def remove_person(*, actor: Actor, person_id: int, now: datetime) -> None:
    """Switch a visit person off; records keep pointing to him. The oldest other takes the default.

    Locks as ``change_person``. Raises NotFoundError, PersonInUseError.
    """
    with transaction.atomic():
        account = _lock_account(actor.account_id)
        person = _own_person(account, person_id, is_locked=True)
        if has_running_matter(person.pk):
            raise PersonInUseError
        was_default = person.is_default
        withdraw_waiting(person, DocumentReason.PERSON_REMOVED, now=now, by=actor)
        person.is_active = person.is_default = False
        person.save(update_fields=["is_active", "is_default"])
        heir = _active(account).order_by("id").first()
        if was_default and heir is not None:
            _make_default(heir)
        audit.record(actor, "remove", "visit_person", person.public_id)


def forget_persons(account_id: int, now: datetime) -> int:
    """Switch off the persons of an account and erase how to reach and identify them.

    Name, gender and birthday stay: they belong to medical records that the law keeps. So do the
    consents, which count no longer.
    """
    revoke_all_of(account_id, now)
    persons = VisitPerson.objects.filter(account_id=account_id)
    for person in persons.select_for_update().order_by("id"):  # new appointments wait
        withdraw_waiting(person, DocumentReason.PERSON_REMOVED, now=now, by=FORGETTING)
    IdentityDocument.objects.filter(person__account_id=account_id).update(
        number_sealed="", number_index=""
    )
    persons.exclude(real_name_state=RealName.NONE).update(real_name_state=RealName.STALE)
    return VisitPerson.objects.filter(account_id=account_id).update(
        is_active=False,
        is_default=False,
        phone="",
        city="",
        id_number_sealed="",
        id_number_index="",
    )


def _add_by_name(account: User, actor: Actor, name: str, phone: str) -> VisitPerson:
    if _active(account).count() >= rules.MAX_VISIT_PERSONS:
        raise TooManyPersonsError(most=rules.MAX_VISIT_PERSONS)
    person = VisitPerson.objects.create(
        account=account, name=name, phone=phone, gender=Gender.UNKNOWN, relation=Relation.OTHER
    )
    if not _active(account).filter(is_default=True).exists():
        _make_default(person)
    audit.record(actor, "add", "visit_person", person.public_id)
    return person


def _lock_account(account_id: int) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=account_id)


def _active(account: User) -> Any:
    return VisitPerson.objects.filter(account=account, is_active=True)


def _own_person(account: User, person_id: int, *, is_locked: bool = False) -> VisitPerson:
    rows = _active(account).filter(pk=person_id)
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    person: VisitPerson | None = rows.first()
    if person is None:
        raise NotFoundError
    return person


def _make_default(person: VisitPerson) -> None:
    VisitPerson.objects.filter(account_id=person.account_id, is_default=True).update(
        is_default=False
    )
    person.is_default = True
    person.save(update_fields=["is_default"])


def _fill(person: VisitPerson, values: dict[str, Any], today: date) -> None:
    was = _identity(person)
    is_told = "id_number" in values
    text = values.pop("id_number", "")
    for name, value in values.items():
        setattr(person, name, value)
    if is_told:
        _seal_id_number(person, text, today)
    elif person.id_number_sealed and values.keys() & {"birthday", "gender"}:
        text = decrypt(person.id_number_sealed, context=id_number_context(person))
        _agree(person, read_id_number(text, on=today))
    if _is_another(person, was):
        note_identity_changed(person)
    _check_birth(person, today)


def _identity(person: VisitPerson) -> tuple[str, str, date | None]:
    """What a check is about."""
    return person.name, person.id_number_index, person.birthday


def _is_another(person: VisitPerson, was: tuple[str, str, date | None]) -> bool:
    """Say whether what was checked counts no longer; a birthday that is newly told changes none."""
    now = _identity(person)
    return now[:2] != was[:2] or was[2] not in {None, now[2]}


def _told(person: VisitPerson) -> dict[str, Any]:
    """What is known of who the person is. A number told after the check would put it in doubt."""
    known = {
        "name": person.name,
        "birthday": person.birthday,
        "gender": "" if person.gender == Gender.UNKNOWN else person.gender,
    }
    told = {key: value for key, value in known.items() if value}
    if person.id_number_index or person.real_name_state == RealName.VERIFIED:
        told["id_number_index"] = person.id_number_index
    return told


def _is_retold(person: VisitPerson, told: dict[str, Any]) -> bool:
    return any(getattr(person, key) != value for key, value in told.items())


def _seal_id_number(person: VisitPerson, text: str, today: date) -> None:
    if not text:
        person.id_number_sealed = person.id_number_index = ""
        return
    try:
        number = read_id_number(text, on=today)
    except IdNumberError:
        message = _("This is no valid ID number. Check all 15 or 18 characters.")
        raise InvalidInputError("id_number", message) from None
    _agree(person, number)
    person.id_number_sealed = encrypt(number.text, context=id_number_context(person))
    person.id_number_index = blind_index(number.text, context=INDEX_CONTEXT)


def _agree(person: VisitPerson, number: IdNumber) -> None:
    message = _("This differs from the ID number.")
    gender = Gender.MALE if number.is_male else Gender.FEMALE
    if person.birthday not in (None, number.birthday):
        raise InvalidInputError("birthday", message, code="id_number_mismatch")
    if person.gender not in (None, "", Gender.UNKNOWN, gender):
        raise InvalidInputError("gender", message, code="id_number_mismatch")
    person.birthday, person.gender = number.birthday, gender


def _check_birth(person: VisitPerson, today: date) -> None:
    if not person.gender:
        raise InvalidInputError("gender", _("Give it, or the ID number."), code="required")
    if person.birthday is None:
        raise InvalidInputError("birthday", _("Give it, or the ID number."), code="required")
    if not is_plausible_birthday(person.birthday, on=today):
        raise InvalidInputError("birthday", _("Give a day between 1900 and today."))
