"""Identity documents: handed in, reviewed, withdrawn. The account's lock makes reviewers queue."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.core.crypto import blind_index, encrypt
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.files.services.binding import Offered, bind_files, offered_files
from clinic.patients.enums import (
    DOCUMENT_MOVES,
    DocumentKind,
    DocumentReason,
    DocumentState,
    RealName,
)
from clinic.patients.errors import (
    DocumentEndedError,
    DocumentNotNeededError,
    DocumentPendingError,
    OwnDocumentError,
)
from clinic.patients.events import IdentityDocumentReviewed
from clinic.patients.models import IdentityDocument, IdentityDocumentStep, VisitPerson
from clinic.patients.rules import DocumentNumberError, may_have_document, read_document_number
from clinic.patients.selectors.documents import PURPOSE, number_context
from clinic.patients.selectors.real_name import state_of
from clinic.patients.services.real_name import locked_person

INDEX_CONTEXT = "identity_document.number"  # one for all accounts: equal numbers can be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDocument:
    """A document as it is handed in; ``front`` and ``back`` are public ids of own uploads."""

    kind: DocumentKind
    number: str = field(repr=False)
    front: UUID
    back: UUID | None = None
    valid_until: date | None = None


def submit(*, actor: Actor, person_id: int, told: ToldDocument, now: datetime) -> IdentityDocument:
    """Hand in a document of one of the actor's persons for review; its files are bound to it.

    Raises NotFoundError, InvalidInputError, DocumentNotNeededError for who is verified or has an
    ID number, DocumentPendingError.
    """
    with transaction.atomic():
        person = locked_person(actor.account_id, person_id)
        if person.id_number_sealed or state_of(person, now) is RealName.VERIFIED:
            raise DocumentNotNeededError
        number = _checked_number(person, told, clinic_day(now))
        if _waiting(person).exists():
            raise DocumentPendingError
        front, back = _offered(told, actor)
        document = IdentityDocument(
            person=person, kind=told.kind, valid_until=told.valid_until, created_at=now,
            front_id=front.id, back_id=back.id if back else None,
            number_index=blind_index(number, context=INDEX_CONTEXT),
        )  # fmt: skip
        document.number_sealed = encrypt(number, context=number_context(document))
        document.save(force_insert=True)
        bind_files([one.id for one in (front, back) if one], now=now)
        _note(document, "", by=actor, now=now)
        _settle(person, RealName.PENDING, now)
        audit.record(
            actor, "identity_document.submit", "identity_document", document.public_id,
            paper=told.kind.value,
        )  # fmt: skip
    return document


def approve(document_id: int, *, now: datetime, by: Actor) -> IdentityDocument:
    """Accept a document: its person is verified, at most until the document ends.

    Raises IllegalTransitionError when a colleague was faster, OwnDocumentError, DocumentEndedError.
    """
    with transaction.atomic():
        document = _locked(document_id, by)
        check_move(DOCUMENT_MOVES, document.state, DocumentState.APPROVED)
        if document.valid_until is not None and document.valid_until < clinic_day(now):
            raise DocumentEndedError
        _move(document, DocumentState.APPROVED, "", by=by, now=now)
        person = document.person
        if not person.id_number_sealed:
            person.real_name_until = document.valid_until
            _settle(person, RealName.VERIFIED, now)
        _tell(document, is_approved=True)
    return document


def reject(
    document_id: int, *, reason: DocumentReason, now: datetime, by: Actor
) -> IdentityDocument:
    """Refuse a document under review, or one that was approved by mistake.

    Raises IllegalTransitionError when a colleague was faster, OwnDocumentError.
    """
    with transaction.atomic():
        document = _locked(document_id, by)
        was_verified = document.state == DocumentState.APPROVED
        _move(document, DocumentState.REJECTED, reason, by=by, now=now)
        person = document.person
        rests_on_it = RealName.VERIFIED if was_verified else RealName.PENDING
        if person.real_name_state == rests_on_it and not person.id_number_sealed:
            _settle(person, RealName.FAILED, now)
        _tell(document, is_approved=False)
    return document


def withdraw_waiting(
    person: VisitPerson, reason: DocumentReason, *, now: datetime, by: Actor
) -> None:
    """Take back what waits for a review of a person who changed or left, under the account's lock.

    The caller stores the state of the person.
    """
    for document in _waiting(person):
        _move(document, DocumentState.WITHDRAWN, reason, by=by, now=now)


def _locked(document_id: int, by: Actor) -> IdentityDocument:
    rows = IdentityDocument.objects.filter(pk=document_id)
    found = rows.values_list("person__account_id", "person_id").first()
    if found is None:
        raise NotFoundError
    account_id, person_id = found
    if by.user_id is not None and by.user_id == account_id:
        raise OwnDocumentError
    person = locked_person(account_id, person_id)
    document = rows.get()
    document.person = person
    return document


def _waiting(person: VisitPerson) -> QuerySet[IdentityDocument]:
    return IdentityDocument.objects.filter(person=person, state=DocumentState.PENDING)


def _settle(person: VisitPerson, state: RealName, now: datetime) -> None:
    person.real_name_state, person.real_name_at = state, now
    if state is not RealName.VERIFIED:
        person.real_name_until = None
    person.save(update_fields=["real_name_state", "real_name_at", "real_name_until"])


def _move(
    document: IdentityDocument, to: DocumentState, reason: str, *, by: Actor, now: datetime
) -> None:
    before = document.state
    check_move(DOCUMENT_MOVES, before, to)
    document.state, document.reason, document.reviewed_at = to, reason, now
    document.save(update_fields=["state", "reason", "reviewed_at"])
    _note(document, before, by=by, now=now)
    verb = f"identity_document.{to.value}"
    audit.record(by, verb, "identity_document", document.public_id, reason=reason)


def _note(document: IdentityDocument, before: str, *, by: Actor, now: datetime) -> None:
    IdentityDocumentStep.objects.create(
        document=document, from_state=before, to_state=document.state,
        reason=document.reason, actor=by.label, at=now,
    )  # fmt: skip


def _tell(document: IdentityDocument, *, is_approved: bool) -> None:
    publish(
        IdentityDocumentReviewed(
            user_id=document.person.account_id,
            person_public_id=document.person.public_id,
            is_approved=is_approved,
        )
    )


def _checked_number(person: VisitPerson, told: ToldDocument, today: date) -> str:
    """Return the number as it is kept; refuse a document that cannot be this person's."""
    if person.birthday is None:
        message = _("Give the birthday of the visit person first.")
        raise InvalidInputError("birthday", message, code="required")
    if not may_have_document(told.kind, person.birthday, today):
        message = _("A birth certificate is for small children. Hand in another document.")
        raise InvalidInputError("kind", message, code="too_old")
    if told.valid_until is not None and told.valid_until < today:
        raise InvalidInputError("valid_until", _("This document has ended."), code="ended")
    try:
        return read_document_number(told.kind, told.number)
    except DocumentNumberError:
        message = _("This is no number of such a document. Check each character.")
        raise InvalidInputError("number", message) from None


def _offered(told: ToldDocument, by: Actor) -> tuple[Offered, Offered | None]:
    """Lock the named uploads and return them. Raises InvalidInputError."""
    if told.front == told.back:
        raise InvalidInputError("back", _("Upload the other side as a file of its own."))
    wanted = [one for one in (told.front, told.back) if one]
    offered = offered_files(wanted, purpose=PURPOSE)
    return _usable(offered, "front", told.front, by), (
        _usable(offered, "back", told.back, by) if told.back else None
    )


def _usable(offered: dict[UUID, Offered], side: str, public_id: UUID, by: Actor) -> Offered:
    file = offered.get(public_id)
    if file is None or file.owner_id != by.user_id or file.is_bound:
        raise InvalidInputError(side, _("Upload the picture first, for this purpose."))
    return file
