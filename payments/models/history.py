"""Every move of every state machine of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from payments.models.order import PaymentAttempt, PaymentOrder
from payments.models.refund import Refund


class PaymentHistory(models.Model):
    """One move of an order, or of an attempt or refund of it, with who and why."""

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="history")
    attempt = models.ForeignKey(
        PaymentAttempt, on_delete=models.PROTECT, null=True, related_name="history"
    )
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="history")
    from_status = models.CharField(_("from"), max_length=20)
    to_status = models.CharField(_("to"), max_length=20)
    actor = models.CharField(_("actor"), max_length=80)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("payment history")
        verbose_name_plural = _("payment history")
        indexes = [models.Index(fields=["order", "id"], name="payment_history_order")]

    def __str__(self) -> str:
        return f"{self.from_status} > {self.to_status}"
