"""A complaint: of whom, about what, until when, with whom, and how it ended."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clinic.complaints.enums import DECIDED, MOVES, PENDING, Kind, Side, State, Subject
from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.settings import rules
from doctors.models import Doctor


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Conditions with plain names."""

    def pending(self) -> "ComplaintQuerySet":
        """Those that are not decided."""
        return self.filter(state__in=PENDING)

    def by_urgency(self) -> "ComplaintQuerySet":
        """Pending ones by their next deadline, so overdue ones stand first; then the newest."""
        return self.annotate(
            is_over=models.Case(models.When(state__in=PENDING, then=0), default=1),
            due_at=models.Case(
                models.When(state__in=PENDING, then=Coalesce("answer_by", "close_by"))
            ),
        ).order_by("is_over", F("due_at").asc(nulls_last=True), "-id")

    def overdue(self, moment: datetime) -> "ComplaintQuerySet":
        """Pending ones that missed a promise."""
        return self.pending().filter(Q(answer_by__lte=moment) | Q(close_by__lte=moment))


class Complaint(PublicModel):
    """One complaint of one patient. ``state`` moves only through ``services.state.advance``.

    ``subject`` and ``subject_public_id`` name what it is about; ``doctor`` is whom it concerns and
    ``about_user`` the account that must never handle it. ``answer_by`` is null once staff has
    answered. ``round`` is 2 after an appeal; ``former_handler`` decided the first round.
    ``outcome`` is what the patient is told. Of a consultation that had several doctors staff choose
    whom it concerns.
    """

    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("account"),
    )
    source = models.CharField(
        _("opened by"), max_length=10, choices=Side.choices, default=Side.PATIENT
    )
    subject = models.CharField(_("complained of"), max_length=20, choices=Subject.choices)
    subject_public_id = models.UUIDField(_("public id of the thing"))
    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        db_index=False,
        verbose_name=_("doctor"),
    )
    about_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account it concerns"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    text = models.TextField(_("text"), max_length=rules.COMPLAINT_TEXT_MAX_CHARS)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default="")
    state_since = models.DateTimeField(_("in this state since"), default=now)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("first answered at"), null=True, blank=True)
    close_by = models.DateTimeField(_("decide by"))
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handler"),
    )
    former_handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided the first round"),
    )
    outcome = models.TextField(_("outcome"), max_length=rules.COMPLAINT_TEXT_MAX_CHARS, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("outcome accepted at"), null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint ticket")
        verbose_name_plural = _("complaint tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "subject", "subject_public_id"],
                condition=Q(state__in=PENDING),
                name="one_pending_complaint_per_thing",
            ),
            models.CheckConstraint(
                condition=Q(round__gte=1, round__lte=2), name="complaint_is_appealed_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.IN_REVIEW) | Q(handler__isnull=False),
                name="complaint_in_review_has_handler",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OPEN) | Q(handler=None), name="open_complaint_is_free"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED)
                | (Q(decided_at__isnull=False, handler__isnull=False) & ~Q(outcome="")),
                name="decided_complaint_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(handler=None) | Q(about_user=None) | ~Q(handler=F("about_user")),
                name="nobody_judges_himself",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(state__in=DECIDED),
                name="accepted_complaint_is_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-id"], name="complaint_of_patient"),
            models.Index(fields=["doctor", "-id"], name="complaint_of_doctor"),
            models.Index(
                Coalesce("answer_by", "close_by"),
                condition=Q(state__in=PENDING),
                name="complaint_pending",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="complaint_moves",
                field="state",
                transitions=[
                    (str(state), str(to)) for state, row in MOVES.items() for to in sorted(row)
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} …{str(self.public_id)[-6:]}"

    @property
    def is_final(self) -> bool:
        """Whether nothing can change its outcome, as far as the row tells."""
        return self.state == State.WITHDRAWN or (
            self.state in DECIDED and (self.round > 1 or self.accepted_at is not None)
        )
