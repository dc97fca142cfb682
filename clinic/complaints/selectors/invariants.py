"""Promises of the room that a query can prove."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clinic.complaints.enums import PENDING, SanctionKind, State
from clinic.complaints.models import QualityEntry, Sanction
from clinic.core.invariants import invariant
from doctors.models import Doctor


@invariant("complaints.points", _("Points stand against the doctor of a justified complaint."))
def stray_points() -> list[str]:
    """Return one line per entry in force that its complaint does not bear out."""
    borne_out = Q(complaint__state=State.RESOLVED) | Q(
        complaint__state__in=PENDING, complaint__round=2
    )
    rows = QualityEntry.objects.filter(revoked_at=None)
    stray = rows.exclude(borne_out, doctor_id=F("complaint__doctor_id"))
    return [f"quality points #{pk}" for pk in stray.values_list("pk", flat=True)]


@invariant("complaints.stops", _("Who gets no new patients has a decision in force that says so."))
def stray_stops() -> list[str]:
    """Return one line per doctor whose row and sanctions disagree."""
    in_force = Exists(
        Sanction.objects.filter(doctor=OuterRef("pk"), kind=SanctionKind.STOP, ended_at=None)
    )
    rows = Doctor.objects.annotate(should_stop=in_force)
    wrong = rows.exclude(is_service_stopped=F("should_stop"))
    return [f"doctor {public_id}" for public_id in wrong.values_list("public_id", flat=True)]
