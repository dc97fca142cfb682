"""One act on many accounts, and what became of it for each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.privacy.enums import BatchAct, BatchState, ItemState


class AccountBatch(PublicModel):
    """The act and who ordered it. The items are the progress; nothing is counted twice."""

    act = models.CharField(_("act"), max_length=10, choices=BatchAct)
    ordered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=BatchState, default=BatchState.RUNNING
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of accounts")
        verbose_name_plural = _("batches of accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=BatchState.RUNNING, ended_at=None)
                | (Q(state=BatchState.DONE) & Q(ended_at__isnull=False)),
                name="ended_batch_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state=BatchState.RUNNING), name="batch_running"
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.public_id}"

    @property
    def found_counts(self) -> dict[str, int]:
        """Accounts by state, where ``selectors.batches`` counted them."""
        return {state.value: getattr(self, f"{state}_count", 0) for state in ItemState}


class BatchItem(models.Model):
    """One account of a batch; ``reasons`` are codes of obstacles or of a skip."""

    batch = models.ForeignKey(
        AccountBatch, on_delete=models.PROTECT, related_name="items", db_index=False
    )
    account = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("account")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ItemState, default=ItemState.PENDING
    )
    reasons = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("why not")
    )
    kept = models.JSONField(_("kept by law"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), null=True, blank=True)

    class Meta:
        verbose_name = _("account of a batch")
        verbose_name_plural = _("accounts of batches")
        constraints = [
            models.UniqueConstraint(fields=["batch", "account"], name="one_item_per_account"),
            models.CheckConstraint(
                condition=(Q(state=ItemState.PENDING, at=None))
                | (~Q(state=ItemState.PENDING) & Q(at__isnull=False)),
                name="handled_item_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "id"],
                condition=Q(state=ItemState.PENDING),
                name="batch_item_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"item #{self.pk}"
