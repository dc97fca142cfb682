"""Invites: made, shown, scanned, revoked."""

import logging
from datetime import datetime
from typing import Final

from django.db import transaction

from clinic.adapters.errors import AdapterError
from clinic.adapters.wechat_mini import Picture
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError
from clinic.core.ids import random_code
from clinic.core.statements import Statement, Write, run
from clinic.relations.enums import Source
from clinic.relations.errors import TooManyInvitesError
from clinic.relations.gateways.codes import own_picture, wechat_picture
from clinic.relations.models import Invite, InviteImage, Relation
from clinic.relations.selectors.invites import open_invite
from clinic.relations.services.relations import follow, lock_patient, relate
from clinic.settings import rules
from doctors.services.duty import lock_doctor

log = logging.getLogger(__name__)

SCENE_HEAD: Final = "i."  # what a scene is for; WeChat keeps one space of them
COUNT_SCAN: Final = Statement(
    "relations_count_scan",
    ("bigint", "bigint", "boolean", "timestamptz", "timestamptz"),
    """
INSERT INTO relations_invitescan AS s
  (invite_id, patient_id, times, made_relation, first_at, last_at)
VALUES (%s, %s, 1, %s, %s, %s)
ON CONFLICT (invite_id, patient_id) DO UPDATE SET times = s.times + 1,
  made_relation = s.made_relation OR excluded.made_relation,
  last_at = greatest(s.last_at, excluded.last_at)
RETURNING times
""",
)


def make_invite(*, doctor_id: int, label: str, actor: Actor) -> Invite:
    """Store an invite with a random scene. Raises TooManyInvitesError. Locks the doctor."""
    with transaction.atomic():
        lock_doctor(doctor_id)
        open_ones = Invite.objects.filter(doctor_id=doctor_id, revoked_at=None)
        if open_ones.count() >= rules.INVITES_MAX:
            raise TooManyInvitesError
        scene = SCENE_HEAD + random_code(rules.INVITE_RANDOM_CHARS)
        invite = Invite.objects.create(doctor_id=doctor_id, scene=scene, label=label)
        audit.record(actor, "make", "invite", invite.public_id)
    return invite


def revoke_invite(*, doctor_id: int, invite_id: int, actor: Actor, now: datetime) -> None:
    """Let an invite open nothing from now on. Repeatable. Raises NotFoundError."""
    with transaction.atomic():
        rows = Invite.objects.select_for_update(of=("self",), no_key=True)
        invite = rows.filter(pk=invite_id, doctor_id=doctor_id).first()
        if invite is None:
            raise NotFoundError
        if invite.revoked_at is None:
            invite.revoked_at = now
            invite.save(update_fields=["revoked_at"])
            audit.record(actor, "revoke", "invite", invite.public_id)


def scan_invite(*, scene: str, actor: Actor, now: datetime) -> Relation:
    """Make the relation of the patient who scanned; a new patient follows the doctor.

    Scanned again it is counted and changes nothing else. Raises NotFoundError, also for a revoked
    invite; SelfRelationError.
    """
    with transaction.atomic():
        lock_patient(actor)
        invite = open_invite(scene)
        if invite is None:
            raise NotFoundError
        doctor = invite.doctor
        relation, is_new = relate(doctor=doctor, patient_id=actor.account_id, source=Source.QR_SCAN)
        if is_new:
            relation = follow(doctor=doctor, actor=actor, source=Source.QR_SCAN, now=now)
        run(Write(COUNT_SCAN, (invite.pk, actor.account_id, is_new, now, now)))
    return relation


def picture_of(invite: Invite, *, now: datetime) -> tuple[Picture, bool]:
    """Return the picture of an invite and whether WeChat drew it.

    WeChat's is kept; while the platform is away a plain QR of our own takes its place. Call it
    outside a transaction: it may wait for the platform.
    """
    kept = InviteImage.objects.filter(invite=invite).first()
    if kept is not None:
        return Picture(content=bytes(kept.content), mime=kept.mime), True
    try:
        drawn = wechat_picture(invite.scene)
    except AdapterError as error:
        log.warning("invite drawn by ourselves", extra={"reason": error.message})
        return own_picture(invite.scene), False
    InviteImage.objects.get_or_create(
        invite=invite,
        defaults={"content": drawn.content, "mime": drawn.mime, "fetched_at": now},
    )
    return drawn, True
