"""What a doctor and a patient are to each other: one row for each pair."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.relations.enums import Source
from clinic.settings import rules
from doctors.models import Doctor

HISTORY_FIELDS = [
    "source", "is_followed", "is_blocked_by_doctor", "is_blocked_by_patient", "takes_broadcasts",
]  # fmt: skip


class RelationQuerySet(models.QuerySet["Relation"]):
    """Conditions with plain names."""

    def blocked(self) -> "RelationQuerySet":
        """Pairs of whom one side does not want the other."""
        return self.filter(Q(is_blocked_by_doctor=True) | Q(is_blocked_by_patient=True))

    def latest_first(self) -> "RelationQuerySet":
        """Who had a consultation lately first, then who came lately."""
        return self.order_by(F("latest_consultation_at").desc(nulls_last=True), "-id")


@pghistory.track(
    fields=HISTORY_FIELDS,
    append_only=True,
    model_name="RelationHistory",
    meta={"verbose_name": _("relation history"), "verbose_name_plural": _("relation history")},
)
class Relation(PublicModel):
    """One doctor and one patient account, as in seed 004.

    ``tags`` and ``remark`` are the doctor's own notes; the patient never sees them, and neither
    side sees the other's block. ``credit`` counts what the patient contributed, in points.
    ``latest_consultation_id`` and ``latest_report_id`` are public ids of rooms above.
    ``shows_followed_card`` says that the patient's client has still to show this doctor once.
    """

    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        related_name="relations",
        db_index=False,
        verbose_name=_("doctor"),
    )
    patient = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="relations", verbose_name=_("patient")
    )
    source = models.CharField(_("source"), max_length=20, choices=Source)
    tags = ArrayField(models.CharField(max_length=20), verbose_name=_("tags"), default=list)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    is_followed = models.BooleanField(_("followed"), default=False)
    followed_at = models.DateTimeField(_("followed at"), null=True, blank=True)
    is_blocked_by_doctor = models.BooleanField(_("blocked by the doctor"), default=False)
    is_blocked_by_patient = models.BooleanField(_("blocked by the patient"), default=False)
    takes_broadcasts = models.BooleanField(_("takes broadcasts"), default=True)
    credit = models.PositiveIntegerField(_("credit (points)"), default=0)
    shows_followed_card = models.BooleanField(_("card to be shown"), default=False)
    latest_consultation_id = models.UUIDField(_("latest consultation"), null=True, blank=True)
    latest_consultation_at = models.DateTimeField(
        _("latest consultation at"), null=True, blank=True
    )
    latest_report_id = models.UUIDField(_("latest report"), null=True, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "patient"], name="one_relation_per_doctor_and_patient"
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(shows_followed_card=True),
                name="one_followed_card_per_patient",
            ),
            models.CheckConstraint(
                condition=Q(is_followed=True, followed_at__isnull=False)
                | Q(is_followed=False, followed_at=None),
                name="followed_since_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(is_blocked_by_patient=False) | Q(is_followed=False),
                name="nobody_follows_whom_he_blocks",
            ),
            models.CheckConstraint(
                condition=Q(shows_followed_card=False) | Q(is_followed=True),
                name="card_is_of_a_followed_doctor",
            ),
            models.CheckConstraint(
                condition=Q(tags__len__lte=rules.RELATION_TAGS_MAX), name="relation_tags_are_few"
            ),
        ]
        indexes = [
            models.Index(
                F("doctor"),
                F("latest_consultation_at").desc(nulls_last=True),
                F("id").desc(),
                name="relation_of_doctor",
            ),
            models.Index(
                fields=["patient", "doctor"],
                condition=Q(is_blocked_by_doctor=True) | Q(is_blocked_by_patient=True),
                name="relation_blocked",
            ),
        ]

    def __str__(self) -> str:
        return f"relation {self.public_id}"
