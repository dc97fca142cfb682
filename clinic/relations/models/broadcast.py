"""One message of a doctor to many of his patients, and what became of it for each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.relations.enums import Audience, BroadcastState, DeliveryState, SkipReason
from clinic.relations.models.group import PatientGroup
from clinic.relations.models.relation import Relation
from doctors.models import Doctor


class Broadcast(PublicModel):
    """The text and its audience. Who gets it is fixed when it is made: one delivery row each.

    The rows are the progress; nothing is counted twice. ``day`` is the clinic's day, ``place`` the
    number of that day, so there can never be more than BROADCASTS_A_DAY.
    """

    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        related_name="broadcasts",
        db_index=False,
        verbose_name=_("doctor"),
    )
    text = models.TextField(_("text"))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience)
    group = models.ForeignKey(
        PatientGroup,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("group"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=BroadcastState, default=BroadcastState.SENDING
    )
    day = models.DateField(_("day"))
    place = models.PositiveSmallIntegerField(_("place"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "day", "place"], name="one_broadcast_per_place_of_the_day"
            ),
            models.CheckConstraint(
                condition=Q(state=BroadcastState.SENDING, ended_at=None)
                | (~Q(state=BroadcastState.SENDING) & Q(ended_at__isnull=False)),
                name="ended_broadcast_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.GROUP) | Q(group=None),
                name="only_group_broadcasts_name_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state=BroadcastState.SENDING), name="broadcast_open"
            ),
        ]

    def __str__(self) -> str:
        return f"broadcast {self.public_id}"


class Delivery(models.Model):
    """A broadcast for one patient."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    relation = models.ForeignKey(
        Relation, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING
    )
    reason = models.CharField(_("reason"), max_length=10, choices=SkipReason, blank=True)
    message_id = models.UUIDField(_("message"), null=True, blank=True)
    at = models.DateTimeField(_("at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["broadcast", "relation"], name="one_delivery_per_broadcast_and_patient"
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.SENT, message_id__isnull=False)
                | (~Q(state=DeliveryState.SENT) & Q(message_id=None)),
                name="sent_delivery_has_message",
            ),
            models.CheckConstraint(
                condition=(Q(state=DeliveryState.SKIPPED) & ~Q(reason=""))
                | (~Q(state=DeliveryState.SKIPPED) & Q(reason="")),
                name="skipped_delivery_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["broadcast", "id"],
                condition=Q(state=DeliveryState.PENDING),
                name="delivery_pending",
            ),
            models.Index(fields=["relation", "at"], name="delivery_of_relation"),
        ]

    def __str__(self) -> str:
        return f"delivery #{self.pk}"
