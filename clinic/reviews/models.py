"""One review model for every kind of care."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.reviews.enums import ReviewTag, TargetKind, Visibility
from clinic.settings import rules


@pghistory.track(
    fields=["stars", "tags", "visibility", "edited_at", "replied_at"],
    append_only=True,
    model_name="ReviewHistory",
    meta={"verbose_name": _("review history"), "verbose_name_plural": _("review history")},
)
class Review(PublicModel):
    """What one author thinks of one finished piece of care, and the answer to it.

    ``target_kind`` and ``target_public_id`` name the care, which lives in a room above.
    ``about_user`` is the doctor's or agent's account.
    """

    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="reviews_written", verbose_name=_("author")
    )
    about_user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="reviews_received", verbose_name=_("about")
    )
    target_kind = models.CharField(_("kind of care"), max_length=20, choices=TargetKind)
    target_public_id = models.UUIDField(_("care"))
    stars = models.PositiveSmallIntegerField(_("stars"))
    tags = ArrayField(
        models.CharField(max_length=20, choices=ReviewTag),
        verbose_name=_("tags"),
        default=list,
        blank=True,
        size=rules.REVIEW_MAX_TAGS,
    )
    text = models.CharField(_("text"), max_length=rules.REVIEW_MAX_CHARS, blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility, default=Visibility.VISIBLE
    )
    reply = models.CharField(_("reply"), max_length=rules.REVIEW_MAX_CHARS, blank=True)
    replied_at = models.DateTimeField(_("replied at"), null=True, editable=False)
    edited_at = models.DateTimeField(_("edited at"), null=True, editable=False)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(
                fields=["about_user", "-id"],
                condition=Q(visibility="visible"),
                name="review_about_visible",
            ),
            models.Index(fields=["target_public_id"], name="review_of_target"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "target_kind", "target_public_id"],
                name="one_review_per_author_and_target",
            ),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="review_stars_1_to_5"),
            models.CheckConstraint(
                condition=Q(replied_at=None, reply="")
                | (Q(replied_at__isnull=False) & ~Q(reply="")),
                name="review_reply_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_kind} {self.stars}"
