"""When branches and doctors see people: weekly templates, special days, leave.

Minutes count from midnight on the branch's wall clock, 0 to 1440; a night is written as two rows.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.core.clock import clinic_time, now
from clinic.core.models import PublicModel
from doctors.enums import DayKind, Weekday
from doctors.models.doctor import Doctor
from doctors.models.place import Branch

DAY_MINUTES = 1440


class BranchHours(PublicModel):
    """A stretch of a weekday in which a branch is open, for a time. No rows: always open.

    Rows of one branch never overlap: constraint ``branch_hours_do_not_overlap``. Both dates are
    inclusive.
    """

    branch = models.ForeignKey(
        Branch, on_delete=models.CASCADE, related_name="hours", verbose_name=_("branch")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start_minute = models.PositiveSmallIntegerField(_("from (minute)"))
    end_minute = models.PositiveSmallIntegerField(_("until (minute)"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("branch hours")
        verbose_name_plural = _("branch hours")
        ordering = ["branch", "weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, end_minute__lte=DAY_MINUTES)
                & Q(end_minute__gt=F("start_minute")),
                name="branch_hours_end_after_start",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="branch_hours_valid_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {_clock(self.start_minute)}-{_clock(self.end_minute)}"


class WorkRule(PublicModel):
    """A stretch of a weekday in which a doctor sees people, at a branch or (without one) online.

    Several rows a day leave the breaks between them. Rows of one doctor never overlap: constraint
    ``work_rules_do_not_overlap``. Both dates are inclusive.
    """

    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="work_rules", verbose_name=_("doctor")
    )
    branch = models.ForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="work_rules",
        verbose_name=_("branch"),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start_minute = models.PositiveSmallIntegerField(_("from (minute)"))
    end_minute = models.PositiveSmallIntegerField(_("until (minute)"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["doctor", "weekday", "start_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, end_minute__lte=DAY_MINUTES)
                & Q(end_minute__gt=F("start_minute")),
                name="work_rule_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="work_rule_valid_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {_clock(self.start_minute)}-{_clock(self.end_minute)}"


class CalendarDay(PublicModel):
    """A date that differs from the week, for one doctor, one branch, or (with neither) everybody.

    ``closed`` ends the day, ``hours`` replaces its stretches, ``workday`` lets the day follow
    another weekday's template (调休). The doctor's own row wins over his branch's, that over the
    house's. Rows of one owner and date never overlap: constraint ``calendar_days_do_not_overlap``.
    """

    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_days",
        verbose_name=_("doctor"),
    )
    branch = models.ForeignKey(
        Branch,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_days",
        verbose_name=_("branch"),
    )
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind.choices)
    start_minute = models.PositiveSmallIntegerField(_("from (minute)"), default=0)
    end_minute = models.PositiveSmallIntegerField(_("until (minute)"), default=DAY_MINUTES)
    works_as = models.PositiveSmallIntegerField(
        _("works like"), choices=Weekday, null=True, blank=True
    )
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["date", "start_minute"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_minute__lte=DAY_MINUTES) & Q(end_minute__gt=F("start_minute")),
                name="calendar_day_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(doctor=None) | Q(branch=None), name="calendar_day_has_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(kind=DayKind.HOURS, works_as=None)
                | Q(kind=DayKind.CLOSED, works_as=None, start_minute=0, end_minute=DAY_MINUTES)
                | Q(
                    kind=DayKind.WORKDAY,
                    works_as__isnull=False,
                    start_minute=0,
                    end_minute=DAY_MINUTES,
                ),
                name="calendar_day_says_what_it_is",
            ),
        ]
        indexes = [models.Index(fields=["date"], name="calendar_day_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"


class Leave(PublicModel):
    """A doctor is away from ``starts_at`` to ``ends_at``; what it hits is booked anew or paid back.

    Leaves of one doctor that hold never overlap: constraint ``leaves_do_not_overlap``.
    """

    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="leaves", verbose_name=_("doctor")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    entered_by = models.CharField(_("entered by"), max_length=80)
    entered_at = models.DateTimeField(_("entered at"), default=now)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="leave_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(
                fields=["doctor", "ends_at"], condition=Q(cancelled_at=None), name="leave_of_doctor"
            ),
        ]

    def __str__(self) -> str:
        return f"{clinic_time(self.starts_at):%Y-%m-%d} - {clinic_time(self.ends_at):%Y-%m-%d}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
