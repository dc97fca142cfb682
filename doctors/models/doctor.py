"""The doctor: profile, credentials, switches and load in one row."""

from datetime import datetime

import pghistory
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.clock import clinic_day
from clinic.core.models import PublicModel
from clinic.settings import rules
from doctors.enums import LEVEL_RANKS, Certification, DoctorStatus, Gender, Level, PresenceState
from doctors.models.place import Branch, Department

LIMIT = Coalesce(F("max_consultations"), Value(rules.DOCTOR_MAX_CONSULTATIONS))
# What the row alone says about new patients. The index of free doctors has the same condition.
OPEN = Q(
    status=DoctorStatus.ACTIVE,
    certification=Certification.CERTIFIED,
    is_service_open=True,
    is_text_open=True,
)
OPEN_BY_PHONE = Q(
    status=DoctorStatus.ACTIVE,
    certification=Certification.CERTIFIED,
    is_service_open=True,
    is_phone_open=True,
)
LISTED = Q(status=DoctorStatus.ACTIVE, certification=Certification.CERTIFIED, user__is_active=True)
HISTORY_FIELDS = [
    "name", "hospital", "department", "branch", "level", "status", "certification",
    "licence_valid_until", "is_service_open", "is_text_open", "is_phone_open", "text_price_fen",
    "phone_price_fen", "max_consultations",
]  # fmt: skip


class DoctorQuerySet(models.QuerySet["Doctor"]):
    """Conditions with plain names."""

    def listed(self) -> "DoctorQuerySet":
        """Doctors whom patients may see."""
        return self.filter(LISTED)

    def allowed_to_work(self, moment: datetime) -> "DoctorQuerySet":
        """Doctors with an active account, valid credentials and open switches."""
        return self.filter(OPEN, user__is_active=True, licence_valid_until__gte=clinic_day(moment))

    def allowed_to_call(self, moment: datetime) -> "DoctorQuerySet":
        """The same for phone consultations."""
        return self.filter(
            OPEN_BY_PHONE, user__is_active=True, licence_valid_until__gte=clinic_day(moment)
        )

    def online(self, moment: datetime) -> "DoctorQuerySet":
        """Doctors who say online and whose devices beat lately."""
        return self.filter(
            presence__state=PresenceState.ONLINE,
            presence__heartbeat_at__gt=moment - rules.PRESENCE_SILENCE,
        )

    def on_duty(self, moment: datetime) -> "DoctorQuerySet":
        """Doctors who are online and inside their hours."""
        still = Q(duty_ends_at=None) | Q(duty_ends_at__gt=moment)
        return self.online(moment).filter(still, is_on_duty=True)

    def with_room(self) -> "DoctorQuerySet":
        """Doctors below their limit."""
        return self.filter(current_consultation_count__lt=F("place_limit"))

    def assignable(self, moment: datetime) -> "DoctorQuerySet":
        """Doctors who may get one more patient now."""
        return self.allowed_to_work(moment).on_duty(moment).with_room()

    def by_load(self, *groups: str) -> "DoctorQuerySet":
        """Least loaded first (load / limit) in each group, then longest idle, then oldest row."""
        idle = F("last_assigned_at").asc(nulls_first=True)
        return self.order_by(*groups, "load_key", idle, "id")


