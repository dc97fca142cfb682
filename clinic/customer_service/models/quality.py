"""What was promised and how well it was kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.customer_service.enums import SlaMetric
from clinic.customer_service.models.chat import ServiceChat


class SlaTimer(models.Model):
    """One promise about one chat: due when, met or broken when, alarmed once."""

    chat = models.ForeignKey(
        ServiceChat,
        on_delete=models.PROTECT,
        related_name="sla_timers",
        verbose_name=_("service chat"),
    )
    metric = models.CharField(_("promise"), max_length=20, choices=SlaMetric.choices)
    started_at = models.DateTimeField(_("runs since"))
    due_at = models.DateTimeField(_("due at"))
    met_at = models.DateTimeField(_("met at"), null=True, blank=True)
    broken_at = models.DateTimeField(_("broken at"), null=True, blank=True)

    class Meta:
        verbose_name = _("promise of service")
        verbose_name_plural = _("promises of service")
        constraints = [
            models.UniqueConstraint(fields=["chat", "metric"], name="one_sla_timer_per_metric"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, broken_at=None),
                name="sla_due",
            ),
            models.Index(fields=["started_at"], name="sla_started"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of #{self.chat_id}"


class QualityCheck(models.Model):
    """An ended chat picked at random for a supervisor to read and grade."""

    chat = models.OneToOneField(
        ServiceChat,
        on_delete=models.PROTECT,
        related_name="quality",
        verbose_name=_("service chat"),
    )
    picked_at = models.DateTimeField(_("picked at"), default=now)
    picked_by = models.CharField(_("picked by"), max_length=80)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    attitude = models.PositiveSmallIntegerField(_("attitude"), null=True, blank=True)
    correctness = models.PositiveSmallIntegerField(_("correctness"), null=True, blank=True)
    speed = models.PositiveSmallIntegerField(_("speed"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("quality check")
        verbose_name_plural = _("quality checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_at=None, attitude=None, correctness=None, speed=None)
                | Q(
                    checked_at__isnull=False,
                    checked_by__isnull=False,
                    attitude__range=(1, 5),
                    correctness__range=(1, 5),
                    speed__range=(1, 5),
                ),
                name="quality_grades_1_to_5",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(checked_at=None), name="quality_unchecked"),
        ]

    def __str__(self) -> str:
        return f"#{self.chat_id}"
