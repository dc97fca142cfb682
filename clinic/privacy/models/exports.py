"""An archive of a patient's own data."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.privacy.enums import OPEN_EXPORTS, ExportState


class DataExport(PublicModel):
    """One archive, from the wish to its removal.

    ``day`` is the clinic's day and ``place`` the number of that day, so there are never more than
    EXPORTS_A_DAY. ``done`` of ``total`` parts are written. ``token_hash`` is the SHA-256 of the
    download code shown last. The bytes lie in the storage ``exports`` as ``stored_as``, which is
    empty once they are removed.
    """

    account = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("account")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState, default=ExportState.WAITING
    )
    day = models.DateField(_("day"))
    place = models.PositiveSmallIntegerField(_("place"))
    done = models.PositiveSmallIntegerField(_("parts written"), default=0)
    total = models.PositiveSmallIntegerField(_("parts"), default=0)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("fetched at"), null=True, blank=True)
    stored_as = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=OPEN_EXPORTS), name="one_open_export"
            ),
            models.UniqueConstraint(
                fields=["account", "day", "place"], name="one_export_per_place_of_the_day"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY)
                | (Q(expires_at__isnull=False) & ~Q(stored_as="") & ~Q(sha256="")),
                name="ready_export_has_bytes",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.FETCHED)
                | Q(fetched_at__isnull=False, token_hash=""),
                name="fetched_export_opens_no_more",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=OPEN_EXPORTS), name="export_unfinished"
            ),
            models.Index(fields=["id"], condition=~Q(stored_as=""), name="export_with_bytes"),
        ]

    def __str__(self) -> str:
        return f"export {self.public_id}"
