"""An appointment from the booking to the end of the visit, and every step of it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import IntegerRangeField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from appointments.enums import (
    BLOCKING,
    OPEN_STATES,
    SHORT,
    WAITING,
    Act,
    CancelledBy,
    Source,
    State,
)
from appointments.models.kind import AppointmentType
from appointments.rules import is_one_date
from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.core.money import MAX_AMOUNT_FEN
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Doctor
from payments.models import PaymentOrder

WITH_TIME = Q(
    starts_at__isnull=False, ends_at__isnull=False, busy_from__isnull=False,
    busy_until__isnull=False, doctor__isnull=False, seats__isnull=False,
)  # fmt: skip
# Leave and suspension lock the doctor's row for update; this waits for them and then looks anew,
# so of a booking and a leave that meet one wins. Rows that merely go on are not asked again: that
# is said by the conditions of the triggers, which cost less than a question inside.
COMES = "NEW.state IN ('offered', 'held', 'pending', 'confirmed')"
IS_SAME = f"""{COMES.replace("NEW", "OLD")} AND OLD.doctor_id = NEW.doctor_id
  AND OLD.starts_at = NEW.starts_at AND OLD.ends_at = NEW.ends_at"""
DOCTOR_IS_THERE = """
SELECT status = 'active' INTO works FROM doctors_doctor WHERE id = NEW.doctor_id FOR KEY SHARE;
IF works AND NOT EXISTS (
  SELECT 1 FROM doctors_leave
  WHERE doctor_id = NEW.doctor_id AND cancelled_at IS NULL
    AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
) THEN
  RETURN NEW;
END IF;
RAISE EXCEPTION 'the doctor is away'
  USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'doctor_is_there';
"""
# Removing a person locks his row for update; this waits for it and then looks anew, so of a removal
# and a booking that meet one wins.
PERSON_IS_THERE = """
IF NOT EXISTS (
  SELECT FROM patients_visitperson WHERE id = NEW.person_id AND is_active FOR KEY SHARE
) THEN
  RAISE EXCEPTION 'the visit person was removed'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_there';