@pghistory.track(
    fields=HISTORY_FIELDS,
    append_only=True,
    model_name="DoctorHistory",
    meta={"verbose_name": _("doctor history"), "verbose_name_plural": _("doctor history")},
)
class Doctor(PublicModel):
    """One doctor and his account. The fields of seed 004, with one word per idea.

    Staff alone changes level, status, certification, licence and limit; while it has stopped his
    service (``services.standing.stop_service``), he cannot open it. ``load_key``,
    ``level_rank`` and ``place_limit`` are computed by the database and cannot disagree with their
    sources. ``is_on_duty`` and ``duty_ends_at`` say what presence and hours said at the last look;
    the presence row is asked again for every candidate of an assignment.
    """

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="doctor", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=60)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, default=Gender.UNKNOWN)
    phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    icon = models.URLField(_("picture"), max_length=500, blank=True)
    hospital = models.CharField(_("hospital"), max_length=100, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="doctors", verbose_name=_("department")
    )
    branch = models.ForeignKey(
        Branch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # every assignment would write it; nothing searches by it
        related_name="doctors",
        verbose_name=_("branch"),
    )
    level = models.CharField(_("level"), max_length=20, choices=Level, default=Level.RESIDENT)
    level_rank = models.GeneratedField(
        expression=Case(
            *(When(level=level.value, then=Value(rank)) for level, rank in LEVEL_RANKS.items())
        ),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
        verbose_name=_("rank of the level"),
    )
    description = models.TextField(_("description"), max_length=2000, blank=True)
    openid = models.CharField(_("mini-program openid"), max_length=64, blank=True)

    status = models.CharField(
        _("status"), max_length=10, choices=DoctorStatus, default=DoctorStatus.ACTIVE
    )
    certification = models.CharField(
        _("certification"), max_length=10, choices=Certification, default=Certification.NONE
    )
    practising_since = models.DateField(_("practises since"), null=True, blank=True)
    licence_valid_until = models.DateField(_("licence valid until"), null=True, blank=True)

    is_service_open = models.BooleanField(_("takes consultations"), default=False)
    is_service_stopped = models.BooleanField(
        _("stopped by the clinic"), default=False, editable=False
    )
    is_text_open = models.BooleanField(_("text consultations open"), default=True)
    is_phone_open = models.BooleanField(_("phone consultations open"), default=False)
    text_price_fen = models.PositiveIntegerField(_("text price (fen)"), null=True, blank=True)
    phone_price_fen = models.PositiveIntegerField(_("phone price (fen)"), null=True, blank=True)

    max_consultations = models.PositiveSmallIntegerField(
        _("own limit of consultations"), null=True, blank=True
    )
    max_appointments = models.PositiveSmallIntegerField(
        _("own limit of appointments at once"), null=True, blank=True
    )  # seed 002: default_max_load
    is_appointment_open = models.BooleanField(_("takes appointments"), default=True)
    current_consultation_count = models.PositiveSmallIntegerField(
        _("consultations now"), default=0, editable=False
    )  # seed 000
    place_limit = models.GeneratedField(
        expression=LIMIT,
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
        verbose_name=_("limit of consultations"),
    )
    load_key = models.GeneratedField(
        expression=F("current_consultation_count") * Value(10_000) / LIMIT,
        output_field=models.IntegerField(),
        db_persist=True,
        verbose_name=_("load in 1/10,000 of the limit"),
    )
    last_assigned_at = models.DateTimeField(_("last assigned at"), null=True, editable=False)
    is_on_duty = models.BooleanField(_("on duty"), default=False, editable=False)
    duty_ends_at = models.DateTimeField(_("duty ends at"), null=True, editable=False)

    rating_average = models.DecimalField(
        _("average rating"), max_digits=3, decimal_places=2, default=0, editable=False
    )
    rating_count = models.PositiveIntegerField(_("number of ratings"), default=0, editable=False)

    objects = DoctorQuerySet.as_manager()

    class Meta:
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        indexes = [
            # Free doctors in the order they get patients. Department stands last so that a wish
            # for one is answered inside the index.
            models.Index(
                F("level_rank"),
                F("load_key"),
                F("last_assigned_at").asc(nulls_first=True),
                F("id"),
                F("department"),
                condition=OPEN
                & Q(is_on_duty=True, current_consultation_count__lt=F("place_limit")),
                name="doctor_free",
            ),
            models.Index(
                F("is_on_duty").desc(),
                F("level_rank").desc(),
                F("rating_average").desc(),
                F("id"),
                condition=Q(status=DoctorStatus.ACTIVE, certification=Certification.CERTIFIED),
                name="doctor_listed",
            ),
            # Few doctors; what changes with each patient stays out, so that updates stay in place.
            models.Index(
                fields=["level_rank"], condition=Q(is_phone_open=True), name="doctor_by_phone"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(current_consultation_count__gte=0)
                & Q(current_consultation_count__lte=LIMIT),
                name="doctor_load_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(is_service_stopped=False) | Q(is_service_open=False),
                name="stopped_doctor_takes_nobody",
            ),
            models.CheckConstraint(
                condition=Q(max_consultations=None) | Q(max_consultations__range=(1, 100)),
                name="doctor_limit_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(max_appointments=None) | Q(max_appointments__range=(1, 100)),
                name="doctor_appointment_limit_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="doctor_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(certification__in=Certification.values),
                name="doctor_certification_is_known",
            ),
            models.CheckConstraint(
                condition=Q(rating_average__gte=0, rating_average__lte=5),
                name="doctor_rating_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name
