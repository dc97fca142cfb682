"""The consultation: one case of one visit person, paid once, served by one doctor at a time."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation
from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.patients.models import VisitPerson
from clinic.settings import rules
from consultations.enums import (
    FAST_KINDS,
    MOVES,
    OPEN_STATES,
    WITH_DOCTOR,
    IntakeSource,
    Kind,
    StaffTask,
    State,
)
from consultations.rules import topic_of
from doctors.enums import Level
from doctors.models import Department, Doctor
from payments.models import PaymentOrder


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Named conditions on consultations."""

    def open(self) -> "ConsultationQuerySet":
        """Those that still go on."""
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> "ConsultationQuerySet":
        """Those in the queue for a doctor, oldest payment first."""
        return self.filter(state=State.WAITING_ASSIGNMENT).order_by("paid_at", "id")

    def with_people(self) -> "ConsultationQuerySet":
        """Load all that a detail shows with the rows."""
        return self.select_related(
            "patient", "person", "department", "doctor", "doctor__user", "doctor__department"
        )


class Consultation(PublicModel):
    """One case. ``state`` moves only through ``services.state.advance``.

    ``doctor`` is the chosen or the assigned one, null while a case waits for anybody. Deadlines are
    UTC moments, set when the state that they limit begins. ``hops`` counts how often the case came
    back from a doctor. ``unanswered_since`` is the oldest moment a patient waits for a reply; time
    on hold (``held_since`` to the end of the hold) does not count and moves it and the deadlines.
    ``intake_source`` and ``has_red_flags`` are those of the newest intake.
    """

    patient = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="consultations", verbose_name=_("account")
    )
    person = models.ForeignKey(
        VisitPerson,
        on_delete=models.PROTECT,
        related_name="consultations",
        verbose_name=_("visit person"),
    )
    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("doctor"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    is_instant = models.BooleanField(_("10-minute product"), default=False)
    wanted_level = models.CharField(
        _("wanted level"), max_length=20, choices=Level.choices, blank=True
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    complaint = models.TextField(_("complaint"), max_length=rules.COMPLAINT_MAX_CHARS, blank=True)
    intake_source = models.CharField(
        _("intake"), max_length=20, choices=IntakeSource.choices, blank=True, editable=False
    )
    has_red_flags = models.BooleanField(_("warning words"), default=False, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default="", editable=False
    )
    state_since = models.DateTimeField(_("in this state since"), default=now, editable=False)
    order = models.OneToOneField(
        PaymentOrder,
        on_delete=models.PROTECT,
        null=True,
        related_name="consultation",
        editable=False,
        verbose_name=_("order"),
    )
    conversation = models.OneToOneField(
        Conversation,
        on_delete=models.PROTECT,
        null=True,
        related_name="consultation",
        editable=False,
        verbose_name=_("conversation"),
    )
    hops = models.PositiveSmallIntegerField(_("hops"), default=0, editable=False)
    escalation = models.PositiveSmallIntegerField(_("escalation step"), default=0, editable=False)
    staff_task = models.CharField(
        _("task for staff"),
        max_length=20,
        choices=StaffTask.choices,
        default=StaffTask.NONE,
        blank=True,
        editable=False,
    )
    tried_at = models.DateTimeField(_("last try to assign at"), null=True, editable=False)
    paid_at = models.DateTimeField(_("paid at"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    pay_by = models.DateTimeField(_("pay by"), null=True, editable=False)
    assign_by = models.DateTimeField(_("assign by"), null=True, editable=False)
    accept_by = models.DateTimeField(_("accept by"), null=True, editable=False)
    service_until = models.DateTimeField(_("service until"), null=True, editable=False)
    unanswered_since = models.DateTimeField(_("unanswered since"), null=True, editable=False)
    reply_due_at = models.DateTimeField(_("reply due at"), null=True, editable=False)
    held_since = models.DateTimeField(_("on hold since"), null=True, editable=False)
    held_until = models.DateTimeField(_("on hold until"), null=True, editable=False)
    follow_up_until = models.DateTimeField(_("follow-up until"), null=True, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "doctor"],
                condition=Q(state__in=OPEN_STATES, doctor__isnull=False),
                name="one_open_consultation_per_pair",
            ),
            # A case that came back from a doctor (hops > 0) must not collide with a newer one.
            models.UniqueConstraint(
                fields=["patient", "kind"],
                condition=Q(
                    state__in=OPEN_STATES, kind__in=FAST_KINDS, doctor__isnull=True, hops=0
                ),
                name="one_open_fast_consultation",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*WITH_DOCTOR, State.COMPLETED, State.REFERRED_OFFLINE])
                | Q(doctor__isnull=False),
                name="served_consultation_has_a_doctor",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WAITING_ASSIGNMENT, *WITH_DOCTOR, State.COMPLETED])
                | Q(paid_at__isnull=False),
                name="served_consultation_is_paid",
            ),
            models.CheckConstraint(
                condition=Q(is_instant=False) | Q(kind=Kind.TEXT_FAST), name="instant_is_fast"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PENDING_PAYMENT) | Q(pay_by__isnull=False),
                name="unpaid_consultation_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WAITING_ASSIGNMENT) | Q(assign_by__isnull=False),
                name="waiting_consultation_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WAITING_ACCEPT) | Q(accept_by__isnull=False),
                name="assigned_consultation_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.IN_PROGRESS) | Q(service_until__isnull=False),
                name="running_consultation_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(held_since=None, held_until=None)
                | Q(state=State.IN_PROGRESS, held_until__gt=F("held_since")),
                name="only_running_consultation_is_held",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-id"], name="consultation_of_patient"),
            models.Index(fields=["doctor", "-id"], name="consultation_of_doctor"),
            models.Index(
                fields=["paid_at", "id"],
                condition=Q(state=State.WAITING_ASSIGNMENT),
                name="consultation_queue",
            ),
            models.Index(
                fields=["assign_by"],
                condition=Q(state=State.WAITING_ASSIGNMENT),
                name="consultation_assign_by",
            ),
            models.Index(
                fields=["pay_by"],
                condition=Q(state=State.PENDING_PAYMENT),
                name="consultation_pay_by",
            ),
            models.Index(
                fields=["accept_by"],
                condition=Q(state=State.WAITING_ACCEPT),
                name="consultation_accept_by",
            ),
            models.Index(
                fields=["service_until"],
                condition=Q(state=State.IN_PROGRESS),
                name="consultation_service_until",
            ),
            models.Index(
                fields=["reply_due_at"],
                condition=Q(state=State.IN_PROGRESS),
                name="consultation_reply_due",
            ),
            models.Index(
                fields=["held_until"],
                condition=Q(held_until__isnull=False),
                name="consultation_held",
            ),
            models.Index(
                fields=["state_since"],
                condition=~Q(staff_task=StaffTask.NONE),
                name="consultation_staff_task",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="consultation_moves",
                field="state",
                transitions=[
                    (str(state), str(to)) for state, row in MOVES.items() for to in sorted(row)
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} …{str(self.public_id)[-6:]}"

    @property
    def topic(self) -> str:
        """Unique topic of the conversation of this case."""
        return topic_of(self.public_id)
