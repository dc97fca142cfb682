"""What people of the demo want done with their data. Safe to run again."""

from datetime import datetime
from typing import Final

from clinic.accounts.models import User
from clinic.core.roles import Role
from clinic.demo.actors import actor_of
from clinic.privacy.enums import EmergencyReason
from clinic.privacy.models import DataExport, DeletionRequest, EmergencyAccess
from clinic.privacy.services.deletion import ask_for_deletion
from clinic.privacy.services.emergency import open_emergency
from clinic.privacy.services.exports import ask_for_export

LEAVES: Final = "+8613710000016"
READER: Final = "+8613600000006"
ARCHIVED: Final = "+8613700000002"  # and read in an emergency


def seed_wishes(now: datetime) -> None:
    """Store a wish to be forgotten in its cooling-off, an archive and an emergency reading, once.

    The archive is written by the worker within a minute: drawing its papers would slow the start.
    """
    leaving = User.objects.filter(phone=LEAVES).first()
    if leaving is not None and not DeletionRequest.objects.filter(account=leaving).exists():
        ask_for_deletion(actor=actor_of(leaving, Role.PATIENT), now=now)
    reader = User.objects.filter(phone=READER).first()
    if reader is not None and not EmergencyAccess.objects.filter(reader=reader).exists():
        open_emergency(
            actor=actor_of(reader, Role.DOCTOR),
            whom=ARCHIVED,
            reason=EmergencyReason.DANGER,
            words="患者突发晕厥送来，需要了解过敏史和用药。",
            now=now,
        )
    owner = User.objects.filter(phone=ARCHIVED).first()
    if owner is not None and not DataExport.objects.filter(account=owner).exists():
        ask_for_export(actor=actor_of(owner, Role.PATIENT), now=now)