END IF;
RETURN NEW;
"""


class Appointment(PublicModel):
    """One visit of one person. While ``queued`` it has a wish instead of a time and a doctor.

    ``busy_from`` and ``busy_until`` are the time with the buffers around it. No two blocking rows
    of a doctor overlap there with overlapping ``seats``, no two of a person from ``starts_at`` to
    ``ends_at``: ``doctor_is_not_double_booked``, ``person_is_not_double_booked``. Somebody alone
    with the doctor takes all seats [0,256), one of a group takes one. Nobody gets a time of a
    doctor who is on leave or suspended: ``doctor_is_there``. Nothing is made for a visit person who
    was removed: ``person_is_there``. No person waits twice for a type in
    overlapping windows: ``person_waits_once``. ``waits_until`` ends the waiting, offers in between
    or not.
    """

    code = models.CharField(pgettext_lazy("appointment", "code"), max_length=6)
    is_code_taken = models.BooleanField(_("code in use"), default=True)
    kind = models.ForeignKey(
        AppointmentType, on_delete=models.PROTECT, related_name="appointments",
        verbose_name=_("appointment type"),
    )  # fmt: skip
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments",
        db_index=False, verbose_name=_("branch"),
    )  # fmt: skip
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments",
        db_index=False, verbose_name=_("doctor"),
    )  # fmt: skip
    is_doctor_chosen = models.BooleanField(_("doctor chosen by name"), default=False)
    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments",
        db_index=False, verbose_name=_("patient account"),
    )  # fmt: skip
    person = models.ForeignKey(
        VisitPerson, on_delete=models.PROTECT, related_name="appointments",
        verbose_name=_("visit person"),
    )  # fmt: skip
    source = models.CharField(
        _("booked by"), max_length=15, choices=Source.choices, default=Source.PATIENT
    )
    state = models.CharField(_("state"), max_length=15, choices=State.choices)
    state_since = models.DateTimeField(_("since"), default=now)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    busy_from = models.DateTimeField(_("takes the doctor from"), null=True, blank=True)
    busy_until = models.DateTimeField(_("takes the doctor until"), null=True, blank=True)
    seats = IntegerRangeField(  # type: ignore[misc]  # the stubs know no nullable range
        _("seats"), null=True, blank=True
    )
    requirements = models.CharField(_("wishes"), max_length=500, blank=True)

    wanted_from = models.DateTimeField(_("waits for a place from"), null=True, blank=True)
    wanted_until = models.DateTimeField(_("waits for a place until"), null=True, blank=True)
    wanted_doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False, verbose_name=_("wants the doctor"),
    )  # fmt: skip
    queued_at = models.DateTimeField(_("on the waiting list since"), null=True, blank=True)
    waits_until = models.DateTimeField(_("waits until"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)
    expires_at = models.DateTimeField(_("this state ends at"), null=True, blank=True)

    price_fen = models.PositiveIntegerField(_("price (fen)"), default=0)
    order = models.ForeignKey(
        PaymentOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False, verbose_name=_("payment order"),
    )  # fmt: skip
    checked_in_at = models.DateTimeField(_("checked in at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    cancelled_by = models.CharField(
        _("cancelled by"), max_length=10, choices=CancelledBy.choices, blank=True
    )
    cancel_reason = models.CharField(_("reason of cancellation"), max_length=200, blank=True)
    moves = models.PositiveSmallIntegerField(_("times moved"), default=0)
    hops = models.PositiveSmallIntegerField(_("doctors tried"), default=0)
    sequence = models.PositiveIntegerField(_("version in calendars"), default=0)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_code_taken=True), name="one_open_row_per_code"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=BLOCKING) | WITH_TIME, name="blocking_appointment_has_time"
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None)
                | Q(
                    ends_at__gt=F("starts_at"),
                    busy_from__lte=F("starts_at"),
                    busy_until__gte=F("ends_at"),
                ),
                name="appointment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.QUEUED)
                | Q(queued_at__isnull=False, wanted_until__gt=F("wanted_from")),
                name="queued_appointment_has_wish",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.QUEUED)
                | Q(expires_at__isnull=False, waits_until__isnull=False),
                name="queued_appointment_has_end",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.OFFERED, State.HELD]) | Q(expires_at__isnull=False),
                name="short_hold_has_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | ~Q(state__in=OPEN_STATES) & Q(ended_at__isnull=False),
                name="ended_appointment_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CANCELLED) & ~Q(cancelled_by="")
                | ~Q(state=State.CANCELLED) & Q(cancelled_by=""),
                name="cancelled_appointment_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(price_fen__lte=MAX_AMOUNT_FEN), name="appointment_price_is_sane"
            ),
        ]
        indexes = [  # of patient, doctor and branch instead of an index on each key alone
            models.Index(fields=["patient", "-id"], name="appointment_of_patient"),
            models.Index(fields=["doctor", "starts_at"], name="appointment_of_doctor"),
            models.Index(fields=["branch", "starts_at"], name="appointment_of_branch"),
            models.Index(
                fields=["doctor", "expires_at"], condition=Q(state__in=SHORT),
                name="short_of_doctor",
            ),
            models.Index(
                fields=["person", "expires_at"], condition=Q(state__in=SHORT),
                name="short_of_person",
            ),
            # Most have neither: a booking need not write there.
            models.Index(
                fields=["order"], condition=Q(order__isnull=False), name="appointment_of_order"
            ),
            models.Index(
                fields=["wanted_doctor"],
                condition=Q(wanted_doctor__isnull=False), name="appointment_wants_doctor",
            ),
            models.Index(
                "kind", "branch", F("priority").desc(), "queued_at", "id",
                condition=Q(state__in=WAITING), name="appointment_waiting_list",
            ),
            models.Index(
                fields=["kind", "-finished_at"],
                condition=Q(state=State.COMPLETED), name="appointment_finished",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False, state__in=OPEN_STATES),
                name="appointment_due",
            ),
            # Figures of some days: rows lie on the disk roughly as they came.
            BrinIndex(
                fields=["created_at", "starts_at"], pages_per_range=16, autosummarize=True,
                name="appointment_days",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="doctor_is_there",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(COMES),
                declare=[("works", "boolean")],
                func=DOCTOR_IS_THERE,
            ),
            pgtrigger.Trigger(
                name="doctor_is_there_too",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "state", "doctor_id", "starts_at", "ends_at"
                ),
                condition=pgtrigger.Condition(f"{COMES} AND ({IS_SAME}) IS NOT TRUE"),
                declare=[("works", "boolean")],
                func=DOCTOR_IS_THERE,
            ),
            pgtrigger.Trigger(
                name="person_is_there",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=PERSON_IS_THERE,
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_at_the_desk(self) -> bool:
        """Whether the patient stands at the desk and waits for a place of the same day."""
        if self.source != Source.WALK_IN or self.queued_at is None or self.wanted_from is None:
            return False
        zone = self.branch.time_zone if self.branch else settings.TIME_ZONE
        return is_one_date(zone, self.wanted_from, self.queued_at)


class AppointmentStep(models.Model):
    """One step of one appointment, for ever: the operation log. ``note`` holds ids and codes."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="steps", db_index=False,
        verbose_name=_("appointment"),
    )  # fmt: skip
    act = models.CharField(_("act"), max_length=20, choices=Act.choices)
    before = models.CharField(_("from"), max_length=15, choices=State.choices, blank=True)
    after = models.CharField(_("to"), max_length=15, choices=State.choices)
    actor = models.CharField(_("actor"), max_length=80)
    note = models.JSONField(_("note"), default=dict)
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("step of an appointment")
        verbose_name_plural = _("operation log")
        indexes = [
            models.Index(fields=["appointment", "id"], name="step_of_appointment"),
            BrinIndex(fields=["at"], pages_per_range=16, autosummarize=True, name="step_days"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="steps_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
