"""A team of agents and when it is there."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.customer_service.enums import Weekday
from clinic.settings import rules


class Team(PublicModel):
    """Agents who share one queue (客服组). A team without opening hours is always open.

    ``positions_changed`` is raised when its queue moved and lowered by whoever tells the waiting
    people, so any number of moves is told once.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40)
    is_active = models.BooleanField(_("active"), default=True)
    is_default = models.BooleanField(_("takes who names no team"), default=False)
    fallback = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stands in when nobody is online"),
    )
    first_reply_target = models.DurationField(
        _("promised first reply"), default=rules.SERVICE_FIRST_REPLY_TARGET
    )
    resolution_target = models.DurationField(
        _("promised resolution"), default=rules.SERVICE_RESOLUTION_TARGET
    )
    positions_changed = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_team"
            ),
            models.CheckConstraint(
                condition=Q(fallback=None) | ~Q(fallback=F("id")), name="team_falls_back_elsewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the active language."""
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


class TeamHours(models.Model):
    """A stretch of one weekday, in the clinic's time zone, in which the team is there."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")), name="team_closes_after_opening"
            ),
            models.UniqueConstraint(
                fields=["team", "weekday", "opens"], name="one_opening_per_team_and_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class TeamDay(models.Model):
    """A date that differs from the week: a holiday (closed) or a make-up workday (open).

    Without a team it holds for all. Several rows of one date are its several stretches.
    """

    team = models.ForeignKey(
        Team,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="days",
        verbose_name=_("team"),
        help_text=_("Empty: all teams."),
    )
    date = models.DateField(_("date"))
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["date", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens=None, closes=None) | Q(opens__lt=F("closes")),
                name="special_day_is_closed_or_has_both_times",
            ),
            models.UniqueConstraint(
                fields=["team", "date", "opens"],
                name="one_special_stretch_per_time",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}"
