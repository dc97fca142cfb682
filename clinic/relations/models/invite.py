"""Invitations of a doctor: a random scene behind a QR code, who scanned it, its picture."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from doctors.models import Doctor


class Invite(PublicModel):
    """A code that a doctor shows; it names neither him nor anybody else.

    ``scene`` travels in WeChat's codes: at most 32 of its letters. A revoked one opens nothing.
    """

    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="invites", verbose_name=_("doctor")
    )
    scene = models.CharField(_("scene"), max_length=32, unique=True)
    label = models.CharField(_("label"), max_length=40, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invite")
        verbose_name_plural = _("invites")
        constraints = [
            models.CheckConstraint(
                condition=Q(scene__regex=r"^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}$"),
                name="scene_within_wechat",
            ),
        ]

    def __str__(self) -> str:
        return f"invite {self.public_id}"


class InviteScan(models.Model):
    """A patient who scanned an invite, how often, and whether it made the relation."""

    invite = models.ForeignKey(
        Invite, on_delete=models.PROTECT, related_name="scans", db_index=False
    )
    patient = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("patient")
    )
    times = models.PositiveIntegerField(_("times"), default=1)
    made_relation = models.BooleanField(_("made the relation"), default=False)
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))

    class Meta:
        verbose_name = _("invite scan")
        verbose_name_plural = _("invite scans")
        constraints = [
            models.UniqueConstraint(
                fields=["invite", "patient"], name="one_scan_row_per_invite_and_patient"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.patient_id} scanned #{self.invite_id}"


class InviteImage(models.Model):
    """The picture that WeChat drew for an invite; its scene never changes, so it is kept."""

    invite = models.OneToOneField(Invite, on_delete=models.CASCADE, related_name="image")
    content = models.BinaryField(_("content"))
    mime = models.CharField(_("MIME type"), max_length=20)
    fetched_at = models.DateTimeField(_("fetched at"))

    class Meta:
        verbose_name = _("invite picture")
        verbose_name_plural = _("invite pictures")

    def __str__(self) -> str:
        return f"picture of #{self.invite_id}"
