"""What can be booked."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from appointments.enums import Mode, WaitingWay
from clinic.core.models import PublicModel
from clinic.core.money import MAX_AMOUNT_FEN
from clinic.settings import rules
from doctors.models import Branch, Doctor

LONGEST_AHEAD = 30 * 24 * 60  # minutes; nobody books much further ahead


def usual_reminders() -> list[int]:
    """Return when a new type reminds, in minutes ahead of the start."""
    return list(rules.APPOINTMENT_REMINDERS)


class AppointmentType(PublicModel):
    """A service with its own duration, price and capacity (预约项目).

    Without doctors every doctor with working hours gives it; without branches every branch. The
    price rule ``appointment_<code>`` of the payments room goes before ``price_fen``.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    description_zh = models.CharField(_("description in Chinese"), max_length=500, blank=True)
    description_en = models.CharField(_("description in English"), max_length=500, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.CLINIC)
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration (minutes)"), default=rules.APPOINTMENT_MINUTES
    )
    step_minutes = models.PositiveSmallIntegerField(_("a slot begins every (minutes)"), default=30)
    buffer_before_minutes = models.PositiveSmallIntegerField(_("free before (minutes)"), default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(_("free after (minutes)"), default=0)
    capacity = models.PositiveSmallIntegerField(_("people at once"), default=1)
    price_fen = models.PositiveIntegerField(_("price (fen)"), default=0)
    min_notice = models.DurationField(_("at least ahead"), default=rules.APPOINTMENT_MIN_NOTICE)
    max_advance = models.DurationField(_("at most ahead"), default=rules.APPOINTMENT_MAX_ADVANCE)
    free_cancel_before = models.DurationField(
        _("free cancellation until"), default=timedelta(hours=2)
    )
    needs_acceptance = models.BooleanField(_("the doctor accepts each"), default=True)
    waiting_way = models.CharField(
        _("waiting list"), max_length=10, choices=WaitingWay.choices, default=WaitingWay.OFFER
    )
    waiting_timeout = models.DurationField(
        _("on the waiting list for at most"), default=rules.APPOINTMENT_QUEUE_TIMEOUT
    )
    reminders = ArrayField(
        models.PositiveIntegerField(
            validators=[MinValueValidator(5), MaxValueValidator(LONGEST_AHEAD)]
        ),
        verbose_name=_("reminders (minutes ahead)"),
        default=usual_reminders,
        blank=True,
        size=rules.APPOINTMENT_REMINDERS_MOST,
    )
    doctors = models.ManyToManyField(
        Doctor, related_name="appointment_types", blank=True, verbose_name=_("doctors")
    )
    branches = models.ManyToManyField(
        Branch, related_name="appointment_types", blank=True, verbose_name=_("branches")
    )
    position = models.PositiveSmallIntegerField(_("position in lists"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("appointment type")
        verbose_name_plural = _("appointment types")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_minutes__range=(5, 720)), name="type_duration_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(step_minutes__range=(5, 720)), name="type_step_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(buffer_before_minutes__lte=240, buffer_after_minutes__lte=240),
                name="type_buffers_are_sane",
            ),
            models.CheckConstraint(
                condition=Q(capacity__range=(1, 200)), name="type_capacity_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(price_fen__lte=MAX_AMOUNT_FEN), name="type_price_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(min_notice__gte=timedelta(0), max_advance__gt=timedelta(0)),
                name="type_notice_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(waiting_timeout__gt=timedelta(0)), name="type_waiting_timeout_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(reminders__len__lte=rules.APPOINTMENT_REMINDERS_MOST),
                name="type_reminders_are_few",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the active language."""
        return self.name_zh if _is_chinese() else self.name_en

    @property
    def description(self) -> str:
        """Description in the active language, in the other one where it was not translated."""
        texts = self.description_zh, self.description_en
        first, second = texts if _is_chinese() else reversed(texts)
        return first or second


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
