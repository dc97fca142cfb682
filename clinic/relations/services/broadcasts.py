"""Broadcasts: made with their audience fixed, sent in batches, resumed where they stopped.

The broadcast's row is locked first, then deliveries, accounts and conversations.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from chat.enums import MessageKind
from chat.rules import has_usable_text
from chat.services.drafts import Draft
from chat.services.messages import send_messages
from clinic.accounts.models import User
from clinic.core import audit
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import clinic_day
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError, InvalidInputError, NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import News, notify_each
from clinic.relations.enums import (
    BROADCAST_MOVES,
    Audience,
    BroadcastState,
    DeliveryState,
    SkipReason,
)
from clinic.relations.errors import (
    AudienceTooLargeError,
    BroadcastLimitError,
    NobodyToTellError,
)
from clinic.relations.events import BroadcastGoesOn
from clinic.relations.models import Broadcast, Delivery, PatientGroup
from clinic.relations.selectors.broadcasts import audience_of, open_broadcast_ids, told_today
from clinic.relations.services.talks import open_talk
from clinic.settings import rules
from doctors.models import Doctor
from doctors.services.duty import lock_doctor

log = logging.getLogger(__name__)
SENDER = system_actor("broadcast")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewBroadcast:
    """What a doctor wants to tell whom; ``group_id`` is the public id of a group of his own."""

    text: str = field(repr=False)
    audience: Audience
    group_id: UUID | None = None


def start_broadcast(
    *, doctor_id: int, told: NewBroadcast, actor: Actor, now: datetime
) -> Broadcast:
    """Fix the audience and begin. Locks the doctor, so that the limit of the day holds.

    Raises InvalidInputError, BroadcastLimitError, NobodyToTellError, AudienceTooLargeError.
    """
    if not has_usable_text(told.text):
        raise InvalidInputError("text", _("Write something."))
    with transaction.atomic():
        lock_doctor(doctor_id)
        group = _group(doctor_id, told)
        rows = audience_of(doctor_id, told.audience, group)
        keys = list(rows.values_list("pk", flat=True)[: rules.BROADCAST_MAX_PATIENTS + 1])
        if not keys:
            raise NobodyToTellError
        if len(keys) > rules.BROADCAST_MAX_PATIENTS:
            raise AudienceTooLargeError
        broadcast = Broadcast.objects.create(
            doctor_id=doctor_id,
            text=told.text,
            audience=told.audience,
            group=group,
            day=clinic_day(now),
            place=_place(doctor_id, now),
            created_at=now,
        )
        Delivery.objects.bulk_create(
            [Delivery(broadcast=broadcast, relation_id=key) for key in keys], batch_size=1000
        )
        audit.record(actor, "start", "broadcast", broadcast.public_id, patients=len(keys))
        publish(BroadcastGoesOn(broadcast_id=broadcast.pk))
    return broadcast


def cancel_broadcast(*, doctor_id: int, broadcast_id: int, actor: Actor, now: datetime) -> None:
    """Leave out everybody who was not told yet. Raises NotFoundError, IllegalTransitionError."""
    with transaction.atomic():
        broadcast = _locked(broadcast_id)
        if broadcast is None or broadcast.doctor_id != doctor_id:
            raise NotFoundError
        _stop(broadcast, actor=actor, now=now)


def send_batch(broadcast_id: int) -> bool:
    """Tell the next BROADCAST_BATCH patients in one transaction; say whether some are left.

    All or nothing: after a crash the same patients come again, and nobody is told twice. Batches
    of one broadcast wait for each other. A patient who cannot be told does not stop the others; a
    doctor whom the clinic has taken out of service tells nobody else.
    """
    now = current_moment()
    with transaction.atomic():
        broadcast = _locked(broadcast_id)
        if broadcast is None or broadcast.state != BroadcastState.SENDING:
            return False
        if not Doctor.objects.listed().filter(pk=broadcast.doctor_id).exists():
            _stop(broadcast, actor=SENDER, now=now)
            return False
        pending = broadcast.deliveries.filter(state=DeliveryState.PENDING).order_by("id")
        due = list(pending.select_related("relation__doctor")[: rules.BROADCAST_BATCH])
        patients = _locked_accounts([one.relation.patient_id for one in due])
        told = told_today(patients.keys(), now)
        for delivery in due:
            patient = patients[delivery.relation.patient_id]
            count = told.get(patient.pk, 0)
            _handle(broadcast, delivery, patient, count, now)
        is_more = pending.exists()
        if is_more:
            publish(BroadcastGoesOn(broadcast_id=broadcast.pk))
        else:
            _advance(broadcast, BroadcastState.DONE, actor=SENDER, now=now)
    return is_more


def resume_broadcasts() -> int:
    """Go on with every open broadcast, one batch each; return how many there were."""
    keys = open_broadcast_ids()
    for key in keys:
        try:
            send_batch(key)
        except DatabaseError:
            log.exception("broadcast failed", extra={"broadcast_id": key})
    return len(keys)


def _stop(broadcast: Broadcast, *, actor: Actor, now: datetime) -> None:
    _advance(broadcast, BroadcastState.CANCELLED, actor=actor, now=now)
    broadcast.deliveries.filter(state=DeliveryState.PENDING).update(
        state=DeliveryState.SKIPPED, reason=SkipReason.CANCELLED, at=now
    )


def _handle(
    broadcast: Broadcast, delivery: Delivery, patient: User, count: int, now: datetime
) -> None:
    delivery.at = now
    reason = _skip_reason(delivery, patient, count)
    if reason is not None:
        delivery.state, delivery.reason = DeliveryState.SKIPPED, reason
    else:
        try:
            with transaction.atomic():
                delivery.message_id = _send(broadcast, delivery, patient, now)
            delivery.state = DeliveryState.SENT
        except (ClinicError, DatabaseError) as error:
            code = error.code if isinstance(error, ClinicError) else type(error).__name__
            log.warning("delivery failed", extra={"delivery_id": delivery.pk, "reason": code})
            delivery.state = DeliveryState.FAILED
    delivery.save(update_fields=["state", "reason", "message_id", "at"])


def _skip_reason(delivery: Delivery, patient: User, count: int) -> SkipReason | None:
    relation = delivery.relation
    if not patient.is_active:
        return SkipReason.GONE
    if relation.is_blocked_by_doctor:
        return SkipReason.BLOCKED
    if relation.is_blocked_by_patient or not relation.takes_broadcasts:
        return SkipReason.DECLINED
    return SkipReason.LIMIT if count >= rules.BROADCASTS_TO_PATIENT_A_DAY else None


def _send(broadcast: Broadcast, delivery: Delivery, patient: User, now: datetime) -> UUID:
    """Put the text into the conversation of the pair and leave the patient a notice."""
    doctor = delivery.relation.doctor
    talk = open_talk(delivery.relation, now=now)
    draft = Draft(
        user_id=doctor.user_id,
        user_public_id=doctor.user.public_id,
        conversation_public_id=talk.public_id,
        client_id=f"b-{broadcast.public_id.hex}",
        kind=MessageKind.TEXT,
        body=broadcast.text,
        is_paced=False,
    )
    (outcome,) = send_messages([draft])
    if isinstance(outcome, ClinicError):
        raise outcome
    news = News(
        user_id=patient.pk,
        public_id=patient.public_id,
        kind=NoticeKind.MESSAGE_WAITING,
        params={"count": 1},
    )
    notify_each([news], subject_kind="conversation", subject_public_id=talk.public_id)
    return outcome.public_id


def _group(doctor_id: int, told: NewBroadcast) -> PatientGroup | None:
    if told.audience != Audience.GROUP:
        if told.group_id is not None:
            raise InvalidInputError(
                "group", _("Leave the group out, or choose the audience “group”.")
            )
        return None
    own = PatientGroup.objects.filter(doctor_id=doctor_id)
    group = own.filter(public_id=told.group_id).first() if told.group_id else None
    if group is None:
        raise InvalidInputError("group", _("Choose one of your groups."), code="not_known")
    return group


def _place(doctor_id: int, now: datetime) -> int:
    """Return the number of a new broadcast on its day. Raises BroadcastLimitError."""
    sent = Broadcast.objects.filter(doctor_id=doctor_id, day=clinic_day(now)).count()
    if sent >= rules.BROADCASTS_A_DAY:
        raise BroadcastLimitError
    return sent + 1


def _advance(broadcast: Broadcast, to: BroadcastState, *, actor: Actor, now: datetime) -> None:
    """Move a locked broadcast; the audit log keeps each move. Raises IllegalTransitionError."""
    check_move(BROADCAST_MOVES, broadcast.state, to)
    broadcast.state, broadcast.ended_at = to, now
    broadcast.save(update_fields=["state", "ended_at"])
    audit.record(actor, str(to), "broadcast", broadcast.public_id)


def _locked(broadcast_id: int) -> Broadcast | None:
    rows = Broadcast.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=broadcast_id).first()


def _locked_accounts(keys: list[int]) -> dict[int, User]:
    """Return the accounts, locked in key order: doctors who tell one at once count each other."""
    rows = User.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return {user.pk: user for user in rows.filter(pk__in=keys)}
