"""What a doctor's devices say about him. Written every few seconds, so it is a narrow table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from doctors.enums import PresenceState
from doctors.models.doctor import Doctor


class DoctorPresence(models.Model):
    """Presence of one doctor; the key is the doctor's.

    ``state`` is the truth of now. ``resumes_as`` is kept for a doctor who only fell silent: the
    next heartbeat within the hard time-out brings that state back without asking him.
    """

    doctor = models.OneToOneField(
        Doctor,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="presence",
        verbose_name=_("doctor"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PresenceState, default=PresenceState.OFFLINE
    )
    resumes_as = models.CharField(
        _("comes back as"), max_length=10, choices=PresenceState, blank=True, editable=False
    )
    heartbeat_at = models.DateTimeField(_("last heartbeat"), default=now)
    changed_at = models.DateTimeField(_("changed at"), default=now)

    class Meta:
        verbose_name = _("doctor presence")
        verbose_name_plural = _("doctor presences")

    def __str__(self) -> str:
        return f"{self.doctor_id}: {self.state}"
