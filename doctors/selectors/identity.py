"""Whether a doctor has proved himself lately."""

from datetime import datetime
from typing import Final

from clinic.files.enums import FileKind
from clinic.files.purposes import Purpose, declare_purpose
from clinic.settings import rules
from doctors.models import IdentityCheck

LIVE_PURPOSE: Final = "identity"


def identity_until(doctor_id: int, moment: datetime) -> datetime | None:
    """Return until when the last passed check is good; None when none is."""
    checks = IdentityCheck.objects.filter(
        doctor_id=doctor_id, passed_at__gt=moment - rules.IDENTITY_CHECK_VALID
    )
    passed_at = checks.order_by("-passed_at").values_list("passed_at", flat=True).first()
    return passed_at + rules.IDENTITY_CHECK_VALID if passed_at else None


# Nothing takes a live picture: it is compared, and swept away with what nothing took.
declare_purpose(Purpose(LIVE_PURPOSE, frozenset({FileKind.IMAGE}), lambda _file, _user: False))
