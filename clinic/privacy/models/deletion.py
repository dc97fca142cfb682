"""The wish of a patient to be forgotten."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.privacy.enums import DeletionState


class DeletionRequest(PublicModel):
    """A wish that is done at ``due_at`` unless it is taken back or something is still open.

    ``blocked_by`` are the obstacles of the last look (``looked_at``), empty when there were none.
    """

    account = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("account")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=DeletionState, default=DeletionState.COOLING
    )
    due_at = models.DateTimeField(_("due at"))
    looked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    blocked_by = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("blocked by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("deletion request")
        verbose_name_plural = _("deletion requests")
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state=DeletionState.COOLING),
                name="one_open_deletion",
            ),
            models.CheckConstraint(
                condition=Q(state=DeletionState.COOLING, ended_at=None)
                | (~Q(state=DeletionState.COOLING) & Q(ended_at__isnull=False)),
                name="ended_deletion_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="deletion_of_account"),
            models.Index(
                fields=["due_at"],
                condition=Q(state=DeletionState.COOLING),
                name="deletion_due",
            ),
        ]

    def __str__(self) -> str:
        return f"deletion {self.public_id}"
