"""When a doctor takes consultations."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doctors.enums import Weekday
from doctors.models.doctor import Doctor


class ServiceHours(models.Model):
    """One stretch of a weekday on the clinic's wall clock; no rows at all means always.

    ``end`` is exclusive; 00:00 as end means midnight. Stretches of a day do not overlap
    (constraint ``service_hours_do_not_overlap``); a night is written as two rows.
    """

    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="hours", verbose_name=_("doctor")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("service hours")
        verbose_name_plural = _("service hours")
        ordering = ["doctor", "weekday", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday_is_a_day"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")) | Q(end="00:00"), name="hours_end_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start:%H:%M}-{self.end:%H:%M}"
